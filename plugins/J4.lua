-- J4: how often each command was sent, since the start or the last J6.
--
-- volumes: for each command that was used, by code: code 2A, requests 12N. Requests count
-- when they come, whatever is answered: this J4, too, and each of a chain (NK).

return {
  command = "J4",
  title   = "Get host command volumes",
  version = "1.0.0",
  author  = "luahsm",
  sources = "clients, project",

  request = {},

  response = {
    { "serial",       A(12)      },
    { "start_date",   N(6)       },
    { "start_time",   N(6)       },
    { "end_date",     N(6)       },
    { "end_time",     N(6)       },
    { "current_date", N(6)       },
    { "current_time", N(6)       },
    { "seconds",      N(10)      },
    { "volumes",      A(0, 3920) },
  },

  handler = function (q, a)
    local since, now, seconds, volumes = device.volumes()

    a.serial       = device.serial()
    a.start_date   = device.date(since)
    a.start_time   = device.clock(since)
    a.end_date     = device.date(now)
    a.end_time     = device.clock(now)
    a.current_date = device.date(now)
    a.current_time = device.clock(now)
    a.seconds      = seconds
    a.volumes      = volumes
  end,

  -- In a proof the clock stands still and nothing is counted.
  vectors = {
    { "nothing yet", send = "J4",
      expect = "J500L000000000002601010000002601010000002601010000000000000000" },
    { "bytes over", send = "J40", expect = "J515" },
  },
}
