-- PA: load formatting data for what is printed, in place of what was loaded.
--
-- The symbols are in luahsm-plugin(7), at printer.load. The data are the
-- server's, for all connections, until it ends. A % and two digits at their end
-- are none of them, but an LMK identifier; with a symbol behind they are text.

local ten     = "0123456789"
local fifty   = ten .. ten .. ten .. ten .. ten
local hundred = fifty .. fifty

return {
  command = "PA",
  title   = "Load formatting data",
  version = "1.0.0",
  author  = "luahsm",
  sources = "clients",

  request = {
    { "form", A() },
  },

  response = {},

  handler = function (q, a)
    printer.load(q.form)
  end,

  vectors = {
    { "a PIN mailer",       send = "PA>L>010^0>L>010^1>L>L>020^P>L>F", expect = "PB00" },
    { "299 characters",     send = "PA" .. hundred .. hundred .. fifty .. ten .. ten .. ten
                                .. ten .. "012345678", expect = "PB00" },
    { "300 characters",     send = "PA" .. hundred .. hundred .. hundred, expect = "PB15" },
    { "an unknown symbol",  send = "PA>L>Z", expect = "PB15" },
    { "a column cut short", send = "PA>01",  expect = "PB15" },
    { "nothing",            send = "PA",     expect = "PB15" },
    { "the LMK's identifier behind the form", send = "PA>L>F%01", expect = "PB00" },
    { "a form that ends like an LMK's identifier", send = "PA>L>F%05", expect = "PB13" },
    { "the same and a symbol", send = "PA>L%05>F", expect = "PB00" },
  },
}
