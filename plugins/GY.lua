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
    { "key blocks", authorised = true,
      send   = "GY2S00072K0TNc1E0002FD9B1F24E1F391AC8B4AC717B11988A1E4A190ABB1FE45031329"
            .. "967FS00072K0TNc2E00023AF842A500EE40C6058F1E31A7435FD2C4BCB7B30A326A5D34F"
            .. "80458%02",
      expect = "GZ00S00072K0TN00E000246AE8CD092203E3592FF0964D500708A71514E720B1E12CFBC5"
            .. "AC2B1BF1781EFA556E2D9" },
    { "key blocks of another use", authorised = true,
      send   = "GY2S0007272TNc1E0002F3E3DF5884CE01EBB626B48D499AA09B7E5FDC0C3068A38D4353"
            .. "7289S0007272TNc2E00021718107AA087BFED156EC2891D2B9FD8C42B30B687BB5DAB6E8"
            .. "BC82B%02",
      expect = "GZA6" },
    { "a key block that is no component", authorised = true,
      send   = "GY2S00072K0TNc1E0002FD9B1F24E1F391AC8B4AC717B11988A1E4A190ABB1FE45031329"
            .. "967FS00072K0TN00E00023AF842A500EE40C6058F1E31A7435FD2C4BCB7B30A326A5DD1D"
            .. "6744C%02",
      expect = "GZA9" },
    { "not authorised",
      send   = "GY2C144C16599289F67FADBD520BA629D0A3CDABE77E61601ADE301B39B18D8B2B7",
      expect = "GZ17" },
  },
}
