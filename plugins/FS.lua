-- FS: take a WWK that came under a ZMK into use under the LMK.

return {
  command = "FS",
  title   = "Translate a WWK from ZMK to LMK encryption",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual",

  request = {
    { "zmk",    key "ZMK", parity = 10 },
    { "wwk",    cryptogram },
    { "atalla", optional(N(1, 2)) },
    keyoptions,
  },

  response = {
    { "key", cryptogram },
    { "kcv", H(6, 16) },
  },

  errors = {
    [10] = "ZMK has bad parity",
    [11] = "the key is all zeros",
  },

  handler = function (q, a)
    local it = key.import(q.zmk, q.wwk, "WWK", q.atalla)

    if key.zero(it) then
      fail(11)
    end
    key.fix(it)
    a.key = key.wrap(it, q.lmk_scheme or key.lmkscheme(q.wwk))
    a.kcv = key.kcv(it, key.kcvdigits(q.kcv_type))
  end,

  vectors = {
    { "scheme X to U",
      send   = "FSU04A3A0285B653284CB52D0F5C1E3E835XCB3AB49CD7EA8F0BFFDF2AA3461128F0;0U1",
      expect = "FT00UC01692CBDDB0FCBB3517404F7CD2F4E808D7B4" },
    { "without options",
      send   = "FSU04A3A0285B653284CB52D0F5C1E3E835U6EA9D16D3E1D55EBCD6CD20A87C43D8A",
      expect = "FT00UC01692CBDDB0FCBB3517404F7CD2F4E808D7B4FB629D0885" },
    { "single length, with an Atalla variant",
      send   = "FSU04A3A0285B653284CB52D0F5C1E3E835F0BC718E326F6C341;ZZ0",
      expect = "FT00F0AB2AC228869C9BD5D44FF720683D0D" },
    { "ZMK parity",
      send   = "FSU0FDD692693A257F4BDE055DE2791ACCDXCB3AB49CD7EA8F0BFFDF2AA3461128F0",
      expect = "FT10" },
    { "all zeros",
      send   = "FSU04A3A0285B653284CB52D0F5C1E3E835XA502016BD4B777CCA502016BD4B777CC",
      expect = "FT11" },
    { "parity is made odd",
      send   = "FSU04A3A0285B653284CB52D0F5C1E3E835X80185DC300191639FFDF2AA3461128F0;0U1",
      expect = "FT00UC01692CBDDB0FCBB3517404F7CD2F4E808D7B4" },
    { "another length",
      send   = "FSU04A3A0285B653284CB52D0F5C1E3E835XCB3AB49CD7EA8F0BFFDF2AA3461128F0;0T1",
      expect = "FT27" },
  },
}
