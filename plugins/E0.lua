-- E0: start the proof that both ends hold the same key-encrypting keys, AS 2805.
--
-- PROJECT: only the fields were seen. A random number and its inverse, each
-- encrypted under the KEKs in ECB. No key block's usage is that of KEKs and KEKr
-- alone: taken are 54 (KEK) and K0, of triple DES.

return {
  command = "E0",
  title   = "Generate a proof of end points",
  version = "1.0.0",
  author  = "luahsm",
  sources = "clients, project, low",

  request = {
    { "keks", key "KEKs", parity = 10 },
  },

  response = {
    { "krs", H(16) },
    { "krr", H(16) },
  },

  errors = {
    [10] = "KEKs has bad parity",
  },

  handler = function (q, a)
    local both = endpoint.ask(q.keks)

    a.krs = sub(both, 1, 16)
    a.krr = sub(both, 17)
  end,

  vectors = {
    { "a number and its inverse",
      send   = "E0U77E53AEE7C865B6D097860C872615446",
      expect = "E10004069B5F37E82F9175D120E2CBD2B806" },
    { "KEKs parity", send = "E0UDA9A8B29B1A718ED097860C872615446", expect = "E110" },
    { "bytes over", send = "E0U77E53AEE7C865B6D097860C8726154460", expect = "E115" },
    { "key block",
      send   = "E0S1009654TE00S00011AD894D266BC76C3EFBA402CF8287F5448C5A028D8573B149"
            .. "91012E9FCF1C0A44D0B66F405A773FC%01",
      expect = "E10004069B5F37E82F9175D120E2CBD2B806" },
    { "3DES key block LMK",
      send   = "E0S0007254TN00S00028E455B26BC80F37EDC48B4A8526E26E0B84A0ED8C393571B1"
            .. "DBB24CF%02",
      expect = "E10004069B5F37E82F9175D120E2CBD2B806" },
    { "key block for decryption",
      send   = "E0S1009654TD00S0001333B64E7F2931CA09D822A3E5BDB74ADA856D0A7243794FFF"
            .. "28D829563BD5583C2CE9FFDCAC47400%01",
      expect = "E1A8" },
    { "ZMK, key block",
      send   = "E0S1009652TN00S000187289DAD0E7B290F3818C3A1678AFEE59750DD5E365E48BBA"
            .. "C1D41194AF697E2D0E9BB6A18BC5BE6%01",
      expect = "E1A6" },
  },
}
