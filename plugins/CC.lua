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
    { "block",       H(16)                   },
    { "from",        pinformat, invalid = 23 },
    { "to",          pinformat, invalid = 23 },
    { "account",     account("from", "to")   },
  },

  response = {
    { "length",  N(2)      },
    { "block",   H(16)     },
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
    local secret = pinblock.open(q.source, q.block, q.from, q.account)

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
  },
}
