-- MC: check a MAC over text under a terminal's key. See MA.

return {
  command = "MC",
  title   = "Verify a MAC, text data",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, vectors",

  request = {
    { "tak",  key "TAK", parity = 10 },
    { "mac",  A(8) },
    { "data", A() },
  },

  response = {},

  errors = {
    [01] = "the MAC is wrong",
    [10] = "TAK has bad parity",
  },

  handler = function (q, a)
    mac.verify(q.tak, 3, 1, q.data, q.mac)
  end,

  vectors = {
    { "right",
      send   = "MCU7AD0BB2A32ADE115807C3572FC302BA5AE4B45B17654321 Now is the time for ",
      expect = "MD00" },
    { "right, in small letters",
      send   = "MCU7AD0BB2A32ADE115807C3572FC302BA5ae4b45b17654321 Now is the time for ",
      expect = "MD00" },
    { "wrong",
      send   = "MCU7AD0BB2A32ADE115807C3572FC302BA5000000007654321 Now is the time for ",
      expect = "MD01" },
    { "MAC cut short",
      send   = "MCU7AD0BB2A32ADE115807C3572FC302BA51234",
      expect = "MD15" },
    { "MAC that is none",
      send   = "MCU7AD0BB2A32ADE115807C3572FC302BA5AE4B45BX7654321 Now is the time for ",
      expect = "MD15" },
    { "TAK parity",
      send   = "MCU37AAB8C9D4BD03AB807C3572FC302BA5AE4B45B17654321 Now is the time for ",
      expect = "MD10" },
  },
}
