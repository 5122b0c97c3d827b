-- L0: make an HMAC key.
--
-- PROJECT: what a payShield keeps inside an encrypted HMAC key (format 00) is
-- not public; ours is this project's own (see hmac.random). Under a key block
-- LMK the key comes in a key block, its length FFFF: usage 61 to 65 for the
-- hash, mode of use G, V or C, and 64 bytes at most; # brings version,
-- exportability and optional blocks, which are 00, S and none without it.

local hashes = enum("01", "05", "06", "07", "08")

return {
  command = "L0",
  title   = "Generate an HMAC key",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, project",

  request = {
    { "hash",       hashes,                 invalid = 05 },
    { "usage",      enum("01", "02", "03"), invalid = 06 },
    { "size",       N(4) },
    { "format",     N(2), max = 0,          invalid = 07 },
    { "attributes", attributes "hmac" },
  },

  response = {
    { "size", A(4) },
    { "key",  B() },
  },

  errors = {
    [04] = "the key is shorter than half the hash or longer than 128 bytes (64 in a block)",
    [05] = "unknown hash",
    [06] = "unknown usage",
    [07] = "unknown key format",
    [48] = "the LMK is weaker than the key",
  },

  handler = function (q, a)
    local new = hmac.random(q.hash, q.usage, q.size, q.attributes)

    a.size = sub(new, 1, 4)
    a.key  = sub(new, 5)
  end,

  vectors = {
    { "SHA-1, both uses",
      send   = "L00103002000",
      expect = "L1000032^+-\xB2\xD9\xDCYT\x86\xBA\xE1\xC9\x03\x02\xA9\x19\xA6\xBC\xD8\x19"
            .. "\xF2\xE0\x89\x97\xA6\xA2s\xEF\x0C\xEEh\x1C" },
    { "half of SHA-512",
      send   = "L00801003200",
      expect = "L1000040`+\x05`\xDFVD\x9B\xE0X\x0Av\xF1\x16\xDD~\x12\xCC\xF1[\xFD\xF7\xD0"
            .. "\x1C\xE1wkh|\xCA\x9F^0\x1F\xC0n\x002\xF8s" },
    { "less than half", send = "L00601001500", expect = "L104" },
    { "longer than 128 bytes", send = "L00601012900", expect = "L104" },
    { "unknown hash", send = "L002", expect = "L105" },
    { "unknown usage", send = "L00104", expect = "L106" },
    { "unknown format", send = "L00101002001", expect = "L107" },
    { "key block",
      send   = "L00603003200%01",
      expect = "L100FFFFS1012863HC00S00012FE499936A54DBDFD6B342EF1AE14A1191B1177F030"
            .. "7A54DBD954F23383A14EED43BD965616F1E2844201859EAE5A1F5ECD801D783947CE4" },
    { "key block, generation, not exportable",
      send   = "L00101002000%01#07N00",
      expect = "L100FFFFS1009661HG07N0001511E9D29348423366E6AEA7F3BEC77E5A9CD3EE52F8"
            .. "C98CD1FD3FF2F473FB9B818E7C7398390376A" },
    { "key block of more than 64 bytes",
      send   = "L00803006500%01",
      expect = "L104" },
    { "3DES key block LMK",
      send   = "L00603003200%02",
      expect = "L148" },
    { "attributes under a variant LMK",
      send   = "L00603003200#00S00",
      expect = "L115" },
  },
}
