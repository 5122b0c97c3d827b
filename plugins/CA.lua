-- CA: re-encrypt a PIN block, from a terminal's key to a zone key or to the
-- key of a DUKPT transaction.
--
-- A flag in front of the destination key tells which BDK it is; without one it
-- is a ZPK.

local bdks = { "*", "~" }

return {
  command = "CA",
  reply   = "CB",
  title   = "Translate a PIN from TPK to ZPK encryption",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, clients",

  request = {
    { "tpk",        key "TPK",  parity  = 10                  },
    { "to_flag",    optional(enum "*~")                       },
    { "to_key",     by("to_flag", { ["*"] = key "BDK", ["~"] = key "BDK-2",
                                    key "ZPK" }), parity = 11 },
    { "descriptor", H(3),             when = { to_flag = bdks } },
    { "ksn",        ksn "descriptor", when = { to_flag = bdks } },
    { "maximum",    N(2),             equals  = 12            },
    { "block",      H(16)                                     },
    { "from",       pinformat,        invalid = 23            },
    { "to",         pinformat,        invalid = 23            },
    { "account",    account("from", "to")                     },
  },

  response = {
    { "length",  N(2)      },
    { "block",   H(16)     },
    { "format",  pinformat },
  },

  errors = {
    [10] = "TPK has bad parity",
    [11] = "the destination key has bad parity",
    [20] = "the decrypted block holds no PIN",
    [23] = "unknown PIN block format",
    [24] = "PIN is shorter than 4 or longer than 12 digits, or does not fit",
  },

  handler = function (q, a)
    local to     = q.to_flag and dukpt.derive(q.to_key, q.ksn, "pin") or q.to_key
    local secret = pinblock.open(q.tpk, q.block, q.from, q.account)

    a.length = #secret
    a.block  = pinblock.seal(to, secret, q.to, q.account)
    a.format = q.to
  end,

  -- Keys are under the published test LMK; the PIN is 1234.
  vectors = {
    { "format 01 to format 01",
      send   = { tpk     = "U1750CDFB0757D3B3994430636DBB281B",
                 to_key  = "UBA0C82D683A300B310E32C91077B362C",
                 maximum = "12",
                 block   = "21B97251DB63358D",
                 from    = "01",
                 to      = "01",
                 account = "123456789012" },
      expect = { code = 00, length = "04", block = "98AC254B71657ABD", format = "01" } },

    { "TPK parity",         like = 1, send = { tpk = "U1750CDF80757D3B3994430636DBB281B" },
                            expect = { code = 10 } },
    { "ZPK parity",         like = 1, send = { to_key = "UBA0C820683A300B310E32C91077B362C" },
                            expect = { code = 11 } },
    { "maximum is not 12",  like = 1, send = { maximum = "04" },
                            expect = { code = 15 } },
    { "account has letter", like = 1, send = { account = "12345678901X" },
                            expect = { code = 15 } },
    { "wrong account",      like = 1, send = { account = "999999999999" },
                            expect = { code = 20 } },
    { "format of no command", like = 1, send = { to = "34" },
                            expect = { code = 23 } },
    { "to a BDK-1", like = 1,
      send   = { to_flag = "*", to_key = "U8E3D3E2FD5919657F05A1AA90D32A014", descriptor = "A05",
                 ksn = "FFFF9876543210E00001" },
      expect = { code = 00, length = "04",
                 block = "7B088E2BD17127FD", format = "01" } },
    { "to a BDK-2", like = 1,
      send   = { to_flag = "~", to_key = "U805EED74C7C113A0911C110A917DAB12", descriptor = "605",
                 ksn = "9876543210E00003" },
      expect = { code = 00, length = "04",
                 block = "7861A328804B3B2A", format = "01" } },
    { "format 04 to 04",
      send   = "CAU8463435FC4B4DAA0C49025272C29B12CU1EF828AA8F6B80EB83E19FBC373F3A85"
            .. "121FC252C76DF228B40404FF2283400000123456",
      expect = "CB00058FC36E989ED7CE7504" },
    { "format 05 to 01",
      send   = "CAU8463435FC4B4DAA0C49025272C29B12CU1EF828AA8F6B80EB83E19FBC373F3A85"
            .. "12C169464CE2FADAEF0501000025321987",
      expect = "CB00040D0070FD68564A8E01" },
  },
}
