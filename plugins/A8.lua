-- A8: give a key out under a ZMK or TMK.
--
-- In an S or R block the key's header goes with it; a key that is under a
-- variant LMK gets what follows & for one. Scheme V, a block whose layout is not
-- published, is not served (26).

return {
  command = "A8",
  title   = "Export a key",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, captures",

  request = {
    { "type",    H(3) },
    { "flag",    optional(";", enum "01") },
    { "zmk",     by("flag", { ["1"] = key "TMK", key "ZMK" }), parity = 10 },
    { "key",     cryptogram },
    { "scheme",  scheme, invalid = 26 },
    { "atalla",  optional(N(1, 2)) },
    { "outside", attributes "export" },
    { "version", blockversion },
  },

  response = {
    { "key", cryptogram },
    { "kcv", H(6) },
  },

  errors = {
    [10] = "ZMK or TMK has bad parity",
    [11] = "the key has bad parity",
  },

  handler = function (q, a)
    key.permit(q.type, "export")
    local it = key.open(q.key, q.type, 11)

    a.key = key.export(it, q.zmk, q.scheme, q.atalla, q.outside, q.version)
    a.kcv = key.kcv(it, 6)
  end,

  -- The random source of a proof repeats itself.
  vectors = {
    { "ZPK, scheme X", authorised = true,
      send   = { type = "001", zmk = "U04A3A0285B653284CB52D0F5C1E3E835",
                 key = "U063A0E7C0F2124E56192A4510F395ED7", scheme = "X" },
      expect = { code = 00, key = "XCB3AB49CD7EA8F0BFFDF2AA3461128F0", kcv = "08D7B4" } },
    { "with an Atalla variant", authorised = true,
      send   = "A8002U04A3A0285B653284CB52D0F5C1E3E835U1750CDFB0757D3B3994430636DBB281BX1",
      expect = "A900XF0BC718E326F6C342DA94338B7BB76BD08D7B4" },
    { "under a TMK", authorised = true,
      send   = "A8002;1U1750CDFB0757D3B3994430636DBB281BU1750CDFB0757D3B3994430636DBB281BX",
      expect = "A900X1A4D672DCA6CB3351FD1B02B237AF9AE08D7B4" },
    { "R block", authorised = true,
      send   = "A8001U04A3A0285B653284CB52D0F5C1E3E835U063A0E7C0F2124E56192A4510F395ED7"
            .. "R&P0B00S00!B",
      expect = "A900RB0080P0TB00S00008AC47301AC1DE3182E52FA78FAF1B7D0AF819764909270AD8C8AA"
            .. "8B7A2BC17DE08D7B4" },
    { "scheme V", like = 1, authorised = true,
      send   = { scheme = "V" }, expect = { code = 26 } },
    { "key parity",    like = 1, authorised = true,
      send   = { key = "U70056F9EC1C16FE66192A4510F395ED7" }, expect = { code = 11 } },
    { "not authorised", like = 1, expect = { code = 17 } },
    { "R without attributes", like = 1, authorised = true, send = { scheme = "R" },
      expect = { code = 15 } },
    { "unknown scheme", like = 1, authorised = true, send = { scheme = "Q" },
      expect = { code = 26 } },
    { "key block LMK, S", authorised = true,
      send   = "A8FFFS0007252TN00S00021BF162CBD9CE516165EEE1E2D5EFC122CB2672BE86BCB944C1D"
            .. "17DE1S0007272TB00E00026A54D4E79E1905CA1C2599660EB30A9C7D0143040D82D8FFDFE"
                  .. "F79"
            .. "E0S%02&N",
      expect = "A900S0007272TB00N00FF6CF78400C1062F867E78916DCDC90A487264D83CFC4FA9D99D2D0"
            .. "80008D7B4" },
    { "key block LMK, R version D needs AES", authorised = true,
      send   = "A8FFFS0007252TN00S00021BF162CBD9CE516165EEE1E2D5EFC122CB2672BE86BCB944C1D"
            .. "17DE1S0007272TB00E00026A54D4E79E1905CA1C2599660EB30A9C7D0143040D82D8FFDFE"
                  .. "F79"
            .. "E0R%02!D",
      expect = "A9BB" },
    { "key block LMK, exportability E as X", authorised = true,
      send   = "A8FFFS0007252TN00S00021BF162CBD9CE516165EEE1E2D5EFC122CB2672BE86BCB944C1D"
            .. "17DE1S0007272TB00E00026A54D4E79E1905CA1C2599660EB30A9C7D0143040D82D8FFDFE"
                  .. "F79"
            .. "E0X%02",
      expect = "A9AA" },
    { "key block LMK, not exportable", authorised = true,
      send   = "A8FFFS0007252TN00S00021BF162CBD9CE516165EEE1E2D5EFC122CB2672BE86BCB944C1D"
            .. "17DE1S0007272TB00N00026A54D4E79E1905CA1C2599660EB30A9C7D0143040D82D8FFE40"
                  .. "378"
            .. "FDS%02",
      expect = "A9AA" },
    { "under a key for decryption", authorised = true,
      send   = "A8FFFS0007252TD00S00021BF162CBD9CE516165EEE1E2D5EFC122CB2672BE86BCB94471E"
            .. "4C185S0007272TB00E00026A54D4E79E1905CA1C2599660EB30A9C7D0143040D82D8FFDFE"
                  .. "F79"
            .. "E0S%02",
      expect = "A9A8" },
  },
}
