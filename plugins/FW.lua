-- FW: make the PVV of a PIN that the customer has chosen.

return {
  command = "FW",
  title   = "Generate a Visa PVV of a customer-selected PIN",
  version = "1.0.0",
  author  = "luahsm",
  sources = "clients",

  request = {
    { "type",     pinkeytype                    },
    { "key",      pinkey "type",   parity  = 10 },
    { "pvk",      key "PVK2",      parity  = 11 },
    { "block",    sealed "key"                  },
    { "format",   pinformat,       invalid = 23 },
    { "account",  account "format"              },
    { "pvki",     N(1)                          },
    { "excluded", optional("*", pinlist)        },
  },

  response = {
    { "pvv", N(4) },
  },

  errors = {
    [10] = "PIN key has bad parity",
    [11] = "PVK has bad parity",
    [20] = "the decrypted block holds no PIN",
    [23] = "unknown PIN block format",
    [24] = "PIN is shorter than 4 or longer than 12 digits",
    [81] = "the excluded PINs are of another length",
    [86] = "the PIN is one of the excluded ones",
  },

  handler = function (q, a)
    local chosen = pinblock.open(q.key, q.block, q.format, q.account)

    pin.permit(chosen, q.excluded)
    a.pvv = pin.pvv(q.pvk, chosen, q.account, q.pvki)
  end,

  vectors = {
    { "under a ZPK",
      send   = { type    = "001",
                 key     = "UA5F5045CFA9F5483FAC8EBB26CCF8DF1",
                 pvk     = "UBF36C6B87DD29A1AF20AE20876532E50",
                 block   = "0D6B65D817C44AB2",
                 format  = "01",
                 account = "401234567890",
                 pvki    = "1" },
      expect = { code = 00, pvv = "6504" } },

    { "under a TPK", like = 1,
      send   = { type = "002", key = "U593870425813FE186BB096E9E8516B26",
                 block = "D72AB8A566AF6DBA" },
      expect = { code = 00, pvv = "6504" } },
    { "excluded PIN", like = 1, send = { excluded = "01041234" }, expect = { code = 86 } },
    { "ZPK said to be a TPK", like = 1, send = { type = "002" }, expect = { code = 10 } },
    { "PVK parity", like = 1, send = { pvk = "UBF3606B87DD29A1AF20AE20876532E50" },
      expect = { code = 11 } },
    { "no PIN in the block", like = 1, send = { account = "999999999999" },
      expect = { code = 20 } },
    { "no such format", like = 1, send = { format = "46" }, expect = { code = 23 } },
    { "PVK of three parts", like = 1,
      send   = { pvk = "T9730398349EBC6509A4CA67EDD662FC5985165880719FF72" },
      expect = { code = 27 } },

    -- Key blocks under the published test LMKs.
    { "under an AES LMK", like = 1, lmk = "test-aes-kb",
      send   = { type = "FFF",
                 key = "S1009672TN00S0001E6FC8E6DE7A98DC1186EAAA0D9D69E4A"
                     .. "1265A1C47159DAB42D1EFD83D4C3DC1B5941609672EA1602",
                 pvk = "S10096V2TN00S0001564427A6C220FA7A538E7D6D82674393"
                     .. "8862FD4C35E08F58509A846707FE750F62456AC3329420B3",
                 block = "AC623CC691B16CBF" },
      expect = { code = 00, pvv = "5111" } },
    { "under a 3DES LMK", like = 1, lmk = "test-3des-kb",
      send   = { type = "FFF",
                 key = "S0007272TN00S00022B311584DC54C493ED03"
                     .. "A1F97F9953FCA908E189EA9E0D746CF22F56",
                 pvk = "S00072V2TN00S0002D180A24B2F3B20D95B26"
                     .. "4CD9078FEAD162EDFF96C56E1AE9935D0A06",
                 block = "AC623CC691B16CBF" },
      expect = { code = 00, pvv = "5111" } },
    { "AES TPK, format 48", like = 1, lmk = "test-aes-kb",
      send   = { type = "FFF",
                 key = "S1009671AN00S00010C285EAE5193487A4476E86A64707A8E"
                     .. "E09CC901DC6DECC717CFBC5F5CCE84B7C69EEF0C9314B79F",
                 pvk = "S10096V2TN00S0001564427A6C220FA7A538E7D6D82674393"
                     .. "8862FD4C35E08F58509A846707FE750F62456AC3329420B3",
                 block = "2C52F45145CD91B9495BAA62DFD7E5E0", format = "48",
                 account = "4012345678909;" },
      expect = { code = 00, pvv = "5111" } },
    { "PVK that verifies only", like = 1, lmk = "test-aes-kb",
      send   = { type = "FFF",
                 key = "S1009672TN00S0001E6FC8E6DE7A98DC1186EAAA0D9D69E4A"
                     .. "1265A1C47159DAB42D1EFD83D4C3DC1B5941609672EA1602",
                 pvk = "S10096V2TV00S0001905BAD07B044A7C8F72C1A94283C3B83"
                     .. "16DEFF5C1A8F59CD0A6A4CC8FCDA852889D5C7ED7733894E",
                 block = "AC623CC691B16CBF" },
      expect = { code = "A8" } },
  },
}
