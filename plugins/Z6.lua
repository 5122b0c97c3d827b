-- Z6: verify a signature.
--
-- Version 000000 is whichever it is: old versions verify for ever, disabled
-- ones too.

return {
  command = "Z6",
  title   = "Verify a signature",
  version = "1.0.0",
  author  = "luahsm",
  sources = "project",

  request = {
    { "size",      H(2), min = 1, max = 128 },
    { "name",      A "size" },
    { "version",   N(6) },
    { "hash",      N(2) },
    { "sig_size",  H(4) },
    { "signature", B "sig_size" },
    { "length",    H(4) },
    { "data",      B "length" },
  },

  response = {
    { "version", N(6) },
  },

  errors = {
    [01] = "the signature is wrong, or is no signature",
    [30] = "there is no key of this name",
    [31] = "the key has no such version",
    [34] = "the version is destroyed",
    [35] = "this user may not read this key",
    [36] = "the digest's length does not fit the hash or the key",
    [37] = "the key signs messages, not digests",
    [38] = "the key store cannot be reached",
  },

  handler = function (q, a)
    a.version = sign.verify(q.name, q.version, q.hash, q.signature, q.data)
  end,

  -- Version 2 has signed "abc" (RFC 4754, 8.1), version 1 "sample" (RFC 6979, A.2.5).
  vectors = {
    { "by the newest version",
      send   = { size = "09", name = "test/p256", version = "000000", hash = "05",
                 sig_size = "0048", length = "0020",
                 signature =
                   "0F\x02!\x00\xCB(\xE0\x99\x9B\x9Cw\x15\xFD\x0A\x80\xD8\xE4zw\x07\x97\x16"
                   .. "\xCB\xBF\x91}\xD7.\x97Vn\xA1\xC0f\x95|\x02!\x00\x86\xFA;\xB4\xE2l\xAD["
                   .. "\xF9\x0B\x7F\x81\x89\x92V\xCEu\x94\xBB\x1E\xA0\xC8\x92\x12t\x8B\xFF;=["
                   .. "\x03\x15",
                 data =
                   "\xBAx\x16\xBF\x8F\x01\xCF\xEAAA@\xDE]\xAE\x22#\xB0\x03a\xA3\x96\x17z\x9C"
                   .. "\xB4\x10\xFFa\xF2\x00\x15\xAD" },
      expect = { code = 00, version = "000002" } },
    { "by an older one",
      send   = { size = "09", name = "test/p256", version = "000000", hash = "05",
                 sig_size = "0048", length = "0020",
                 signature =
                   "0F\x02!\x00\xEF\xD4\x8B*\xAC\xB6\xA8\xFD\x11@\xDD\x9C\xD4^\x81\xD6\x9D,"
                   .. "\x87{V\xAA\xF9\x91\xC3M\x0E\xA8N\xAF7\x16\x02!\x00\xF7\xCB\x1C\x94-e|A"
                   .. "\xD46\xC7\xA1\xB6\xE2\x9Fe\xF3\xE9\x00\xDB\xB9\xAF\xF4\x06M\xC4\xAB/\x84"
                   .. ":\xCD\xA8",
                 data =
                   "\xAF+\xDB\xE1\xAA\x9Bn\xC1\xE2\xAD\xE1\xD6\x94\xF4\x1F\xC7\x1A\x83\x1D"
                   .. "\x02h\xE9\x89\x15b\x11=\x8Ab\xAD\xD1\xBF" },
      expect = { code = 00, version = "000001" } },
    { "not by this version", like = 1, send = { version = "000001" }, expect = { code = 01 } },
    { "of other data",       like = 1, send = { length = "0000", data = "", hash = "05" },
                             expect = { code = 36 } },
    { "no signature",        like = 1, send = { sig_size = "000D", signature = "bad signature" },
                             expect = { code = 01 } },
    { "ed25519",
      send   = { size = "0C", name = "test/ed25519", version = "000001", hash = "00",
                 sig_size = "0040", length = "0001", data = "\x72",
                 signature =
                   "\x92\xA0\x09\xA9\xF0\xD4\xCA\xB8r\x0E\x82\x0B_d%@\xA2\xB2{T\x16P?\x8F"
                   .. "\xB3v\x22#\xEB\xDBi\xDA\x08Z\xC1\xE4>\x15\x99nE\x8F6\x13\xD0\xF1\x1D\x8C"
                   .. "8{.\xAE\xB40*\xEE\xB0\x0D)\x16\x12\xBB\x0C\x00" },
      expect = { code = 00, version = "000001" } },
    { "ed25519, another message", like = 6, send = { data = "\x73" }, expect = { code = 01 } },
    { "ed25519 and a digest",     like = 6, send = { hash = "05" },    expect = { code = 37 } },
    { "by a disabled version",    like = 6, send = { size = "0D", name = "test/disabled" },
                                  expect = { code = 00, version = "000001" } },
    { "destroyed",       send = "Z60Etest/destroyed000000000001a0001a", expect = "Z734" },
    { "another user's",  send = "Z60Ctest/foreign000000000001a0001a",   expect = "Z735" },
    { "no such version", send = "Z609test/p256000003050001a0001a",      expect = "Z731" },
    { "no such key",     send = "Z609test/none000000000001a0001a",      expect = "Z730" },
    { "cut short",       send = "Z609test/p256000000050048",             expect = "Z715" },
  },
}
