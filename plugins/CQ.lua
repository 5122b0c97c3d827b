-- CQ: is the PIN from a DUKPT terminal the one on record? By comparison.
--
-- The block is always of format 01.

return {
  command = "CQ",
  title   = "Verify a PIN, comparison, DUKPT",
  version = "1.0.0",
  author  = "luahsm",
  sources = "recalled, low",

  request = {
    { "bdk",        key "BDK",        parity = 10 },
    { "descriptor", H(3)                          },
    { "ksn",        ksn "descriptor"              },
    { "block",      H(16)                         },
    { "account",    N(12)                         },
    { "pin",        lpin                          },
  },

  response = {},

  errors = {
    [01] = "the PIN is wrong",
    [10] = "BDK has bad parity",
    [14] = "the LMK-encrypted PIN is invalid",
    [20] = "the decrypted block holds no PIN",
    [24] = "PIN is shorter than 4 or longer than 12 digits",
    [39] = "too many were wrong for this account",
  },

  handler = function (q, a)
    local from  = dukpt.derive(q.bdk, q.ksn, "pin")
    local given = pinblock.open(from, q.block, "01", q.account, 01)

    verify.lmkpin(q.pin, given, q.account)
  end,

  -- The first transaction of ANSI X9.24-1, annex A; the PIN is 1234.
  vectors = {
    { "right PIN",
      send   = { bdk        = "U8E3D3E2FD5919657F05A1AA90D32A014",
                 descriptor = "A05",
                 ksn        = "FFFF9876543210E00001",
                 block      = "1B9C1845EB993A7A",
                 account    = "401234567890",
                 pin        = "99697" },
      expect = { code = 00 } },

    { "wrong PIN", like = 1, send = { pin = "95628" }, expect = { code = 01 } },
    { "BDK parity", like = 1, send = { bdk = "U8E3D0E2FD5919657F05A1AA90D32A014" },
      expect = { code = 10 } },
    { "no PIN under the LMK", like = 1, send = { pin = "00001" }, expect = { code = 14 } },
    { "another transaction", like = 1, send = { ksn = "FFFF9876543210E00002" },
      expect = { code = 20 } },

    -- Key blocks under the published test LMKs.
    { "under an AES LMK", like = 1, lmk = "test-aes-kb",
      send   = { bdk = "S10096B0TX00S000157969DC92949F7834AEBD3A8EEE77401"
                     .. "212046746B741168762CEAF88401B2A6EDA6016A6B2B8AFF",
                 pin = "J4ECEC2C39808D93074E08290CB61AEDF" },
      expect = { code = 00 } },
    { "under a 3DES LMK", like = 1, lmk = "test-3des-kb",
      send   = { bdk = "S00072B0TX00S000231DA75EF5C4F81CB845A"
                     .. "F77D1804C4F6076B9C7A192A610E520A2AA3",
                 pin = "24198" },
      expect = { code = 00 } },
    { "BDK-2 where a BDK-1 belongs", like = 1, lmk = "test-aes-kb",
      send   = { bdk = "S1009641TX00S0001953A4466CB16AF3EC5D76EDBF8D13797"
                     .. "193D3D62E653CA91905FA5848D75C44F0CE19B1C7B128331",
                 pin = "J4ECEC2C39808D93074E08290CB61AEDF" },
      expect = { code = "A6" } },
  },
}
