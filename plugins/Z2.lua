-- Z2: the public key of a signing key.

return {
  command = "Z2",
  title   = "Public key of a signing key",
  version = "1.0.0",
  author  = "luahsm",
  sources = "project",

  request = {
    { "size",    H(2), min = 1, max = 128 },
    { "name",    A "size" },
    { "version", N(6) },
  },

  response = {
    { "algorithm", N(2) },
    { "version",   N(6) },
    { "state",     N(1) },
    { "public",    B()  },
  },

  errors = {
    [30] = "there is no key of this name",
    [31] = "the key has no such version",
    [34] = "the version is destroyed",
    [35] = "this user may not read this key",
    [38] = "the key store cannot be reached",
  },

  handler = function (q, a)
    local it = sign.public(q.name, q.version)

    a.algorithm = sub(it, 1, 2)
    a.version   = sub(it, 3, 8)
    a.state     = sub(it, 9, 9)
    a.public    = sub(it, 10)
  end,

  vectors = {
    { "the newest version",
      send   = { size = "09", name = "test/p256", version = "000000" },
      expect = { code = 00, algorithm = "01", version = "000002", state = "0",
                 public = "-----BEGIN PUBLIC KEY-----\n"
                       .. "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEJEKlzA7NAV+jyjHcjiu8cL9C1gy8\n"
                       .. "ogCF4IIssEI16XBvyYvX5QIRpKJxAvo1Sd9568tL8ka4CUXN3+fVCbv9fQ==\n"
                       .. "-----END PUBLIC KEY-----\n" } },
    { "an older one", like = 1, send = { version = "000001" },
      expect = { code = 00, algorithm = "01", version = "000001", state = "0",
                 public = "-----BEGIN PUBLIC KEY-----\n"
                       .. "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEYP7UuiVanTHJYet0xjVtaMBJuJI7\n"
                       .. "Yfps5mliLmDyn7Z5A/4QCLi8maQa6elWKLxk8vGyDC1+n1F3o8KU1EYimQ==\n"
                       .. "-----END PUBLIC KEY-----\n" } },
    { "no such version", like = 1, send = { version = "000003" }, expect = { code = 31 } },
    { "no such key",     like = 1, send = { name = "test/none" }, expect = { code = 30 } },
    { "destroyed",       send = "Z20Etest/destroyed000000", expect = "Z334" },
    { "another user's",  send = "Z20Ctest/foreign000000",   expect = "Z335" },
    { "name cut short",  send = "Z20Ctest/",                expect = "Z315" },
  },
}
