-- DW: take a BDK that came under a ZMK into use under the LMK.
--
-- Fields without a tag are of double length, whatever key.zmk_length says.

return {
  command = "DW",
  title   = "Translate a BDK from ZMK to LMK encryption",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, vectors",

  request = {
    { "zmk",    key "*ZMK", parity = 10 },
    { "bdk",    cryptogram "BDK" },
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
    [27] = "BDK is of single length",
  },

  handler = function (q, a)
    local bdk = key.import(q.zmk, q.bdk, "BDK", q.atalla)

    if key.length(bdk) == 1 then
      fail(27)
    end
    if not key.odd(bdk) then
      fail(11)
    end
    a.bdk = key.wrap(bdk, q.lmk_scheme or key.lmkscheme(q.bdk))
    a.kcv = key.kcv(bdk, key.kcvdigits(q.kcv_type, 8))
  end,

  vectors = {
    { "scheme X to U",
      send   = "DWU04A3A0285B653284CB52D0F5C1E3E835XCB3AB49CD7EA8F0BFFDF2AA3461128F0;0U1",
      expect = "DX00U8E3D3E2FD5919657F05A1AA90D32A01408D7B4" },
    { "without options",
      send   = "DW37190E58A6969B6D37190E58A6969B6DCB3AB49CD7EA8F0BFFDF2AA3461128F0",
      expect = "DX00F35FE555E7F86476238C3421602B5CCB08D7B4FB" },
    { "ZMK parity",
      send   = "DWU0FDD692693A257F4BDE055DE2791ACCDXCB3AB49CD7EA8F0BFFDF2AA3461128F0",
      expect = "DX10" },
    { "BDK parity",
      send   = "DWU04A3A0285B653284CB52D0F5C1E3E835X80185DC300191639FFDF2AA3461128F0",
      expect = "DX11" },
    { "scheme of another length",
      send   = "DWU04A3A0285B653284CB52D0F5C1E3E835XCB3AB49CD7EA8F0BFFDF2AA3461128F0;0T1",
      expect = "DX27" },
  },
}
