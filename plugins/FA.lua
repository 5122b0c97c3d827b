-- FA: take a zone PIN key that came under a ZMK into use under the LMK.
--
-- Wrong parity is corrected, and told by code 01 with the data.

return {
  command = "FA",
  title   = "Translate a ZPK from ZMK to LMK encryption",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, vectors",

  request = {
    { "zmk",    key "ZMK", parity = 10 },
    { "zpk",    cryptogram },
    { "atalla", optional(N(1, 2)) },
    keyoptions,
  },

  response = {
    { "zpk", cryptogram },
    { "kcv", H(6, 16) },
  },

  errors = {
    [01] = "ZPK had bad parity; it is corrected",
    [10] = "ZMK has bad parity",
    [11] = "ZPK is all zeros",
  },

  handler = function (q, a)
    local zpk = key.import(q.zmk, q.zpk, "ZPK", q.atalla)
    local odd = key.odd(zpk)

    if key.zero(zpk) then
      fail(11)
    end
    if not odd then
      key.fix(zpk)
    end
    a.zpk = key.wrap(zpk, q.lmk_scheme or key.lmkscheme(q.zpk))
    a.kcv = key.kcv(zpk, key.kcvdigits(q.kcv_type))
    if not odd then
      return 01
    end
  end,

  vectors = {
    { "parity corrected",
      send   = { zmk = "U04A3A0285B653284CB52D0F5C1E3E835",
                 zpk = "X80185DC300191639FFDF2AA3461128F0",
                 zmk_scheme = "0", lmk_scheme = "U", kcv_type = "1" },
      expect = { code = 01, zpk = "U063A0E7C0F2124E56192A4510F395ED7", kcv = "08D7B4" } },
    { "single length",
      send   = "FAU1457FF6ADF6250C66C368416B4C9D3832B930A07119F93A8;XZ1",
      expect = "FB00BAB32D775A38E4AB73936E" },
    { "without options", like = 1, send = "FAU1457FF6ADF6250C66C368416B4C9D383"
            .. "2B930A07119F93A8",
      expect = "FB00BAB32D775A38E4AB73936E441E46819D" },
    { "key block LMK, S block",
      send   = "FAS0007252TN00S00021BF162CBD9CE516165EEE1E2D5EFC122CB2672BE86BCB944C1D17D"
            .. "E1S0007272TB00N00FF6CF78400C1062F867E78916DCDC90A4807F1E8DA3502DB94A11AD5E8%"
            .. "02",
      expect = "FB00S0007272TB00N00026A54D4E79E1905CA1C2599660EB30A9CC1BD8719875C9B275BF49"
            .. "14F08D7B4FB629D0885" },
    { "key block LMK, X: a header of its kind",
      send   = "FAS0007252TN00S00021BF162CBD9CE516165EEE1E2D5EFC122CB2672BE86BCB944C1D17D"
            .. "E1XCB3AB49CD7EA8F0BFFDF2AA3461128F0;0S1%02",
      expect = "FB00S0007272TN00S00026A54D4E79E1905CA1C2599660EB30A9CC1BD8719875C9B277BA09"
            .. "BB308D7B4" },
    { "key block LMK, a block of another use",
      send   = "FAS0007252TN00S00021BF162CBD9CE516165EEE1E2D5EFC122CB2672BE86BCB944C1D17D"
            .. "E1S0007271TB00N00FFE0CC736CE25128422408BFD061463E4BF0919CB78964A5BD92B3BA11%"
            .. "02",
      expect = "FBA6" },
    { "all zeros",
      send   = "FAU04A3A0285B653284CB52D0F5C1E3E835XA502016BD4B777CCA502016BD4B777CC;0U1",
      expect = "FB11" },
    { "all zeros but for parity is a key",
      send   = "FAU04A3A0285B653284CB52D0F5C1E3E835X0CD08C1F041424DE0CD08C1F041424DE;0U0",
      expect = "FB00U37A83AAFF387191846A71CD669289ACC8CA64DE9C1B123A7" },
    { "ZMK parity", like = 1, send = { zmk = "U04A3A0285B653285CB52D0F5C1E3E835" },
      expect = { code = 10 } },
    { "scheme of another length", like = 1, send = { lmk_scheme = "T" },
      expect = { code = 27 } },
    { "unknown scheme", like = 1, send = { lmk_scheme = "Q" }, expect = { code = 26 } },
    { "options cut short",
      send   = "FAU1457FF6ADF6250C66C368416B4C9D3832B930A07119F93A8;XZ",
      expect = "FB15" },
  },
}
