-- A6: take a key that came under a ZMK into use under the LMK.
--
-- Wrong parity is corrected, and told by code 01 with the data. Under a key
-- block LMK the type is FFF; what follows # describes a key that came without
-- a header, or gives another usage of the same meaning to one with.

return {
  command = "A6",
  title   = "Import a key",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, captures",

  request = {
    { "type",       H(3) },
    { "zmk",        key "ZMK", parity = 10 },
    { "key",        cryptogram },
    { "scheme",     scheme, invalid = 26 },
    { "atalla",     optional(N(1, 2)) },
    { "attributes", attributes "import" },
  },

  response = {
    { "key", cryptogram },
    { "kcv", H(6) },
  },

  errors = {
    [01] = "the key had bad parity; it is corrected",
    [10] = "ZMK has bad parity",
    [11] = "the key is all zeros",
  },

  handler = function (q, a)
    key.permit(q.type, "import")
    local it  = key.import(q.zmk, q.key, q.type, q.atalla, q.attributes)
    local odd = key.odd(it)

    if key.zero(it) then
      fail(11)
    end
    if not odd then
      key.fix(it)
    end
    a.key = key.wrap(it, q.scheme)
    a.kcv = key.kcv(it, 6)
    if not odd then
      return 01
    end
  end,

  vectors = {
    { "ZPK, scheme X",
      send   = { type = "001", zmk = "U04A3A0285B653284CB52D0F5C1E3E835",
                 key = "XCB3AB49CD7EA8F0BFFDF2AA3461128F0", scheme = "U" },
      expect = { code = 00, key = "U063A0E7C0F2124E56192A4510F395ED7", kcv = "08D7B4" } },
    { "with an Atalla variant",
      send   = "A6002U04A3A0285B653284CB52D0F5C1E3E835XF0BC718E326F6C342DA94338B7BB76BDU1",
      expect = "A700U1750CDFB0757D3B3994430636DBB281B08D7B4" },
    { "parity corrected", like = 1, send = { key = "X80185DC300191639FFDF2AA3461128F0" },
      expect = { code = 01, key = "U063A0E7C0F2124E56192A4510F395ED7", kcv = "08D7B4" } },
    { "R block",          like = 1, send = { key = "RB0080P0TB00S00001C11A5A765125D97D3F5"
          .. "A8D5E5AF57CEB32BFE8E5E0123CCD95B8CAE50B89247" },
      expect = { code = 00, key = "U063A0E7C0F2124E56192A4510F395ED7", kcv = "08D7B4" } },
    { "S block, of another use", like = 1, send = { type = "402", key = "S0007272TB00N00FF6CF"
          .. "78400C1062F867E78916DCDC90A4807F1E8DA3502DB94A11AD5E8" },
      expect = { code = "A6" } },
    { "R block, forged",  like = 1, send = { key = "RB0080P0TB00S00001C11A5A765125D97D3F5"
          .. "A8D5E5AF57CEB32BFE8E5E0123CCD95B8CAE50B89240" }, expect = { code = "A4" } },
    { "R block, AES version", like = 1, send = { key = "RD0112P0TB00S000081F2788B4C5675E4"
          .. "ECD573E883D456A2E1DD6D2AC0FD7C983E9FFEA49FF9D56E99DEF3B00146F9DB45795906C30F"
          .. "17AB" }, expect = { code = "BB" } },
    { "ZMK parity",       like = 1, send = { zmk = "U0FDD692693A257F4BDE055DE2791ACCD" },
      expect = { code = 10 } },
    { "all zeros",        like = 1, send = { key = "XA502016BD4B777CCA502016BD4B777CC" },
      expect = { code = 11 } },
    { "another length",   like = 1, send = { scheme = "T" }, expect = { code = 27 } },
    { "a ZMK moves by BY", like = 1, send = { type = "000" }, expect = { code = 29 } },
    { "key block LMK",
      send   = "A6FFFS0007252TN00S00021BF162CBD9CE516165EEE1E2D5EFC122CB2672BE86BCB944C1D"
            .. "17DE1S0007272TB00N00FF6CF78400C1062F867E78916DCDC90A4807F1E8DA3502DB94A11"
                  .. "AD5"
            .. "E8S%02",
      expect = "A700S0007272TB00N00026A54D4E79E1905CA1C2599660EB30A9CC1BD8719875C9B275BF49"
            .. "14F08D7B4" },
    { "key block LMK, R with another usage",
      send   = "A6FFFS0007252TN00S00021BF162CBD9CE516165EEE1E2D5EFC122CB2672BE86BCB944C1D"
            .. "17DE1RB0080P0TB00S00001C11A5A765125D97D3F5A8D5E5AF57CEB32BFE8E5E0123CCD95"
                  .. "B8C"
            .. "AE50B89247S%02#7200",
      expect = "A700S0007272TB00S00026A54D4E79E1905CA1C2599660EB30A9CC1BD8719875C9B27EF130"
            .. "D0D08D7B4" },
    { "key block LMK, X",
      send   = "A6FFFS0007252TN00S00021BF162CBD9CE516165EEE1E2D5EFC122CB2672BE86BCB944C1D"
            .. "17DE1U6EA9D16D3E1D55EBCD6CD20A87C43D8AS%02#72N00S00",
      expect = "A700S0007272TN00S00026A54D4E79E1905CA1C2599660EB30A9CC1BD8719875C9B277BA09"
            .. "BB308D7B4" },
    { "key block LMK, no attributes",
      send   = "A6FFFS0007252TN00S00021BF162CBD9CE516165EEE1E2D5EFC122CB2672BE86BCB944C1D"
            .. "17DE1U6EA9D16D3E1D55EBCD6CD20A87C43D8AS%02",
      expect = "A715" },
    { "key block LMK, usage of another meaning",
      send   = "A6FFFS0007252TN00S00021BF162CBD9CE516165EEE1E2D5EFC122CB2672BE86BCB944C1D"
            .. "17DE1RB0080P0TB00S00001C11A5A765125D97D3F5A8D5E5AF57CEB32BFE8E5E0123CCD95"
                  .. "B8C"
            .. "AE50B89247S%02#2200",
      expect = "A7A6" },
    { "a key that may not import",
      send   = "A6FFFS0007252TE00S00021BF162CBD9CE516165EEE1E2D5EFC122CB2672BE86BCB944E7E"
            .. "2A2F8U6EA9D16D3E1D55EBCD6CD20A87C43D8AS%02#72N00S00",
      expect = "A7A8" },
  },
}
