-- GO: is the PIN from a DUKPT terminal the right one? By the IBM method (offset).
--
-- In mode 1 the MAC of a message is checked too. A wrong MAC answers 01: the
-- device's code for it is not known. A right PIN answers 02 when the PVK is of
-- two or three parts.

return {
  command = "GO",
  title   = "Verify a PIN, IBM method, 3DES DUKPT, and a MAC",
  version = "1.0.0",
  author  = "luahsm",
  sources = "clients",

  request = {
    { "mode",       enum "01"                         },
    { "mac_mode",   enum "123", when = { mode = "1" } },
    { "mac_method", enum "1",   when = { mode = "1" } },
    { "bdk",        key "BDK",        parity  = 10    },
    { "pvk",        key "PVK",        parity  = 11    },
    { "descriptor", H(3)                              },
    { "ksn",        ksn("descriptor", "bdk")          },
    { "block",      sealed "bdk"                      },
    { "format",     pinformat,        invalid = 23    },
    { "length",     N(2), min = 4, max = 12           },
    { "account",    account "format"                  },
    { "table",      dtab                              },
    { "validation", validation                        },
    { "offset",     offset                            },
    { "mac",        by("mac_mode", { ["1"] = H(16), H(8) }), when = { mode = "1" } },
    { "size",       H(4),     when = { mode = "1" }   },
    { "message",    B "size", when = { mode = "1" }   },
  },

  response = {},

  errors = {
    [01] = "the PIN or the MAC is wrong",
    [02] = "the PIN is right; PVK is not single-length",
    [10] = "BDK has bad parity",
    [11] = "PVK has bad parity",
    [20] = "the decrypted block holds no PIN",
    [23] = "unknown PIN block format",
    [24] = "PIN is shorter than 4 or longer than 12 digits",
    [25] = "the decimalisation table is refused",
    [39] = "too many were wrong for this account",
  },

  handler = function (q, a)
    local from  = dukpt.derive(q.bdk, q.ksn, "pin")
    local given = pinblock.open(from, q.block, q.format, q.account, 01)

    if q.mac then
      dukpt.verify(q.bdk, q.ksn, q.mac_mode, q.message, q.mac)
    end
    verify.offset(q.pvk, given, q.offset, q.length, q.account, q.table, q.validation)
    return pin.warning(q.pvk)
  end,

  -- The first transaction of ANSI X9.24-1, annex A; the PIN is 1234.
  vectors = {
    { "right PIN",
      send   = { mode       = "0",
                 bdk        = "U8E3D3E2FD5919657F05A1AA90D32A014",
                 pvk        = "2916C899EFF45627",
                 descriptor = "A05",
                 ksn        = "FFFF9876543210E00001",
                 block      = "1B9C1845EB993A7A",
                 format     = "01",
                 length     = "04",
                 account    = "401234567890",
                 table      = "FD64FC3FAD504BB3",
                 validation = "4012345678NF",
                 offset     = "8359FFFFFFFF" },
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
    { "wrong offset", like = 1, send = { offset = "8350FFFFFFFF" },
      expect = { code = 01 } },
    { "double-length PVK", like = 1,
      send   = { pvk = "UBF36C6B87DD29A1AF20AE20876532E50", offset = "5841FFFFFFFF" },
      expect = { code = 02 } },
    { "PVK parity", like = 1, send = { pvk = "2916C099EFF45627" }, expect = { code = 11 } },
    { "table of two digits", like = 1, send = { table = "0A08E879075B2C77" },
      expect = { code = 25 } },
    { "BDK parity", like = 1, send = { bdk = "U8E3D0E2FD5919657F05A1AA90D32A014" },
      expect = { code = 10 } },
    { "another transaction", like = 1, send = { ksn = "FFFF9876543210E00002" },
      expect = { code = 20 } },
    { "no such format", like = 1, send = { format = "46" }, expect = { code = 23 } },

    -- Key blocks under the published test LMKs.
    { "under an AES LMK", like = 1, lmk = "test-aes-kb",
      send   = { bdk = "S10096B0TX00S000157969DC92949F7834AEBD3A8EEE77401"
                     .. "212046746B741168762CEAF88401B2A6EDA6016A6B2B8AFF",
                 pvk = "S10064V1DN00S0001E1BE63EDECC912E24F6F7F452D5F18B6E1A8C47AAB785CE4",
                 table = "L9E05DD31B77CBF85FAD39159218E2A71", offset = "6900FFFFFFFF" },
      expect = { code = 00 } },
    { "under a 3DES LMK", like = 1, lmk = "test-3des-kb",
      send   = { bdk = "S00072B0TX00S000231DA75EF5C4F81CB845A"
                     .. "F77D1804C4F6076B9C7A192A610E520A2AA3",
                 pvk = "S00056V1DN00S000223BA8522F8DEB8E824B11F3858B403ACB95E620F",
                 table = "5E9E0D903DB10293", offset = "6900FFFFFFFF" },
      expect = { code = 00 } },
    { "AES-128 BDK, format 48", like = 1, lmk = "test-aes-kb",
      send   = { bdk = "S10096B0AX00S00017A3DC4B3BC6EB0E09C7D7ADBDE3B8244"
                     .. "4B43868F53BA8668C2E7B963956A517619F3CECABF5E5D90",
                 pvk = "S10064V1DN00S0001E1BE63EDECC912E24F6F7F452D5F18B6E1A8C47AAB785CE4",
                 descriptor = "808", ksn = "123456789012345600000001",
                 block = "FD68AC257143034B99581D963C45D58A", format = "48",
                 account = "4012345678909;", table = "L9E05DD31B77CBF85FAD39159218E2A71",
                 offset = "6900FFFFFFFF" },
      expect = { code = 00 } },
    { "AES-256 BDK, format 48", like = 1, lmk = "test-aes-kb",
      send   = { bdk = "S10128B0AX00S0001CFE9DB5D2EF9B57EA645E99A574F249BFAD6A89F2C78DB69"
                     .. "909C3397A3084B50C821299BDC8834A482503E9B0862ACF9A8EC5B801261C83D",
                 pvk = "S10064V1DN00S0001E1BE63EDECC912E24F6F7F452D5F18B6E1A8C47AAB785CE4",
                 descriptor = "808", ksn = "123456789012345600000001",
                 block = "57C5FA3EC72330026D1912409770B869", format = "48",
                 account = "4012345678909;", table = "L9E05DD31B77CBF85FAD39159218E2A71",
                 offset = "6900FFFFFFFF" },
      expect = { code = 00 } },
    { "AES BDK, wrong PIN", like = 1, lmk = "test-aes-kb",
      send   = { bdk = "S10096B0AX00S00017A3DC4B3BC6EB0E09C7D7ADBDE3B8244"
                     .. "4B43868F53BA8668C2E7B963956A517619F3CECABF5E5D90",
                 pvk = "S10064V1DN00S0001E1BE63EDECC912E24F6F7F452D5F18B6E1A8C47AAB785CE4",
                 descriptor = "808", ksn = "123456789012345600000001",
                 block = "5D7591D3326D30FC8B0BDD6F212DEB0C", format = "48",
                 account = "4012345678909;", table = "L9E05DD31B77CBF85FAD39159218E2A71",
                 offset = "6900FFFFFFFF" },
      expect = { code = 01 } },
    { "AES BDK and a MAC", like = 1, lmk = "test-aes-kb",
      send   = { mode = "1", mac_mode = "2", mac_method = "1",
                 bdk = "S10096B0AX00S00017A3DC4B3BC6EB0E09C7D7ADBDE3B8244"
                     .. "4B43868F53BA8668C2E7B963956A517619F3CECABF5E5D90",
                 pvk = "S10064V1DN00S0001E1BE63EDECC912E24F6F7F452D5F18B6E1A8C47AAB785CE4",
                 descriptor = "808", ksn = "123456789012345600000001",
                 block = "FD68AC257143034B99581D963C45D58A", format = "48",
                 account = "4012345678909;", table = "L9E05DD31B77CBF85FAD39159218E2A71",
                 offset = "6900FFFFFFFF", mac = "5DE83BDC", size = "0011",
                 message = "4012345678909D987" },
      expect = { code = 00 } },
    { "AES BDK, wrong MAC", like = 1, lmk = "test-aes-kb",
      send   = { mode = "1", mac_mode = "2", mac_method = "1",
                 bdk = "S10096B0AX00S00017A3DC4B3BC6EB0E09C7D7ADBDE3B8244"
                     .. "4B43868F53BA8668C2E7B963956A517619F3CECABF5E5D90",
                 pvk = "S10064V1DN00S0001E1BE63EDECC912E24F6F7F452D5F18B6E1A8C47AAB785CE4",
                 descriptor = "808", ksn = "123456789012345600000001",
                 block = "FD68AC257143034B99581D963C45D58A", format = "48",
                 account = "4012345678909;", table = "L9E05DD31B77CBF85FAD39159218E2A71",
                 offset = "6900FFFFFFFF", mac = "DD601BFB", size = "0011",
                 message = "4012345678909D987" },
      expect = { code = 01 } },
    { "PVK that generates only", like = 1, lmk = "test-aes-kb",
      send   = { bdk = "S10096B0TX00S000157969DC92949F7834AEBD3A8EEE77401"
                     .. "212046746B741168762CEAF88401B2A6EDA6016A6B2B8AFF",
                 pvk = "S10064V1DG00S00018ECFAFF4472DC1843BAD1C75C42F55AF9482DF7067B5B973",
                 table = "L9E05DD31B77CBF85FAD39159218E2A71", offset = "6900FFFFFFFF" },
      expect = { code = "A8" } },
  },
}
