-- CS: make the header of a key block stricter.
--
-- The codes of fields are our own, for the page gives none: M mode of use (N to
-- any, B to D or E, C to G or V), V key version (to a higher one), E
-- exportability (S to E, either to N), S key status (P to L; any to E or R).

return {
  command = "CS",
  title   = "Modify a key block header",
  version = "1.0.0",
  author  = "luahsm",
  sources = "clients",

  request = {
    { "key",   cryptogram },
    { "field", enum "MVES", invalid = "B7" },
    { "old",   by("field", { V = A(2), A(1) }) },
    mark ";",
    { "new",   by("field", { V = A(2), A(1) }) },
  },

  response = {
    { "key", cryptogram },
  },

  handler = function (q, a)
    local it = key.open(q.key, "block")

    a.key = key.wrap(key.change(it, q.field, q.old, q.new), "S")
  end,

  vectors = {
    { "exportability",
      send   = "CSS0007272TB00S00026A54D4E79E1905CA1C2599660EB30A9C7D0143040D82D8FFEC4DD6"
            .. "8FES;N%02",
      expect = "CT00S0007272TB00N00026A54D4E79E1905CA1C2599660EB30A9CC1BD8719875C9B275BF4"
            .. "914F" },
    { "mode",
      send   = "CSS0007272TB00S00026A54D4E79E1905CA1C2599660EB30A9C7D0143040D82D8FFEC4DD6"
            .. "8FMB;E%02",
      expect = "CT00S0007272TE00S00026A54D4E79E1905CA1C2599660EB30A9CC1BD8719875C9B27ED4E"
            .. "6121" },
    { "version",
      send   = "CSS0007272TB00S00026A54D4E79E1905CA1C2599660EB30A9C7D0143040D82D8FFEC4DD6"
            .. "8FV00;07%02",
      expect = "CT00S0007272TB07S00026A54D4E79E1905CA1C2599660EB30A9CC1BD8719875C9B2708DB"
            .. "67DB" },
    { "status",
      send   = "CSS0008872TN00S02020005LPB0B0000000BF11F9CBB0965F94548D05A23944272461987C"
            .. "EEF399BB62D3BACD6CSL;R%02",
      expect = "CT00S0008872TN00S02020005RPB0B0000000BF11F9CBB0965F94548D05A2394427244287"
            .. "00515EA5B6C37ADEA8EF" },
    { "unknown field",
      send   = "CSS0007272TB00S00026A54D4E79E1905CA1C2599660EB30A9C7D0143040D82D8FFEC4DD6"
            .. "8FXS;N%02",
      expect = "CTB7" },
    { "another old value",
      send   = "CSS0007272TB00S00026A54D4E79E1905CA1C2599660EB30A9C7D0143040D82D8FFEC4DD6"
            .. "8FEE;N%02",
      expect = "CTB8" },
    { "a looser value",
      send   = "CSS0007272TB05N00026A54D4E79E1905CA1C2599660EB30A9C7D0143040D82D8FFE92B77"
            .. "A1EN;S%02",
      expect = "CTB9" },
    { "a mode of another use",
      send   = "CSS0008872TN00S02020005LPB0B0000000BF11F9CBB0965F94548D05A23944272461987C"
            .. "EEF399BB62D3BACD6CMN;C%02",
      expect = "CTB9" },
    { "a lower version",
      send   = "CSS0007272TB05N00026A54D4E79E1905CA1C2599660EB30A9C7D0143040D82D8FFE92B77"
            .. "A1V05;04%02",
      expect = "CTB9" },
    { "no status",
      send   = "CSS0007272TB00S00026A54D4E79E1905CA1C2599660EB30A9C7D0143040D82D8FFEC4DD6"
            .. "8FSL;R%02",
      expect = "CTBA" },
    { "forged",
      send   = "CSS0007272TB00S00026A54D4E79E1905CA1C2599660EB30A9C7D0143040D82D8FFEC4DD6"
            .. "80ES;N%02",
      expect = "CTA4" },
    { "variant LMK", send = "CSU063A0E7C0F2124E56192A4510F395ED7ES;N", expect = "CTA1" },
  },
}
