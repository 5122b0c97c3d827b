-- GG: put a ZMK together from three components, each under the LMK.

return {
  command = "GG",
  title   = "Form a ZMK from three components",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual",

  authorised = true,

  request = {
    { "first",  cryptogram "ZMK" },
    { "second", cryptogram "ZMK" },
    { "third",  cryptogram "ZMK" },
    keyoptions,
  },

  response = {
    { "zmk", cryptogram },
    { "kcv", H(6, 16) },
  },

  errors = {
    [10] = "the first component has bad parity",
    [11] = "another component has bad parity, or the key is all zeros",
  },

  handler = function (q, a)
    local sum = key.join("ZMK", key.part(q.first, "ZMK", 10), key.part(q.second, "ZMK", 11))

    sum = key.join("ZMK", sum, key.part(q.third, "ZMK", 11))
    a.zmk = key.form(sum, q.lmk_scheme or key.lmkscheme(q.first))
    a.kcv = key.kcv(sum, key.kcvdigits(q.kcv_type))
  end,

  vectors = {
    { "scheme U", authorised = true,
      send   = "GGC144C16599289F67FADBD520BA629D0A3CDABE77E61601ADE301B39B18D8B2B78C5B6D4"
            .. "5A9F03851C144C16599289F67;0U1",
      expect = "GH00U210FB5361A728E34D162ACF0D99E36E21C1103" },
    { "without options", authorised = true,
      send   = "GGC144C16599289F67FADBD520BA629D0A3CDABE77E61601ADE301B39B18D8B2B78C5B6D4"
            .. "5A9F03851C144C16599289F67",
      expect = "GH0011A28D3EAAC9E7503F552EDE937F88761C1103881AB3D385" },
    { "first parity", authorised = true,
      send   = "GGADD1C4257DA819FAFADBD520BA629D0A3CDABE77E61601ADE301B39B18D8B2B78C5B6D4"
            .. "5A9F03851C144C16599289F67",
      expect = "GH10" },
    { "third parity", authorised = true,
      send   = "GGC144C16599289F67FADBD520BA629D0A3CDABE77E61601ADE301B39B18D8B2B74A9338E"
            .. "6DE827AF1C144C16599289F67",
      expect = "GH11" },
    { "scheme of another length", authorised = true,
      send   = "GGC144C16599289F67FADBD520BA629D0A3CDABE77E61601ADE301B39B18D8B2B78C5B6D4"
            .. "5A9F03851C144C16599289F67;0T1",
      expect = "GH27" },
    { "not authorised",
      send   = "GGC144C16599289F67FADBD520BA629D0A3CDABE77E61601ADE301B39B18D8B2B78C5B6D4"
            .. "5A9F03851C144C16599289F67",
      expect = "GH17" },
  },
}
