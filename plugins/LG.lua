-- LG: a delay for replies on asynchronous ports; on TCP it changes nothing.

return {
  command = "LG",
  title   = "Set the response delay",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual",

  request = {
    { "delay", N(3), max = 255 },
  },

  response = {},

  handler = function (q, a)
    return
  end,

  vectors = {
    { "one millisecond", send = "LG001", expect = "LH00" },
    { "too long", send = "LG256", expect = "LH15" },
    { "no number", send = "LG1A0", expect = "LH15" },
  },
}
