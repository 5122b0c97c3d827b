-- G0: re-encrypt a PIN block, from a DUKPT terminal's key to a zone key or to
-- the key of another DUKPT transaction.
--
-- A flag in front of a key tells which BDK it is; without one the source is a
-- BDK-1 and the destination a ZPK.

local bdks = { "*", "~" }

return {
  command = "G0",
  title   = "Translate a PIN from BDK to ZPK encryption, 3DES DUKPT",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, clients",

  request = {
    { "from_flag",     optional(enum "~!")                          },
    { "from_key",      by("from_flag", { ["~"] = key "BDK-2", ["!"] = key "BDK-4",
                                         key "BDK" }), parity = 10  },
    { "to_flag",       optional(enum "*~")                          },
    { "to_key",        by("to_flag", { ["*"] = key "BDK", ["~"] = key "BDK-2",
                                       key "ZPK" }),   parity = 11  },
    { "descriptor",    H(3)                                         },
    { "ksn",           ksn "descriptor"                             },
    { "to_descriptor", H(3),                when = { to_flag = bdks } },
    { "to_ksn",        ksn "to_descriptor", when = { to_flag = bdks } },
    { "block",         H(16)                                        },
    { "from",          pinformat,           invalid = 23            },
    { "to",            pinformat,           invalid = 23            },
    { "account",       account("from", "to")                        },
    -- With tokens, the account that the new block is made for.
    { "to_account",    optional(";", N(12))                         },
  },

  response = {
    { "length", N(2)      },
    { "block",  H(16)     },
    { "format", pinformat },
  },

  errors = {
    [10] = "the source key has bad parity",
    [11] = "the destination key has bad parity",
    [20] = "the decrypted block holds no PIN",
    [23] = "unknown PIN block format",
    [24] = "PIN is shorter than 4 or longer than 12 digits, or does not fit",
  },

  handler = function (q, a)
    local from   = dukpt.derive(q.from_key, q.ksn, "pin")
    local to     = q.to_flag and dukpt.derive(q.to_key, q.to_ksn, "pin") or q.to_key
    local secret = pinblock.open(from, q.block, q.from, q.account)

    a.length = #secret
    a.block  = pinblock.seal(to, secret, q.to, q.to_account or q.account)
    a.format = q.to
  end,

  -- The first transaction of ANSI X9.24-1, annex A; the PIN is 1234.
  vectors = {
    { "format 01 to format 01",
      send   = { from_key   = "U8E3D3E2FD5919657F05A1AA90D32A014",
                 to_key     = "UA5F5045CFA9F5483FAC8EBB26CCF8DF1",
                 descriptor = "A05",
                 ksn        = "FFFF9876543210E00001",
                 block      = "1B9C1845EB993A7A",
                 from       = "01",
                 to         = "01",
                 account    = "401234567890" },
      expect = { code = 00, length = "04", block = "0D6B65D817C44AB2", format = "01" } },

    { "to a BDK-1", like = 1,
      send   = { to_flag = "*", to_key = "U8E3D3E2FD5919657F05A1AA90D32A014", to_descriptor = "A05",
                 to_ksn = "FFFF9876543210E00002" },
      expect = { code = 00, length = "04",
                 block = "10A01C8D02C69107", format = "01" } },
    { "from a BDK-2 to a BDK-2, KSN of 16 digits", like = 1,
      send   = { from_flag = "~", from_key = "U805EED74C7C113A0911C110A917DAB12",
                 descriptor = "605", ksn = "9876543210E00003",
                 block = "0C4E949788DE9BD0",
                 to_flag = "~", to_key = "U805EED74C7C113A0911C110A917DAB12", to_descriptor = "605",
                 to_ksn = "9876543210E00004" },
      expect = { code = 00, length = "04",
                 block = "A5C79152850C7F45", format = "01" } },
    { "from a BDK-4", like = 1,
      send   = { from_flag = "!", from_key = "UC9A8E9A2A723CE2D221C3B0C776F2B91",
                 block = "AF1E999A93BD9BF0" },
      expect = { code = 00, length = "04", block = "0D6B65D817C44AB2", format = "01" } },
    { "token in the new block", like = 1, send = { to_account = "999999999999" },
      expect = { code = 00, length = "04", block = "3958DDC2C51276C3",
                 format = "01" } },
    { "BDK parity", like = 1, send = { from_key = "U8E3D0E2FD5919657F05A1AA90D32A014" },
      expect = { code = 10 } },
    { "ZPK parity", like = 1, send = { to_key = "UA5F5145CFA9F5483FAC8EBB26CCF8DF1" },
      expect = { code = 11 } },
    { "another transaction", like = 1, send = { ksn = "FFFF9876543210E00002" },
      expect = { code = 20 } },
    { "no such format", like = 1, send = { from = "34" }, expect = { code = 23 } },
  },
}
