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
    { "token",   optional(";", by("format", { ["48"] = account "format", N(12) })) },
    { "pin",     lpin                          },
  },

  response = {
    { "block", sealed },
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

    -- Key blocks under the published test LMKs.
    { "under an AES LMK", like = 1, lmk = "test-aes-kb",
      send   = { zpk = "S1009672TN00S0001E6FC8E6DE7A98DC1186EAAA0D9D69E4A"
                     .. "1265A1C47159DAB42D1EFD83D4C3DC1B5941609672EA1602",
                 pin = "J4ECEC2C39808D93074E08290CB61AEDF" },
      expect = { code = 00, block = "AC623CC691B16CBF" } },
    { "under a 3DES LMK", like = 1, lmk = "test-3des-kb",
      send   = { zpk = "S0007272TN00S00022B311584DC54C493ED03"
                     .. "A1F97F9953FCA908E189EA9E0D746CF22F56",
                 pin = "24198" },
      expect = { code = 00, block = "AC623CC691B16CBF" } },
    { "AES ZPK, format 48", like = 1, lmk = "test-aes-kb",
      send   = { zpk = "S1009672AE00S0001CF047413F169552DEA6EB90F5AA4BB97"
                     .. "29D12D30C006FD4D0A6A21DB85CCFF9F353DF83F943F1B5C",
                 format = "48", account = "4012345678909;",
                 pin = "J4ECEC2C39808D93074E08290CB61AEDF" },
      expect = { code = 00, block = "3B6267BD5D7EB25ABF8664A8C23658E1" } },
    { "token in a block of format 48", like = 1, lmk = "test-aes-kb",
      send   = { zpk = "S1009672AN00S000116B059402A9B4C46629F57F834BEEDE2"
                     .. "2661E22D8A5E263520EC816641B2C2E3E8451A6E8466E30D",
                 format = "48", account = "4012345678909;", token = "4999999999999;",
                 pin = "J4ECEC2C39808D93074E08290CB61AEDF" },
      expect = { code = 00, block = "FC2920A6D8DE76D424C3229C8A0219AD" } },
    { "ZPK that decrypts only", like = 1, lmk = "test-aes-kb",
      send   = { zpk = "S1009672TD00S00019CB62DE41B0B9EBA1006E4903FA06680"
                     .. "FD11FA7BEFD1B1F1896E081633C2A746676FC1AE08DE7796",
                 pin = "J4ECEC2C39808D93074E08290CB61AEDF" },
      expect = { code = "A8" } },
    { "PIN in the form of another LMK", like = 1, lmk = "test-aes-kb",
      send   = { zpk = "S1009672TN00S0001E6FC8E6DE7A98DC1186EAAA0D9D69E4A"
                     .. "1265A1C47159DAB42D1EFD83D4C3DC1B5941609672EA1602" },
      expect = { code = 46 } },
  },
}
