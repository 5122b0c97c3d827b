-- TA: print a TMK.
--
-- PROJECT: only "fields" were seen: the TMK stands in front of the print fields.
-- ^P ^Q ^R are the thirds of a key of triple length, ^P ^Q the halves of others; ^T is
-- the check value.

return {
  command = "TA",
  title   = "Print a TMK mailer",
  version = "1.0.0",
  author  = "luahsm",
  sources = "project, low",

  authorised = true,
  prints     = true,

  request = {
    { "tmk",    key "TMK", parity = 10 },
    { "fields", printfields },
  },

  response = {},

  errors = {
    [10] = "TMK has bad parity",
    [16] = "there is no printer",
    [18] = "no formatting data is loaded",
  },

  handler = function (q, a)
    printer.parts(q.tmk, q.fields)
  end,

  vectors = {
    { "print fields", authorised = true,
      send   = "TAU1750CDFB0757D3B3994430636DBB281BName;Street",
      expect = "TB00" },
    { "key block", authorised = true,
      send   = "TAS0007251TN00S00020033292A449C9D7D950DC25D9E2BBDCF9D4DF1205F01647CD2A5958A~%02",
      expect = "TB00" },
    { "TMK parity", authorised = true,
      send   = "TAU1750CDF80757D3B3994430636DBB281BName",
      expect = "TB10" },
    { "not authorised", send = "TAU1750CDFB0757D3B3994430636DBB281B", expect = "TB17" },
    { "key cut short", authorised = true, send = "TAU1750", expect = "TB15" },
  },
}
