-- BC: is the PIN from a terminal the one on record? By comparison.

return {
  command = "BC",
  title   = "Verify a terminal PIN, comparison",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, inferred",

  request = {
    { "tpk",     key "TPK",       parity  = 10 },
    { "block",   sealed "tpk"                  },
    { "format",  pinformat,       invalid = 23 },
    { "account", account "format"              },
    { "pin",     lpin                          },
  },

  response = {},

  errors = {
    [01] = "the PIN is wrong",
    [10] = "TPK has bad parity",
    [14] = "the LMK-encrypted PIN is invalid",
    [20] = "the decrypted block holds no PIN",
    [23] = "unknown PIN block format",
    [24] = "PIN is shorter than 4 or longer than 12 digits",
    [39] = "too many were wrong for this account",
  },

  handler = function (q, a)
    local given = pinblock.open(q.tpk, q.block, q.format, q.account, 01)

    verify.lmkpin(q.pin, given, q.account)
  end,

  vectors = {
    { "right PIN",
      send   = { tpk     = "U593870425813FE186BB096E9E8516B26",
                 block   = "D72AB8A566AF6DBA",
                 format  = "01",
                 account = "401234567890",
                 pin     = "99697" },
      expect = { code = 00 } },

    { "wrong PIN",   like = 1, send = { pin = "95628" }, expect = { code = 01 } },
    { "TPK parity", like = 1, send = { tpk = "U593800425813FE186BB096E9E8516B26" },
      expect = { code = 10 } },
    { "no PIN under the LMK", like = 1, send = { pin = "00001" }, expect = { code = 14 } },
    { "no PIN in the block", like = 1, send = { account = "999999999999" },
      expect = { code = 20 } },
    { "no such format", like = 1, send = { format = "46" }, expect = { code = 23 } },
    { "PIN of three digits", like = 1, send = { block = "E2606AFD950B0645", format = "03" },
      expect = { code = 24 } },

    -- Key blocks under the published test LMKs.
    { "under an AES LMK", like = 1, lmk = "test-aes-kb",
      send   = { tpk = "S1009671TN00S0001797031ECFDE7A7E75B4CC326E9D4D9AD"
                     .. "A12C895AC0BDB9A774B42EE9400978DFD33FA45F67F48F2D",
                 block = "AC623CC691B16CBF", pin = "J4ECEC2C39808D93074E08290CB61AEDF" },
      expect = { code = 00 } },
    { "under a 3DES LMK", like = 1, lmk = "test-3des-kb",
      send   = { tpk = "S0007271TN00S0002024C46A6104750ADF3AE"
                     .. "9C25B80D7FBAC672C127F67C3F41F9E23EE9",
                 block = "AC623CC691B16CBF", pin = "24198" },
      expect = { code = 00 } },
    { "AES TPK, format 48", like = 1, lmk = "test-aes-kb",
      send   = { tpk = "S1009671AN00S00010C285EAE5193487A4476E86A64707A8E"
                     .. "E09CC901DC6DECC717CFBC5F5CCE84B7C69EEF0C9314B79F",
                 block = "2C52F45145CD91B9495BAA62DFD7E5E0", format = "48",
                 account = "4012345678909;", pin = "J4ECEC2C39808D93074E08290CB61AEDF" },
      expect = { code = 00 } },
    { "format 48 under a DES TPK", like = 1, lmk = "test-aes-kb",
      send   = { tpk = "S1009671TN00S0001797031ECFDE7A7E75B4CC326E9D4D9AD"
                     .. "A12C895AC0BDB9A774B42EE9400978DFD33FA45F67F48F2D",
                 format = "48", account = "4012345678909;",
                 pin = "J4ECEC2C39808D93074E08290CB61AEDF" },
      expect = { code = 23 } },
    { "ZPK where a TPK belongs", like = 1, lmk = "test-aes-kb",
      send   = { tpk = "S1009672TN00S0001E6FC8E6DE7A98DC1186EAAA0D9D69E4A"
                     .. "1265A1C47159DAB42D1EFD83D4C3DC1B5941609672EA1602",
                 pin = "J4ECEC2C39808D93074E08290CB61AEDF" },
      expect = { code = "A6" } },
    { "TPK that encrypts only", like = 1, lmk = "test-aes-kb",
      send   = { tpk = "S1009671TE00S0001DE606E002C9A98F3834E091B4F08FD86"
                     .. "BA918E4431292BF731FFC46CF89A1F8940F18C7FF5B26806",
                 pin = "J4ECEC2C39808D93074E08290CB61AEDF" },
      expect = { code = "A8" } },
    { "PIN in the form of another LMK", like = 1, lmk = "test-aes-kb",
      send   = { tpk = "S1009671TN00S0001797031ECFDE7A7E75B4CC326E9D4D9AD"
                     .. "A12C895AC0BDB9A774B42EE9400978DFD33FA45F67F48F2D",
                 block = "AC623CC691B16CBF" },
      expect = { code = 46 } },
  },
}
