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
    { "key blocks", authorised = true,
      send   = "GGS00072K0TNc1E0002FD9B1F24E1F391AC8B4AC717B11988A1E4A190ABB1FE450313299"
            .. "67FS00072K0TNc2E00023AF842A500EE40C6058F1E31A7435FD2C4BCB7B30A326A5D34F8"
            .. "0458S00072K0TNc3E000207AF539521F009A2AC9AA984A3F9ACC08F2D07CFBD7D770A7FC"
            .. "11591%02",
      expect = "GH00S00072K0TN00E000235CAAC7FB698F66489CC542B7370913DD73652037A38F740668"
            .. "C8C881B435A781533A8AC" },
    { "key blocks of another use", authorised = true,
      send   = "GGS0007272TNc1E0002F3E3DF5884CE01EBB626B48D499AA09B7E5FDC0C3068A38D43537"
            .. "289S0007272TNc2E00021718107AA087BFED156EC2891D2B9FD8C42B30B687BB5DAB6E8B"
            .. "C82BS0007272TNc3E00027010EF680FE292A7473054A3B7D824DBE3BD5BAE06A60E9C7FB"
            .. "245CD%02",
      expect = "GHA6" },
    { "a key block that is no component", authorised = true,
      send   = "GGS00072K0TNc1E0002FD9B1F24E1F391AC8B4AC717B11988A1E4A190ABB1FE450313299"
            .. "67FS00072K0TNc2E00023AF842A500EE40C6058F1E31A7435FD2C4BCB7B30A326A5D34F8"
            .. "0458S00072K0TN00E000207AF539521F009A2AC9AA984A3F9ACC08F2D07CFBD7D770A976"
            .. "ED7E3%02",
      expect = "GHA9" },
    { "not authorised",
      send   = "GGC144C16599289F67FADBD520BA629D0A3CDABE77E61601ADE301B39B18D8B2B78C5B6D4"
            .. "5A9F03851C144C16599289F67",
      expect = "GH17" },
  },
}
