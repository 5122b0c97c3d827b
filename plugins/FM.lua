-- FM: give a ZEK or ZAK out under a ZMK.

return {
  command = "FM",
  title   = "Translate a ZEK or ZAK from LMK to ZMK encryption",
  version = "1.0.0",
  author  = "luahsm",
  sources = "simulators, vectors",

  request = {
    { "flag",   enum "01" },
    { "zmk",    key "ZMK", parity = 10 },
    { "key",    by("flag", { ["1"] = key "ZAK", key "ZEK" }), parity = 11 },
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
      send   = "FM0U04A3A0285B653284CB52D0F5C1E3E835U71CE6CBA2A7DC746208CDCE553747808;XU1",
      expect = "FN00XCB3AB49CD7EA8F0BFFDF2AA3461128F008D7B4" },
    { "without options",
      send   = "FM0U04A3A0285B653284CB52D0F5C1E3E835U71CE6CBA2A7DC746208CDCE553747808",
      expect = "FN00U6EA9D16D3E1D55EBCD6CD20A87C43D8A08D7B4FB629D0885" },
    { "single length, with an Atalla variant",
      send   = "FM0U04A3A0285B653284CB52D0F5C1E3E8358479E4A3DBEB93D72;Z00",
      expect = "FN001E5802B465C9CBEBD5D44FF720683D0D" },
    { "the other type",
      send   = "FM1U04A3A0285B653284CB52D0F5C1E3E835U7B7B1BE6AFBA184A32F08E7514BAC82E;XU1",
      expect = "FN00XCB3AB49CD7EA8F0BFFDF2AA3461128F008D7B4" },
    { "ZMK parity",
      send   = "FM0U0FDD692693A257F4BDE055DE2791ACCDU71CE6CBA2A7DC746208CDCE553747808",
      expect = "FN10" },
    { "key parity",
      send   = "FM0U04A3A0285B653284CB52D0F5C1E3E835U9439A464101D29FD208CDCE553747808",
      expect = "FN11" },
    { "another length",
      send   = "FM0U04A3A0285B653284CB52D0F5C1E3E835U71CE6CBA2A7DC746208CDCE553747808;T01",
      expect = "FN27" },
    { "unknown scheme",
      send   = "FM0U04A3A0285B653284CB52D0F5C1E3E835U71CE6CBA2A7DC746208CDCE553747808;Q01",
      expect = "FN26" },
  },
}
