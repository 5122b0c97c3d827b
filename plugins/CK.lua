-- CK: is the PIN from a DUKPT terminal the right one? By the IBM method (offset).
--
-- The block is always of format 01. A right PIN answers 02 when the PVK is of
-- two or three parts.

return {
  command = "CK",
  title   = "Verify a PIN, IBM method, DUKPT",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual",

  request = {
    { "bdk",        key "BDK",        parity = 10 },
    { "pvk",        key "PVK",        parity = 11 },
    { "descriptor", H(3)                          },
    { "ksn",        ksn "descriptor"              },
    { "block",      H(16)                         },
    { "length",     N(2), min = 4, max = 12       },
    { "account",    N(12)                         },
    { "table",      dtab                          },
    { "validation", validation                    },
    { "offset",     offset                        },
  },

  response = {},

  errors = {
    [01] = "the PIN is wrong",
    [02] = "the PIN is right; PVK is not single-length",
    [10] = "BDK has bad parity",
    [11] = "PVK has bad parity",
    [20] = "the decrypted block holds no PIN",
    [24] = "PIN is shorter than 4 or longer than 12 digits",
    [25] = "the decimalisation table is refused",
    [39] = "too many were wrong for this account",
  },

  handler = function (q, a)
    local from  = dukpt.derive(q.bdk, q.ksn, "pin")
    local given = pinblock.open(from, q.block, "01", q.account, 01)

    verify.offset(q.pvk, given, q.offset, q.length, q.account, q.table, q.validation)
    return pin.warning(q.pvk)
  end,

  -- The first transaction of ANSI X9.24-1, annex A; the table is 0123456789012345, encrypted.
  vectors = {
    { "right PIN",
      send   = { bdk        = "U8E3D3E2FD5919657F05A1AA90D32A014",
                 pvk        = "2916C899EFF45627",
                 descriptor = "A05",
                 ksn        = "FFFF9876543210E00001",
                 block      = "1B9C1845EB993A7A",
                 length     = "04",
                 account    = "401234567890",
                 table      = "FD64FC3FAD504BB3",
                 validation = "4012345678NF",
                 offset     = "8359FFFFFFFF" },
      expect = { code = 00 } },

    { "double-length PVK", like = 1,
      send   = { pvk = "UBF36C6B87DD29A1AF20AE20876532E50", offset = "5841FFFFFFFF" },
      expect = { code = 02 } },
    { "wrong offset", like = 1, send = { offset = "8350FFFFFFFF" },
      expect = { code = 01 } },
    { "BDK parity", like = 1, send = { bdk = "U8E3D0E2FD5919657F05A1AA90D32A014" },
      expect = { code = 10 } },
    { "PVK parity", like = 1, send = { pvk = "2916C099EFF45627" }, expect = { code = 11 } },
    { "another transaction", like = 1, send = { ksn = "FFFF9876543210E00002" },
      expect = { code = 20 } },
    { "table of two digits", like = 1, send = { table = "0A08E879075B2C77" },
      expect = { code = 25 } },

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
    { "PVK that generates only", like = 1, lmk = "test-aes-kb",
      send   = { bdk = "S10096B0TX00S000157969DC92949F7834AEBD3A8EEE77401"
                     .. "212046746B741168762CEAF88401B2A6EDA6016A6B2B8AFF",
                 pvk = "S10064V1DG00S00018ECFAFF4472DC1843BAD1C75C42F55AF9482DF7067B5B973",
                 table = "L9E05DD31B77CBF85FAD39159218E2A71", offset = "6900FFFFFFFF" },
      expect = { code = "A8" } },
    { "PVK of the Visa method", like = 1, lmk = "test-aes-kb",
      send   = { bdk = "S10096B0TX00S000157969DC92949F7834AEBD3A8EEE77401"
                     .. "212046746B741168762CEAF88401B2A6EDA6016A6B2B8AFF",
                 pvk = "S10096V2TN00S0001564427A6C220FA7A538E7D6D82674393"
                     .. "8862FD4C35E08F58509A846707FE750F62456AC3329420B3",
                 table = "L9E05DD31B77CBF85FAD39159218E2A71", offset = "6900FFFFFFFF" },
      expect = { code = "A6" } },
  },
}
