-- EA: is the PIN from another zone the right one? By the IBM method (offset).
--
-- A right PIN answers 02 when the PVK is of two or three parts.

return {
  command = "EA",
  title   = "Verify an interchange PIN, IBM method",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual",

  request = {
    { "zpk",        key "ZPK",       parity  = 10 },
    { "pvk",        key "PVK",       parity  = 11 },
    { "maximum",    N(2),            equals  = 12 },
    { "block",      sealed "zpk"                  },
    { "format",     pinformat,       invalid = 23 },
    { "length",     N(2), min = 4, max = 12       },
    { "account",    account "format"              },
    { "table",      dtab                          },
    { "validation", validation                    },
    { "offset",     offset                        },
  },

  response = {},

  errors = {
    [01] = "the PIN is wrong",
    [02] = "the PIN is right; PVK is not single-length",
    [10] = "ZPK has bad parity",
    [11] = "PVK has bad parity",
    [20] = "the decrypted block holds no PIN",
    [23] = "unknown PIN block format",
    [24] = "PIN is shorter than 4 or longer than 12 digits",
    [25] = "the decimalisation table is refused",
    [39] = "too many were wrong for this account",
  },

  handler = function (q, a)
    local given = pinblock.open(q.zpk, q.block, q.format, q.account, 01)

    verify.offset(q.pvk, given, q.offset, q.length, q.account, q.table, q.validation)
    return pin.warning(q.pvk)
  end,

  -- The table is 0123456789012345, encrypted.
  vectors = {
    { "right PIN",
      send   = { zpk        = "UA5F5045CFA9F5483FAC8EBB26CCF8DF1",
                 pvk        = "2916C899EFF45627",
                 maximum    = "12",
                 block      = "0D6B65D817C44AB2",
                 format     = "01",
                 length     = "04",
                 account    = "401234567890",
                 table      = "FD64FC3FAD504BB3",
                 validation = "4012345678NF",
                 offset     = "8359FFFFFFFF" },
      expect = { code = 00 } },

    { "double-length PVK", like = 1,
      send   = { pvk = "UBF36C6B87DD29A1AF20AE20876532E50", offset = "5841FFFFFFFF" },
      expect = { code = 02 } },
    { "wrong offset", like = 1, send = { offset = "8350FFFFFFFF" },
      expect = { code = 01 } },
    { "wrong offset, double-length PVK", like = 1,
      send   = { pvk = "UBF36C6B87DD29A1AF20AE20876532E50" },
      expect = { code = 01 } },
    { "PIN of another length", like = 1,
      send   = { block = "9BB0CA96F01E686C" }, expect = { code = 01 } },
    { "ZPK parity", like = 1, send = { zpk = "UA5F5145CFA9F5483FAC8EBB26CCF8DF1" },
      expect = { code = 10 } },
    { "PVK parity", like = 1, send = { pvk = "2916C099EFF45627" }, expect = { code = 11 } },
    { "maximum is not 12", like = 1, send = { maximum = "04" }, expect = { code = 15 } },
    { "check length 03", like = 1, send = { length = "03" }, expect = { code = 15 } },
    { "validation data with an N at either end", like = 1, send = { validation = "N012345678FN" },
      expect = { code = 15 } },
    { "no PIN in the block", like = 1, send = { account = "999999999999" },
      expect = { code = 20 } },
    { "no such format", like = 1, send = { format = "46" }, expect = { code = 23 } },
    { "table of two digits", like = 1, send = { table = "0A08E879075B2C77" },
      expect = { code = 25 } },

    -- Key blocks under the published test LMKs.
    { "under an AES LMK", like = 1, lmk = "test-aes-kb",
      send   = { zpk = "S1009672TN00S0001E6FC8E6DE7A98DC1186EAAA0D9D69E4A"
                     .. "1265A1C47159DAB42D1EFD83D4C3DC1B5941609672EA1602",
                 pvk = "S10064V1DN00S0001E1BE63EDECC912E24F6F7F452D5F18B6E1A8C47AAB785CE4",
                 block = "AC623CC691B16CBF", table = "L9E05DD31B77CBF85FAD39159218E2A71",
                 offset = "6900FFFFFFFF" },
      expect = { code = 00 } },
    { "under a 3DES LMK", like = 1, lmk = "test-3des-kb",
      send   = { zpk = "S0007272TN00S00022B311584DC54C493ED03"
                     .. "A1F97F9953FCA908E189EA9E0D746CF22F56",
                 pvk = "S00056V1DN00S000223BA8522F8DEB8E824B11F3858B403ACB95E620F",
                 block = "AC623CC691B16CBF", table = "5E9E0D903DB10293", offset = "6900FFFFFFFF" },
      expect = { code = 00 } },
    { "AES ZPK, format 48", like = 1, lmk = "test-aes-kb",
      send   = { zpk = "S1009672AN00S000116B059402A9B4C46629F57F834BEEDE2"
                     .. "2661E22D8A5E263520EC816641B2C2E3E8451A6E8466E30D",
                 pvk = "S10064V1DN00S0001E1BE63EDECC912E24F6F7F452D5F18B6E1A8C47AAB785CE4",
                 block = "2C52F45145CD91B9495BAA62DFD7E5E0", format = "48",
                 account = "4012345678909;", table = "L9E05DD31B77CBF85FAD39159218E2A71",
                 offset = "6900FFFFFFFF" },
      expect = { code = 00 } },
    { "AES ZPK, wrong PIN", like = 1, lmk = "test-aes-kb",
      send   = { zpk = "S1009672AN00S000116B059402A9B4C46629F57F834BEEDE2"
                     .. "2661E22D8A5E263520EC816641B2C2E3E8451A6E8466E30D",
                 pvk = "S10064V1DN00S0001E1BE63EDECC912E24F6F7F452D5F18B6E1A8C47AAB785CE4",
                 block = "17EA733C7A9A8152C6ED2D50A737A8E4", format = "48",
                 account = "4012345678909;", table = "L9E05DD31B77CBF85FAD39159218E2A71",
                 offset = "6900FFFFFFFF" },
      expect = { code = 01 } },
    { "PVK that generates only", like = 1, lmk = "test-aes-kb",
      send   = { zpk = "S1009672TN00S0001E6FC8E6DE7A98DC1186EAAA0D9D69E4A"
                     .. "1265A1C47159DAB42D1EFD83D4C3DC1B5941609672EA1602",
                 pvk = "S10064V1DG00S00018ECFAFF4472DC1843BAD1C75C42F55AF9482DF7067B5B973",
                 block = "AC623CC691B16CBF", table = "L9E05DD31B77CBF85FAD39159218E2A71",
                 offset = "6900FFFFFFFF" },
      expect = { code = "A8" } },
    { "PVK of the Visa method", like = 1, lmk = "test-aes-kb",
      send   = { zpk = "S1009672TN00S0001E6FC8E6DE7A98DC1186EAAA0D9D69E4A"
                     .. "1265A1C47159DAB42D1EFD83D4C3DC1B5941609672EA1602",
                 pvk = "S10096V2TN00S0001564427A6C220FA7A538E7D6D82674393"
                     .. "8862FD4C35E08F58509A846707FE750F62456AC3329420B3",
                 block = "AC623CC691B16CBF", table = "L9E05DD31B77CBF85FAD39159218E2A71",
                 offset = "6900FFFFFFFF" },
      expect = { code = "A6" } },
    { "TPK where a ZPK belongs", like = 1, lmk = "test-aes-kb",
      send   = { zpk = "S1009671TN00S0001797031ECFDE7A7E75B4CC326E9D4D9AD"
                     .. "A12C895AC0BDB9A774B42EE9400978DFD33FA45F67F48F2D",
                 pvk = "S10064V1DN00S0001E1BE63EDECC912E24F6F7F452D5F18B6E1A8C47AAB785CE4",
                 block = "AC623CC691B16CBF", table = "L9E05DD31B77CBF85FAD39159218E2A71",
                 offset = "6900FFFFFFFF" },
      expect = { code = "A6" } },
    { "table in the form of another LMK", like = 1, lmk = "test-aes-kb",
      send   = { zpk = "S1009672TN00S0001E6FC8E6DE7A98DC1186EAAA0D9D69E4A"
                     .. "1265A1C47159DAB42D1EFD83D4C3DC1B5941609672EA1602",
                 pvk = "S10064V1DN00S0001E1BE63EDECC912E24F6F7F452D5F18B6E1A8C47AAB785CE4",
                 block = "AC623CC691B16CBF", table = "FD64FC3FAD504BB3", offset = "6900FFFFFFFF" },
      expect = { code = 25 } },
  },
}
