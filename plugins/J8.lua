-- J8: what has befallen the device since it first started, or the last JI.
--
-- Reboots are starts of the server after that (store.health), failed PINs the alarms of
-- pin.alarm and pin.alarm_hour, attacks the accounts that pin.failures refused. There is
-- no tamper sensor, so tampers are 0.

return {
  command = "J8",
  title   = "Get health check accumulated counts",
  version = "1.0.0",
  author  = "luahsm",
  sources = "clients, project",

  request = {},

  response = {
    { "serial",        A(12) },
    { "start_date",    N(6)  },
    { "start_time",    N(6)  },
    { "end_date",      N(6)  },
    { "end_time",      N(6)  },
    { "current_date",  N(6)  },
    { "current_time",  N(6)  },
    { "reboots",       N(10) },
    { "tampers",       N(10) },
    { "pins_minute",   N(7)  },
    { "pins_hour",     N(5)  },
    { "pin_attacks",   N(8)  },
  },

  handler = function (q, a)
    local since, now, reboots, tampers, minute, hour, attacks = device.health()

    a.serial       = device.serial()
    a.start_date   = device.date(since)
    a.start_time   = device.clock(since)
    a.end_date     = device.date(now)
    a.end_time     = device.clock(now)
    a.current_date = device.date(now)
    a.current_time = device.clock(now)
    a.reboots      = reboots
    a.tampers      = tampers
    a.pins_minute  = minute
    a.pins_hour    = hour
    a.pin_attacks  = attacks
  end,

  -- In a proof the clock stands still and nothing is counted.
  vectors = {
    { "nothing yet", send = "J8",
      expect = "J900L0000000000026010100000026010100000026010100000" ..
               "00000000000000000000000000000000000000000" },
    { "bytes over", send = "J80", expect = "J915" },
  },
}
