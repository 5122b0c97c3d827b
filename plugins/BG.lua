-- BG: take a PIN from under the old LMK, in key change storage, under the live one.

return {
  command = "BG",
  title   = "Translate a PIN from old to new LMK",
  version = "1.0.0",
  author  = "luahsm",
  sources = "clients",

  request = {
    { "account", N(12) },
    { "pin",     lpin },
  },

  response = {
    { "pin", lpin },
  },

  errors = {
    [14] = "the LMK-encrypted PIN is invalid",
    [33] = "key change storage is empty",
  },

  handler = function (q, a)
    a.pin = lmkpin.seal(lmkpin.old(q.pin, q.account), q.account)
  end,

  vectors = {
    { "PIN 1234", send = "BG40123456789029520", expect = "BH0099697" },
    { "another PIN", send = "BG99999999999918283", expect = "BH0095949" },
    { "PIN under the live LMK", send = "BG40123456789099697", expect = "BH14" },
    { "cut short", send = "BG4012345678901234", expect = "BH15" },
    { "to an AES LMK", lmk = "test-aes-kb", send = "BG40123456789029520",
      expect = "BH00J4ECEC2C39808D93074E08290CB61AEDF" },
    { "to a 3DES LMK", lmk = "test-3des-kb", send = "BG40123456789029520",
      expect = "BH0024198" },
    { "PIN in the form of an AES LMK",
      send = "BG401234567890J4ECEC2C39808D93074E08290CB61AEDF", expect = "BH46" },
  },
}
