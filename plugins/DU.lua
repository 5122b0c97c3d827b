-- DU: change a PIN: verify the current one and make the IBM offset of the new.
--
-- A PVK of two or three parts answers 02, with the offset.

return {
  command = "DU",
  title   = "Verify a PIN and generate an IBM offset of a new PIN",
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
    { "offset",     offset                        },
    { "new_block",  sealed "key"                  },
    { "excluded",   optional("*", pinlist)        },
  },

  response = {
    { "offset", offset },
  },

  errors = {
    [01] = "the current PIN is wrong",
    [02] = "PVK is not single-length; the offset is right",
    [10] = "PIN key has bad parity",
    [11] = "PVK has bad parity",
    [20] = "a decrypted block holds no PIN",
    [23] = "unknown PIN block format",
    [24] = "PIN is shorter than 4 or longer than 12 digits, or not as long as the check length",
    [25] = "the decimalisation table is refused",
    [39] = "too many were wrong for this account",
    [81] = "the excluded PINs are of another length",
    [86] = "the PIN is one of the excluded ones",
  },

  handler = function (q, a)
    local current = pinblock.open(q.key, q.block, q.format, q.account, 01)

    verify.offset(q.pvk, current, q.offset, q.length, q.account, q.table, q.validation)

    local chosen = pinblock.open(q.key, q.new_block, q.format, q.account)

    pin.permit(chosen, q.excluded)
    a.offset = pin.offset(q.pvk, chosen, q.length, q.account, q.table, q.validation)
    return pin.warning(q.pvk)
  end,

  -- The table is 0123456789012345, encrypted.
  vectors = {
    { "from 1234 to 5678",
      send   = { type       = "002",
                 key        = "U593870425813FE186BB096E9E8516B26",
                 pvk        = "2916C899EFF45627",
                 block      = "D72AB8A566AF6DBA",
                 format     = "01",
                 length     = "04",
                 account    = "401234567890",
                 table      = "FD64FC3FAD504BB3",
                 validation = "4012345678NF",
                 offset     = "8359FFFFFFFF",
                 new_block  = "E2A0E98F8A52B79E" },
      expect = { code = 00, offset = "2793FFFFFFFF" } },

    { "double-length PVK", like = 1,
      send   = { pvk = "UBF36C6B87DD29A1AF20AE20876532E50", offset = "5841FFFFFFFF" },
      expect = { code = 02, offset = "9285FFFFFFFF" } },
    { "current PIN is wrong, new block too", like = 1,
      send   = { offset = "0000FFFFFFFF", new_block = "0000000000000000" },
      expect = { code = 01 } },
    { "excluded PIN", like = 1, send = { excluded = "01045678" }, expect = { code = 86 } },
    { "TPK parity", like = 1, send = { key = "U593800425813FE186BB096E9E8516B26" },
      expect = { code = 10 } },
    { "PVK parity", like = 1, send = { pvk = "2916C099EFF45627" }, expect = { code = 11 } },
    { "no PIN in the new block", like = 1, send = { new_block = "66631CBFFF992430" },
      expect = { code = 20 } },
    { "no such format", like = 1, send = { format = "46" }, expect = { code = 23 } },
    { "new PIN of another length", like = 1, send = { new_block = "73756AE1DAD315D2" },
      expect = { code = 24 } },
    { "table of two digits", like = 1, send = { table = "0A08E879075B2C77" },
      expect = { code = 25 } },

    -- Key blocks under the published test LMKs.
    { "under an AES LMK", like = 1, lmk = "test-aes-kb",
      send   = { type = "FFF",
                 key = "S1009671TN00S0001797031ECFDE7A7E75B4CC326E9D4D9AD"
                     .. "A12C895AC0BDB9A774B42EE9400978DFD33FA45F67F48F2D",
                 pvk = "S10064V1DN00S0001E1BE63EDECC912E24F6F7F452D5F18B6E1A8C47AAB785CE4",
                 block = "AC623CC691B16CBF", table = "L9E05DD31B77CBF85FAD39159218E2A71",
                 offset = "6900FFFFFFFF", new_block = "1A69D0B20E2A45FB" },
      expect = { code = 00, offset = "0344FFFFFFFF" } },
    { "under a 3DES LMK", like = 1, lmk = "test-3des-kb",
      send   = { type = "FFF",
                 key = "S0007271TN00S0002024C46A6104750ADF3AE"
                     .. "9C25B80D7FBAC672C127F67C3F41F9E23EE9",
                 pvk = "S00056V1DN00S000223BA8522F8DEB8E824B11F3858B403ACB95E620F",
                 block = "AC623CC691B16CBF", table = "5E9E0D903DB10293", offset = "6900FFFFFFFF",
                 new_block = "1A69D0B20E2A45FB" },
      expect = { code = 00, offset = "0344FFFFFFFF" } },
    { "AES ZPK, format 48", like = 1, lmk = "test-aes-kb",
      send   = { type = "FFF",
                 key = "S1009672AN00S000116B059402A9B4C46629F57F834BEEDE2"
                     .. "2661E22D8A5E263520EC816641B2C2E3E8451A6E8466E30D",
                 pvk = "S10064V1DN00S0001E1BE63EDECC912E24F6F7F452D5F18B6E1A8C47AAB785CE4",
                 block = "2C52F45145CD91B9495BAA62DFD7E5E0", format = "48",
                 account = "4012345678909;", table = "L9E05DD31B77CBF85FAD39159218E2A71",
                 offset = "6900FFFFFFFF", new_block = "8C404192D11019942B50B6DAC99A160D" },
      expect = { code = 00, offset = "0344FFFFFFFF" } },
    { "PVK that verifies only", like = 1, lmk = "test-aes-kb",
      send   = { type = "FFF",
                 key = "S1009671TN00S0001797031ECFDE7A7E75B4CC326E9D4D9AD"
                     .. "A12C895AC0BDB9A774B42EE9400978DFD33FA45F67F48F2D",
                 pvk = "S10064V1DV00S000143B98A9FF2F8142F20A455A439BF5F588CB521F3D1BF6D0B",
                 block = "AC623CC691B16CBF", table = "L9E05DD31B77CBF85FAD39159218E2A71",
                 offset = "6900FFFFFFFF", new_block = "1A69D0B20E2A45FB" },
      expect = { code = "A8" } },
  },
}
