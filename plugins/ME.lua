-- ME: check a MAC over text and make the one under another terminal's key.
-- See MA.

return {
  command = "ME",
  title   = "Verify and translate a MAC, text data",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, vectors",

  request = {
    { "from", key "TAK", parity = 10 },
    { "to",   key "TAK", parity = 11 },
    { "mac",  A(8) },
    { "data", A() },
  },

  response = {
    { "mac", H(8) },
  },

  errors = {
    [01] = "the MAC is wrong",
    [10] = "the source TAK has bad parity",
    [11] = "the destination TAK has bad parity",
  },

  handler = function (q, a)
    mac.verify(q.from, 3, 1, q.data, q.mac)
    a.mac = sub(mac.make(q.to, 3, 1, q.data), 1, 8)
  end,

  vectors = {
    { "single to double length",
      send   = "ME74385088A93CEAD5U7AD0BB2A32ADE115807C3572FC302BA5F1D30F687654321 Now is "
            .. "the time for ",
      expect = "MF00AE4B45B1" },
    { "wrong",
      send   = "MEU7AD0BB2A32ADE115807C3572FC302BA5U3C3D55072DCE0C7CBC0BBFBA86D54211FFFFFF"
            .. "FF7654321 Now is the time for ",
      expect = "MF01" },
    { "source TAK parity",
      send   = "MEU37AAB8C9D4BD03AB807C3572FC302BA5U7AD0BB2A32ADE115807C3572FC302BA5F1D30F"
            .. "687654321 Now is the time for ",
      expect = "MF10" },
    { "destination TAK parity",
      send   = "MEU7AD0BB2A32ADE115807C3572FC302BA5U37AAB8C9D4BD03AB807C3572FC302BA5F1D30F"
            .. "687654321 Now is the time for ",
      expect = "MF11" },
  },
}
