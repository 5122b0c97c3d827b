-- RA: cancel authorised activities: all of them, or those of a list.
--
-- An activity reads as an officer gave it at the console, category.sub-category.interface and
-- its minutes; a part that is left out was left out there. Without a mode it is what older
-- devices have: all is cancelled, and the reply is the code alone.

local ALL, LISTED = 0, 1

return {
  command = "RA",
  title   = "Cancel authorised activities",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, clients",

  request = {
    { "mode",   optional(N(2)) },
    { "number", N(3), when = { mode = "01" } },
    { "list",   B(),  when = { mode = "01" } },
  },

  response = {
    { "cancelled", optional(N(3)) },
  },

  handler = function (q, a)
    if not q.mode then
      cancel()
    elseif num(q.mode) == ALL then
      a.cancelled = cancel()
    elseif num(q.mode) == LISTED then
      a.cancelled = cancel(q.number, q.list)
    else
      fail(15)
    end
  end,

  vectors = {
    { "all, as older devices do", send = "RA", expect = "RB00" },
    { "all",                      send = "RA00", expect = "RB00000" },
    { "none is authorised",       send = "RA01002generate.000.host.10;export;",
      expect = "RB00000" },
    { "one text too few",         send = "RA01002export;", expect = "RB15" },
    { "one too many",             send = "RA01001export;import;", expect = "RB15" },
    { "no end",                   send = "RA01001export", expect = "RB15" },
    { "no category",              send = "RA01001.000;", expect = "RB15" },
    { "unknown mode",             send = "RA02", expect = "RB15" },
  },
}
