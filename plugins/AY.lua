-- AY: take a CVK pair from under the old LMK, in key change storage, under the live one.

return {
  command = "AY",
  title   = "Translate a CVK pair from old to new LMK",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual",

  request = {
    { "cvk", cryptogram "CVK" },
    keyoptions,
  },

  response = {
    { "cvk", cryptogram },
  },

  errors = {
    [10] = "the key has bad parity",
    [33] = "key change storage is empty",
  },

  handler = function (q, a)
    local it = key.old(q.cvk, "CVK", 10)

    a.cvk = key.wrap(key.migrate(it), q.lmk_scheme or key.lmkscheme(q.cvk))
  end,

  vectors = {
    { "scheme U",
      send   = "AYUEBDEA83C6154F7B37AE27091EC8F237B",
      expect = "AZ00U9B4934384B19946B040CD702B4D58145" },
    { "another scheme",
      send   = "AYX631993D94F5E610DA161EF467BB928CA;0U0",
      expect = "AZ00U9B4934384B19946B040CD702B4D58145" },
    { "no tag",
      send   = "AY631993D94F5E610DA161EF467BB928CA",
      expect = "AZ000A61E674E88C6A7EEABC38C2B2BB492F" },
    { "parity, or under another LMK",
      send   = "AYU25CFAE5DAB7EBCC17AE27091EC8F237B",
      expect = "AZ10" },
    { "scheme of another length",
      send   = "AYUEBDEA83C6154F7B37AE27091EC8F237B;0T0",
      expect = "AZ27" },
  },
}
