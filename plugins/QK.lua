-- QK: bind the PIN that is under the LMK to another account number.
--
-- Off in strict (commands.disabled): it undoes the binding to the account.

return {
  command = "QK",
  title   = "Translate the account number of an LMK-encrypted PIN",
  version = "1.0.0",
  author  = "luahsm",
  sources = "clients",

  request = {
    { "pin",  lpin  },
    { "from", N(12) },
    { "to",   N(12) },
  },

  response = {
    { "pin", lpin },
  },

  errors = {
    [14] = "the LMK-encrypted PIN is invalid",
  },

  handler = function (q, a)
    a.pin = lmkpin.seal(lmkpin.open(q.pin, q.from), q.to)
  end,

  vectors = {
    { "PIN 1234",
      send   = { pin = "99697", from = "401234567890", to = "999999999999" },
      expect = { code = 00, pin = "13158" } },
    { "no PIN under the LMK", like = 1, send = { pin = "00001" }, expect = { code = 14 } },
    { "account with a letter", like = 1, send = { to = "99999999999F" },
      expect = { code = 15 } },
    { "under an AES LMK", like = 1, lmk = "test-aes-kb",
      send   = { pin = "J4ECEC2C39808D93074E08290CB61AEDF" },
      expect = { code = 00, pin = "J3E696569A54BBA7408219D077DED4064" } },
    { "under a 3DES LMK", like = 1, lmk = "test-3des-kb",
      send   = { pin = "24198" },
      expect = { code = 00, pin = "45509" } },
    { "PIN in the form of another LMK", like = 1, lmk = "test-aes-kb",
      expect = { code = 46 } },
  },
}
