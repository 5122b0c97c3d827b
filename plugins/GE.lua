-- GE: take a ZMK from under the old LMK, in key change storage, under the live one.

return {
  command = "GE",
  title   = "Translate a ZMK from old to new LMK",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual",

  request = {
    { "zmk", cryptogram "ZMK" },
    keyoptions,
  },

  response = {
    { "zmk", cryptogram },
  },

  errors = {
    [10] = "the key has bad parity",
    [33] = "key change storage is empty",
  },

  handler = function (q, a)
    local it = key.old(q.zmk, "ZMK", 10)

    a.zmk = key.wrap(key.migrate(it), q.lmk_scheme or key.lmkscheme(q.zmk))
  end,

  vectors = {
    { "scheme U",
      send   = "GEUFD24C92A25CA0B1A5BBD28D1293A83FB",
      expect = "GF00U42BBE7D9A0A55D0EBDE055DE2791ACCD" },
    { "another scheme",
      send   = "GEX55C7C502AE94633EBC1DFC9719BAB852;0U0",
      expect = "GF00U42BBE7D9A0A55D0EBDE055DE2791ACCD" },
    { "no tag",
      send   = "GE55C7C502AE94633EBC1DFC9719BAB852",
      expect = "GF00DA05B7A979CBD9A15A4FBD3D599B9380" },
    { "parity, or under another LMK",
      send   = "GEU70415941902878BD5BBD28D1293A83FB",
      expect = "GF10" },
    { "scheme of another length",
      send   = "GEUFD24C92A25CA0B1A5BBD28D1293A83FB;0T0",
      expect = "GF27" },
  },
}
