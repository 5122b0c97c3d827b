-- MA: make a MAC over text under a terminal's key.
--
-- X9.9 under a single-length key, X9.19 under a double-length one; the data
-- are filled with zeros.

return {
  command = "MA",
  title   = "Generate a MAC, text data",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, vectors",

  request = {
    { "tak",  key "TAK", parity = 10 },
    { "data", A() },
  },

  response = {
    { "mac", H(8) },
  },

  errors = {
    [10] = "TAK has bad parity",
  },

  handler = function (q, a)
    a.mac = sub(mac.make(q.tak, 3, 1, q.data), 1, 8)
  end,

  vectors = {
    { "X9.19",
      send   = "MAU7AD0BB2A32ADE115807C3572FC302BA57654321 Now is the time for ",
      expect = "MB00AE4B45B1" },
    { "X9.9",
      send   = "MAE29C227719936B4E205R39K3UIN1EHU0HVR=QBV1,HGDM",
      expect = "MB00FEF87CEF" },
    { "triple-length key",
      send   = "MAT4DB4F74EB1146CC7BA39C03C09F1858BE0B31824B25EAA3A7654321 Now is the time"
            .. " for ",
      expect = "MB0096D15B6A" },
    { "no data", send = "MAU7AD0BB2A32ADE115807C3572FC302BA5", expect = "MB0008D7B4FB" },
    { "TAK parity",
      send   = "MAU37AAB8C9D4BD03AB807C3572FC302BA57654321 Now is the time for ",
      expect = "MB10" },
    { "a byte that is no text",
      send   = "MAU7AD0BB2A32ADE115807C3572FC302BA5a\x01b",
      expect = "MB15" },
    { "ZAK instead of a TAK",
      send   = "MAU9A8F7B36299B35FC6E603EC9A52C9BB6x",
      expect = "MB10" },
  },
}
