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
    { "block",     sealed "key"                  },
    { "format",    pinformat,       invalid = 23 },
    { "account",   account "format"              },
    { "pvki",      N(1)                          },
    { "pvv",       N(4)                          },
    { "new_block", sealed "key"                  },
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

    -- Key blocks under the published test LMKs.
    { "under an AES LMK", like = 1, lmk = "test-aes-kb",
      send   = { type = "FFF",
                 key = "S1009671TN00S0001797031ECFDE7A7E75B4CC326E9D4D9AD"
                     .. "A12C895AC0BDB9A774B42EE9400978DFD33FA45F67F48F2D",
                 pvk = "S10096V2TN00S0001564427A6C220FA7A538E7D6D82674393"
                     .. "8862FD4C35E08F58509A846707FE750F62456AC3329420B3",
                 block = "AC623CC691B16CBF", pvv = "5111", new_block = "1A69D0B20E2A45FB" },
      expect = { code = 00, pvv = "4268" } },
    { "under a 3DES LMK", like = 1, lmk = "test-3des-kb",
      send   = { type = "FFF",
                 key = "S0007271TN00S0002024C46A6104750ADF3AE"
                     .. "9C25B80D7FBAC672C127F67C3F41F9E23EE9",
                 pvk = "S00072V2TN00S0002D180A24B2F3B20D95B26"
                     .. "4CD9078FEAD162EDFF96C56E1AE9935D0A06",
                 block = "AC623CC691B16CBF", pvv = "5111", new_block = "1A69D0B20E2A45FB" },
      expect = { code = 00, pvv = "4268" } },
    { "AES ZPK, format 48", like = 1, lmk = "test-aes-kb",
      send   = { type = "FFF",
                 key = "S1009672AN00S000116B059402A9B4C46629F57F834BEEDE2"
                     .. "2661E22D8A5E263520EC816641B2C2E3E8451A6E8466E30D",
                 pvk = "S10096V2TN00S0001564427A6C220FA7A538E7D6D82674393"
                     .. "8862FD4C35E08F58509A846707FE750F62456AC3329420B3",
                 block = "2C52F45145CD91B9495BAA62DFD7E5E0", format = "48",
                 account = "4012345678909;", pvv = "5111",
                 new_block = "8C404192D11019942B50B6DAC99A160D" },
      expect = { code = 00, pvv = "4268" } },
    { "PVK that verifies only", like = 1, lmk = "test-aes-kb",
      send   = { type = "FFF",
                 key = "S1009671TN00S0001797031ECFDE7A7E75B4CC326E9D4D9AD"
                     .. "A12C895AC0BDB9A774B42EE9400978DFD33FA45F67F48F2D",
                 pvk = "S10096V2TV00S0001905BAD07B044A7C8F72C1A94283C3B83"
                     .. "16DEFF5C1A8F59CD0A6A4CC8FCDA852889D5C7ED7733894E",
                 block = "AC623CC691B16CBF", pvv = "5111", new_block = "1A69D0B20E2A45FB" },
      expect = { code = "A8" } },
    { "PVK that generates only", like = 1, lmk = "test-aes-kb",
      send   = { type = "FFF",
                 key = "S1009671TN00S0001797031ECFDE7A7E75B4CC326E9D4D9AD"
                     .. "A12C895AC0BDB9A774B42EE9400978DFD33FA45F67F48F2D",
                 pvk = "S10096V2TG00S00018CDE93109120F8FB71007B69D8055F35"
                     .. "C90729DD492A0B6770CE615B4A8B0D3E63132B7972DAD720",
                 block = "AC623CC691B16CBF", pvv = "5111", new_block = "1A69D0B20E2A45FB" },
      expect = { code = "A8" } },
    { "PVK of the IBM method", like = 1, lmk = "test-aes-kb",
      send   = { type = "FFF",
                 key = "S1009671TN00S0001797031ECFDE7A7E75B4CC326E9D4D9AD"
                     .. "A12C895AC0BDB9A774B42EE9400978DFD33FA45F67F48F2D",
                 pvk = "S10096V1TN00S0001A87F80AE4776D682C79B2BAA702B2FA5"
                     .. "9FD58F4DF6DC90BEA65FEA43913CAE5B823004BC11343EDE",
                 block = "AC623CC691B16CBF", pvv = "5111", new_block = "1A69D0B20E2A45FB" },
      expect = { code = "A6" } },
  },
}
