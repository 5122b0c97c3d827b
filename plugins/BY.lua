-- BY: take a ZMK that came under another ZMK into use under the LMK.
--
-- Wrong parity is corrected, and told by code 01 with the data.

return {
  command = "BY",
  title   = "Translate a ZMK from ZMK to LMK encryption",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, vectors",

  authorised = true,

  request = {
    { "wrapping", key "ZMK", parity = 10 },
    { "zmk",      cryptogram "ZMK" },
    { "atalla",   optional(N(1, 2)) },
    keyoptions,
  },

  response = {
    { "zmk", cryptogram },
    { "kcv", H(6, 16) },
  },

  errors = {
    [01] = "the ZMK had bad parity; it is corrected",
    [10] = "the wrapping ZMK has bad parity",
    [11] = "the ZMK is all zeros",
  },

  handler = function (q, a)
    local zmk = key.import(q.wrapping, q.zmk, "ZMK", q.atalla)
    local odd = key.odd(zmk)

    if key.zero(zmk) then
      fail(11)
    end
    if not odd then
      key.fix(zmk)
    end
    a.zmk = key.wrap(zmk, q.lmk_scheme or key.lmkscheme(q.zmk))
    a.kcv = key.kcv(zmk, key.kcvdigits(q.kcv_type))
    if not odd then
      return 01
    end
  end,

  vectors = {
    { "scheme X to U", authorised = true,
      send   = "BYU04A3A0285B653284CB52D0F5C1E3E835XCB3AB49CD7EA8F0BFFDF2AA3461128F0;0U1",
      expect = "BZ00U42BBE7D9A0A55D0EBDE055DE2791ACCD08D7B4" },
    { "without options", authorised = true,
      send   = "BYU04A3A0285B653284CB52D0F5C1E3E835CB3AB49CD7EA8F0BFFDF2AA3461128F0",
      expect = "BZ00DA05B7A979CBD9A15A4FBD3D599B938008D7B4FB629D0885" },
    { "parity corrected", authorised = true,
      send   = "BYU04A3A0285B653284CB52D0F5C1E3E835X80185DC300191639FFDF2AA3461128F0;0U1",
      expect = "BZ01U42BBE7D9A0A55D0EBDE055DE2791ACCD08D7B4" },
    { "wrapping parity", authorised = true,
      send   = "BYU0FDD692693A257F4BDE055DE2791ACCDXCB3AB49CD7EA8F0BFFDF2AA3461128F0",
      expect = "BZ10" },
    { "all zeros", authorised = true,
      send   = "BYU04A3A0285B653284CB52D0F5C1E3E835XA502016BD4B777CCA502016BD4B777CC",
      expect = "BZ11" },
    { "not authorised",
      send   = "BYU04A3A0285B653284CB52D0F5C1E3E835XCB3AB49CD7EA8F0BFFDF2AA3461128F0",
      expect = "BZ17" },
  },
}
