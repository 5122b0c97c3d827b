-- OA: print a PIN solicitation mailer.
--
-- ^Q is the account's reference number, by which the customer's answer is sent back.

return {
  command = "OA",
  title   = "Print a PIN solicitation mailer",
  version = "1.0.0",
  author  = "luahsm",
  sources = "recalled, low",

  authorised = true,
  prints     = true,

  request = {
    { "document", enum "ABC"  },
    { "account",  N(12)       },
    { "fields",   printfields },
  },

  response = {
    { "reference", N(12) },
  },

  errors = {
    [16] = "there is no printer",
    [18] = "no formatting data is loaded",
  },

  handler = function (q, a)
    printer.pin(nil, q.fields, lmkpin.reference(q.account))
    a.reference = lmkpin.reference(q.account)
  end,

  vectors = {
    { "one up", authorised = true,
      send   = { document = "B", account = "401234567890", fields = "A Name;1 Street;" },
      expect = { code = 00, reference = "987820200545" } },
    { "under an AES LMK", like = 1, authorised = true, lmk = "test-aes-kb",
      expect = { code = 00, reference = "571733180429" } },
    { "no such document", like = 1, authorised = true, send = { document = "D" },
      expect = { code = 15 } },
    { "not authorised", like = 1, expect = { code = 17 } },
    { "account cut short", authorised = true, send = "OAB40123456789", expect = "OB15" },
  },
}
