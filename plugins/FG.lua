-- FG: make a pair of PVKs, under a ZMK and under the LMK.
--
-- Without options each key of the pair is one by itself, without a tag.

return {
  command = "FG",
  title   = "Generate a pair of PVKs",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual",

  authorised = true,

  request = {
    { "zmk",    key "ZMK", parity = 10 },
    { "atalla", optional(N(1, 2)) },
    keyoptions,
  },

  response = {
    { "pvk",  cryptogram },
    { "sent", cryptogram },
    { "kcv",  H(6, 32) },
  },

  errors = {
    [10] = "ZMK has bad parity",
    [26] = "a pair is of double length",
  },

  handler = function (q, a)
    local scheme = key.newscheme(q.lmk_scheme, "P")
    local sent = key.newscheme(q.zmk_scheme, "P")
    local pvk

    if not (key.same(scheme, "U") and key.same(sent, "U")) or
        (q.lmk_scheme and (equal(q.lmk_scheme, "Z") or equal(q.zmk_scheme, "Z"))) then
      fail(26)
    end
    pvk = key.random("PVK2", scheme)
    a.pvk  = key.wrap(pvk, scheme)
    a.sent = key.export(pvk, q.zmk, sent, q.atalla)
    if not q.kcv_type then
      a.kcv = key.halves(pvk, 16)
    elseif equal(q.kcv_type, "2") then
      a.kcv = key.halves(pvk, 6)
    else
      a.kcv = key.kcv(pvk, key.kcvdigits(q.kcv_type))
    end
  end,

  vectors = {
    { "scheme U", authorised = true,
      send   = "FGU04A3A0285B653284CB52D0F5C1E3E835;XU1",
      expect = "FH00U8ADEEC55662808A0CA0C536660534BCAX5D8B3DCB0A6F909155BD787794B828756E25"
            .. "FA" },
    { "without options", authorised = true,
      send   = "FGU04A3A0285B653284CB52D0F5C1E3E835",
      expect = "FH00EEA1766AEB188A7B41DCD664AF3F36775D8B3DCB0A6F909155BD787794B828751B4660"
            .. "FAF7D1714AC4BA996488DE59B2" },
    { "check value of each half", authorised = true,
      send   = "FGU04A3A0285B653284CB52D0F5C1E3E835;XU2",
      expect = "FH00U8ADEEC55662808A0CA0C536660534BCAX5D8B3DCB0A6F909155BD787794B828751B46"
            .. "60C4BA99" },
    { "ZMK parity", authorised = true,
      send   = "FGU0FDD692693A257F4BDE055DE2791ACCD;XU1",
      expect = "FH10" },
    { "another length", authorised = true,
      send   = "FGU04A3A0285B653284CB52D0F5C1E3E835;XT1",
      expect = "FH26" },
    { "single length", authorised = true,
      send   = "FGU04A3A0285B653284CB52D0F5C1E3E835;ZZ1",
      expect = "FH26" },
    { "not authorised", send = "FGU04A3A0285B653284CB52D0F5C1E3E835;XU1", expect = "FH17" },
  },
}
