-- GM: hash data.

return {
  command = "GM",
  title   = "Hash a block of data",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, vectors",

  request = {
    { "hash", enum("01", "02", "03", "05", "06", "07", "08"), invalid = 05 },
    { "size", N(5) },
    { "data", B "size", short = 80 },
  },

  response = {
    { "digest", B() },
  },

  errors = {
    [05] = "unknown hash",
    [80] = "fewer bytes than the length says",
  },

  handler = function (q, a)
    a.digest = hash(q.hash, q.data)
  end,

  vectors = {
    { "SHA-256",
      send   = "GM0600016w3\x8Ft\xA1\x9E;\xB3\x90b\xA5\xA4yG?\xC8",
      expect = "GN00h\xEB\xB8R\xB9H\xD5\xA0o\x1F0\x95\x80\xD3\xEB\xD8\x5C_\x86\x97\xB4\xB4"
            .. ",VVXJ7\xA2\xDD\xB9l" },
    { "MD5",
      send   = "GM0200003abc",
      expect = "GN00\x90\x01P\x98<\xD2O\xB0\xD6\x96?}(\xE1\x7Fr" },
    { "SHA-384",
      send   = "GM0700003abc",
      expect = "GN00\xCB\x00u?E\xA3^\x8B\xB5\xA0=i\x9A\xC6P\x07',2\xAB\x0E\xDE\xD1c\x1A"
            .. "\x8B`ZC\xFF[\xED\x80\x86\x07+\xA1\xE7\xCC#X\xBA\xEC\xA14\xC8%\xA7" },
    { "SHA-512",
      send   = "GM0800003abc",
      expect = "GN00\xDD\xAF5\xA1\x93az\xBA\xCCAsI\xAE A1\x12\xE6\xFAN\x89\xA9~\xA2\x0A"
            .. "\x9E\xEE\xE6KU\xD3\x9A!\x92\x99*'O\xC1\xA86\xBA<#\xA3\xFE\xEB\xBDEMD#d<"
            .. "\xE8\x0E*\x9A\xC9O\xA5L\xA4\x9F" },
    { "SHA-1, the page's example",
      send   = "GM0100006`abcde",
      expect = "GN00\xA4\xF6\x84Sz{\xBE\x84 \x19\xF7\xFC\x13\xC8\x82\xF1\xB1\xF9\xAC;" },
    { "SHA-224",
      send   = "GM0500003abc",
      expect = "GN00#\x09}\x224\x05\xD8\x22\x86B\xA4w\xBD\xA2U\xB3*\xAD\xBC\xE4\xBD\xA0"
            .. "\xB3\xF7\xE3l\x9D\xA7" },
    { "MDC-2, ISO 10118-2",
      send   = "GM0300024Now is the time for all ",
      expect = "GN00B\xE5\x0C\xD2$\xBA\xCE\xBAv\x0B\xDD+\xD4\x09(\x1A" },
    { "nothing",
      send   = "GM0600000",
      expect = "GN00\xE3\xB0\xC4B\x98\xFC\x1C\x14\x9A\xFB\xF4\xC8\x99o\xB9$'\xAEA\xE4d\x9B"
            .. "\x93L\xA4\x95\x99\x1BxR\xB8U" },
    { "cut short", send = "GM0100004abc", expect = "GN80" },
    { "bytes over", send = "GM0100002abc", expect = "GN15" },
    { "no hash", send = "GM0400003abc", expect = "GN05" },
    { "unknown hash", send = "GM9900003abc", expect = "GN05" },
    { "not a length", send = "GM01000A3abc", expect = "GN15" },
  },
}
