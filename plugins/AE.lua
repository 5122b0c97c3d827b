-- AE: give a TMK, TPK or PVK out under another of these.

return {
  command = "AE",
  title   = "Translate a TMK, TPK or PVK from LMK to TMK encryption",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, vectors",

  request = {
    { "current", key "TMK", parity = 10 },
    { "stored",  cryptogram },
    keyoptions,
  },

  response = {
    { "key", cryptogram },
  },

  errors = {
    [10] = "the current key has bad parity",
    [11] = "the stored key has bad parity",
  },

  handler = function (q, a)
    local stored = key.open(q.stored, "002", 11)

    a.key = key.export(stored, q.current, q.zmk_scheme or key.scheme(q.stored))
  end,

  vectors = {
    { "scheme X",
      send   = "AEU1750CDFB0757D3B3994430636DBB281BU1750CDFB0757D3B3994430636DBB281B;X00",
      expect = "AF00X1A4D672DCA6CB3351FD1B02B237AF9AE" },
    { "without options",
      send   = "AEU1750CDFB0757D3B3994430636DBB281BFCBA7CF5972CF0DD",
      expect = "AF001A4D672DCA6CB335" },
    { "current parity",
      send   = "AEU7E4BB5CFDED0ED73994430636DBB281BU1750CDFB0757D3B3994430636DBB281B",
      expect = "AF10" },
    { "stored parity",
      send   = "AEU1750CDFB0757D3B3994430636DBB281BU7E4BB5CFDED0ED73994430636DBB281B",
      expect = "AF11" },
    { "scheme of another length",
      send   = "AEU1750CDFB0757D3B3994430636DBB281BU1750CDFB0757D3B3994430636DBB281B;Z00",
      expect = "AF27" },
  },
}
