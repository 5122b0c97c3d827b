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
    { "ksn",           ksn("descriptor", "from_key")                },
    { "to_descriptor", H(3),                when = { to_flag = bdks } },
    { "to_ksn",        ksn("to_descriptor", "to_key"), when = { to_flag = bdks } },
    { "block",         sealed "from_key"                            },
    { "from",          pinformat,           invalid = 23            },
    { "to",            pinformat,           invalid = 23            },
    { "account",       account("from", "to")                        },
    -- With tokens, the account that the new block is made for.
    { "to_account",    optional(";", by("to", { ["48"] = account "to", N(12) })) },
  },

  response = {
    { "length", N(2)      },
    { "block",  sealed    },
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
    local secret = pinblock.open(from, q.block, q.from, q.account, nil, q.to, q.to_account)

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

    -- Key blocks under the published test LMKs.
    { "under an AES LMK", like = 1, lmk = "test-aes-kb",
      send   = { from_key = "S10096B0TX00S000157969DC92949F7834AEBD3A8EEE77401"
                          .. "212046746B741168762CEAF88401B2A6EDA6016A6B2B8AFF",
                 to_key = "S1009672TN00S0001E6FC8E6DE7A98DC1186EAAA0D9D69E4A"
                        .. "1265A1C47159DAB42D1EFD83D4C3DC1B5941609672EA1602" },
      expect = { code = 00, length = "04", block = "AC623CC691B16CBF", format = "01" } },
    { "under a 3DES LMK", like = 1, lmk = "test-3des-kb",
      send   = { from_key = "S00072B0TX00S000231DA75EF5C4F81CB845A"
                          .. "F77D1804C4F6076B9C7A192A610E520A2AA3",
                 to_key = "S0007272TN00S00022B311584DC54C493ED03"
                        .. "A1F97F9953FCA908E189EA9E0D746CF22F56" },
      expect = { code = 00, length = "04", block = "AC623CC691B16CBF", format = "01" } },
    { "AES-128 BDK to AES ZPK, format 48", like = 1, lmk = "test-aes-kb",
      send   = { from_key = "S10096B0AX00S00017A3DC4B3BC6EB0E09C7D7ADBDE3B8244"
                          .. "4B43868F53BA8668C2E7B963956A517619F3CECABF5E5D90",
                 to_key = "S1009672AN00S000116B059402A9B4C46629F57F834BEEDE2"
                        .. "2661E22D8A5E263520EC816641B2C2E3E8451A6E8466E30D",
                 descriptor = "808", ksn = "123456789012345600000001",
                 block = "FD68AC257143034B99581D963C45D58A", from = "48", to = "48",
                 account = "4012345678909;" },
      expect = { code = 00, length = "04", block = "3B6267BD5D7EB25ABF8664A8C23658E1",
                 format = "48" } },
    { "AES-256 BDK to DES ZPK", like = 1, lmk = "test-aes-kb",
      send   = { from_key = "S10128B0AX00S0001CFE9DB5D2EF9B57EA645E99A574F249BFAD6A89F2C78DB69"
                          .. "909C3397A3084B50C821299BDC8834A482503E9B0862ACF9A8EC5B801261C83D",
                 to_key = "S1009672TN00S0001E6FC8E6DE7A98DC1186EAAA0D9D69E4A"
                        .. "1265A1C47159DAB42D1EFD83D4C3DC1B5941609672EA1602",
                 descriptor = "808", ksn = "123456789012345600000001",
                 block = "57C5FA3EC72330026D1912409770B869", from = "48", to = "01",
                 account = "4012345678909;" },
      expect = { code = 00, length = "04", block = "AC623CC691B16CBF", format = "01" } },
    { "3DES BDK to AES BDK-2", like = 1, lmk = "test-aes-kb",
      send   = { from_key = "S10096B0TX00S000157969DC92949F7834AEBD3A8EEE77401"
                          .. "212046746B741168762CEAF88401B2A6EDA6016A6B2B8AFF",
                 to_flag = "~",
                 to_key = "S1009641AN00S00016312B814BFF204F74D646A0D37D0BF9B"
                        .. "ECF703F46770159F13B7CA1BD6B5BFC26E6ED00EF2AEDF1D",
                 to_descriptor = "A06", to_ksn = "123456789012345600000003", to = "48",
                 account = "4012345678909;" },
      expect = { code = 00, length = "04", block = "667ED5A0EBC657E31D8ED18B9BB0115C",
                 format = "48" } },
    { "from a BDK-2 in a key block", like = 1, lmk = "test-aes-kb",
      send   = { from_flag = "~",
                 from_key = "S1009641TX00S0001953A4466CB16AF3EC5D76EDBF8D13797"
                          .. "193D3D62E653CA91905FA5848D75C44F0CE19B1C7B128331",
                 to_key = "S1009672TN00S0001E6FC8E6DE7A98DC1186EAAA0D9D69E4A"
                        .. "1265A1C47159DAB42D1EFD83D4C3DC1B5941609672EA1602" },
      expect = { code = 00, length = "04", block = "AC623CC691B16CBF", format = "01" } },
    { "from a BDK-4 in a key block", like = 1, lmk = "test-aes-kb",
      send   = { from_flag = "!",
                 from_key = "S1009643TX00S000136BD55BF1191A66A01C0BCA834620861"
                          .. "89434E5900DEC1AD8533B13C2F38ECC27E8AE5EEB9C29922",
                 to_key = "S1009672TN00S0001E6FC8E6DE7A98DC1186EAAA0D9D69E4A"
                        .. "1265A1C47159DAB42D1EFD83D4C3DC1B5941609672EA1602" },
      expect = { code = 00, length = "04", block = "AC623CC691B16CBF", format = "01" } },
    { "account of a token in format 48", like = 1, lmk = "test-aes-kb",
      send   = { from_key = "S10096B0AX00S00017A3DC4B3BC6EB0E09C7D7ADBDE3B8244"
                          .. "4B43868F53BA8668C2E7B963956A517619F3CECABF5E5D90",
                 to_key = "S1009672AN00S000116B059402A9B4C46629F57F834BEEDE2"
                        .. "2661E22D8A5E263520EC816641B2C2E3E8451A6E8466E30D",
                 descriptor = "808", ksn = "123456789012345600000001",
                 block = "FD68AC257143034B99581D963C45D58A", from = "48", to = "48",
                 account = "4012345678909;", to_account = "4999999999999;" },
      expect = { code = 00, length = "04", block = "FC2920A6D8DE76D424C3229C8A0219AD",
                 format = "48" } },
    { "AES, another transaction", like = 1, lmk = "test-aes-kb",
      send   = { from_key = "S10096B0AX00S00017A3DC4B3BC6EB0E09C7D7ADBDE3B8244"
                          .. "4B43868F53BA8668C2E7B963956A517619F3CECABF5E5D90",
                 to_key = "S1009672AN00S000116B059402A9B4C46629F57F834BEEDE2"
                        .. "2661E22D8A5E263520EC816641B2C2E3E8451A6E8466E30D",
                 descriptor = "808", ksn = "123456789012345600000003",
                 block = "FD68AC257143034B99581D963C45D58A", from = "48", to = "48",
                 account = "4012345678909;" },
      expect = { code = 20 } },
    { "descriptor of a 3DES KSN for an AES BDK", like = 1, lmk = "test-aes-kb",
      send   = { from_key = "S10096B0AX00S00017A3DC4B3BC6EB0E09C7D7ADBDE3B8244"
                          .. "4B43868F53BA8668C2E7B963956A517619F3CECABF5E5D90",
                 to_key = "S1009672AN00S000116B059402A9B4C46629F57F834BEEDE2"
                        .. "2661E22D8A5E263520EC816641B2C2E3E8451A6E8466E30D",
                 descriptor = "A05", ksn = "123456789012345600000001",
                 block = "FD68AC257143034B99581D963C45D58A", from = "48", to = "48",
                 account = "4012345678909;" },
      expect = { code = 15 } },
    { "AES BDK, format 01", like = 1, lmk = "test-aes-kb",
      send   = { from_key = "S10096B0AX00S00017A3DC4B3BC6EB0E09C7D7ADBDE3B8244"
                          .. "4B43868F53BA8668C2E7B963956A517619F3CECABF5E5D90",
                 to_key = "S1009672AN00S000116B059402A9B4C46629F57F834BEEDE2"
                        .. "2661E22D8A5E263520EC816641B2C2E3E8451A6E8466E30D",
                 descriptor = "808", ksn = "123456789012345600000001",
                 block = "FD68AC257143034B99581D963C45D58A", from = "01", to = "48",
                 account = "4012345678909;" },
      expect = { code = 23 } },
    { "ZPK where a BDK belongs", like = 1, lmk = "test-aes-kb",
      send   = { from_key = "S1009672TN00S0001E6FC8E6DE7A98DC1186EAAA0D9D69E4A"
                          .. "1265A1C47159DAB42D1EFD83D4C3DC1B5941609672EA1602",
                 to_key = "S1009672TN00S0001E6FC8E6DE7A98DC1186EAAA0D9D69E4A"
                        .. "1265A1C47159DAB42D1EFD83D4C3DC1B5941609672EA1602" },
      expect = { code = "A6" } },
  },
}
