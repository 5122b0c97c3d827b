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
  },
}
