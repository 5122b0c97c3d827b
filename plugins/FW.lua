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
    { "block",    H(16)                         },
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
  },
}
