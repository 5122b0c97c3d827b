-- C6: a random number, AS 2805.

return {
  command = "C6",
  title   = "Generate a random number",
  version = "1.0.0",
  author  = "luahsm",
  sources = "clients",

  request = {},

  response = {
    { "number", H(16) },
  },

  errors = {},

  handler = function (q, a)
    a.number = hex(random(8))
  end,

  vectors = {
    { "a number", send = "C6", expect = "C70004069B5F37E82F91" },
    { "bytes over", send = "C60", expect = "C715" },
  },
}
