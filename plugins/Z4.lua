-- Z4: sign a digest, or for ed25519 a message.
--
-- The reply waits for the audit record.

return {
  command = "Z4",
  title   = "Sign",
  version = "1.0.0",
  author  = "luahsm",
  sources = "project",

  request = {
    { "size",    H(2), min = 1, max = 128 },
    { "name",    A "size" },
    { "version", N(6) },
    { "hash",    N(2) },
    { "length",  H(4) },
    { "data",    B "length" },
  },

  response = {
    { "version",   N(6) },
    { "signature", B()  },
  },

  errors = {
    [30] = "there is no key of this name",
    [31] = "the key has no such version",
    [34] = "the version is disabled or destroyed",
    [35] = "this user may not sign with this key",
    [36] = "the digest's length does not fit the hash or the key",
    [37] = "the key signs messages, not digests",
    [38] = "the key store cannot be reached",
    [39] = "the audit record could not be written",
  },

  handler = function (q, a)
    local it = sign.make(q.name, q.version, q.hash, q.data)

    a.version   = sub(it, 1, 6)
    a.signature = sub(it, 7)
  end,

  -- RFC 8032: 7.1 TEST 2, and 7.3 over the SHA-512 digest of "abc".
  vectors = {
    { "ed25519 signs a message",
      send   = { size = "0C", name = "test/ed25519", version = "000000", hash = "00",
                 length = "0001", data = "\x72" },
      expect = { code = 00, version = "000001", signature =
                   "\x92\xA0\x09\xA9\xF0\xD4\xCA\xB8r\x0E\x82\x0B_d%@\xA2\xB2{T\x16P?\x8F"
                   .. "\xB3v\x22#\xEB\xDBi\xDA\x08Z\xC1\xE4>\x15\x99nE\x8F6\x13\xD0\xF1\x1D\x8C"
                   .. "8{.\xAE\xB40*\xEE\xB0\x0D)\x16\x12\xBB\x0C\x00" } },
    { "ed25519ph signs a digest",
      send   = { size = "0E", name = "test/ed25519ph", version = "000001", hash = "07",
                 length = "0040", data =
                   "\xDD\xAF5\xA1\x93az\xBA\xCCAsI\xAE A1\x12\xE6\xFAN\x89\xA9~\xA2\x0A\x9E"
                   .. "\xEE\xE6KU\xD3\x9A!\x92\x99*'O\xC1\xA86\xBA<#\xA3\xFE\xEB\xBDEMD#d<\xE8"
                   .. "\x0E*\x9A\xC9O\xA5L\xA4\x9F" },
      expect = { code = 00, version = "000001", signature =
                   "\x98\xA7\x02\x22\xF0\xB8\x12\x1A\xA9\xD3\x0F\x81=h?\x80\x9EF+F\x9C\x7F"
                   .. "\xF8v9I\x9B\xB9Nm\xAEA1\xF8PBF<*5Z \x03\xD0b\xAD\xF5\xAA\xA1\x0B\x8Ca"
                   .. "\xE66\x06*\xAA\xD1\x1C*&\x084\x06" } },
    { "ed25519 and a digest", like = 1, send = { hash = "05" }, expect = { code = 37 } },
    { "ed25519ph and a message", like = 2, send = { hash = "00" }, expect = { code = 36 } },
    { "a digest of no hash", like = 2, send = { length = "0001", data = "a" },
      expect = { code = 36 } },
    { "a hash that is not served", like = 2, send = { hash = "03" }, expect = { code = 36 } },
    { "no such version", like = 1, send = { version = "000002" }, expect = { code = 31 } },
    { "no such key",    send = "Z409test/none000000000001a",     expect = "Z530" },
    { "disabled",       send = "Z40Dtest/disabled000000000001a", expect = "Z534" },
    { "another user's", send = "Z40Ctest/foreign000000000001a",  expect = "Z535" },
    { "data cut short", send = "Z40Ctest/ed25519000000000002a",  expect = "Z515" },
  },
}
