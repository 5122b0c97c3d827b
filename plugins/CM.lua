-- CM: is the PIN from a DUKPT terminal the right one? By the Visa method (PVV).
--
-- The block is always of format 01.

return {
  command = "CM",
  title   = "Verify a PIN, Visa method, DUKPT",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual",

  request = {
    { "bdk",        key "BDK",        parity = 10 },
    { "pvk",        key "PVK2",       parity = 11 },
    { "descriptor", H(3)                          },
    { "ksn",        ksn "descriptor"              },
    { "block",      H(16)                         },
    { "account",    N(12)                         },
    { "pvki",       N(1)                          },
    { "pvv",        N(4)                          },
  },

  response = {},

  errors = {
    [01] = "the PIN is wrong",
    [10] = "BDK has bad parity",
    [11] = "PVK has bad parity",
    [20] = "the decrypted block holds no PIN",
    [24] = "PIN is shorter than 4 or longer than 12 digits",
    [39] = "too many were wrong for this account",
  },

  handler = function (q, a)
    local from  = dukpt.derive(q.bdk, q.ksn, "pin")
    local given = pinblock.open(from, q.block, "01", q.account, 01)

    verify.pvv(q.pvk, given, q.account, q.pvki, q.pvv)
  end,

  -- The first transaction of ANSI X9.24-1, annex A; the PIN is 1234.
  vectors = {
    { "right PIN",
      send   = { bdk        = "U8E3D3E2FD5919657F05A1AA90D32A014",
                 pvk        = "UBF36C6B87DD29A1AF20AE20876532E50",
                 descriptor = "A05",
                 ksn        = "FFFF9876543210E00001",
                 block      = "1B9C1845EB993A7A",
                 account    = "401234567890",
                 pvki       = "1",
                 pvv        = "6504" },
      expect = { code = 00 } },

    { "wrong index", like = 1, send = { pvki = "2" }, expect = { code = 01 } },
    { "BDK parity", like = 1, send = { bdk = "U8E3D0E2FD5919657F05A1AA90D32A014" },
      expect = { code = 10 } },
    { "PVK parity", like = 1, send = { pvk = "UBF3606B87DD29A1AF20AE20876532E50" },
      expect = { code = 11 } },
    { "another transaction", like = 1, send = { ksn = "FFFF9876543210E00002" },
      expect = { code = 20 } },
    { "PVK of three parts", like = 1,
      send   = { pvk = "T9730398349EBC6509A4CA67EDD662FC5985165880719FF72" },
      expect = { code = 27 } },

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
    { "PVK that generates only", like = 1, lmk = "test-aes-kb",
      send   = { bdk = "S10096B0TX00S000157969DC92949F7834AEBD3A8EEE77401"
                     .. "212046746B741168762CEAF88401B2A6EDA6016A6B2B8AFF",
                 pvk = "S10096V2TG00S00018CDE93109120F8FB71007B69D8055F35"
                     .. "C90729DD492A0B6770CE615B4A8B0D3E63132B7972DAD720",
                 pvv = "5111" },
      expect = { code = "A8" } },
    { "PVK of the IBM method", like = 1, lmk = "test-aes-kb",
      send   = { bdk = "S10096B0TX00S000157969DC92949F7834AEBD3A8EEE77401"
                     .. "212046746B741168762CEAF88401B2A6EDA6016A6B2B8AFF",
                 pvk = "S10096V1TN00S0001A87F80AE4776D682C79B2BAA702B2FA5"
                     .. "9FD58F4DF6DC90BEA65FEA43913CAE5B823004BC11343EDE",
                 pvv = "5111" },
      expect = { code = "A6" } },
  },
}
