-- BK: make the IBM offset of a PIN that the customer has chosen.
--
-- A PVK of two or three parts answers 02, with the offset.

return {
  command = "BK",
  title   = "Generate an IBM PIN offset of a customer-selected PIN",
  version = "1.0.0",
  author  = "luahsm",
  sources = "clients",

  request = {
    { "type",       pinkeytype                    },
    { "key",        pinkey "type",   parity  = 10 },
    { "pvk",        key "PVK",       parity  = 11 },
    { "block",      sealed "key"                  },
    { "format",     pinformat,       invalid = 23 },
    { "length",     N(2), min = 4, max = 12       },
    { "account",    account "format"              },
    { "table",      dtab                          },
    { "validation", validation                    },
    { "excluded",   optional("*", pinlist)        },
  },

  response = {
    { "offset", offset },
  },

  errors = {
    [02] = "PVK is not single-length; the offset is right",
    [10] = "PIN key has bad parity",
    [11] = "PVK has bad parity",
    [20] = "the decrypted block holds no PIN",
    [23] = "unknown PIN block format",
    [24] = "PIN is shorter than 4 or longer than 12 digits, or not as long as the check length",
    [25] = "the decimalisation table is refused",
    [81] = "the excluded PINs are of another length",
    [86] = "the PIN is one of the excluded ones",
  },

  handler = function (q, a)
    local chosen = pinblock.open(q.key, q.block, q.format, q.account)

    pin.permit(chosen, q.excluded)
    a.offset = pin.offset(q.pvk, chosen, q.length, q.account, q.table, q.validation)
    return pin.warning(q.pvk)
  end,

  -- The table is 0123456789012345, encrypted.
  vectors = {
    { "under a ZPK",
      send   = { type       = "001",
                 key        = "UA5F5045CFA9F5483FAC8EBB26CCF8DF1",
                 pvk        = "2916C899EFF45627",
                 block      = "0D6B65D817C44AB2",
                 format     = "01",
                 length     = "04",
                 account    = "401234567890",
                 table      = "FD64FC3FAD504BB3",
                 validation = "4012345678NF" },
      expect = { code = 00, offset = "8359FFFFFFFF" } },

    { "under a TPK", like = 1,
      send   = { type = "002", key = "U593870425813FE186BB096E9E8516B26",
                 block = "D72AB8A566AF6DBA" },
      expect = { code = 00, offset = "8359FFFFFFFF" } },
    { "double-length PVK", like = 1, send = { pvk = "UBF36C6B87DD29A1AF20AE20876532E50" },
      expect = { code = 02, offset = "5841FFFFFFFF" } },
    { "excluded PIN", like = 1, send = { excluded = "01041234" }, expect = { code = 86 } },
    { "ZPK said to be a TPK", like = 1, send = { type = "002" }, expect = { code = 10 } },
    { "ZPK said to be a key block", like = 1,
      send   = { type = "FFF" }, expect = { code = "A1" } },
    { "unknown key type", like = 1, send = { type = "003" }, expect = { code = 15 } },
    { "PVK parity", like = 1, send = { pvk = "2916C099EFF45627" }, expect = { code = 11 } },
    { "no PIN in the block", like = 1, send = { account = "999999999999" },
      expect = { code = 20 } },
    { "no such format", like = 1, send = { format = "46" }, expect = { code = 23 } },
    { "PIN of another length", like = 1, send = { length = "05" }, expect = { code = 24 } },
    { "table of two digits", like = 1, send = { table = "0A08E879075B2C77" },
      expect = { code = 25 } },

    -- Key blocks under the published test LMKs.
    { "under an AES LMK", like = 1, lmk = "test-aes-kb",
      send   = { type = "FFF",
                 key = "S1009672TN00S0001E6FC8E6DE7A98DC1186EAAA0D9D69E4A"
                     .. "1265A1C47159DAB42D1EFD83D4C3DC1B5941609672EA1602",
                 pvk = "S10064V1DN00S0001E1BE63EDECC912E24F6F7F452D5F18B6E1A8C47AAB785CE4",
                 block = "AC623CC691B16CBF", table = "L9E05DD31B77CBF85FAD39159218E2A71" },
      expect = { code = 00, offset = "6900FFFFFFFF" } },
    { "under a 3DES LMK", like = 1, lmk = "test-3des-kb",
      send   = { type = "FFF",
                 key = "S0007272TN00S00022B311584DC54C493ED03"
                     .. "A1F97F9953FCA908E189EA9E0D746CF22F56",
                 pvk = "S00056V1DN00S000223BA8522F8DEB8E824B11F3858B403ACB95E620F",
                 block = "AC623CC691B16CBF", table = "5E9E0D903DB10293" },
      expect = { code = 00, offset = "6900FFFFFFFF" } },
    { "AES TPK, format 48", like = 1, lmk = "test-aes-kb",
      send   = { type = "FFF",
                 key = "S1009671AN00S00010C285EAE5193487A4476E86A64707A8E"
                     .. "E09CC901DC6DECC717CFBC5F5CCE84B7C69EEF0C9314B79F",
                 pvk = "S10064V1DN00S0001E1BE63EDECC912E24F6F7F452D5F18B6E1A8C47AAB785CE4",
                 block = "2C52F45145CD91B9495BAA62DFD7E5E0", format = "48",
                 account = "4012345678909;", table = "L9E05DD31B77CBF85FAD39159218E2A71" },
      expect = { code = 00, offset = "6900FFFFFFFF" } },
    { "PVK of the Visa method", like = 1, lmk = "test-aes-kb",
      send   = { type = "FFF",
                 key = "S1009672TN00S0001E6FC8E6DE7A98DC1186EAAA0D9D69E4A"
                     .. "1265A1C47159DAB42D1EFD83D4C3DC1B5941609672EA1602",
                 pvk = "S10096V2TN00S0001564427A6C220FA7A538E7D6D82674393"
                     .. "8862FD4C35E08F58509A846707FE750F62456AC3329420B3",
                 block = "AC623CC691B16CBF", table = "L9E05DD31B77CBF85FAD39159218E2A71" },
      expect = { code = "A6" } },
    { "PVK that verifies only", like = 1, lmk = "test-aes-kb",
      send   = { type = "FFF",
                 key = "S1009672TN00S0001E6FC8E6DE7A98DC1186EAAA0D9D69E4A"
                     .. "1265A1C47159DAB42D1EFD83D4C3DC1B5941609672EA1602",
                 pvk = "S10064V1DV00S000143B98A9FF2F8142F20A455A439BF5F588CB521F3D1BF6D0B",
                 block = "AC623CC691B16CBF", table = "L9E05DD31B77CBF85FAD39159218E2A71" },
      expect = { code = "A8" } },
    { "BDK where a PIN key belongs", like = 1, lmk = "test-aes-kb",
      send   = { type = "FFF",
                 key = "S10096B0TX00S000157969DC92949F7834AEBD3A8EEE77401"
                     .. "212046746B741168762CEAF88401B2A6EDA6016A6B2B8AFF",
                 pvk = "S10064V1DN00S0001E1BE63EDECC912E24F6F7F452D5F18B6E1A8C47AAB785CE4",
                 block = "AC623CC691B16CBF", table = "L9E05DD31B77CBF85FAD39159218E2A71" },
      expect = { code = "A6" } },
  },
}
