-- FI: make a ZEK or ZAK, under a ZMK and under the LMK.

local kinds = { [0] = "ZEK", [1] = "ZAK" }

return {
  command = "FI",
  title   = "Generate a ZEK or ZAK",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual",

  request = {
    { "flag",   enum "01" },
    { "zmk",    key "ZMK", parity = 10 },
    { "atalla", optional(N(1, 2)) },
    keyoptions,
  },

  response = {
    { "sent", cryptogram },
    { "key",  cryptogram },
    { "kcv",  H(6, 16) },
  },

  errors = {
    [10] = "ZMK has bad parity",
  },

  handler = function (q, a)
    local scheme = key.newscheme(q.lmk_scheme, "Z")
    local sent = key.newscheme(q.zmk_scheme, "Z")
    local new

    new = key.random(kinds[num(q.flag)], scheme)
    a.sent = key.export(new, q.zmk, sent, q.atalla)
    a.key = key.wrap(new, scheme)
    a.kcv = key.kcv(new, key.kcvdigits(q.kcv_type))
  end,

  vectors = {
    { "double length",
      send   = "FI0U04A3A0285B653284CB52D0F5C1E3E835;XU1",
      expect = "FJ00X5D8B3DCB0A6F909155BD787794B82875U23C7E1074CB3D297ACF20986BA61A0846E25"
            .. "FA" },
    { "without options",
      send   = "FI0U04A3A0285B653284CB52D0F5C1E3E835",
      expect = "FJ005D8B3DCB0A6F9091568912363DAC507E1B4660FAF7D1714A" },
    { "the other type",
      send   = "FI1U04A3A0285B653284CB52D0F5C1E3E835;XU1",
      expect = "FJ00X5D8B3DCB0A6F909155BD787794B82875UA262D33DD975B4F82062CE9E8910ED786E25"
            .. "FA" },
    { "with an Atalla variant",
      send   = "FI0U04A3A0285B653284CB52D0F5C1E3E8351;XU1",
      expect = "FJ00X98BEAB7B33D726B01E1C7A9FCEE4A29EU23C7E1074CB3D297ACF20986BA61A0846E25"
            .. "FA" },
    { "ZMK parity", send = "FI0U0FDD692693A257F4BDE055DE2791ACCD;XU1", expect = "FJ10" },
    { "schemes of different length",
      send   = "FI0U04A3A0285B653284CB52D0F5C1E3E835;ZU1",
      expect = "FJ27" },
    { "unknown scheme",
      send   = "FI0U04A3A0285B653284CB52D0F5C1E3E835;XQ1",
      expect = "FJ26" },
  },
}
