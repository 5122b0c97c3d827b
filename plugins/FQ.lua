-- FQ: give a WWK out under a ZMK.

return {
  command = "FQ",
  title   = "Translate a WWK from LMK to ZMK encryption",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual",

  request = {
    { "zmk",    key "ZMK", parity = 10 },
    { "key",    key "WWK", parity = 11 },
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
      send   = "FQU04A3A0285B653284CB52D0F5C1E3E835UC01692CBDDB0FCBB3517404F7CD2F4E8;XU1",
      expect = "FR00XCB3AB49CD7EA8F0BFFDF2AA3461128F008D7B4" },
    { "without options",
      send   = "FQU04A3A0285B653284CB52D0F5C1E3E835UC01692CBDDB0FCBB3517404F7CD2F4E8",
      expect = "FR00U6EA9D16D3E1D55EBCD6CD20A87C43D8A08D7B4FB629D0885" },
    { "single length, with an Atalla variant",
      send   = "FQU04A3A0285B653284CB52D0F5C1E3E835F0AB2AC228869C9B2;Z00",
      expect = "FR001E5802B465C9CBEBD5D44FF720683D0D" },
    { "ZMK parity",
      send   = "FQU0FDD692693A257F4BDE055DE2791ACCDUC01692CBDDB0FCBB3517404F7CD2F4E8",
      expect = "FR10" },
    { "key parity",
      send   = "FQU04A3A0285B653284CB52D0F5C1E3E835U22589D40D7788F7B3517404F7CD2F4E8",
      expect = "FR11" },
    { "another length",
      send   = "FQU04A3A0285B653284CB52D0F5C1E3E835UC01692CBDDB0FCBB3517404F7CD2F4E8;T01",
      expect = "FR27" },
    { "unknown scheme",
      send   = "FQU04A3A0285B653284CB52D0F5C1E3E835UC01692CBDDB0FCBB3517404F7CD2F4E8;Q01",
      expect = "FR26" },
  },
}
