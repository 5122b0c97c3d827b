-- AU: give a CVK pair out under a ZMK.
--
-- Scheme Z, 0 or none at all: the two keys without a tag.

return {
  command = "AU",
  title   = "Translate a CVK pair from LMK to ZMK encryption",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, vectors",

  request = {
    { "zmk",    key "ZMK", parity = 10 },
    { "cvk",    key "CVK", parity = 11 },
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
  },

  handler = function (q, a)
    local scheme = q.zmk_scheme and key.bare(q.zmk_scheme) or key.scheme(q.cvk)

    a.cvk = key.export(q.cvk, q.zmk, scheme, q.atalla)
    a.kcv = key.kcvs(q.cvk, q.kcv_type)
  end,

  vectors = {
    { "scheme X",
      send   = "AUU04A3A0285B653284CB52D0F5C1E3E835U9B4934384B19946B040CD702B4D58145;X01",
      expect = "AV00XCB3AB49CD7EA8F0BFFDF2AA3461128F008D7B4" },
    { "without options",
      send   = "AUU04A3A0285B653284CB52D0F5C1E3E8350A61E674E88C6A7EEABC38C2B2BB492F",
      expect = "AV00CB3AB49CD7EA8F0BFFDF2AA3461128F0D5D44FA68CDC" },
    { "no scheme",
      send   = "AUU04A3A0285B653284CB52D0F5C1E3E835U9B4934384B19946B040CD702B4D581453;Z00",
      expect = "AV0033CE4842DBDE7E901D1A0AD047711E78D5D44FA68CDC" },
    { "ZMK parity",
      send   = "AUU0FDD692693A257F4BDE055DE2791ACCDU9B4934384B19946B040CD702B4D58145",
      expect = "AV10" },
    { "CVK parity",
      send   = "AUU04A3A0285B653284CB52D0F5C1E3E835UEF85F721F87EDE6E040CD702B4D58145",
      expect = "AV11" },
    { "check value type",
      send   = "AUU04A3A0285B653284CB52D0F5C1E3E835U9B4934384B19946B040CD702B4D58145;X02",
      expect = "AV15" },
    { "scheme of another length",
      send   = "AUU04A3A0285B653284CB52D0F5C1E3E835U9B4934384B19946B040CD702B4D58145;T01",
      expect = "AV27" },
  },
}
