-- DC: is the PIN from a terminal the right one? By the Visa method (PVV).

return {
  command = "DC",
  title   = "Verify a terminal PIN, Visa method",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual",

  request = {
    { "tpk",     key "TPK",       parity  = 10 },
    { "pvk",     key "PVK2",      parity  = 11 },
    { "block",   sealed "tpk"                  },
    { "format",  pinformat,       invalid = 23 },
    { "account", account "format"              },
    { "pvki",    N(1)                          },
    { "pvv",     N(4)                          },
  },

  response = {},

  errors = {
    [01] = "the PIN is wrong",
    [10] = "TPK has bad parity",
    [11] = "PVK has bad parity",
    [20] = "the decrypted block holds no PIN",
    [23] = "unknown PIN block format",
    [24] = "PIN is shorter than 4 or longer than 12 digits",
    [39] = "too many were wrong for this account",
  },

  handler = function (q, a)
    local given = pinblock.open(q.tpk, q.block, q.format, q.account, 01)

    verify.pvv(q.pvk, given, q.account, q.pvki, q.pvv)
  end,

  vectors = {
    { "right PIN",
      send   = { tpk     = "UF9BA474289B234653B6247DE33DEF36E",
                 pvk     = "UD0481AC22C5F585585535484A2DA0859",
                 block   = "6F0CB04714EB445A",
                 format  = "01",
                 account = "124607567118",
                 pvki    = "3",
                 pvv     = "6527" },
      expect = { code = 00 } },

    { "wrong PVV",   like = 1, send = { pvv = "6528" },  expect = { code = 01 } },
    { "wrong index", like = 1, send = { pvki = "4" },    expect = { code = 01 } },
    { "no PIN in the block", like = 1, send = { account = "999999999999" },
      expect = { code = 20 } },
    { "no such format", like = 1, send = { format = "46" }, expect = { code = 23 } },
    { "format 48 under a DES key", like = 1, send = { format = "48" },
      expect = { code = 23 } },
    { "PVK parity", send = "DCX3FED43007E634FDD1E0A218EE4A6E7CDUD1763119EE13E9F22355846807"
                        .. "38F27EBC75C3F3B6CB69D74721175965011408408",
      expect = "DD11" },
    { "PVK of three parts",
      send   = "DCU8463435FC4B4DAA0C49025272C29B12CT9B2C367102FD677ACB05C7173983B8B25912B2"
            .. "E37F10FCE0461DEDE586D0A4290100002532198711234",
      expect = "DD27" },

    -- Key blocks under the published test LMKs.
    { "under an AES LMK", like = 1, lmk = "test-aes-kb",
      send   = { tpk = "S1009671TN00S0001797031ECFDE7A7E75B4CC326E9D4D9AD"
                     .. "A12C895AC0BDB9A774B42EE9400978DFD33FA45F67F48F2D",
                 pvk = "S10096V2TN00S0001564427A6C220FA7A538E7D6D82674393"
                     .. "8862FD4C35E08F58509A846707FE750F62456AC3329420B3",
                 block = "0DF72B0A1B9B4F34", pvv = "6711" },
      expect = { code = 00 } },
    { "under a 3DES LMK", like = 1, lmk = "test-3des-kb",
      send   = { tpk = "S0007271TN00S0002024C46A6104750ADF3AE"
                     .. "9C25B80D7FBAC672C127F67C3F41F9E23EE9",
                 pvk = "S00072V2TN00S0002D180A24B2F3B20D95B26"
                     .. "4CD9078FEAD162EDFF96C56E1AE9935D0A06",
                 block = "0DF72B0A1B9B4F34", pvv = "6711" },
      expect = { code = 00 } },
    { "AES TPK, format 48", like = 1, lmk = "test-aes-kb",
      send   = { tpk = "S1009671AN00S00010C285EAE5193487A4476E86A64707A8E"
                     .. "E09CC901DC6DECC717CFBC5F5CCE84B7C69EEF0C9314B79F",
                 pvk = "S10096V2TN00S0001564427A6C220FA7A538E7D6D82674393"
                     .. "8862FD4C35E08F58509A846707FE750F62456AC3329420B3",
                 block = "8A89B1D41213F4088F4DC86A1869E81C", format = "48",
                 account = "1246075671184;", pvv = "6711" },
      expect = { code = 00 } },
    { "AES TPK, wrong PIN", like = 1, lmk = "test-aes-kb",
      send   = { tpk = "S1009671AN00S00010C285EAE5193487A4476E86A64707A8E"
                     .. "E09CC901DC6DECC717CFBC5F5CCE84B7C69EEF0C9314B79F",
                 pvk = "S10096V2TN00S0001564427A6C220FA7A538E7D6D82674393"
                     .. "8862FD4C35E08F58509A846707FE750F62456AC3329420B3",
                 block = "D311539A59AADB8962EB568A3C5FF34D", format = "48",
                 account = "1246075671184;", pvv = "6711" },
      expect = { code = 01 } },
    { "PVK that generates only", like = 1, lmk = "test-aes-kb",
      send   = { tpk = "S1009671TN00S0001797031ECFDE7A7E75B4CC326E9D4D9AD"
                     .. "A12C895AC0BDB9A774B42EE9400978DFD33FA45F67F48F2D",
                 pvk = "S10096V2TG00S00018CDE93109120F8FB71007B69D8055F35"
                     .. "C90729DD492A0B6770CE615B4A8B0D3E63132B7972DAD720",
                 block = "0DF72B0A1B9B4F34", pvv = "6711" },
      expect = { code = "A8" } },
    { "PVK of the IBM method", like = 1, lmk = "test-aes-kb",
      send   = { tpk = "S1009671TN00S0001797031ECFDE7A7E75B4CC326E9D4D9AD"
                     .. "A12C895AC0BDB9A774B42EE9400978DFD33FA45F67F48F2D",
                 pvk = "S10096V1TN00S0001A87F80AE4776D682C79B2BAA702B2FA5"
                     .. "9FD58F4DF6DC90BEA65FEA43913CAE5B823004BC11343EDE",
                 block = "0DF72B0A1B9B4F34", pvv = "6711" },
      expect = { code = "A6" } },
  },
}
