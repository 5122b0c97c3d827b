-- FE: give a TMK, TPK or PVK out under a ZMK.

return {
  command = "FE",
  title   = "Translate a TMK, TPK or PVK from LMK to ZMK encryption",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, vectors",

  authorised = true,

  request = {
    { "zmk",    key "ZMK", parity = 10 },
    { "key",    cryptogram },
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
    local it = key.open(q.key, "002", 11)

    a.key = key.export(it, q.zmk, q.zmk_scheme or key.scheme(q.key), q.atalla)
    a.kcv = key.kcv(it, key.kcvdigits(q.kcv_type))
  end,

  vectors = {
    { "scheme X", authorised = true,
      send   = "FEU04A3A0285B653284CB52D0F5C1E3E835U1750CDFB0757D3B3994430636DBB281B;XU1",
      expect = "FF00XCB3AB49CD7EA8F0BFFDF2AA3461128F008D7B4" },
    { "without options", authorised = true,
      send   = "FEU04A3A0285B653284CB52D0F5C1E3E835U1750CDFB0757D3B3994430636DBB281B",
      expect = "FF00U6EA9D16D3E1D55EBCD6CD20A87C43D8A08D7B4FB629D0885" },
    { "single length, with an Atalla variant", authorised = true,
      send   = "FEU04A3A0285B653284CB52D0F5C1E3E835FCBA7CF5972CF0DD2;Z00",
      expect = "FF001E5802B465C9CBEBD5D44FF720683D0D" },
    { "ZMK parity", authorised = true,
      send   = "FEU0FDD692693A257F4BDE055DE2791ACCDU1750CDFB0757D3B3994430636DBB281B",
      expect = "FF10" },
    { "key parity", authorised = true,
      send   = "FEU04A3A0285B653284CB52D0F5C1E3E835U7E4BB5CFDED0ED73994430636DBB281B",
      expect = "FF11" },
    { "another length", authorised = true,
      send   = "FEU04A3A0285B653284CB52D0F5C1E3E835U1750CDFB0757D3B3994430636DBB281B;T01",
      expect = "FF27" },
    { "unknown scheme", authorised = true,
      send   = "FEU04A3A0285B653284CB52D0F5C1E3E835U1750CDFB0757D3B3994430636DBB281B;Q01",
      expect = "FF26" },
    { "not authorised",
      send   = "FEU04A3A0285B653284CB52D0F5C1E3E835U1750CDFB0757D3B3994430636DBB281B",
      expect = "FF17" },
  },
}
