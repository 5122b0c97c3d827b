-- E2: answer the proof that both ends hold the same key-encrypting keys, AS
-- 2805. See E0.

return {
  command = "E2",
  title   = "Answer a proof of end points",
  version = "1.0.0",
  author  = "luahsm",
  sources = "clients, project, low",

  request = {
    { "kekr", key "KEKr", parity = 10 },
    { "krs",  H(16) },
  },

  response = {
    { "krr", H(16) },
  },

  errors = {
    [10] = "KEKr has bad parity",
  },

  handler = function (q, a)
    a.krr = endpoint.answer(q.kekr, q.krs)
  end,

  vectors = {
    { "inverted",
      send   = "E2U3F634225A3BB989D4F73BF6DC88F59073EB3B72576BBBE83",
      expect = "E3001355AB0EE3123AE8" },
    { "without a tag",
      send   = "E2BD44C3A16BE0686D5B8E62937824B9561355AB0EE3123AE8",
      expect = "E3003EB3B72576BBBE83" },
    { "KEKr parity",
      send   = "E2UEC477D79883874BD4F73BF6DC88F59071122334455667788",
      expect = "E310" },
    { "KEKs for a KEKr",
      send   = "E2U77E53AEE7C865B6D097860C8726154461122334455667788",
      expect = "E310" },
    { "cut short",
      send   = "E2U3F634225A3BB989D4F73BF6DC88F5907112233445566778",
      expect = "E315" },
    { "key block, for which there is no usage",
      send   = "E2S10096K0TN00S000160C68BF0E3A997BA2E046C33F17F8BDAB7681C2EB4F2375C7"
            .. "D1664568EAC21E1C5858DBE3144695B3EB3B72576BBBE83%01",
      expect = "E3A6" },
  },
}
