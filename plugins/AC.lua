-- AC: take a TAK from under the old LMK, in key change storage, under the live one.

return {
  command = "AC",
  title   = "Translate a TAK from old to new LMK",
  version = "1.0.0",
  author  = "luahsm",
  sources = "inferred, low",

  request = {
    { "tak", cryptogram },
    keyoptions,
  },

  response = {
    { "tak", cryptogram },
  },

  errors = {
    [10] = "the key has bad parity",
    [33] = "key change storage is empty",
  },

  handler = function (q, a)
    local it = key.old(q.tak, "TAK", 10)

    a.tak = key.wrap(key.migrate(it), q.lmk_scheme or key.lmkscheme(q.tak))
  end,

  vectors = {
    { "scheme U",
      send   = "ACUB08BFE0CEE3C7A31CA712F3297571BD2",
      expect = "AD00U7AD0BB2A32ADE115807C3572FC302BA5" },
    { "another scheme",
      send   = "ACX2ECBF5FB47A41D58A113C6550DB126AA;0U0",
      expect = "AD00U7AD0BB2A32ADE115807C3572FC302BA5" },
    { "single length", send = "AC2ECBF5FB47A41D58", expect = "AD0074385088A93CEAD5" },
    { "parity, or under another LMK",
      send   = "ACUBC874D479C450947CA712F3297571BD2",
      expect = "AD10" },
    { "scheme of another length",
      send   = "ACUB08BFE0CEE3C7A31CA712F3297571BD2;0T0",
      expect = "AD27" },
  },
}
