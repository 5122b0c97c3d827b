-- NK: several commands in one message. Each is answered as if it had come alone, with the
-- LMK that it names itself; a chain in a chain is refused.
--
-- responses: for each command the length 4N and the reply.

return {
  command = "NK",
  title   = "Command chaining",
  version = "1.0.0",
  author  = "luahsm",
  sources = "simulators, clients",

  request = {
    { "headers",  enum "01", invalid = 51          },
    { "number",   N(2), min = 1, invalid = 52      },
    { "messages", chain "number"                   },
  },

  response = {
    { "number",    N(2) },
    { "responses", B()  },
  },

  errors = {
    [51] = "the header flag is not 0 or 1",
    [52] = "no commands",
  },

  handler = function (q, a)
    a.number    = q.number
    a.responses = device.chain(q.headers, q.messages)
  end,

  -- BQ is a command that is switched off; nobody serves z!.
  vectors = {
    { "two commands", send = "NK0020002BQ0003z!1", expect = "NL00020004BR680004z\"67" },
    { "with headers", send = "NK1010006HEADBQ", expect = "NL00010008HEADBR68" },
    { "trailer", send = "NK0010002BQ\x19END", expect = "NL00010004BR68\x19END" },
    { "a chain in a chain", send = "NK0010011NK0010002BQ", expect = "NL00010004NL15" },
    { "no flag", send = "NK2010002BQ", expect = "NL51" },
    { "no commands", send = "NK000", expect = "NL52" },
    { "fewer than the number says", send = "NK0020002BQ", expect = "NL15" },
    { "more than the number says", send = "NK0010002BQ0002BQ", expect = "NL15" },
    { "a length that is no number", send = "NK00100X2BQ", expect = "NL15" },
    { "shorter than a command", send = "NK0010001B", expect = "NL15" },
    { "shorter than a header", send = "NK1010004HEAD", expect = "NL15" },
  },
}
