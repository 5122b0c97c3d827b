-- OE: make a TMK, TPK or PVK, give it under the LMK and print it.
--
-- ^P is the key, ^T its check value. Without options it is of single length.

return {
  command = "OE",
  title   = "Generate and print a TMK, TPK or PVK",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual",

  authorised = true,
  prints     = true,

  request = {
    { "fields", printfields },
    optional("|",
      { "zmk_scheme", A(1) },
      { "lmk_scheme", A(1) },
      { "kcv_type",   A(1) }),
  },

  response = {
    { "key", cryptogram },
  },

  errors = {
    [16] = "there is no printer",
    [18] = "no formatting data is loaded",
  },

  handler = function (q, a)
    local scheme = key.newscheme(q.lmk_scheme, "Z")
    local new = key.random("TMK", scheme)

    printer.key(new, q.fields)
    a.key = key.wrap(new, scheme)
  end,

  -- The random source of a proof repeats itself.
  vectors = {
    { "without options", authorised = true, send = "OE", expect = "OF00EEA1766AEB188A7B" },
    { "scheme U", authorised = true,
      send   = "OEName;|0U0",
      expect = "OF00U8ADEEC55662808A0CA0C536660534BCA" },
    { "key block", authorised = true,
      send   = "OE~%02",
      expect = "OF00S0007251TN00S00020033292A449C9D7D950DC25D9E2BBDCF9D4DF1205F01647CD2A5958A" },
    { "not authorised", send = "OE", expect = "OF17" },
    { "options cut short", authorised = true, send = "OE|0", expect = "OF15" },
    { "unknown scheme", authorised = true, send = "OE|0Q1", expect = "OF26" },
  },
}
