-- N0: random bytes.

return {
  command = "N0",
  title   = "Generate a random value",
  version = "1.0.0",
  author  = "luahsm",
  sources = "clients, simulators",

  request = {
    { "length", N(3), min = 1, max = 256, invalid = 01 },
  },

  response = {
    { "value", B(1, 256) },
  },

  errors = {
    [01] = "the length is not 1 to 256",
  },

  handler = function (q, a)
    a.value = random(num(q.length))
  end,

  vectors = {
    { "a byte", send = "N0001", expect = "N100\x04" },
    { "no bytes", send = "N0000", expect = "N101" },
    { "too many", send = "N0257", expect = "N101" },
    { "no number", send = "N000A", expect = "N115" },
  },
}
