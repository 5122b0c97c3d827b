-- A4: put a key together from components, each under the LMK.
--
-- The result is their exclusive or, with odd parity. Components are under a
-- variant of the LMK of their own (key.component_variant), or key blocks whose
-- version says c1 to c9.

return {
  command = "A4",
  title   = "Form a key from encrypted components",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, captures",

  authorised = true,

  request = {
    { "count",      N(1), min = 2, invalid = 03 },
    { "type",       H(3) },
    { "scheme",     scheme, invalid = 26 },
    { "components", list("count", { "component", cryptogram }) },
    { "attributes", attributes "form" },
  },

  response = {
    { "key", cryptogram },
    { "kcv", H(6) },
  },

  errors = {
    [03] = "there must be 2 to 9 components",
    [10] = "a component has bad parity",
    [11] = "the components make a key of zeros",
  },

  handler = function (q, a)
    local sum = key.part(q.components[1].component, q.type, 10)

    for i = 2, #q.components do
      sum = key.join(q.type, sum, key.part(q.components[i].component, q.type, 10))
    end
    a.key = key.form(sum, q.scheme, q.attributes)
    a.kcv = key.kcv(sum, 6)
  end,

  vectors = {
    { "three components of a PVK", authorised = true,
      send   = "A43001UU27A9A6605287C3887004239F486F98D8U70B1465F2FB507679BAF531C5B435C0F"
            .. "U1FFCD416C862CF29007E0402FEE0DACA",
      expect = "A500U3F569FC92E1ECD4620D6858F8A7A653A1C1103" },
    { "component's parity", authorised = true,
      send   = "A42001UU063A0E7C0F2124E56192A4510F395ED7U063A0E7C0F2124E56192A4510F395ED7",
      expect = "A510" },
    { "a component twice", authorised = true,
      send   = "A42001UU27A9A6605287C3887004239F486F98D8U27A9A6605287C3887004239F486F98D8",
      expect = "A511" },
    { "one component",  authorised = true, send = "A41001UU27A9A6605287C3887004239F486F98"
          .. "D8", expect = "A503" },
    { "not authorised", send = "A42001UU27A9A6605287C3887004239F486F98D8U70B1465F2FB50767"
          .. "9BAF531C5B435C0F", expect = "A517" },
    { "key blocks", authorised = true,
      send   = "A42FFFSS0007272TBc1N0002E6D69EDA86DEEB7AE4091B8254408CDBED366CD2732638F91"
            .. "0E5158AS0007272TBc2N0002C6BF94A67826650599886DC15C4B34644057B13EB9988F168"
                  .. "15B"
            .. "DA6E%02#0000",
      expect = "A500S0007272TB00N000203A41F2C4DBD5F569DC3F9B79DDE18B7963E850ED1BA307E103A3"
            .. "F961A2C0D" },
    { "key blocks that do not fit", authorised = true,
      send   = "A42FFFSS0007272TBc1N0002E6D69EDA86DEEB7AE4091B8254408CDBED366CD2732638F91"
            .. "0E5158AS0007271TBc3N000274889D6260F069C82B45772415DFCD6A0255819E63C82C63D"
                  .. "92A"
            .. "B0D3%02#0000",
      expect = "A5B5" },
    { "a key block that is no component", authorised = true,
      send   = "A42FFFSS0007272TBc1N0002E6D69EDA86DEEB7AE4091B8254408CDBED366CD2732638F91"
            .. "0E5158AS0007272TB00E00026A54D4E79E1905CA1C2599660EB30A9C7D0143040D82D8FFD"
                  .. "FEF"
            .. "79E0%02#0000",
      expect = "A5A9" },
  },
}
