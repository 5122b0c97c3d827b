-- NO: what the server is like: buffers, sockets and firmware, or how it complies.

local buffer_32k = 3

return {
  command = "NO",
  title   = "HSM status",
  version = "1.0.0",
  author  = "luahsm",
  sources = "clients",

  request = {
    { "mode", enum("00", "01") },
  },

  response = {
    { "buffer",     N(1),    when = { mode = "00" } },
    { "connection", enum "01", when = { mode = "00" } },
    { "sockets",    N(2, 4), when = { mode = "00" } },
    { "firmware",   A(9),    when = { mode = "00" } },
    { "dsp",        N(1),    when = { mode = "00" } },
    { "reserved_4", N(4),    when = { mode = "00" } },
    { "compliance", N(1),    when = { mode = "01" } },
    { "reserved_10", N(10),  when = { mode = "01" } },
  },

  handler = function (q, a)
    if num(q.mode) == 1 then
      a.compliance  = compliance()
      a.reserved_10 = 0
      return
    end
    a.buffer     = buffer_32k
    a.connection = "1" -- TCP
    a.sockets    = sockets()
    a.firmware   = firmware()
    a.dsp        = 0
    a.reserved_4 = 0
  end,

  vectors = {
    { "status",       send = "NO00",  expect = "NP0031990007-E00000000" },
    { "compliance",   send = "NO01",  expect = "NP0000000000000" },
    { "no such mode", send = "NO02",  expect = "NP15" },
    { "bytes over",   send = "NO000", expect = "NP15" },
  },
}
