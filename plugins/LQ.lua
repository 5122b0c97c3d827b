-- LQ: make an HMAC.
--
-- PROJECT: the inside of the key; see L0.

local hashes = enum("01", "05", "06", "07", "08")

return {
  command = "LQ",
  title   = "Generate an HMAC",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, vectors, project",

  request = {
    { "hash",     hashes,         invalid = 05 },
    { "length",   N(4) },
    { "format",   N(2), max = 0,  invalid = 07 },
    { "key_size", N(4), min = 1,  invalid = 80 },
    { "key",      B "key_size",   short   = 80 },
    { "key_end",  mark ";" },
    { "size",     N(5) },
    { "data",     B "size",       short   = 81 },
  },

  response = {
    { "length", N(4) },
    { "hmac",   B() },
  },

  errors = {
    [04] = "the HMAC is shorter than half the hash or longer than it",
    [05] = "unknown hash, or the key is for another one",
    [06] = "the key is not for generation",
    [07] = "unknown key format",
    [08] = "the key is damaged, or was encrypted under another LMK",
    [80] = "the length of the key is wrong",
    [81] = "fewer bytes of data than the length says",
  },

  handler = function (q, a)
    a.length = num(q.length)
    a.hmac   = hmac.make(q.key, q.hash, q.data, q.length)
  end,

  vectors = {
    { "SHA-1",
      send   = "LQ010020000032\xE5D\x12\xDB\x13\xC5v\xB3\xDD\x22\x95\x1A\x13\x07\x12\x95"
            .. "\x8A\x9D\xC0yS\xF9\xC2a\x879\xF6\xE6\x0FW,O;00008Hi There",
      expect = "LR000020\xB6\x171\x86U\x05rd\xE2\x8B\xC0\xB6\xFB7\x8C\x8E\xF1F\xBE\x00" },
    { "SHA-1, half of it",
      send   = "LQ010010000032\xE5D\x12\xDB\x13\xC5v\xB3\xDD\x22\x95\x1A\x13\x07\x12\x95"
            .. "\x8A\x9D\xC0yS\xF9\xC2a\x879\xF6\xE6\x0FW,O;00008Hi There",
      expect = "LR000010\xB6\x171\x86U\x05rd\xE2\x8B" },
    { "SHA-512, key for generation alone",
      send   = "LQ080064000072?oR\x07c^\xB4\x14\xC2J4Mc\xA2\xE6\xE0tKW\xF6\xCE\x87r\xE0"
            .. "\xFEz\x8F-\x7F\xBD\xAAi\x0Fi\xF60\xE7\x22\x01a\xA8\xA8\xFE\x94\xF9\x0D\x98"
            .. "3\xC5Q\x9D\x9B\x03\x15\x05\xC4\x0A\xC1\xC2u\x9A\xBA\xD4\xB0-\x9Ed7B2\x8E"
            .. "\xAF;00004data",
      expect = "LR000064H\xC6*\xF6+\x15\xB3\x91\xF5E\xD5\x94\xCBYHg48\xE7\x0Fz\x84\x0B\x9B"
            .. "\xE4\xF9H\xE3#\x00\x90B\xEF\xB8\x19\x1A.8\xA5\x95\xFB\xC3\x80\xBE\xB8\xD1q"
            .. "\x1A\xE3y\xDA\xE8\x89\xBB\x8F\xE4\xE2\xCB\xE8\x13s\xD6\x16\x97" },
    { "SHA-224",
      send   = "LQ050028000032\xFC\x11B\xA4g\xD5Q\x95\xA7<\x8Ass9\xF1\xC3\x9DNf\xE1\xBFC"
            .. "\xA6\x89\xEF\xF9>\xE0\xD9\xF0\x90\xDF;00057e~}\x1F\x81\xE9\x12\xF9q\xDB"
            .. "\xE4V^\xEA\x9F0e:\xAE\xB5SZ'a\x9A}HoG\x9Dx%\xC0g\x93\xA2\x1A\x19j!\xF0]"
            .. "\x81\xCB}\x8Di\xA5\xEE\x1B9\xE7\xE1\x1D\x89\x14\xAE",
      expect = "LR000028\xFE+\xDC\x04j\xAA6{h\xF0\xE7\xEE2\xF3\xF0`\xC5\x08\xFD[M\x0D.1"
            .. "\x83Z\x9CT" },
    { "key for verification",
      send   = "LQ010020000032#\x01\xCA\xB3\xADZ\xFAVqY\x04\xCB\xF83\x12\xF3\x14\xD1\xA7p"
            .. "\x0C\x93E\xB3\x87\x02\xCE\xA7=\x01g\xF6;00008Hi There",
      expect = "LR06" },
    { "key of another hash",
      send   = "LQ060032000032\xE5D\x12\xDB\x13\xC5v\xB3\xDD\x22\x95\x1A\x13\x07\x12\x95"
            .. "\x8A\x9D\xC0yS\xF9\xC2a\x879\xF6\xE6\x0FW,O;00008Hi There",
      expect = "LR05" },
    { "less than half",
      send   = "LQ010009000032\xE5D\x12\xDB\x13\xC5v\xB3\xDD\x22\x95\x1A\x13\x07\x12\x95"
            .. "\x8A\x9D\xC0yS\xF9\xC2a\x879\xF6\xE6\x0FW,O;00008Hi There",
      expect = "LR04" },
    { "more than all",
      send   = "LQ010021000032\xE5D\x12\xDB\x13\xC5v\xB3\xDD\x22\x95\x1A\x13\x07\x12\x95"
            .. "\x8A\x9D\xC0yS\xF9\xC2a\x879\xF6\xE6\x0FW,O;00008Hi There",
      expect = "LR04" },
    { "unknown hash",
      send   = "LQ990020000032\xE5D\x12\xDB\x13\xC5v\xB3\xDD\x22\x95\x1A\x13\x07\x12\x95"
            .. "\x8A\x9D\xC0yS\xF9\xC2a\x879\xF6\xE6\x0FW,O;00008Hi There",
      expect = "LR05" },
    { "MD5", send = "LQ02", expect = "LR05" },
    { "unknown format",
      send   = "LQ010020770032\xE5D\x12\xDB\x13\xC5v\xB3\xDD\x22\x95\x1A\x13\x07\x12\x95"
            .. "\x8A\x9D\xC0yS\xF9\xC2a\x879\xF6\xE6\x0FW,O;00008Hi There",
      expect = "LR07" },
    { "damaged key",
      send   = "LQ010020000032UUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUU;00008Hi There",
      expect = "LR08" },
    { "key that is no block",
      send   = "LQ010020000031\xE5D\x12\xDB\x13\xC5v\xB3\xDD\x22\x95\x1A\x13\x07\x12\x95"
            .. "\x8A\x9D\xC0yS\xF9\xC2a\x879\xF6\xE6\x0FW,;00001x",
      expect = "LR08" },
    { "no key", send = "LQ010020000000;", expect = "LR80" },
    { "data cut short",
      send   = "LQ010020000032\xE5D\x12\xDB\x13\xC5v\xB3\xDD\x22\x95\x1A\x13\x07\x12\x95"
            .. "\x8A\x9D\xC0yS\xF9\xC2a\x879\xF6\xE6\x0FW,O;00008Hi Ther",
      expect = "LR81" },
  },
}
