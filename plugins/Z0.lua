-- Z0: create a signing key, or find the one that is there.
--
-- An RSA key pair takes seconds: a slow worker makes it. What is random is the
-- same in every proof, and no proof keeps a key.

return {
  command = "Z0",
  title   = "Create a signing key",
  version = "1.0.0",
  author  = "luahsm",
  sources = "project",
  may_be_slow = true,

  request = {
    { "size",      H(2), min = 1, max = 128 },
    { "name",      A "size" },
    { "algorithm", N(2) },
    { "strict",    N(1), max = 1 },
  },

  response = {
    { "algorithm", N(2) },
    { "version",   N(6) },
    { "state",     N(1) },
    { "public",    B()  },
  },

  errors = {
    [32] = "a key of this name exists: with another algorithm, or strict was asked for",
    [34] = "the key of this name is destroyed",
    [35] = "this user may not create or read this key",
    [38] = "the key store cannot be reached",
    [39] = "the audit record could not be written",
    [40] = "unknown algorithm",
  },

  handler = function (q, a)
    local it = sign.create(q.name, q.algorithm, q.strict)

    a.algorithm = sub(it, 1, 2)
    a.version   = sub(it, 3, 8)
    a.state     = sub(it, 9, 9)
    a.public    = sub(it, 10)
  end,

  -- Keys test/... are published ones: TEST 2 of RFC 8032 is test/ed25519.
  vectors = {
    { "one that is there",
      send   = { size = "0C", name = "test/ed25519", algorithm = "31", strict = "0" },
      expect = { code = 00, algorithm = "31", version = "000001", state = "0",
                 public = "-----BEGIN PUBLIC KEY-----\n"
                       .. "MCowBQYDK2VwAyEAPUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=\n"
                       .. "-----END PUBLIC KEY-----\n" } },
    { "a new one", like = 1, send = { name = "test/ed25518" },
      expect = { code = 00, algorithm = "31", version = "000001", state = "0",
                 public = "-----BEGIN PUBLIC KEY-----\n"
                       .. "MCowBQYDK2VwAyEAXIj2nIXRxm4zCjQKPKB8A4IRfiAjn4ptOsxoNPbTkJs=\n"
                       .. "-----END PUBLIC KEY-----\n" } },
    { "with another algorithm", like = 1, send = { algorithm = "01" }, expect = { code = 32 } },
    { "strict",                 like = 1, send = { strict = "1" },     expect = { code = 32 } },
    { "unknown algorithm",      like = 1, send = { algorithm = "99" }, expect = { code = 40 } },
    { "another user's", like = 1, send = { name = "test/foreign" }, expect = { code = 35 } },
    { "no name", send = "Z000010", expect = "Z115" },
    { "a blank in the name", send = "Z003a b010", expect = "Z115" },
    { "strict is 2", like = 1, send = { strict = "2" }, expect = { code = 15 } },
  },
}
