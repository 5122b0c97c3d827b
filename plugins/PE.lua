-- PE: print a PIN.
--
-- ^P is the PIN, ^W the same in words (LI), ^Q the account's reference number, which
-- document type C leaves out. PROJECT: the check value is the PIN encrypted once more,
-- bound to that number, and the number. Layout A or B is what the formatting data make of it.

return {
  command = "PE",
  title   = "Print a PIN, or a PIN and solicitation data",
  version = "1.0.0",
  author  = "luahsm",
  sources = "clients, project",

  authorised = true,
  prints     = true,

  request = {
    { "document", enum "ABC"  },
    { "account",  N(12)       },
    { "pin",      lpin        },
    { "fields",   printfields },
  },

  response = {
    { "check",     lpin  },
    { "reference", N(12) },
  },

  errors = {
    [14] = "the LMK-encrypted PIN is invalid",
    [16] = "there is no printer",
    [18] = "no formatting data is loaded",
  },

  handler = function (q, a)
    local secret = lmkpin.open(q.pin, q.account)

    a.check     = lmkpin.check(secret, q.account)
    a.reference = lmkpin.reference(q.account)
    if equal(q.document, "C") then
      printer.pin(secret, q.fields)
    else
      printer.pin(secret, q.fields, lmkpin.reference(q.account))
    end
  end,

  -- The PIN is 1234.
  vectors = {
    { "PIN only", authorised = true,
      send   = { document = "C", account = "401234567890", pin = "99697",
                 fields = "A Name;1 Street;~" },
      expect = { code = 00, check = "63024", reference = "987820200545" } },
    { "with solicitation data", like = 1, authorised = true, send = { document = "B" },
      expect = { code = 00, check = "63024", reference = "987820200545" } },
    { "another account", like = 1, authorised = true, send = { account = "401234567891" },
      expect = { code = 14 } },
    { "no such document", like = 1, authorised = true, send = { document = "D" },
      expect = { code = 15 } },
    { "not authorised", like = 1, expect = { code = 17 } },
    { "under an AES LMK", like = 1, authorised = true, lmk = "test-aes-kb",
      send   = { pin = "J4ECEC2C39808D93074E08290CB61AEDF" },
      expect = { code = 00, check = "JE8637F56B1108A57725252DCFD64E7D9",
                 reference = "571733180429" } },
  },
}
