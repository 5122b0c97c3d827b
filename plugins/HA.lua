-- HA: make a TAK, under a TMK and under the LMK.

return {
  command = "HA",
  title   = "Generate a TAK",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual",

  request = {
    { "tmk", key "TMK", parity = 10 },
    keyoptions,
  },

  response = {
    { "sent", cryptogram },
    { "tak",  cryptogram },
  },

  errors = {
    [10] = "TMK has bad parity",
  },

  handler = function (q, a)
    local scheme = key.newscheme(q.lmk_scheme, key.scheme(q.tmk))
    local sent = key.newscheme(q.zmk_scheme, key.scheme(q.tmk))
    local new

    new = key.random("TAK", scheme)
    a.sent = key.export(new, q.tmk, sent)
    a.tak = key.wrap(new, scheme)
  end,

  vectors = {
    { "double length",
      send   = "HAU1750CDFB0757D3B3994430636DBB281B;XU1",
      expect = "HB00XBC56E2C5DF521CCF2C7136891F51AEF1UE734C33697BACEE69F05B9F56090332A" },
    { "without options",
      send   = "HAU1750CDFB0757D3B3994430636DBB281B",
      expect = "HB00UA17C470F33DAFCACA022B53FD765958EUE734C33697BACEE69F05B9F56090332A" },
    { "TMK parity", send = "HAU7E4BB5CFDED0ED73994430636DBB281B;XU1", expect = "HB10" },
    { "schemes of different length",
      send   = "HAU1750CDFB0757D3B3994430636DBB281B;ZU1",
      expect = "HB27" },
    { "unknown scheme", send = "HAU1750CDFB0757D3B3994430636DBB281B;XQ1", expect = "HB26" },
  },
}
