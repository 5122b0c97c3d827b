-- CC: re-encrypt a PIN block, from one zone key to another.

return {
  command = "CC",
  title   = "Translate a PIN from one ZPK to another",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual",

  request = {
    { "source",      key "ZPK", parity  = 10 },
    { "destination", key "ZPK", parity  = 11 },
    { "maximum",     N(2),      equals  = 12 },
    { "block",       sealed "source"         },
    { "from",        pinformat, invalid = 23 },
    { "to",          pinformat, invalid = 23 },
    { "account",     account("from", "to")   },
  },

  response = {
    { "length",  N(2)      },
    { "block",   sealed    },
    { "format",  pinformat },
  },

  errors = {
    [10] = "source ZPK has bad parity",
    [11] = "destination ZPK has bad parity",
    [20] = "the decrypted block holds no PIN",
    [23] = "unknown PIN block format",
    [24] = "PIN is shorter than 4 or longer than 12 digits, or does not fit",
  },

  handler = function (q, a)
    local secret = pinblock.open(q.source, q.block, q.from, q.account, nil, q.to)

    a.length = #secret
    a.block  = pinblock.seal(q.destination, secret, q.to, q.account)
    a.format = q.to
  end,

  vectors = {
    { "format 02 to 01",
      send   = { source      = "U1EF828AA8F6B80EB83E19FBC373F3A85",
                 destination = "X9BC454EF0BFFCEBA4FF77BB997F0A680",
                 maximum     = "12",
                 block       = "D73AC0C1D5DD42E3",
                 from        = "02",
                 to          = "01",
                 account     = "000025321987" },
      expect = { code = 00, length = "04", block = "461DEDE586D0A429", format = "01" } },

    { "format 02 to 03", like = 1, send = { block = "440B60F8700EA7BE", to = "03" },
      expect = { code = 00, length = "06", block = "5E380D9B92643DEE", format = "03" } },
    { "format 03 with 3 digits", like = 1, send = { block = "952AC34B25570EBC", from = "03" },
      expect = { code = 24 } },
    { "source parity", like = 1, send = { source = "U1EF828AB8F6B80EB83E19FBC373F3A85" },
      expect = { code = 10 } },
    { "destination parity", like = 1,
      send   = { destination = "X9BC454EE0BFFCEBA4FF77BB997F0A680" },
      expect = { code = 11 } },
    { "no such format", like = 1, send = { from = "99" }, expect = { code = 23 } },

    -- Key blocks under the published test LMKs.
    { "under an AES LMK", like = 1, lmk = "test-aes-kb",
      send   = { source = "S1009672TN00S0001E6FC8E6DE7A98DC1186EAAA0D9D69E4A"
                        .. "1265A1C47159DAB42D1EFD83D4C3DC1B5941609672EA1602",
                 destination = "S1009672TN00S0001DCC889FCFA9915A4CCB7BFADB1BE34AF"
                             .. "8B63190763EBDDD3CC48F8E9F1A798BFA10C7F63175A94DD",
                 block = "AC623CC691B16CBF", from = "01", account = "401234567890" },
      expect = { code = 00, length = "04", block = "F4D2AEDE5C616980", format = "01" } },
    { "under a 3DES LMK", like = 1, lmk = "test-3des-kb",
      send   = { source = "S0007272TN00S00022B311584DC54C493ED03"
                        .. "A1F97F9953FCA908E189EA9E0D746CF22F56",
                 destination = "S0007272TN00S0002DDADDD566852C9C1AF37"
                             .. "C43C6963097EBB07070FA8F1BA1029D5DE57",
                 block = "AC623CC691B16CBF", from = "01", account = "401234567890" },
      expect = { code = 00, length = "04", block = "F4D2AEDE5C616980", format = "01" } },
    { "AES to AES, format 48", like = 1, lmk = "test-aes-kb",
      send   = { source = "S1009672AN00S000116B059402A9B4C46629F57F834BEEDE2"
                        .. "2661E22D8A5E263520EC816641B2C2E3E8451A6E8466E30D",
                 destination = "S1012872AN00S0001A0C2C1FEBB16A5C01C8027171DBB278A0EEF5FE2667CD506"
                             .. "7C0D150A8CD4AA787F3A0B936A3D39D42213D18EB4C7D1DB902A26E649B1FBA9",
                 block = "2C52F45145CD91B9495BAA62DFD7E5E0", from = "48", to = "48",
                 account = "4012345678909;" },
      expect = { code = 00, length = "04", block = "69A33652086FB20033EF1210D0D694D0",
                 format = "48" } },
    { "AES to DES, format 48 to 01", like = 1, lmk = "test-aes-kb",
      send   = {
        source = "S1009672AN00S000116B059402A9B4C46629F57F834BEEDE2"
                        .. "2661E22D8A5E263520EC816641B2C2E3E8451A6E8466E30D",
        destination = "S1009672TN00S0001DCC889FCFA9915A4CCB7BFADB1BE34AF"
                             .. "8B63190763EBDDD3CC48F8E9F1A798BFA10C7F63175A94DD",
        block = "2C52F45145CD91B9495BAA62DFD7E5E0", from = "48", account = "4012345678909;" },
      expect = { code = 00, length = "04", block = "F4D2AEDE5C616980", format = "01" } },
    { "another PAN in format 48", like = 1, lmk = "test-aes-kb",
      send   = {
        source = "S1009672AN00S000116B059402A9B4C46629F57F834BEEDE2"
                        .. "2661E22D8A5E263520EC816641B2C2E3E8451A6E8466E30D",
        destination = "S1009672TN00S0001DCC889FCFA9915A4CCB7BFADB1BE34AF"
                             .. "8B63190763EBDDD3CC48F8E9F1A798BFA10C7F63175A94DD",
        block = "2C52F45145CD91B9495BAA62DFD7E5E0", from = "48", account = "4012345678908;" },
      expect = { code = 20 } },
    { "PIN of three digits in format 48", like = 1, lmk = "test-aes-kb",
      send   = {
        source = "S1009672AN00S000116B059402A9B4C46629F57F834BEEDE2"
                        .. "2661E22D8A5E263520EC816641B2C2E3E8451A6E8466E30D",
        destination = "S1009672TN00S0001DCC889FCFA9915A4CCB7BFADB1BE34AF"
                             .. "8B63190763EBDDD3CC48F8E9F1A798BFA10C7F63175A94DD",
        block = "B61BA91C50444A3D8ADA5DD0670899FE", from = "48", account = "4012345678909;" },
      expect = { code = 24 } },
    { "source that encrypts only", like = 1, lmk = "test-aes-kb",
      send   = { source = "S1009672TE00S00015BFA48C1992263D885042265A844F149"
                        .. "C45BAAD5DAB87A0EA88A564B2BC91E5E1FA80FDF5BD818AD",
                 destination = "S1009672TN00S0001DCC889FCFA9915A4CCB7BFADB1BE34AF"
                             .. "8B63190763EBDDD3CC48F8E9F1A798BFA10C7F63175A94DD",
                 block = "AC623CC691B16CBF", from = "01", account = "401234567890" },
      expect = { code = "A8" } },
    { "destination that decrypts only", like = 1, lmk = "test-aes-kb",
      send   = { source = "S1009672TN00S0001E6FC8E6DE7A98DC1186EAAA0D9D69E4A"
                        .. "1265A1C47159DAB42D1EFD83D4C3DC1B5941609672EA1602",
                 destination = "S1009672TD00S000127611854BE612BA8744F80090D3CF80C"
                             .. "BEA8B2C23944ECED8F9E7689FDA26C9388B03C729EC12848",
                 block = "AC623CC691B16CBF", from = "01", account = "401234567890" },
      expect = { code = "A8" } },
  },
}
