-- JG: put the PIN that is under the LMK into a block for a zone.

return {
  command = "JG",
  title   = "Translate a PIN from LMK to ZPK encryption",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual",

  request = {
    { "zpk",     key "ZPK",       parity  = 11 },
    { "format",  pinformat,       invalid = 23 },
    { "account", account "format"              },
    -- With tokens, the account that the block is made for.
    { "token",   optional(";", N(12))          },
    { "pin",     lpin                          },
  },

  response = {
    { "block", H(16) },
  },

  errors = {
    [11] = "ZPK has bad parity",
    [14] = "the LMK-encrypted PIN is invalid",
    [23] = "unknown PIN block format",
    [24] = "the PIN does not fit the format",
  },

  handler = function (q, a)
    local secret = lmkpin.open(q.pin, q.account)

    a.block = pinblock.seal(q.zpk, secret, q.format, q.token or q.account)
  end,

  vectors = {
    { "format 01",
      send   = { zpk     = "UA5F5045CFA9F5483FAC8EBB26CCF8DF1",
                 format  = "01",
                 account = "401234567890",
                 pin     = "99697" },
      expect = { code = 00, block = "0D6B65D817C44AB2" } },

    { "format 03", like = 1, send = { format = "03" },
      expect = { code = 00, block = "65BEED8C919D3530" } },
    { "token in the block", like = 1, send = { token = "999999999999" },
      expect = { code = 00, block = "3958DDC2C51276C3" } },
    { "ZPK parity", like = 1, send = { zpk = "UA5F5145CFA9F5483FAC8EBB26CCF8DF1" },
      expect = { code = 11 } },
    { "no PIN under the LMK", like = 1, send = { pin = "00001" }, expect = { code = 14 } },
    { "no such format", like = 1, send = { format = "34" }, expect = { code = 23 } },
  },
}
