-- GC: give a ZPK out under a ZMK.

return {
  command = "GC",
  title   = "Translate a ZPK from LMK to ZMK encryption",
  version = "1.0.0",
  author  = "luahsm",
  sources = "inferred, vectors",

  request = {
    { "zmk",    key "ZMK", parity = 10 },
    { "key",    key "ZPK", parity = 11 },
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
      send   = "GCU04A3A0285B653284CB52D0F5C1E3E835U063A0E7C0F2124E56192A4510F395ED7;XU1",
      expect = "GD00XCB3AB49CD7EA8F0BFFDF2AA3461128F008D7B4" },
    { "without options",
      send   = "GCU04A3A0285B653284CB52D0F5C1E3E835U063A0E7C0F2124E56192A4510F395ED7",
      expect = "GD00U6EA9D16D3E1D55EBCD6CD20A87C43D8A08D7B4FB629D0885" },
    { "single length, with an Atalla variant",
      send   = "GCU04A3A0285B653284CB52D0F5C1E3E8358B4ECCAE01B4B17A2;Z00",
      expect = "GD001E5802B465C9CBEBD5D44FF720683D0D" },
    { "key block LMK",
      send   = "GCS0007252TN00S00021BF162CBD9CE516165EEE1E2D5EFC122CB2672BE86BCB944C1D17D"
            .. "E1S0007272TB00S00026A54D4E79E1905CA1C2599660EB30A9C7D0143040D82D8FFEC4DD68F%"
            .. "02",
      expect = "GD00S0007272TB00S00FF6CF78400C1062F867E78916DCDC90A487264D83CFC4FA9D9B6DAE"
            .. "A8608D7B4FB629D0885" },
    { "key block LMK, a key of another use",
      send   = "GCS0007252TN00S00021BF162CBD9CE516165EEE1E2D5EFC122CB2672BE86BCB944C1D17D"
            .. "E1S0007271TB00S0002A90F2492A0426C573D70DFCC530A6CBDAD233A10D6BC487F35933A82%"
            .. "02",
      expect = "GDA6" },
    { "ZMK parity",
      send   = "GCU0FDD692693A257F4BDE055DE2791ACCDU063A0E7C0F2124E56192A4510F395ED7",
      expect = "GD10" },
    { "key parity",
      send   = "GCU04A3A0285B653284CB52D0F5C1E3E835U70056F9EC1C16FE66192A4510F395ED7",
      expect = "GD11" },
    { "another length",
      send   = "GCU04A3A0285B653284CB52D0F5C1E3E835U063A0E7C0F2124E56192A4510F395ED7;T01",
      expect = "GD27" },
    { "unknown scheme",
      send   = "GCU04A3A0285B653284CB52D0F5C1E3E835U063A0E7C0F2124E56192A4510F395ED7;Q01",
      expect = "GD26" },
  },
}
