-- JA: make a random PIN for an account, encrypted under the LMK.
--
-- The account is 12 digits, or the whole PAN and ";" in front of the length.

return {
  command = "JA",
  title   = "Generate a random PIN",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual",

  request = {
    { "account",  pan                               },
    { "length",   optional(N(2)), min = 4, max = 12 },
    { "excluded", optional("*", pinlist)            },
  },

  response = {
    { "pin", lpin },
  },

  errors = {
    [24] = "the PIN is longer than pin.length",
    [81] = "the excluded PINs are of another length",
    [86] = "all PINs that were tried are excluded",
  },

  handler = function (q, a)
    a.pin = lmkpin.seal(pin.random(q.length or 4, q.excluded), q.account)
  end,

  -- The random source repeats itself in proofs.
  vectors = {
    { "four digits", send = "JA40123456789004", expect = "JB0032462" },
    { "no length",   send = "JA401234567890",   expect = "JB0032462" },
    { "whole PAN",   send = "JA44012345678909;04", expect = "JB0032462" },
    { "excluded PINs of no use here",
      send = "JA40123456789004*020411112222", expect = "JB0032462" },
    { "the PIN itself excluded",
      send = "JA40123456789004*01040820", expect = "JB0038190" },
    { "longer than pin.length", send = "JA40123456789005", expect = "JB24" },
    { "three digits",           send = "JA40123456789003", expect = "JB15" },
    { "whole PAN, no length",   send = "JA44012345678909;", expect = "JB15" },
    { "excluded PINs of another length",
      send = "JA40123456789004*010512345", expect = "JB81" },
    { "under an AES LMK", lmk = "test-aes-kb", send = "JA40123456789004",
      expect = "JB00J5C7F98564882056D4FCA9CE21A7AAB9A" },
    { "under a 3DES LMK", lmk = "test-3des-kb", send = "JA40123456789004",
      expect = "JB0057324" },
  },
}
