-- FK: take a ZEK or ZAK that came under a ZMK into use under the LMK.

local kinds = { [0] = "ZEK", [1] = "ZAK" }

return {
  command = "FK",
  title   = "Translate a ZEK or ZAK from ZMK to LMK encryption",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, vectors",

  request = {
    { "flag",   enum "01" },
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
    local it = key.import(q.zmk, q.key, kinds[num(q.flag)], q.atalla)

    if not key.odd(it) then
      fail(11)
    end
    a.key = key.wrap(it, q.lmk_scheme or key.lmkscheme(q.key))
    a.kcv = key.kcv(it, key.kcvdigits(q.kcv_type))
  end,

  vectors = {
    { "scheme X to U",
      send   = "FK0U04A3A0285B653284CB52D0F5C1E3E835XCB3AB49CD7EA8F0BFFDF2AA3461128F0;0U1",
      expect = "FL00U71CE6CBA2A7DC746208CDCE55374780808D7B4" },
    { "without options",
      send   = "FK0U04A3A0285B653284CB52D0F5C1E3E835U6EA9D16D3E1D55EBCD6CD20A87C43D8A",
      expect = "FL00U71CE6CBA2A7DC746208CDCE55374780808D7B4FB629D0885" },
    { "single length, with an Atalla variant",
      send   = "FK0U04A3A0285B653284CB52D0F5C1E3E835F0BC718E326F6C341;ZZ0",
      expect = "FL008479E4A3DBEB93D7D5D44FF720683D0D" },
    { "the other type",
      send   = "FK1U04A3A0285B653284CB52D0F5C1E3E835XCB3AB49CD7EA8F0BFFDF2AA3461128F0;0U1",
      expect = "FL00U7B7B1BE6AFBA184A32F08E7514BAC82E08D7B4" },
    { "ZMK parity",
      send   = "FK0U0FDD692693A257F4BDE055DE2791ACCDXCB3AB49CD7EA8F0BFFDF2AA3461128F0",
      expect = "FL10" },
    { "key parity",
      send   = "FK0U04A3A0285B653284CB52D0F5C1E3E835X80185DC300191639FFDF2AA3461128F0",
      expect = "FL11" },
    { "another length",
      send   = "FK0U04A3A0285B653284CB52D0F5C1E3E835XCB3AB49CD7EA8F0BFFDF2AA3461128F0;0T1",
      expect = "FL27" },
  },
}
