-- NC: which LMK is loaded, by its check value, and which firmware this is.
-- The six check digits are padded with zeros to 16, as devices show them.

return {
  command = "NC",
  title   = "Perform diagnostics",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, captures",

  request = {},

  response = {
    { "check_value", H(6)  },
    { "padding",     N(10) },
    { "firmware",    A(9)  },
  },

  handler = function (q, a)
    a.check_value = check_value()
    a.padding     = 0
    a.firmware    = firmware()
  end,

  vectors = {
    { "default LMK",        send = "NC",    expect = "ND0026860400000000000007-E000" },
    { "AES key block LMK",  send = "NC%01", expect = "ND009D04A000000000000007-E000" },
    { "3DES key block LMK", send = "NC%02", expect = "ND0016512600000000000007-E000" },
    { "LMK not loaded",     send = "NC%07", expect = "ND13" },
    { "one digit of an LMK", send = "NC%1", expect = "ND15" },
    { "bytes over",         send = "NC0",   expect = "ND15" },
  },
}
