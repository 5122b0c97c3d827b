-- JE: take the PIN from a zone's block under the LMK.

return {
  command = "JE",
  title   = "Translate a PIN from ZPK to LMK encryption",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual",

  request = {
    { "zpk",     key "ZPK",       parity  = 10 },
    { "block",   sealed "zpk"                  },
    { "format",  pinformat,       invalid = 23 },
    { "account", account "format"              },
  },

  response = {
    { "pin", lpin },
  },

  errors = {
    [10] = "ZPK has bad parity",
    [20] = "the decrypted block holds no PIN",
    [23] = "unknown PIN block format",
    [24] = "PIN is shorter than 4 or longer than pin.length",
  },

  handler = function (q, a)
    local secret = pinblock.open(q.zpk, q.block, q.format, q.account)

    a.pin = lmkpin.seal(secret, q.account)
  end,

  vectors = {
    { "format 01",
      send   = { zpk     = "UA5F5045CFA9F5483FAC8EBB26CCF8DF1",
                 block   = "0D6B65D817C44AB2",
                 format  = "01",
                 account = "401234567890" },
      expect = { code = 00, pin = "99697" } },

    { "format 05", like = 1, send = { block = "BFA7C87F53EDB829", format = "05" },
      expect = { code = 00, pin = "99697" } },
    { "format 04, whole PAN",
      send   = "JEUA5F5045CFA9F5483FAC8EBB26CCF8DF10D6B65D817C44AB204FFFFF4012345678909",
      expect = "JF0099697" },
    { "PIN of five digits, too long for pin.length", like = 1,
      send   = { block = "9BB0CA96F01E686C" }, expect = { code = 24 } },
    { "ZPK parity", like = 1, send = { zpk = "UA5F5145CFA9F5483FAC8EBB26CCF8DF1" },
      expect = { code = 10 } },
    { "no PIN in the block", like = 1, send = { account = "999999999999" },
      expect = { code = 20 } },
    { "no such format", like = 1, send = { format = "46" }, expect = { code = 23 } },

    -- Key blocks under the published test LMKs.
    { "under an AES LMK", like = 1, lmk = "test-aes-kb",
      send   = { zpk = "S1009672TN00S0001E6FC8E6DE7A98DC1186EAAA0D9D69E4A"
                     .. "1265A1C47159DAB42D1EFD83D4C3DC1B5941609672EA1602",
                 block = "AC623CC691B16CBF" },
      expect = { code = 00, pin = "J4ECEC2C39808D93074E08290CB61AEDF" } },
    { "under a 3DES LMK", like = 1, lmk = "test-3des-kb",
      send   = { zpk = "S0007272TN00S00022B311584DC54C493ED03"
                     .. "A1F97F9953FCA908E189EA9E0D746CF22F56",
                 block = "AC623CC691B16CBF" },
      expect = { code = 00, pin = "24198" } },
    { "AES ZPK, format 48", like = 1, lmk = "test-aes-kb",
      send   = { zpk = "S1009672AN00S000116B059402A9B4C46629F57F834BEEDE2"
                     .. "2661E22D8A5E263520EC816641B2C2E3E8451A6E8466E30D",
                 block = "2C52F45145CD91B9495BAA62DFD7E5E0", format = "48",
                 account = "4012345678909;" },
      expect = { code = 00, pin = "J4ECEC2C39808D93074E08290CB61AEDF" } },
    { "AES-256 ZPK", like = 1, lmk = "test-aes-kb",
      send   = { zpk = "S1012872AD00S00014D7B4C45C7C9EC088B68AF9E9CCC7D97553FB2FE196E2DE8"
                     .. "D69E652EBE24BA85A8C523D77FD7DD8E935459B4D23E5977631DBCEA5B473CA1",
                 block = "A48F7D4BF9CDA701F06AD866BC148B7B", format = "48",
                 account = "4012345678909;" },
      expect = { code = 00, pin = "J4ECEC2C39808D93074E08290CB61AEDF" } },
    { "ZPK that encrypts only", like = 1, lmk = "test-aes-kb",
      send   = { zpk = "S1009672TE00S00015BFA48C1992263D885042265A844F149"
                     .. "C45BAAD5DAB87A0EA88A564B2BC91E5E1FA80FDF5BD818AD" },
      expect = { code = "A8" } },
    { "CVK where a ZPK belongs", like = 1, lmk = "test-aes-kb",
      send   = { zpk = "S1009613TN00S00018F8450B1F110CB15A4490D4ADF2A00B9"
                     .. "0648F81C3FF75C2E2B7DE31ABC72166C1A2DC4546D9249C1" },
      expect = { code = "A6" } },
  },
}
