-- BE: is the PIN from another zone the one on record? By comparison.

return {
  command = "BE",
  title   = "Verify an interchange PIN, comparison",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual",

  request = {
    { "zpk",     key "ZPK",       parity  = 10 },
    { "block",   sealed "zpk"                  },
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

    -- Key blocks under the published test LMKs.
    { "under an AES LMK", like = 1, lmk = "test-aes-kb",
      send   = { zpk = "S1009672TN00S0001E6FC8E6DE7A98DC1186EAAA0D9D69E4A"
                     .. "1265A1C47159DAB42D1EFD83D4C3DC1B5941609672EA1602",
                 block = "AC623CC691B16CBF", pin = "J4ECEC2C39808D93074E08290CB61AEDF" },
      expect = { code = 00 } },
    { "under a 3DES LMK", like = 1, lmk = "test-3des-kb",
      send   = { zpk = "S0007272TN00S00022B311584DC54C493ED03"
                     .. "A1F97F9953FCA908E189EA9E0D746CF22F56",
                 block = "AC623CC691B16CBF", pin = "24198" },
      expect = { code = 00 } },
    { "AES ZPK, format 48", like = 1, lmk = "test-aes-kb",
      send   = { zpk = "S1009672AN00S000116B059402A9B4C46629F57F834BEEDE2"
                     .. "2661E22D8A5E263520EC816641B2C2E3E8451A6E8466E30D",
                 block = "2C52F45145CD91B9495BAA62DFD7E5E0", format = "48",
                 account = "4012345678909;", pin = "J4ECEC2C39808D93074E08290CB61AEDF" },
      expect = { code = 00 } },
    { "format 01 under an AES ZPK", like = 1, lmk = "test-aes-kb",
      send   = { zpk = "S1009672AN00S000116B059402A9B4C46629F57F834BEEDE2"
                     .. "2661E22D8A5E263520EC816641B2C2E3E8451A6E8466E30D",
                 block = "2C52F45145CD91B9495BAA62DFD7E5E0",
                 pin = "J4ECEC2C39808D93074E08290CB61AEDF" },
      expect = { code = 23 } },
    { "TPK where a ZPK belongs", like = 1, lmk = "test-aes-kb",
      send   = { zpk = "S1009671TN00S0001797031ECFDE7A7E75B4CC326E9D4D9AD"
                     .. "A12C895AC0BDB9A774B42EE9400978DFD33FA45F67F48F2D",
                 pin = "J4ECEC2C39808D93074E08290CB61AEDF" },
      expect = { code = "A6" } },
    { "PIN in the form of another LMK", like = 1, lmk = "test-aes-kb",
      send   = { zpk = "S1009672TN00S0001E6FC8E6DE7A98DC1186EAAA0D9D69E4A"
                     .. "1265A1C47159DAB42D1EFD83D4C3DC1B5941609672EA1602",
                 block = "AC623CC691B16CBF" },
      expect = { code = 46 } },
  },
}
