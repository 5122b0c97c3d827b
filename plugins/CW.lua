-- CW: make a card verification value: CVV, CVC, CVV2 (service code 000) or
-- iCVV (999).

return {
  command = "CW",
  title   = "Generate a CVV",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual",

  request = {
    { "cvk",     key "CVK", parity = 10 },
    { "account", N(1, 19)               },
    mark ";",
    { "expiry",  N(4)                   },
    { "service", N(3)                   },
  },

  response = {
    { "cvv", N(3) },
  },

  errors = {
    [10] = "CVK has bad parity",
  },

  handler = function (q, a)
    a.cvv = cvv.make(q.cvk, q.account, q.expiry, q.service)
  end,

  vectors = {
    { "published example",
      send   = { cvk     = "U9B4934384B19946B040CD702B4D58145",
                 account = "4123456789012345",
                 expiry  = "8701",
                 service = "101" },
      expect = { code = 00, cvv = "561" } },

    { "CVK as two single keys",
      send   = "CW0A61E674E88C6A7EEABC38C2B2BB492F4999988887777;9105111",
      expect = "CX00649" },
    { "CVK parity", like = 1, send = { cvk = "X30FE62654548B95B31859462AFC776A4" },
      expect = { code = 10 } },
    { "triple-length CVK", like = 1,
      send   = { cvk = "TC3194E3EBB6FF6463F5A1164BDDC8CAC8B7A3A9B4FF6E4DE" },
      expect = { code = 10 } },
    { "account of 20 digits", like = 1, send = { account = "41234567890123456789" },
      expect = { code = 15 } },
    { "no delimiter",
      send   = "CWU9B4934384B19946B040CD702B4D581454123456789012345",
      expect = "CX15" },

    -- Key blocks under the published test LMKs.
    { "under an AES LMK", like = 1, lmk = "test-aes-kb",
      send   = { cvk = "S1009613TN00S00018F8450B1F110CB15A4490D4ADF2A00B9"
                     .. "0648F81C3FF75C2E2B7DE31ABC72166C1A2DC4546D9249C1" },
      expect = { code = 00, cvv = "561" } },
    { "under a 3DES LMK", like = 1, lmk = "test-3des-kb",
      send   = { cvk = "S0007213TN00S00021A53C4F86B4528E4DE96"
                     .. "8BDAB4212FFAC5EE59223C541F798E17E491" },
      expect = { code = 00, cvv = "561" } },
    { "generic CVK", like = 1, lmk = "test-aes-kb",
      send   = { cvk = "S10096C0TG00S0001CB1B559E06863324B7604B0397B14B25"
                     .. "1C97D3F43213E00C06E83EF0017BBA1FE147E2211B957DA6" },
      expect = { code = 00, cvv = "561" } },
    { "CVK that verifies only", like = 1, lmk = "test-aes-kb",
      send   = { cvk = "S1009613TV00S00016CBDC5562930B6FAC2B5FED24D8BCAB3"
                     .. "0256A8D6A48754E56A1BC4F2C63486AE9EBB9E6C689164B2" },
      expect = { code = "A8" } },
    { "PVK where a CVK belongs", like = 1, lmk = "test-aes-kb",
      send   = { cvk = "S10096V2TN00S0001564427A6C220FA7A538E7D6D82674393"
                     .. "8862FD4C35E08F58509A846707FE750F62456AC3329420B3" },
      expect = { code = "A6" } },
    { "key of Amex codes", like = 1, lmk = "test-aes-kb",
      send   = { cvk = "S1009611TN00S00018F904E7D15CB79A64C47DABC6236BAF0"
                     .. "7DF3A69539244747624757C031E73989868287EE78A137F9" },
      expect = { code = "A6" } },
  },
}
