-- AW: take a CVK pair that came under a ZMK into use under the LMK.
--
-- Scheme Z, 0 or none at all: the two keys without a tag.

return {
  command = "AW",
  title   = "Translate a CVK pair from ZMK to LMK encryption",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, vectors",

  request = {
    { "zmk",    key "ZMK", parity = 10 },
    { "cvk",    cryptogram "CVK" },
    { "atalla", optional(N(1, 2)) },
    keyoptions,
  },

  response = {
    { "cvk", cryptogram },
    { "kcv", H(6, 12) },
  },

  errors = {
    [10] = "ZMK has bad parity",
    [11] = "CVK has bad parity",
    [27] = "CVK is not of double length",
  },

  handler = function (q, a)
    local cvk = key.import(q.zmk, q.cvk, "CVK", q.atalla)

    if key.length(cvk) ~= 2 then
      fail(27)
    end
    if not key.odd(cvk) then
      fail(11)
    end
    a.cvk = key.wrap(cvk, q.lmk_scheme and key.bare(q.lmk_scheme) or key.lmkscheme(q.cvk))
    a.kcv = key.kcvs(cvk, q.kcv_type)
  end,

  vectors = {
    { "scheme X to U",
      send   = "AWU04A3A0285B653284CB52D0F5C1E3E835XCB3AB49CD7EA8F0BFFDF2AA3461128F0;0U1",
      expect = "AX00U9B4934384B19946B040CD702B4D5814508D7B4" },
    { "without options",
      send   = "AWU04A3A0285B653284CB52D0F5C1E3E835CB3AB49CD7EA8F0BFFDF2AA3461128F0",
      expect = "AX000A61E674E88C6A7EEABC38C2B2BB492FD5D44FA68CDC" },
    { "no scheme",
      send   = "AWU04A3A0285B653284CB52D0F5C1E3E835F0BC718E326F6C342DA94338B7BB76BD1;000",
      expect = "AX000A61E674E88C6A7EEABC38C2B2BB492FD5D44FA68CDC" },
    { "ZMK parity",
      send   = "AWU0FDD692693A257F4BDE055DE2791ACCDXCB3AB49CD7EA8F0BFFDF2AA3461128F0",
      expect = "AX10" },
    { "CVK parity",
      send   = "AWU04A3A0285B653284CB52D0F5C1E3E835X80185DC300191639FFDF2AA3461128F0",
      expect = "AX11" },
    { "triple length",
      send   = "AWU04A3A0285B653284CB52D0F5C1E3E835YCB3AB49CD7EA8F0BFFDF2AA3461128F0CB3AB"
            .. "49CD7EA8F0B",
      expect = "AX27" },
  },
}
