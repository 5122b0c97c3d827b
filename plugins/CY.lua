-- CY: check a card verification value.

return {
  command = "CY",
  title   = "Verify a CVV",
  version = "1.0.0",
  author  = "luahsm",
  sources = "clients",

  request = {
    { "cvk",     key "CVK", parity = 10 },
    { "cvv",     N(3)                   },
    { "account", N(1, 19)               },
    mark ";",
    { "expiry",  N(4)                   },
    { "service", N(3)                   },
  },

  response = {},

  errors = {
    [01] = "the CVV is wrong",
    [10] = "CVK has bad parity",
    [39] = "too many were wrong for this account",
  },

  handler = function (q, a)
    verify.cvv(q.cvk, q.cvv, q.account, q.expiry, q.service)
  end,

  vectors = {
    { "right",
      send   = { cvk     = "U9B4934384B19946B040CD702B4D58145",
                 cvv     = "561",
                 account = "4123456789012345",
                 expiry  = "8701",
                 service = "101" },
      expect = { code = 00 } },

    { "wrong", like = 1, send = { cvv = "111" },     expect = { code = 01 } },
    { "other service code", like = 1, send = { service = "102" }, expect = { code = 01 } },
    { "CVK parity", like = 1, send = { cvk = "X30FE62654548B95B31859462AFC776A4" },
      expect = { code = 10 } },
    { "bytes over",
      send   = "CYU9B4934384B19946B040CD702B4D581455614123456789012345;8701101;",
      expect = "CZ15" },

    -- Key blocks under the published test LMKs.
    { "under an AES LMK", like = 1, lmk = "test-aes-kb",
      send   = { cvk = "S1009613TN00S00018F8450B1F110CB15A4490D4ADF2A00B9"
                     .. "0648F81C3FF75C2E2B7DE31ABC72166C1A2DC4546D9249C1" },
      expect = { code = 00 } },
    { "under a 3DES LMK", like = 1, lmk = "test-3des-kb",
      send   = { cvk = "S0007213TN00S00021A53C4F86B4528E4DE96"
                     .. "8BDAB4212FFAC5EE59223C541F798E17E491" },
      expect = { code = 00 } },
    { "CVK that verifies only", like = 1, lmk = "test-aes-kb",
      send   = { cvk = "S1009613TV00S00016CBDC5562930B6FAC2B5FED24D8BCAB3"
                     .. "0256A8D6A48754E56A1BC4F2C63486AE9EBB9E6C689164B2" },
      expect = { code = 00 } },
    { "CVK that generates only", like = 1, lmk = "test-aes-kb",
      send   = { cvk = "S1009613TG00S00012AB2208E63C627DCA00B4948BACE69F5"
                     .. "9BD77E87138638DC884B9047F3BDA9194BC282224522FEA4" },
      expect = { code = "A8" } },
  },
}
