-- JC: take the PIN from a terminal's block under the LMK.

return {
  command = "JC",
  title   = "Translate a PIN from TPK to LMK encryption",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, clients",

  request = {
    { "tpk",     key "TPK",       parity  = 10 },
    { "block",   H(16)                         },
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
  },
}
