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
    { "key block",
      send   = "E2S1009654TB00S0001AA388090F789D835A2F5E3232D319C39A78382C2DFF3787E1"
            .. "C3F865BE0EB4E0885D04A81D625F05E3EB3B72576BBBE83%01",
      expect = "E3001355AB0EE3123AE8" },
    { "3DES key block LMK",
      send   = "E2S0007254TN00S00028E455B26BC80F37EDC48B4A8526E26E0A36A72D2D04F8489D"
            .. "5F1F29B3EB3B72576BBBE83%02",
      expect = "E3001355AB0EE3123AE8" },
    { "key block for encryption alone",
      send   = "E2S1009654TE00S00011AD894D266BC76C3EFBA402CF8287F549D74C612214D72699"
            .. "25922901769296823417C5EABF4BC1E3EB3B72576BBBE83%01",
      expect = "E3A8" },
    { "ZMK, key block",
      send   = "E2S1009652TN00S000187289DAD0E7B290F3818C3A1678AFEE5C5219E2094DDB5A8D"
            .. "C9B162E4B74DC37219FF0F1D86A97B43EB3B72576BBBE83%01",
      expect = "E3A6" },
  },
}
