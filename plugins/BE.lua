-- BE: is the PIN from another zone the one on record? By comparison.

return {
  command = "BE",
  title   = "Verify an interchange PIN, comparison",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual",

  request = {
    { "zpk",     key "ZPK",       parity  = 10 },
    { "block",   H(16)                         },
    { "format",  pinformat,       invalid = 23 },
    { "account", account "format"              },
    { "pin",     lpin                          },
  },

  response = {},

  errors = {
    [01] = "the PIN is wrong",
    [10] = "ZPK has bad parity",
    [14] = "the LMK-encrypted PIN is invalid",
    [20] = "the decrypted block holds no PIN",
    [23] = "unknown PIN block format",
    [24] = "PIN is shorter than 4 or longer than 12 digits",
    [39] = "too many were wrong for this account",
  },

  handler = function (q, a)
    local given = pinblock.open(q.zpk, q.block, q.format, q.account, 01)

    verify.lmkpin(q.pin, given, q.account)
  end,

  vectors = {
    { "right PIN",
      send   = { zpk     = "UA5F5045CFA9F5483FAC8EBB26CCF8DF1",
                 block   = "0D6B65D817C44AB2",
                 format  = "01",
                 account = "401234567890",
                 pin     = "99697" },
      expect = { code = 00 } },

    { "wrong PIN",   like = 1, send = { pin = "95628" }, expect = { code = 01 } },
    { "ZPK parity", like = 1, send = { zpk = "UA5F5145CFA9F5483FAC8EBB26CCF8DF1" },
      expect = { code = 10 } },
    { "no PIN under the LMK", like = 1, send = { pin = "00001" }, expect = { code = 14 } },
    { "no PIN in the block", like = 1, send = { account = "999999999999" },
      expect = { code = 20 } },
    { "no such format", like = 1, send = { format = "46" }, expect = { code = 23 } },
    { "PIN of three digits", like = 1, send = { block = "DB180B442CED534A", format = "03" },
      expect = { code = 24 } },
  },
}
