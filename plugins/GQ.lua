-- GQ: is the PIN from a DUKPT terminal the right one? By the Visa method (PVV).
--
-- In mode 1 the MAC of a message is checked too. A wrong MAC answers 01: the
-- device's code for it is not known.

return {
  command = "GQ",
  title   = "Verify a PIN, Visa method, 3DES DUKPT, and a MAC",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual",

  request = {
    { "mode",       enum "01"                         },
    { "mac_mode",   enum "123", when = { mode = "1" } },
    { "mac_method", enum "1",   when = { mode = "1" } },
    { "bdk",        key "BDK",        parity  = 10    },
    { "pvk",        key "PVK2",       parity  = 11    },
    { "descriptor", H(3)                              },
    { "ksn",        ksn "descriptor"                  },
    { "block",      H(16)                             },
    { "format",     pinformat,        invalid = 23    },
    { "account",    account "format"                  },
    -- With tokens, the account that the PVV was made with.
    { "issued",     optional(";", N(12))              },
    { "pvki",       N(1)                              },
    { "pvv",        N(4)                              },
    { "mac",        by("mac_mode", { ["1"] = H(16), H(8) }), when = { mode = "1" } },
    { "size",       H(4),     when = { mode = "1" }   },
    { "message",    B "size", when = { mode = "1" }   },
  },

  response = {},

  errors = {
    [01] = "the PIN or the MAC is wrong",
    [10] = "BDK has bad parity",
    [11] = "PVK has bad parity",
    [20] = "the decrypted block holds no PIN",
    [23] = "unknown PIN block format",
    [24] = "PIN is shorter than 4 or longer than 12 digits",
    [39] = "too many were wrong for this account",
  },

  handler = function (q, a)
    local from  = dukpt.derive(q.bdk, q.ksn, "pin")
    local given = pinblock.open(from, q.block, q.format, q.account, 01)

    if q.mac and not dukpt.verify(q.bdk, q.ksn, q.mac_mode, q.message, q.mac) then
      fail(01)
    end
    verify.pvv(q.pvk, given, q.issued or q.account, q.pvki, q.pvv)
  end,

  -- The first transaction of ANSI X9.24-1, annex A; the PIN is 1234.
  vectors = {
    { "right PIN",
      send   = { mode       = "0",
                 bdk        = "U8E3D3E2FD5919657F05A1AA90D32A014",
                 pvk        = "UBF36C6B87DD29A1AF20AE20876532E50",
                 descriptor = "A05",
                 ksn        = "FFFF9876543210E00001",
                 block      = "1B9C1845EB993A7A",
                 format     = "01",
                 account    = "401234567890",
                 pvki       = "1",
                 pvv        = "6504" },
      expect = { code = 00 } },

    { "right PIN and MAC of four bytes", like = 1,
      send   = { mode = "1", mac_mode = "2", mac_method = "1", mac = "9CCC7817",
                 size = "0011", message = "4012345678909D987" },
      expect = { code = 00 } },
    { "the other four bytes", like = 2,
      send   = { mac_mode = "3", mac = "3FC4FB64" },
      expect = { code = 00 } },
    { "all eight", like = 2,
      send   = { mac_mode = "1", mac = "9CCC78173FC4FB64" },
      expect = { code = 00 } },
    { "wrong MAC", like = 2, send = { mac = "9CCC7818" }, expect = { code = 01 } },
    { "message cut short", like = 2, send = { size = "0012" }, expect = { code = 15 } },
    { "token in the block, account of the PVV apart", like = 1,
      send   = { issued = "999999999999", pvv = "6697" },
      expect = { code = 00 } },
    { "wrong index", like = 1, send = { pvki = "2" }, expect = { code = 01 } },
    { "PVK parity", like = 1, send = { pvk = "UBF3606B87DD29A1AF20AE20876532E50" },
      expect = { code = 11 } },
    { "PVK of three parts", like = 1,
      send   = { pvk = "T9730398349EBC6509A4CA67EDD662FC5985165880719FF72" },
      expect = { code = 27 } },
    { "BDK parity", like = 1, send = { bdk = "U8E3D0E2FD5919657F05A1AA90D32A014" },
      expect = { code = 10 } },
    { "another transaction", like = 1, send = { ksn = "FFFF9876543210E00002" },
      expect = { code = 20 } },
    { "no such format", like = 1, send = { format = "46" }, expect = { code = 23 } },
  },
}
