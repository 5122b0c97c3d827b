-- FC: take a TMK, TPK or PVK that came under a ZMK into use under the LMK.

return {
  command = "FC",
  title   = "Translate a TMK, TPK or PVK from ZMK to LMK encryption",
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
    local it = key.import(q.zmk, q.key, "002", q.atalla)

    if not key.odd(it) then
      fail(11)
    end
    a.key = key.wrap(it, q.lmk_scheme or key.lmkscheme(q.key))
    a.kcv = key.kcv(it, key.kcvdigits(q.kcv_type))
  end,

  vectors = {
    { "scheme X to U", authorised = true,
      send   = "FCU04A3A0285B653284CB52D0F5C1E3E835XCB3AB49CD7EA8F0BFFDF2AA3461128F0;0U1",
      expect = "FD00U1750CDFB0757D3B3994430636DBB281B08D7B4" },
    { "without options", authorised = true,
      send   = "FCU04A3A0285B653284CB52D0F5C1E3E835U6EA9D16D3E1D55EBCD6CD20A87C43D8A",
      expect = "FD00U1750CDFB0757D3B3994430636DBB281B08D7B4FB629D0885" },
    { "single length, with an Atalla variant", authorised = true,
      send   = "FCU04A3A0285B653284CB52D0F5C1E3E835F0BC718E326F6C341;ZZ0",
      expect = "FD00FCBA7CF5972CF0DDD5D44FF720683D0D" },
    { "ZMK parity", authorised = true,
      send   = "FCU0FDD692693A257F4BDE055DE2791ACCDXCB3AB49CD7EA8F0BFFDF2AA3461128F0",
      expect = "FD10" },
    { "key parity", authorised = true,
      send   = "FCU04A3A0285B653284CB52D0F5C1E3E835X80185DC300191639FFDF2AA3461128F0",
      expect = "FD11" },
    { "another length", authorised = true,
      send   = "FCU04A3A0285B653284CB52D0F5C1E3E835XCB3AB49CD7EA8F0BFFDF2AA3461128F0;0T1",
      expect = "FD27" },
    { "not authorised",
      send   = "FCU04A3A0285B653284CB52D0F5C1E3E835XCB3AB49CD7EA8F0BFFDF2AA3461128F0;0U1",
      expect = "FD17" },
  },
}
