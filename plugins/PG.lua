-- PG: are the check values that PE gave those of this PIN and account?

return {
  command = "PG",
  title   = "Verify the check value of a printed PIN",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, project",

  request = {
    { "account",   N(12) },
    { "pin",       lpin  },
    { "check",     lpin  },
    { "reference", N(12) },
  },

  response = {},

  errors = {
    [01] = "the check value is another",
    [14] = "the LMK-encrypted PIN is invalid",
  },

  handler = function (q, a)
    local secret = lmkpin.open(q.pin, q.account)

    if not (equal(lmkpin.check(secret, q.account), q.check)
        and equal(lmkpin.reference(q.account), q.reference)) then
      fail(01)
    end
  end,

  -- The PIN is 1234.
  vectors = {
    { "as PE gave it",
      send   = { account = "401234567890", pin = "99697", check = "63024",
                 reference = "987820200545" },
      expect = { code = 00 } },
    { "another check value", like = 1, send = { check = "99697" }, expect = { code = 01 } },
    { "another reference number", like = 1, send = { reference = "987820200546" },
      expect = { code = 01 } },
    { "another account", like = 1, send = { account = "401234567891" }, expect = { code = 14 } },
    { "under an AES LMK", like = 1, lmk = "test-aes-kb",
      send   = { pin = "J4ECEC2C39808D93074E08290CB61AEDF",
                 check = "JE8637F56B1108A57725252DCFD64E7D9", reference = "571733180429" },
      expect = { code = 00 } },
    { "cut short", send = "PG4012345678909969799697", expect = "PH15" },
  },
}
