-- RY: make or check American Express card security codes.
--
-- Modes: 3 calculate, 4 verify. Flags: 0 CSC version 1, 2 version 2, 3 AEVV,
-- which is made as version 2 and has the 3-digit code only. A code of F is
-- not checked; results are 0 right, 1 not checked, 2 wrong.

local csc_flags = { "0", "2" }

return {
  command = "RY",
  title   = "Calculate or verify card security codes",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, clients",

  request = {
    { "mode",    enum "34"                             },
    { "flag",    enum "023"                            },
    { "csck",    key "CSCK", parity = 10               },
    { "account", N(19)                                 },
    { "expiry",  N(4)                                  },
    { "service", N(3), when = { flag = { "2", "3" } }  },
    { "five",    A(5), when = { mode = "4" }           },
    { "four",    A(4), when = { mode = "4" }           },
    { "three",   A(3), when = { mode = "4" }           },
  },

  response = {
    { "mode",         N(1)                                           },
    { "five",         N(5), when = { mode = "3", flag = csc_flags }  },
    { "four",         N(4), when = { mode = "3", flag = csc_flags }  },
    { "three",        N(3), when = { mode = "3" }                    },
    { "result_five",  N(1), when = { mode = "4" }                    },
    { "result_four",  N(1), when = { mode = "4" }                    },
    { "result_three", N(1), when = { mode = "4" }                    },
  },

  errors = {
    [01] = "a code is wrong",
    [10] = "CSCK has bad parity",
    [39] = "too many were wrong for this account",
  },

  handler = function (q, a)
    a.mode = q.mode
    if num(q.mode) == 3 then
      if num(q.flag) ~= 3 then
        a.five = csc.make(q.csck, q.flag, q.account, q.expiry, q.service, 5)
        a.four = csc.make(q.csck, q.flag, q.account, q.expiry, q.service, 4)
      end
      a.three = csc.make(q.csck, q.flag, q.account, q.expiry, q.service, 3)
      return
    end

    -- What follows the first 14 digits is in no code.
    local card = sub(q.account, 1, 14)

    verify.permit(q.csck, card)

    local five  = csc.verdict(q.csck, q.flag, q.account, q.expiry, q.service, q.five)
    local four  = csc.verdict(q.csck, q.flag, q.account, q.expiry, q.service, q.four)
    local three = csc.verdict(q.csck, q.flag, q.account, q.expiry, q.service, q.three)

    a.result_five  = five
    a.result_four  = four
    a.result_three = three
    if math.max(five, four, three) == 2 then
      verify.failed(q.csck, card)
      return 01
    end
  end,

  vectors = {
    { "calculate, version 1",
      send   = { mode    = "3",
                 flag    = "0",
                 csck    = "U9B4934384B19946B040CD702B4D58145",
                 account = "3712345678901230000",
                 expiry  = "9912" },
      expect = { code = 00, mode = "3", five = "61247", four = "8720", three = "552" } },

    { "calculate, version 2",
      send   = "RY32214E610ABA1E8E37BE51D20ABBC593FB37395011962590200000120874",
      expect = "RZ003320662624525" },
    { "calculate, AEVV",
      send   = "RY33214E610ABA1E8E37BE51D20ABBC593FB37395011962590200000120874",
      expect = "RZ003525" },
    { "verify, the 4-digit code only",
      send   = { mode    = "4",
                 flag    = "0",
                 csck    = "U9B4934384B19946B040CD702B4D58145",
                 account = "3712345678901230000",
                 expiry  = "9912",
                 five    = "FFFFF",
                 four    = "8720",
                 three   = "FFF" },
      expect = { code = 00, mode = "4", result_five = "1", result_four = "0",
                 result_three = "1" } },
    { "verify, two wrong", like = 4, send = { five = "61248", three = "551" },
      expect = { code = 01, mode = "4", result_five = "2", result_four = "0",
                 result_three = "2" } },
    { "CSCK parity", like = 1, send = { csck = "U9B4934384B19946B050CD702B4D58145" },
      expect = { code = 10 } },
    { "not an American Express account", like = 1, send = { account = "4012345678901230000" },
      expect = { code = 15 } },
    { "unknown mode", like = 1, send = { mode = "5" }, expect = { code = 15 } },

    -- Key blocks under the published test LMKs.
    { "under an AES LMK", like = 1, lmk = "test-aes-kb",
      send   = { csck = "S1009611TN00S00018F904E7D15CB79A64C47DABC6236BAF0"
                      .. "7DF3A69539244747624757C031E73989868287EE78A137F9" },
      expect = { code = 00, mode = "3", five = "61247", four = "8720", three = "552" } },
    { "under a 3DES LMK", like = 1, lmk = "test-3des-kb",
      send   = { csck = "S0007211TN00S000227C42AAD45E349964C90"
                      .. "40249EBB270ADD6A99028B33D06FD02E8537" },
      expect = { code = 00, mode = "3", five = "61247", four = "8720", three = "552" } },
    { "CSCK that verifies only", like = 1, lmk = "test-aes-kb",
      send   = { csck = "S1009611TV00S00014047ADC40838D2426B13FFEF1A58567F"
                      .. "40D9B23B78C6DB4FAEC013CC422ED14165A2D9F086C947B8" },
      expect = { code = "A8" } },
    { "verify, CSCK that verifies only", like = 4, lmk = "test-aes-kb",
      send   = { csck = "S1009611TV00S00014047ADC40838D2426B13FFEF1A58567F"
                      .. "40D9B23B78C6DB4FAEC013CC422ED14165A2D9F086C947B8" },
      expect = { code = 00, mode = "4", result_five = "1", result_four = "0",
                 result_three = "1" } },
    { "verify, CSCK that generates only", like = 4, lmk = "test-aes-kb",
      send   = { csck = "S1009611TG00S00018A98E4E224D9708BAC76FC856ED06074"
                      .. "9CC4595A08622FED639C94011912C0AFE85466FBA9329A88" },
      expect = { code = "A8" } },
    { "key of a Visa CVV", like = 1, lmk = "test-aes-kb",
      send   = { csck = "S1009613TN00S00018F8450B1F110CB15A4490D4ADF2A00B9"
                      .. "0648F81C3FF75C2E2B7DE31ABC72166C1A2DC4546D9249C1" },
      expect = { code = "A6" } },
  },
}
