-- EC: is the PIN from another zone the right one? By the Visa method (PVV).

return {
  command = "EC",
  title   = "Verify an interchange PIN, Visa method",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual",

  request = {
    { "zpk",     key "ZPK",       parity  = 10 },
    { "pvk",     key "PVK2",      parity  = 11 },
    { "block",   sealed "zpk"                  },
    { "format",  pinformat,       invalid = 23 },
    { "account", account "format"              },
    -- With tokens, the account that the PVV was made with.
    { "issued",  optional(";", N(12))          },
    { "pvki",    N(1)                          },
    { "pvv",     N(4)                          },
  },

  response = {},

  errors = {
    [01] = "the PIN is wrong",
    [10] = "ZPK has bad parity",
    [11] = "PVK has bad parity",
    [20] = "the decrypted block holds no PIN",
    [23] = "unknown PIN block format",
    [24] = "PIN is shorter than 4 or longer than 12 digits",
    [39] = "too many were wrong for this account",
  },

  handler = function (q, a)
    local given = pinblock.open(q.zpk, q.block, q.format, q.account, 01)

    verify.pvv(q.pvk, given, q.issued or q.account, q.pvki, q.pvv)
  end,

  vectors = {
    { "right PIN",
      send   = { zpk     = "U1EF828AA8F6B80EB83E19FBC373F3A85",
                 pvk     = "X367930344805B1FAD6146EF4ED7502B3",
                 block   = "91DDDA0A7C12CFAA",
                 format  = "01",
                 account = "550000025321",
                 pvki    = "1",
                 pvv     = "4402" },
      expect = { code = 00 } },

    { "token in the block, account of the PVV apart",
      send   = "ECU1EF828AA8F6B80EB83E19FBC373F3A85X367930344805B1FAD6146EF4ED7502B3"
            .. "91DDDA0A7C12CFAA01550000025321;55000002532114402",
      expect = "ED00" },
    { "wrong PVV", like = 1, send = { pvv = "4401" }, expect = { code = 01 } },
    { "no PIN in the block",
      send   = "ECTA44FE98679329515803E9DE630ED538EE5383C7A4D9C72F8XE08174048CA28EC1D429C501"
            .. "FD530562B463ECF3F2334B4E0191419112431706708",
      expect = "ED20" },
    { "format code with a letter", like = 1, send = { format = "Z8" },
      expect = { code = 15 } },

    -- Key blocks under the published test LMKs.
    { "under an AES LMK", like = 1, lmk = "test-aes-kb",
      send   = { zpk = "S1009672TN00S0001E6FC8E6DE7A98DC1186EAAA0D9D69E4A"
                     .. "1265A1C47159DAB42D1EFD83D4C3DC1B5941609672EA1602",
                 pvk = "S10096V2TN00S0001564427A6C220FA7A538E7D6D82674393"
                     .. "8862FD4C35E08F58509A846707FE750F62456AC3329420B3",
                 block = "91DDDA0A7C12CFAA", pvv = "1801" },
      expect = { code = 00 } },
    { "under a 3DES LMK", like = 1, lmk = "test-3des-kb",
      send   = { zpk = "S0007272TN00S00022B311584DC54C493ED03"
                     .. "A1F97F9953FCA908E189EA9E0D746CF22F56",
                 pvk = "S00072V2TN00S0002D180A24B2F3B20D95B26"
                     .. "4CD9078FEAD162EDFF96C56E1AE9935D0A06",
                 block = "91DDDA0A7C12CFAA", pvv = "1801" },
      expect = { code = 00 } },
    { "AES ZPK, format 48", like = 1, lmk = "test-aes-kb",
      send   = { zpk = "S1009672AN00S000116B059402A9B4C46629F57F834BEEDE2"
                     .. "2661E22D8A5E263520EC816641B2C2E3E8451A6E8466E30D",
                 pvk = "S10096V2TN00S0001564427A6C220FA7A538E7D6D82674393"
                     .. "8862FD4C35E08F58509A846707FE750F62456AC3329420B3",
                 block = "1F3AA283A7AACD82C643737811441D9C", format = "48",
                 account = "5500000253214;", pvv = "1801" },
      expect = { code = 00 } },
    { "AES ZPK, wrong PIN", like = 1, lmk = "test-aes-kb",
      send   = { zpk = "S1009672AN00S000116B059402A9B4C46629F57F834BEEDE2"
                     .. "2661E22D8A5E263520EC816641B2C2E3E8451A6E8466E30D",
                 pvk = "S10096V2TN00S0001564427A6C220FA7A538E7D6D82674393"
                     .. "8862FD4C35E08F58509A846707FE750F62456AC3329420B3",
                 block = "2162AC92F251AC5C25523350F1499733", format = "48",
                 account = "5500000253214;", pvv = "1801" },
      expect = { code = 01 } },
    { "PVK that generates only", like = 1, lmk = "test-aes-kb",
      send   = { zpk = "S1009672TN00S0001E6FC8E6DE7A98DC1186EAAA0D9D69E4A"
                     .. "1265A1C47159DAB42D1EFD83D4C3DC1B5941609672EA1602",
                 pvk = "S10096V2TG00S00018CDE93109120F8FB71007B69D8055F35"
                     .. "C90729DD492A0B6770CE615B4A8B0D3E63132B7972DAD720",
                 block = "91DDDA0A7C12CFAA", pvv = "1801" },
      expect = { code = "A8" } },
    { "PVK of the IBM method", like = 1, lmk = "test-aes-kb",
      send   = { zpk = "S1009672TN00S0001E6FC8E6DE7A98DC1186EAAA0D9D69E4A"
                     .. "1265A1C47159DAB42D1EFD83D4C3DC1B5941609672EA1602",
                 pvk = "S10096V1TN00S0001A87F80AE4776D682C79B2BAA702B2FA5"
                     .. "9FD58F4DF6DC90BEA65FEA43913CAE5B823004BC11343EDE",
                 block = "91DDDA0A7C12CFAA", pvv = "1801" },
      expect = { code = "A6" } },
  },
}
