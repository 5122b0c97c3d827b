-- MG: give a TAK out under a ZMK.

return {
  command = "MG",
  title   = "Translate a TAK from LMK to ZMK encryption",
  version = "1.0.0",
  author  = "luahsm",
  sources = "simulators, vectors",

  request = {
    { "zmk",    key "ZMK", parity = 10 },
    { "key",    key "TAK", parity = 11 },
    { "atalla", optional(N(1, 2)) },
    keyoptions,
  },

  response = {
    { "key", cryptogram },
    { "kcv", H(6, 16) },
  },

  errors = {
    [10] = "ZMK has bad parity",
    [11] = "the key has bad parity",
  },

  handler = function (q, a)
    a.key = key.export(q.key, q.zmk, q.zmk_scheme or key.scheme(q.key), q.atalla)
    a.kcv = key.kcv(q.key, key.kcvdigits(q.kcv_type))
  end,

  vectors = {
    { "scheme X",
      send   = "MGU04A3A0285B653284CB52D0F5C1E3E835U7AD0BB2A32ADE115807C3572FC302BA5;XU1",
      expect = "MH00XCB3AB49CD7EA8F0BFFDF2AA3461128F008D7B4" },
    { "without options",
      send   = "MGU04A3A0285B653284CB52D0F5C1E3E835U7AD0BB2A32ADE115807C3572FC302BA5",
      expect = "MH00U6EA9D16D3E1D55EBCD6CD20A87C43D8A08D7B4FB629D0885" },
    { "single length, with an Atalla variant",
      send   = "MGU04A3A0285B653284CB52D0F5C1E3E83574385088A93CEAD52;Z00",
      expect = "MH001E5802B465C9CBEBD5D44FF720683D0D" },
    { "ZMK parity",
      send   = "MGU0FDD692693A257F4BDE055DE2791ACCDU7AD0BB2A32ADE115807C3572FC302BA5",
      expect = "MH10" },
    { "key parity",
      send   = "MGU04A3A0285B653284CB52D0F5C1E3E835U37AAB8C9D4BD03AB807C3572FC302BA5",
      expect = "MH11" },
    { "another length",
      send   = "MGU04A3A0285B653284CB52D0F5C1E3E835U7AD0BB2A32ADE115807C3572FC302BA5;T01",
      expect = "MH27" },
    { "unknown scheme",
      send   = "MGU04A3A0285B653284CB52D0F5C1E3E835U7AD0BB2A32ADE115807C3572FC302BA5;Q01",
      expect = "MH26" },
  },
}
