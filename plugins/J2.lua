-- J2: how busy the workers are, second by second, since the start or the last J6.
--
-- ranges: ten times from 3N and to 3N percent, number of seconds 10N and ";". The busy
-- share of the workers in a second is in from, and below to.

return {
  command = "J2",
  title   = "Get HSM loading",
  version = "1.0.0",
  author  = "luahsm",
  sources = "clients, project",

  request = {},

  response = {
    { "serial",       A(12)  },
    { "start_date",   N(6)   },
    { "start_time",   N(6)   },
    { "end_date",     N(6)   },
    { "end_time",     N(6)   },
    { "current_date", N(6)   },
    { "current_time", N(6)   },
    { "seconds",      N(10)  },
    { "ranges",       A(170) },
  },

  handler = function (q, a)
    local since, now, seconds, ranges = device.load()

    a.serial       = device.serial()
    a.start_date   = device.date(since)
    a.start_time   = device.clock(since)
    a.end_date     = device.date(now)
    a.end_time     = device.clock(now)
    a.current_date = device.date(now)
    a.current_time = device.clock(now)
    a.seconds      = seconds
    a.ranges       = ranges
  end,

  -- In a proof the clock stands still and nothing is counted.
  vectors = {
    { "nothing yet", send = "J2",
      expect = "J300L000000000002601010000002601010000002601010000000000000000" ..
               "0000100000000000;0100200000000000;0200300000000000;0300400000000000;" ..
               "0400500000000000;0500600000000000;0600700000000000;0700800000000000;" ..
               "0800900000000000;0901000000000000;" },
    { "trailer comes back", send = "J2\x19TRAILER",
      expect = "J300L000000000002601010000002601010000002601010000000000000000" ..
               "0000100000000000;0100200000000000;0200300000000000;0300400000000000;" ..
               "0400500000000000;0500600000000000;0600700000000000;0700800000000000;" ..
               "0800900000000000;0901000000000000;\x19TRAILER" },
    { "bytes over", send = "J20", expect = "J315" },
  },
}
