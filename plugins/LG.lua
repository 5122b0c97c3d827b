-- LG: a delay for replies on asynchronous ports; on TCP it changes nothing. A
-- device takes the milliseconds modulo 256, so 256 and more are no error.

return {
  command = "LG",
  title   = "Set the response delay",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual",

  request = {
    { "delay", N(3) },
  },

  response = {},

  handler = function (q, a)
    return
  end,

  vectors = {
    { "one millisecond", send = "LG001", expect = "LH00" },
    { "over 255", send = "LG256", expect = "LH00" },
    { "no number", send = "LG1A0", expect = "LH15" },
  },
}
