-- AG: give a TAK out under a TMK.

return {
  command = "AG",
  title   = "Translate a TAK from LMK to TMK encryption",
  version = "1.0.0",
  author  = "luahsm",
  sources = "clients",

  request = {
    { "tmk", key "TMK", parity = 10 },
    { "tak", key "TAK", parity = 11 },
    keyoptions,
  },

  response = {
    { "tak", cryptogram },
  },

  errors = {
    [10] = "TMK has bad parity",
    [11] = "TAK has bad parity",
  },

  handler = function (q, a)
    a.tak = key.export(q.tak, q.tmk, q.zmk_scheme or key.scheme(q.tak))
  end,

  vectors = {
    { "scheme X",
      send   = "AGU1750CDFB0757D3B3994430636DBB281BU7AD0BB2A32ADE115807C3572FC302BA5;X00",
      expect = "AH00X1A4D672DCA6CB3351FD1B02B237AF9AE" },
    { "without options",
      send   = "AGU1750CDFB0757D3B3994430636DBB281BU7AD0BB2A32ADE115807C3572FC302BA5",
      expect = "AH00U9205E8451E59131F213243F2303AC61A" },
    { "TMK parity",
      send   = "AGU7E4BB5CFDED0ED73994430636DBB281BU7AD0BB2A32ADE115807C3572FC302BA5",
      expect = "AH10" },
    { "TAK parity",
      send   = "AGU1750CDFB0757D3B3994430636DBB281BU37AAB8C9D4BD03AB807C3572FC302BA5",
      expect = "AH11" },
  },
}
