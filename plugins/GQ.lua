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
    { "ksn",        ksn("descriptor", "bdk")          },
    { "block",      sealed "bdk"                      },
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

    if q.mac then
      dukpt.verify(q.bdk, q.ksn, q.mac_mode, q.message, q.mac)
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

    -- Key blocks under the published test LMKs.
    { "under an AES LMK", like = 1, lmk = "test-aes-kb",
      send   = { bdk = "S10096B0TX00S000157969DC92949F7834AEBD3A8EEE77401"
                     .. "212046746B741168762CEAF88401B2A6EDA6016A6B2B8AFF",
                 pvk = "S10096V2TN00S0001564427A6C220FA7A538E7D6D82674393"
                     .. "8862FD4C35E08F58509A846707FE750F62456AC3329420B3",
                 pvv = "5111" },
      expect = { code = 00 } },
    { "under a 3DES LMK", like = 1, lmk = "test-3des-kb",
      send   = { bdk = "S00072B0TX00S000231DA75EF5C4F81CB845A"
                     .. "F77D1804C4F6076B9C7A192A610E520A2AA3",
                 pvk = "S00072V2TN00S0002D180A24B2F3B20D95B26"
                     .. "4CD9078FEAD162EDFF96C56E1AE9935D0A06",
                 pvv = "5111" },
      expect = { code = 00 } },
    { "AES-128 BDK, format 48", like = 1, lmk = "test-aes-kb",
      send   = { bdk = "S10096B0AX00S00017A3DC4B3BC6EB0E09C7D7ADBDE3B8244"
                     .. "4B43868F53BA8668C2E7B963956A517619F3CECABF5E5D90",
                 pvk = "S10096V2TN00S0001564427A6C220FA7A538E7D6D82674393"
                     .. "8862FD4C35E08F58509A846707FE750F62456AC3329420B3",
                 descriptor = "808", ksn = "123456789012345600000001",
                 block = "FD68AC257143034B99581D963C45D58A", format = "48",
                 account = "4012345678909;", pvv = "5111" },
      expect = { code = 00 } },
    { "AES-256 BDK, format 48", like = 1, lmk = "test-aes-kb",
      send   = { bdk = "S10128B0AX00S0001CFE9DB5D2EF9B57EA645E99A574F249BFAD6A89F2C78DB69"
                     .. "909C3397A3084B50C821299BDC8834A482503E9B0862ACF9A8EC5B801261C83D",
                 pvk = "S10096V2TN00S0001564427A6C220FA7A538E7D6D82674393"
                     .. "8862FD4C35E08F58509A846707FE750F62456AC3329420B3",
                 descriptor = "808", ksn = "123456789012345600000001",
                 block = "57C5FA3EC72330026D1912409770B869", format = "48",
                 account = "4012345678909;", pvv = "5111" },
      expect = { code = 00 } },
    { "AES BDK, wrong PIN", like = 1, lmk = "test-aes-kb",
      send   = { bdk = "S10096B0AX00S00017A3DC4B3BC6EB0E09C7D7ADBDE3B8244"
                     .. "4B43868F53BA8668C2E7B963956A517619F3CECABF5E5D90",
                 pvk = "S10096V2TN00S0001564427A6C220FA7A538E7D6D82674393"
                     .. "8862FD4C35E08F58509A846707FE750F62456AC3329420B3",
                 descriptor = "808", ksn = "123456789012345600000001",
                 block = "5D7591D3326D30FC8B0BDD6F212DEB0C", format = "48",
                 account = "4012345678909;", pvv = "5111" },
      expect = { code = 01 } },
    { "AES BDK and a MAC", like = 1, lmk = "test-aes-kb",
      send   = { mode = "1", mac_mode = "2", mac_method = "1",
                 bdk = "S10096B0AX00S00017A3DC4B3BC6EB0E09C7D7ADBDE3B8244"
                     .. "4B43868F53BA8668C2E7B963956A517619F3CECABF5E5D90",
                 pvk = "S10096V2TN00S0001564427A6C220FA7A538E7D6D82674393"
                     .. "8862FD4C35E08F58509A846707FE750F62456AC3329420B3",
                 descriptor = "808", ksn = "123456789012345600000001",
                 block = "FD68AC257143034B99581D963C45D58A", format = "48",
                 account = "4012345678909;", pvv = "5111", mac = "5DE83BDC", size = "0011",
                 message = "4012345678909D987" },
      expect = { code = 00 } },
    { "AES BDK, wrong MAC", like = 1, lmk = "test-aes-kb",
      send   = { mode = "1", mac_mode = "2", mac_method = "1",
                 bdk = "S10096B0AX00S00017A3DC4B3BC6EB0E09C7D7ADBDE3B8244"
                     .. "4B43868F53BA8668C2E7B963956A517619F3CECABF5E5D90",
                 pvk = "S10096V2TN00S0001564427A6C220FA7A538E7D6D82674393"
                     .. "8862FD4C35E08F58509A846707FE750F62456AC3329420B3",
                 descriptor = "808", ksn = "123456789012345600000001",
                 block = "FD68AC257143034B99581D963C45D58A", format = "48",
                 account = "4012345678909;", pvv = "5111", mac = "DD601BFB", size = "0011",
                 message = "4012345678909D987" },
      expect = { code = 01 } },
    { "PVK that generates only", like = 1, lmk = "test-aes-kb",
      send   = { bdk = "S10096B0TX00S000157969DC92949F7834AEBD3A8EEE77401"
                     .. "212046746B741168762CEAF88401B2A6EDA6016A6B2B8AFF",
                 pvk = "S10096V2TG00S00018CDE93109120F8FB71007B69D8055F35"
                     .. "C90729DD492A0B6770CE615B4A8B0D3E63132B7972DAD720",
                 pvv = "5111" },
      expect = { code = "A8" } },
  },
}
