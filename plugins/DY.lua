-- DY: give a BDK out under a ZMK.
--
-- Fields without a tag are of double length, whatever key.zmk_length says.

return {
  command = "DY",
  title   = "Translate a BDK from LMK to ZMK encryption",
  version = "1.0.0",
  author  = "luahsm",
  sources = "simulators, inferred",

  request = {
    { "zmk",    key "*ZMK", parity = 10 },
    { "bdk",    key "*BDK", parity = 11 },
    { "atalla", optional(N(1, 2)) },
    keyoptions,
  },

  response = {
    { "bdk", cryptogram },
    { "kcv", H(6, 8) },
  },

  errors = {
    [10] = "ZMK has bad parity",
    [11] = "BDK has bad parity",
  },

  handler = function (q, a)
    a.bdk = key.export(q.bdk, q.zmk, q.zmk_scheme or key.scheme(q.bdk), q.atalla)
    a.kcv = key.kcv(q.bdk, key.kcvdigits(q.kcv_type, 8))
  end,

  vectors = {
    { "scheme X",
      send   = "DYU04A3A0285B653284CB52D0F5C1E3E835U8E3D3E2FD5919657F05A1AA90D32A014;XU1",
      expect = "DZ00XCB3AB49CD7EA8F0BFFDF2AA3461128F008D7B4" },
    { "without options",
      send   = "DYU04A3A0285B653284CB52D0F5C1E3E835F35FE555E7F86476238C3421602B5CCB",
      expect = "DZ00CB3AB49CD7EA8F0BFFDF2AA3461128F008D7B4FB" },
    { "long check value",
      send   = "DYU04A3A0285B653284CB52D0F5C1E3E835U8E3D3E2FD5919657F05A1AA90D32A014;XU2",
      expect = "DZ00XCB3AB49CD7EA8F0BFFDF2AA3461128F008D7B4FB" },
    { "ZMK parity",
      send   = "DYU0FDD692693A257F4BDE055DE2791ACCDU8E3D3E2FD5919657F05A1AA90D32A014",
      expect = "DZ10" },
    { "BDK parity",
      send   = "DYU04A3A0285B653284CB52D0F5C1E3E835UB8D47AD8853CA022F05A1AA90D32A014",
      expect = "DZ11" },
    { "scheme of another length",
      send   = "DYU04A3A0285B653284CB52D0F5C1E3E835U8E3D3E2FD5919657F05A1AA90D32A014;Y01",
      expect = "DZ27" },
  },
}
