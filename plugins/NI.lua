-- NI: connections of hosts, and what went through them.
--
-- connections: protocol 1N (0 TCP), local port 4H, remote address 8H (zeros for IPv6 and the
-- Unix socket), remote port 4H, state 1N (0 established), seconds 8H. counters: bytes sent
-- and received, 16H each; messages sent and received, then messages to several, discarded,
-- with errors, each sent and received, and unknown ones, 8H each.
--
-- Interface 2, the second host port, is one that this device does not have.

return {
  command = "NI",
  title   = "Return network information",
  version = "1.0.0",
  author  = "luahsm",
  sources = "clients, project",

  request = {
    { "interface",  enum "12"               },
    { "statistics", enum "01", invalid = 82 },
  },

  response = {
    { "records",     N(4)                               },
    { "connections", A(0, 3328)                         },
    { "counters",    H(104), when = { statistics = "1" } },
  },

  errors = {
    [01] = "no statistics of this interface",
    [82] = "the statistics flag is not 0 or 1",
  },

  handler = function (q, a)
    if num(q.interface) == 2 then
      if num(q.statistics) == 1 then
        fail(01)
      end
      a.records     = 0
      a.connections = ""
      return
    end
    local n, connections = device.connections()

    a.records     = n
    a.connections = connections
    if num(q.statistics) == 1 then
      a.counters = device.counters()
    end
  end,

  vectors = {
    { "no counters", send = "NI10", expect = "NJ000000" },
    { "counters", send = "NI11",
      expect = "NJ000000" .. "00000000000000000000000000000000" ..
               "000000000000000000000000000000000000000000000000000000000000000000000000" },
    { "no second port", send = "NI20", expect = "NJ000000" },
    { "no statistics of it", send = "NI21", expect = "NJ01" },
    { "no such flag", send = "NI12", expect = "NJ82" },
    { "no such interface", send = "NI31", expect = "NJ15" },
    { "bytes over", send = "NI110", expect = "NJ15" },
  },
}
