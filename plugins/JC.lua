-- JC: take the PIN from a terminal's block under the LMK.

return {
  command = "JC",
  title   = "Translate a PIN from TPK to LMK encryption",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, clients",

  request = {
    { "tpk",     key "TPK",       parity  = 10 },
    { "block",   sealed "tpk"                  },
    { "format",  pinformat,       invalid = 23 },
    { "account", account "format"              },
  },

  response = {
    { "pin", lpin },
  },

  errors = {
    [10] = "TPK has bad parity",
    [20] = "the decrypted block holds no PIN",
    [23] = "unknown PIN block format",
    [24] = "PIN is shorter than 4 or longer than pin.length",
  },

  handler = function (q, a)
    local secret = pinblock.open(q.tpk, q.block, q.format, q.account)

    a.pin = lmkpin.seal(secret, q.account)
  end,

  vectors = {
    { "format 01",
      send   = { tpk     = "U593870425813FE186BB096E9E8516B26",
                 block   = "D72AB8A566AF6DBA",
                 format  = "01",
                 account = "401234567890" },
      expect = { code = 00, pin = "99697" } },

    { "format 05", like = 1, send = { block = "0B8705956F1DD65C", format = "05" },
      expect = { code = 00, pin = "99697" } },
    { "format 04, whole PAN",
      send   = "JCU593870425813FE186BB096E9E8516B26D72AB8A566AF6DBA04FFFFF4012345678909",
      expect = "JD0099697" },
    { "PIN of five digits, too long for pin.length", like = 1,
      send   = { block = "3585C2C35A8F20D1" }, expect = { code = 24 } },
    { "TPK parity", like = 1, send = { tpk = "U593800425813FE186BB096E9E8516B26" },
      expect = { code = 10 } },
    { "no PIN in the block", like = 1, send = { account = "999999999999" },
      expect = { code = 20 } },
    { "no such format", like = 1, send = { format = "46" }, expect = { code = 23 } },

    -- Key blocks under the published test LMKs.
    { "under an AES LMK", like = 1, lmk = "test-aes-kb",
      send   = { tpk = "S1009671TN00S0001797031ECFDE7A7E75B4CC326E9D4D9AD"
                     .. "A12C895AC0BDB9A774B42EE9400978DFD33FA45F67F48F2D",
                 block = "AC623CC691B16CBF" },
      expect = { code = 00, pin = "J4ECEC2C39808D93074E08290CB61AEDF" } },
    { "under a 3DES LMK", like = 1, lmk = "test-3des-kb",
      send   = { tpk = "S0007271TN00S0002024C46A6104750ADF3AE"
                     .. "9C25B80D7FBAC672C127F67C3F41F9E23EE9",
                 block = "AC623CC691B16CBF" },
      expect = { code = 00, pin = "24198" } },
    { "AES TPK, format 48", like = 1, lmk = "test-aes-kb",
      send   = { tpk = "S1009671AN00S00010C285EAE5193487A4476E86A64707A8E"
                     .. "E09CC901DC6DECC717CFBC5F5CCE84B7C69EEF0C9314B79F",
                 block = "2C52F45145CD91B9495BAA62DFD7E5E0", format = "48",
                 account = "4012345678909;" },
      expect = { code = 00, pin = "J4ECEC2C39808D93074E08290CB61AEDF" } },
    { "AES-256 TPK", like = 1, lmk = "test-aes-kb",
      send   = { tpk = "S10128P0AB00S000119A46B3DD353440BB7171FF0E7DE27EE5EE4144C70DF9B2B"
                     .. "94031C1E1C9D1C0B1EFD688C4910A91C436AA810D1A2B132F6B1C85C9E9BA87D",
                 block = "A48F7D4BF9CDA701F06AD866BC148B7B", format = "48",
                 account = "4012345678909;" },
      expect = { code = 00, pin = "J4ECEC2C39808D93074E08290CB61AEDF" } },
    { "TPK that encrypts only", like = 1, lmk = "test-aes-kb",
      send   = { tpk = "S1009671TE00S0001DE606E002C9A98F3834E091B4F08FD86"
                     .. "BA918E4431292BF731FFC46CF89A1F8940F18C7FF5B26806" },
      expect = { code = "A8" } },
    { "CVK where a TPK belongs", like = 1, lmk = "test-aes-kb",
      send   = { tpk = "S1009613TN00S00018F8450B1F110CB15A4490D4ADF2A00B9"
                     .. "0648F81C3FF75C2E2B7DE31ABC72166C1A2DC4546D9249C1" },
      expect = { code = "A6" } },
  },
}
