-- GY: put a ZMK together from components, each under the LMK.

return {
  command = "GY",
  title   = "Form a ZMK from 2 to 9 components",
  version = "1.0.0",
  author  = "luahsm",
  sources = "simulators, vectors",

  authorised = true,

  request = {
    { "count",      N(1), min = 2, invalid = 03 },
    { "components", list("count", { "component", cryptogram "ZMK" }) },
    keyoptions,
  },

  response = {
    { "zmk", cryptogram },
    { "kcv", H(6, 16) },
  },

  errors = {
    [03] = "there must be 2 to 9 components",
    [10] = "a component has bad parity",
    [11] = "the components make a key of zeros",
  },

  handler = function (q, a)
    local sum = key.part(q.components[1].component, "ZMK", 10)

    for i = 2, #q.components do
      sum = key.join("ZMK", sum, key.part(q.components[i].component, "ZMK", 10))
    end
    a.zmk = key.form(sum, q.lmk_scheme or key.lmkscheme(q.components[1].component))
    a.kcv = key.kcv(sum, key.kcvdigits(q.kcv_type))
  end,

  vectors = {
    { "three, scheme U", authorised = true,
      send   = "GY3C144C16599289F67FADBD520BA629D0A3CDABE77E61601ADE301B39B18D8B2B78C5B6D"
            .. "45A9F03851C144C16599289F67;0U1",
      expect = "GZ00U210FB5361A728E34D162ACF0D99E36E21C1103" },
    { "two, without options", authorised = true,
      send   = "GY2C144C16599289F67FADBD520BA629D0A3CDABE77E61601ADE301B39B18D8B2B7",
      expect = "GZ00965A09C73DF0EED99D6508AE4E18A4811A2C0D58CBC51E5A" },
    { "one", authorised = true,
      send   = "GY1C144C16599289F67FADBD520BA629D0A",
      expect = "GZ03" },
    { "parity", authorised = true,
      send   = "GY2C144C16599289F67FADBD520BA629D0A1105F532A0D5E7DDE301B39B18D8B2B7",
      expect = "GZ10" },
    { "the same twice", authorised = true,
      send   = "GY2C144C16599289F67FADBD520BA629D0AC144C16599289F67FADBD520BA629D0A",
      expect = "GZ11" },
    { "not authorised",
      send   = "GY2C144C16599289F67FADBD520BA629D0A3CDABE77E61601ADE301B39B18D8B2B7",
      expect = "GZ17" },
  },
}
