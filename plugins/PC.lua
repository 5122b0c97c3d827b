-- PC: load more formatting data, behind what PA has loaded. See PA, also for what a % and
-- two digits at the end are.

local ten     = "0123456789"
local fifty   = ten .. ten .. ten .. ten .. ten
local hundred = fifty .. fifty

return {
  command = "PC",
  title   = "Load additional formatting data",
  version = "1.0.0",
  author  = "luahsm",
  sources = "recalled, low",

  request = {
    { "form", A() },
  },

  response = {},

  errors = {
    [18] = "no formatting data is loaded",
  },

  handler = function (q, a)
    printer.add(q.form)
  end,

  vectors = {
    { "a second page",      send = "PC>F>L>010^0>L", expect = "PD00" },
    { "300 characters",     send = "PC" .. hundred .. hundred .. hundred, expect = "PD15" },
    { "an unknown symbol",  send = "PC^Z", expect = "PD15" },
    { "nothing",            send = "PC",   expect = "PD15" },
    { "the LMK's identifier behind the form", send = "PC>F%01", expect = "PD00" },
    { "a form that ends like an LMK's identifier", send = "PC>F%05", expect = "PD13" },
  },
}
