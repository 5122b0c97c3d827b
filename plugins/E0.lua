-- E0: start the proof that both ends hold the same key-encrypting keys, AS 2805.
--
-- PROJECT: only the fields were seen. A random number and its inverse, each
-- encrypted under the KEKs in ECB.

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
    { "key block, for which there is no usage",
      send   = "E0S10096K0TN00S000160C68BF0E3A997BA2E046C33F17F8BDA7F19C0EDA0005EA56"
            .. "916FEABDCCD1B1877E6F8765D50E09D%01",
      expect = "E1A6" },
  },
}
