-- CI: re-encrypt a PIN block, from a DUKPT terminal's key to a zone key.
--
-- The older form of G0: the block that comes in is always of format 01.

return {
  command = "CI",
  title   = "Translate a PIN from BDK to ZPK encryption, DUKPT",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual",

  request = {
    { "bdk",        key "BDK",        parity  = 10 },
    { "zpk",        key "ZPK",        parity  = 11 },
    { "descriptor", H(3)                           },
    { "ksn",        ksn "descriptor"               },
    { "block",      H(16)                          },
    { "to",         pinformat,        invalid = 23 },
    { "account",    N(12)                          },
  },

  response = {
    { "length", N(2)      },
    { "block",  H(16)     },
    { "format", pinformat },
  },

  errors = {
    [10] = "BDK has bad parity",
    [11] = "ZPK has bad parity",
    [20] = "the decrypted block holds no PIN",
    [23] = "unknown PIN block format",
    [24] = "PIN is shorter than 4 or longer than 12 digits, or does not fit",
  },

  handler = function (q, a)
    local from   = dukpt.derive(q.bdk, q.ksn, "pin")
    local secret = pinblock.open(from, q.block, "01", q.account, nil, q.to)

    a.length = #secret
    a.block  = pinblock.seal(q.zpk, secret, q.to, q.account)
    a.format = q.to
  end,

  -- The first transaction of ANSI X9.24-1, annex A; the PIN is 1234.
  vectors = {
    { "format 01 to format 01",
      send   = { bdk        = "U8E3D3E2FD5919657F05A1AA90D32A014",
                 zpk        = "UA5F5045CFA9F5483FAC8EBB26CCF8DF1",
                 descriptor = "A05",
                 ksn        = "FFFF9876543210E00001",
                 block      = "1B9C1845EB993A7A",
                 to         = "01",
                 account    = "401234567890" },
      expect = { code = 00, length = "04", block = "0D6B65D817C44AB2", format = "01" } },

    { "to format 03", like = 1, send = { to = "03" },
      expect = { code = 00, length = "04", block = "65BEED8C919D3530", format = "03" } },
    { "BDK parity", like = 1, send = { bdk = "U8E3D0E2FD5919657F05A1AA90D32A014" },
      expect = { code = 10 } },
    { "ZPK parity", like = 1, send = { zpk = "UA5F5145CFA9F5483FAC8EBB26CCF8DF1" },
      expect = { code = 11 } },
    { "KSN shorter than the descriptor says", like = 1, send = { ksn = "FFFF9876543210E0000" },
      expect = { code = 15 } },
    { "descriptor of 21 digits", like = 1,
      send   = { descriptor = "A06" }, expect = { code = 15 } },
    { "another transaction", like = 1, send = { ksn = "FFFF9876543210E00002" },
      expect = { code = 20 } },
    { "no such format", like = 1, send = { to = "46" }, expect = { code = 23 } },
    { "BDK of three parts", like = 1,
      send   = { bdk = "T690E42B2029D78AD57477B62ED84903142411FC4DE803CEB" },
      expect = { code = 27 } },

    -- Key blocks under the published test LMKs.
    { "under an AES LMK", like = 1, lmk = "test-aes-kb",
      send   = { bdk = "S10096B0TX00S000157969DC92949F7834AEBD3A8EEE77401"
                     .. "212046746B741168762CEAF88401B2A6EDA6016A6B2B8AFF",
                 zpk = "S1009672TN00S0001E6FC8E6DE7A98DC1186EAAA0D9D69E4A"
                     .. "1265A1C47159DAB42D1EFD83D4C3DC1B5941609672EA1602" },
      expect = { code = 00, length = "04", block = "AC623CC691B16CBF", format = "01" } },
    { "under a 3DES LMK", like = 1, lmk = "test-3des-kb",
      send   = { bdk = "S00072B0TX00S000231DA75EF5C4F81CB845A"
                     .. "F77D1804C4F6076B9C7A192A610E520A2AA3",
                 zpk = "S0007272TN00S00022B311584DC54C493ED03"
                     .. "A1F97F9953FCA908E189EA9E0D746CF22F56" },
      expect = { code = 00, length = "04", block = "AC623CC691B16CBF", format = "01" } },
    { "ZPK where a BDK belongs", like = 1, lmk = "test-aes-kb",
      send   = { bdk = "S1009672TN00S0001E6FC8E6DE7A98DC1186EAAA0D9D69E4A"
                     .. "1265A1C47159DAB42D1EFD83D4C3DC1B5941609672EA1602",
                 zpk = "S1009672TN00S0001E6FC8E6DE7A98DC1186EAAA0D9D69E4A"
                     .. "1265A1C47159DAB42D1EFD83D4C3DC1B5941609672EA1602" },
      expect = { code = "A6" } },
    { "AES BDK, which has no such KSN", like = 1, lmk = "test-aes-kb",
      send   = { bdk = "S10096B0AX00S00017A3DC4B3BC6EB0E09C7D7ADBDE3B8244"
                     .. "4B43868F53BA8668C2E7B963956A517619F3CECABF5E5D90",
                 zpk = "S1009672TN00S0001E6FC8E6DE7A98DC1186EAAA0D9D69E4A"
                     .. "1265A1C47159DAB42D1EFD83D4C3DC1B5941609672EA1602" },
      expect = { code = 15 } },
  },
}
