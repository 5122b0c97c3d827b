-- AA: take a TMK, TPK or PVK from under the old LMK, in key change storage, under the live one.

return {
  command = "AA",
  title   = "Translate a TMK, TPK or PVK from old to new LMK",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual",

  request = {
    { "key", cryptogram },
    keyoptions,
  },

  response = {
    { "key", cryptogram },
  },

  errors = {
    [10] = "the key has bad parity",
    [33] = "key change storage is empty",
  },

  handler = function (q, a)
    local it = key.old(q.key, "002", 10)

    a.key = key.wrap(key.migrate(it), q.lmk_scheme or key.lmkscheme(q.key))
  end,

  vectors = {
    { "scheme U",
      send   = "AAU370FA959ACD593AA75D08E14DD79A0F2",
      expect = "AB00U1750CDFB0757D3B3994430636DBB281B" },
    { "another scheme",
      send   = "AAXA5CAAD1B39C46BB4600AA480B086D65E;0U0",
      expect = "AB00U1750CDFB0757D3B3994430636DBB281B" },
    { "single length", send = "AAA5CAAD1B39C46BB4", expect = "AB00FCBA7CF5972CF0DD" },
    { "parity, or under another LMK",
      send   = "AAUF263C4CB2B1D1FEF75D08E14DD79A0F2",
      expect = "AB10" },
    { "scheme of another length",
      send   = "AAU370FA959ACD593AA75D08E14DD79A0F2;0T0",
      expect = "AB27" },
  },
}
