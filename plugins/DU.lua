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
    { "block",      H(16)                         },
    { "format",     pinformat,       invalid = 23 },
    { "length",     N(2), min = 4, max = 12       },
    { "account",    account "format"              },
    { "table",      dtab                          },
    { "validation", validation                    },
    { "offset",     offset                        },
    { "new_block",  H(16)                         },
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
    if key.length(q.pvk) > 1 then
      return 02
    end
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
  },
}
