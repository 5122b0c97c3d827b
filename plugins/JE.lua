-- JE: take the PIN from a zone's block under the LMK.

return {
  command = "JE",
  title   = "Translate a PIN from ZPK to LMK encryption",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual",

  request = {
    { "zpk",     key "ZPK",       parity  = 10 },
    { "block",   H(16)                         },
    { "format",  pinformat,       invalid = 23 },
    { "account", account "format"              },
  },

  response = {
    { "pin", lpin },
  },

  errors = {
    [10] = "ZPK has bad parity",
    [20] = "the decrypted block holds no PIN",
    [23] = "unknown PIN block format",
    [24] = "PIN is shorter than 4 or longer than pin.length",
  },

  handler = function (q, a)
    local secret = pinblock.open(q.zpk, q.block, q.format, q.account)

    a.pin = lmkpin.seal(secret, q.account)
  end,

  vectors = {
    { "format 01",
      send   = { zpk     = "UA5F5045CFA9F5483FAC8EBB26CCF8DF1",
                 block   = "0D6B65D817C44AB2",
                 format  = "01",
                 account = "401234567890" },
      expect = { code = 00, pin = "99697" } },

    { "format 05", like = 1, send = { block = "BFA7C87F53EDB829", format = "05" },
      expect = { code = 00, pin = "99697" } },
    { "format 04, whole PAN",
      send   = "JEUA5F5045CFA9F5483FAC8EBB26CCF8DF10D6B65D817C44AB204FFFFF4012345678909",
      expect = "JF0099697" },
    { "PIN of five digits, too long for pin.length", like = 1,
      send   = { block = "9BB0CA96F01E686C" }, expect = { code = 24 } },
    { "ZPK parity", like = 1, send = { zpk = "UA5F5145CFA9F5483FAC8EBB26CCF8DF1" },
      expect = { code = 10 } },
    { "no PIN in the block", like = 1, send = { account = "999999999999" },
      expect = { code = 20 } },
    { "no such format", like = 1, send = { format = "46" }, expect = { code = 23 } },
  },
}
