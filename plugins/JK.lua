-- JK: how the device is: what runs, which LMKs are loaded, whether a limit was exceeded.
--
-- lmks: numbers of LMKs, of test LMKs and of old LMKs, 2N each; for each LMK id 2N,
-- authorised 1N, activities 2N, V or K, algorithm (0 and 1 3DES with two and three keys, 2
-- AES), L live or T test, comment (or name) and X'14; X'15 ends the list.

local no_manager, no_second_port, not_tampered = 2, 3, 1

return {
  command = "JK",
  title   = "Get instantaneous health check status",
  version = "1.0.0",
  author  = "luahsm",
  sources = "clients, project",

  request = {},

  response = {
    { "serial",     A(12)      },
    { "date",       N(6)       },
    { "time",       N(6)       },
    { "console",    N(1)       },
    { "manager",    N(1)       },
    { "port_1",     N(1)       },
    { "port_2",     N(1)       },
    { "reserved",   N(2)       },
    { "tamper",     N(1)       },
    { "lmks",       B(7, 2048) },
    { "fraud",      N(1)       },
    { "pin_attack", N(1)       },
  },

  handler = function (q, a)
    local now = device.now()
    local fraud, attack = device.alarms()

    a.serial     = device.serial()
    a.date       = device.date(now)
    a.time       = device.clock(now)
    a.console    = device.console()
    a.manager    = no_manager
    a.port_1     = device.hostport()
    a.port_2     = no_second_port
    a.reserved   = 0
    a.tamper     = not_tampered
    a.lmks       = device.lmks()
    a.fraud      = fraud
    a.pin_attack = attack
  end,

  -- In a proof the clock stands still, and the public LMKs and an old one are loaded.
  vectors = {
    { "three LMKs", send = "JK",
      expect = "JL00L000000000002601010000001213001030301" ..
               "00000V0Ttest-variant\x1401000K2Ttest-aes-kb\x14" ..
               "02000K1Ttest-3des-kb\x14\x1500" },
    { "authorised", authorised = true, send = "JK",
      expect = "JL00L000000000002601010000001213001030301" ..
               "00101V0Ttest-variant\x1401101K2Ttest-aes-kb\x14" ..
               "02101K1Ttest-3des-kb\x14\x1500" },
    { "bytes over", send = "JK0", expect = "JL15" },
  },
}
