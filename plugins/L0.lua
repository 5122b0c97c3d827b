-- L0: make an HMAC key.
--
-- PROJECT: what a payShield keeps inside an encrypted HMAC key (format 00) is
-- not public; ours is this project's own (see hmac.random).

local hashes = enum("01", "05", "06", "07", "08")

return {
  command = "L0",
  title   = "Generate an HMAC key",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, project",

  request = {
    { "hash",   hashes,                 invalid = 05 },
    { "usage",  enum("01", "02", "03"), invalid = 06 },
    { "size",   N(4) },
    { "format", N(2), max = 0,          invalid = 07 },
  },

  response = {
    { "size", N(4) },
    { "key",  B() },
  },

  errors = {
    [04] = "the key is shorter than half the hash or longer than 128 bytes",
    [05] = "unknown hash",
    [06] = "unknown usage",
    [07] = "unknown key format",
  },

  handler = function (q, a)
    local new = hmac.random(q.hash, q.usage, q.size)

    a.size = #new
    a.key  = new
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
  },
}
