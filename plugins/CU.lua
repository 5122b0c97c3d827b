-- CU: change a PIN: verify the current one and make the PVV of the new.

return {
  command = "CU",
  title   = "Verify a PIN and generate a Visa PVV of a new PIN",
  version = "1.0.0",
  author  = "luahsm",
  sources = "clients",

  request = {
    { "type",      pinkeytype                    },
    { "key",       pinkey "type",   parity  = 10 },
    { "pvk",       key "PVK2",      parity  = 11 },
    { "block",     H(16)                         },
    { "format",    pinformat,       invalid = 23 },
    { "account",   account "format"              },
    { "pvki",      N(1)                          },
    { "pvv",       N(4)                          },
    { "new_block", H(16)                         },
    { "excluded",  optional("*", pinlist)        },
  },

  response = {
    { "pvv", N(4) },
  },

  errors = {
    [01] = "the current PIN is wrong",
    [10] = "PIN key has bad parity",
    [11] = "PVK has bad parity",
    [20] = "a decrypted block holds no PIN",
    [23] = "unknown PIN block format",
    [24] = "PIN is shorter than 4 or longer than 12 digits",
    [39] = "too many were wrong for this account",
    [81] = "the excluded PINs are of another length",
    [86] = "the PIN is one of the excluded ones",
  },

  handler = function (q, a)
    local current = pinblock.open(q.key, q.block, q.format, q.account, 01)

    verify.pvv(q.pvk, current, q.account, q.pvki, q.pvv)

    local chosen = pinblock.open(q.key, q.new_block, q.format, q.account)

    pin.permit(chosen, q.excluded)
    a.pvv = pin.pvv(q.pvk, chosen, q.account, q.pvki)
  end,

  vectors = {
    { "from 1234 to 5678",
      send   = { type      = "002",
                 key       = "U593870425813FE186BB096E9E8516B26",
                 pvk       = "UBF36C6B87DD29A1AF20AE20876532E50",
                 block     = "D72AB8A566AF6DBA",
                 format    = "01",
                 account   = "401234567890",
                 pvki      = "1",
                 pvv       = "6504",
                 new_block = "E2A0E98F8A52B79E" },
      expect = { code = 00, pvv = "3287" } },

    { "current PIN is wrong, new block too", like = 1,
      send   = { pvki = "2", new_block = "0000000000000000" }, expect = { code = 01 } },
    { "excluded PIN", like = 1, send = { excluded = "01045678" }, expect = { code = 86 } },
    { "TPK parity", like = 1, send = { key = "U593800425813FE186BB096E9E8516B26" },
      expect = { code = 10 } },
    { "PVK parity", like = 1, send = { pvk = "UBF3606B87DD29A1AF20AE20876532E50" },
      expect = { code = 11 } },
    { "no PIN in the new block", like = 1, send = { new_block = "66631CBFFF992430" },
      expect = { code = 20 } },
    { "no such format", like = 1, send = { format = "46" }, expect = { code = 23 } },
    { "PVK of three parts", like = 1,
      send   = { pvk = "T9730398349EBC6509A4CA67EDD662FC5985165880719FF72" },
      expect = { code = 27 } },
  },
}
