-- OC: make a component of a ZMK, give it under the LMK and print it.
--
-- ^P is the component, ^T its check value. Without options it is as long as
-- a ZMK without a tag (key.zmk_length). PROJECT: in a key block, component number 1.

return {
  command = "OC",
  title   = "Generate and print a ZMK component",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual",

  authorised = true,
  prints     = true,

  request = {
    { "fields", printfields },
    optional("|",
      { "zmk_scheme", A(1) },
      { "lmk_scheme", A(1) },
      { "kcv_type",   A(1) }),
  },

  response = {
    { "component", cryptogram },
    { "kcv",       H(6, 16) },
  },

  errors = {
    [16] = "there is no printer",
    [18] = "no formatting data is loaded",
  },

  handler = function (q, a)
    local scheme = key.newscheme(q.lmk_scheme, "ZMK")
    local part = key.newpart("ZMK", scheme)

    printer.key(part, q.fields)
    a.component = key.wrap(part, scheme)
    a.kcv = key.kcv(part, key.kcvdigits(q.kcv_type))
  end,

  -- The random source of a proof repeats itself.
  vectors = {
    { "without options", authorised = true,
      send   = "OCName;Street;",
      expect = "OD00A13B867C2C240B3832D9B0A04263CCDF6E25FABE575320CA" },
    { "scheme U", authorised = true,
      send   = "OC|0U1",
      expect = "OD00U977E0A71434EA775359032980C49B6FD6E25FA" },
    { "print fields and options", authorised = true,
      send   = "OCName;|0U0",
      expect = "OD00U977E0A71434EA775359032980C49B6FD6E25FABE575320CA" },
    { "key block", authorised = true,
      send   = "OCName~%01",
      expect = "OD00S1009652TNc1S0001D7B2894F359A267388A535ABA625DA22DB60A099692F3F05FBF1AB2"
            .. "512A744A289E7F67940C32EB36E25FABE575320CA" },
    { "not authorised", send = "OCName;", expect = "OD17" },
    { "options cut short", authorised = true, send = "OC|0", expect = "OD15" },
    { "unknown scheme", authorised = true, send = "OC|0Q1", expect = "OD26" },
  },
}
