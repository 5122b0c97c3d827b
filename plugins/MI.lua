-- MI: take a TAK that came under a ZMK into use under the LMK.

return {
  command = "MI",
  title   = "Translate a TAK from ZMK to LMK encryption",
  version = "1.0.0",
  author  = "luahsm",
  sources = "simulators, vectors",

  request = {
    { "zmk",    key "ZMK", parity = 10 },
    { "tak",    cryptogram },
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
    local it = key.import(q.zmk, q.tak, "TAK", q.atalla)

    if not key.odd(it) then
      fail(11)
    end
    a.key = key.wrap(it, q.lmk_scheme or key.lmkscheme(q.tak))
    a.kcv = key.kcv(it, key.kcvdigits(q.kcv_type))
  end,

  vectors = {
    { "scheme X to U",
      send   = "MIU04A3A0285B653284CB52D0F5C1E3E835XCB3AB49CD7EA8F0BFFDF2AA3461128F0;0U1",
      expect = "MJ00U7AD0BB2A32ADE115807C3572FC302BA508D7B4" },
    { "without options",
      send   = "MIU04A3A0285B653284CB52D0F5C1E3E835U6EA9D16D3E1D55EBCD6CD20A87C43D8A",
      expect = "MJ00U7AD0BB2A32ADE115807C3572FC302BA508D7B4FB629D0885" },
    { "single length, with an Atalla variant",
      send   = "MIU04A3A0285B653284CB52D0F5C1E3E835F0BC718E326F6C341;ZZ0",
      expect = "MJ0074385088A93CEAD5D5D44FF720683D0D" },
    { "ZMK parity",
      send   = "MIU0FDD692693A257F4BDE055DE2791ACCDXCB3AB49CD7EA8F0BFFDF2AA3461128F0",
      expect = "MJ10" },
    { "key parity",
      send   = "MIU04A3A0285B653284CB52D0F5C1E3E835X80185DC300191639FFDF2AA3461128F0",
      expect = "MJ11" },
    { "another length",
      send   = "MIU04A3A0285B653284CB52D0F5C1E3E835XCB3AB49CD7EA8F0BFFDF2AA3461128F0;0T1",
      expect = "MJ27" },
  },
}
