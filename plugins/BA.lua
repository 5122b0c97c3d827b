-- BA: encrypt a clear PIN under the LMK.
--
-- The PIN leaves the message for the slab before anything else is done; the
-- command needs the authorised state and the setting pin.clear.

return {
  command = "BA",
  title   = "Encrypt a clear PIN",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual",

  authorised = true,

  request = {
    { "pin",     secret(clearpin) },
    { "account", N(12)            },
  },

  response = {
    { "pin", lpin },
  },

  handler = function (q, a)
    a.pin = lmkpin.seal(q.pin, q.account)
  end,

  vectors = {
    { "PIN 1234", authorised = true,
      send   = { pin = "1234F", account = "401234567890" },
      expect = { code = 00, pin = "99697" } },
    { "another account", like = 1, authorised = true, send = { account = "401234567891" },
      expect = { code = 00, pin = "63158" } },
    { "not authorised", like = 1, expect = { code = 17 } },
    { "PIN of two digits", like = 1, authorised = true, send = { pin = "12FFF" },
      expect = { code = 15 } },
    { "PIN of five digits, too long for pin.length", like = 1, authorised = true,
      send = { pin = "12345" }, expect = { code = 15 } },
    { "digit behind the padding", like = 1, authorised = true, send = { pin = "123F4" },
      expect = { code = 15 } },
    { "under an AES LMK", like = 1, authorised = true, lmk = "test-aes-kb",
      expect = { code = 00, pin = "J4ECEC2C39808D93074E08290CB61AEDF" } },
    { "under a 3DES LMK", like = 1, authorised = true, lmk = "test-3des-kb",
      expect = { code = 00, pin = "24198" } },
  },
}
