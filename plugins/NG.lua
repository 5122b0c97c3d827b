-- NG: show the PIN that is encrypted under the LMK.
--
-- The one command of this set that answers with a clear PIN: it needs the
-- authorised state and the setting pin.clear.

return {
  command = "NG",
  title   = "Decrypt an encrypted PIN",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual",

  authorised = true,
  reveals    = true,

  request = {
    { "account", N(12) },
    { "pin",     lpin  },
  },

  response = {
    { "pin",       clearpin },
    { "reference", N(12)    },
  },

  errors = {
    [14] = "the LMK-encrypted PIN is invalid",
  },

  handler = function (q, a)
    a.pin       = reveal(lmkpin.open(q.pin, q.account))
    a.reference = lmkpin.reference(q.account)
  end,

  vectors = {
    { "PIN 1234", authorised = true,
      send   = { account = "401234567890", pin = "99697" },
      expect = { code = 00, pin = "1234F", reference = "987820200545" } },
    { "not authorised", like = 1, expect = { code = 17 } },
    { "another account", like = 1, authorised = true, send = { account = "401234567891" },
      expect = { code = 14 } },
    { "PIN cut short", authorised = true, send = "NG4012345678901234", expect = "NH15" },
    { "under an AES LMK", authorised = true, lmk = "test-aes-kb",
      send   = { account = "401234567890", pin = "J4ECEC2C39808D93074E08290CB61AEDF" },
      expect = { code = 00, pin = "1234F", reference = "571733180429" } },
    { "under a 3DES LMK", authorised = true, lmk = "test-3des-kb",
      send   = { account = "401234567890", pin = "24198" },
      expect = { code = 00, pin = "1234F", reference = "056746574352" } },
    { "PIN in the form of another LMK", like = 1, authorised = true, lmk = "test-aes-kb",
      expect = { code = 46 } },
  },
}
