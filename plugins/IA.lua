-- IA: make a ZPK, under a ZMK and under the LMK.

return {
  command = "IA",
  title   = "Generate a ZPK",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual",

  request = {
    { "zmk",    key "ZMK", parity = 10 },
    { "atalla", optional(N(1, 2)) },
    keyoptions,
  },

  response = {
    { "sent", cryptogram },
    { "zpk",  cryptogram },
    { "kcv",  H(6, 16) },
  },

  errors = {
    [10] = "ZMK has bad parity",
  },

  handler = function (q, a)
    local scheme = key.newscheme(q.lmk_scheme, "Z")
    local sent = key.newscheme(q.zmk_scheme, "Z")
    local new

    if not key.same(scheme, sent) then
      fail(15)
    end
    new = key.random("ZPK", scheme)
    a.sent = key.export(new, q.zmk, sent, q.atalla)
    a.zpk = key.wrap(new, scheme)
    a.kcv = key.kcv(new, key.kcvdigits(q.kcv_type))
  end,

  vectors = {
    { "double length",
      send   = "IAU04A3A0285B653284CB52D0F5C1E3E835;XU1",
      expect = "IB00X5D8B3DCB0A6F909155BD787794B82875U6DD47A4EB961EF679E4F1F173E030F926E25"
            .. "FA" },
    { "without options",
      send   = "IAU04A3A0285B653284CB52D0F5C1E3E835",
      expect = "IB005D8B3DCB0A6F9091242AB0E5E0D7F20D1B4660FAF7D1714A" },
    { "with an Atalla variant",
      send   = "IAU04A3A0285B653284CB52D0F5C1E3E8351;XU1",
      expect = "IB00X98BEAB7B33D726B01E1C7A9FCEE4A29EU6DD47A4EB961EF679E4F1F173E030F926E25"
            .. "FA" },
    { "key block LMK",
      send   = "IAS0007252TN00S00021BF162CBD9CE516165EEE1E2D5EFC122CB2672BE86BCB944C1D17D"
            .. "E1;RS1%02",
      expect = "IB00RB0080P0TN00S0000625B76EEB25D6BC778C3416FDB6D935C29BF56854110411C165C6"
            .. "B0EBD4C873CS0007272TN00S000235AB991A7625E134573C4CC5A3BBDE5516289215A9AD1D"
            .. "0F5E487B506E25FA" },
    { "ZMK parity", send = "IAU0FDD692693A257F4BDE055DE2791ACCD;XU1", expect = "IB10" },
    { "schemes of different length",
      send   = "IAU04A3A0285B653284CB52D0F5C1E3E835;ZU1",
      expect = "IB15" },
    { "unknown scheme", send = "IAU04A3A0285B653284CB52D0F5C1E3E835;XQ1", expect = "IB26" },
  },
}
