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
  },
}
