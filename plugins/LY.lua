-- LY: take an HMAC key from under the old LMK, in key change storage, under the
-- live one.
--
-- PROJECT: the inside of the key; see L0.

return {
  command = "LY",
  title   = "Translate an HMAC key from old to new LMK",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, project",

  request = {
    { "from",     N(2), max = 0, invalid = 03 },
    { "to",       N(2), max = 0, invalid = 07 },
    { "key_size", N(4), min = 1, invalid = 80 },
    { "key",      B "key_size",  short   = 80 },
  },

  response = {
    { "size", N(4) },
    { "key",  B() },
  },

  errors = {
    [03] = "unknown format of the key that is sent",
    [07] = "unknown format of the key that is wanted",
    [08] = "the key is damaged, or was encrypted under another LMK",
    [33] = "key change storage is empty",
    [80] = "the length of the key is wrong",
  },

  handler = function (q, a)
    local new = hmac.change(q.key)

    a.size = #new
    a.key  = new
  end,

  vectors = {
    { "SHA-1",
      send   = "LY00000032\xA7u\xC3\xD5\xD0\x00>\xE31\xBD\x83\xC9\xE4\x8A0\xDDN7fm0!\x90"
            .. "\xBAz%V;\x93j*\x1D",
      expect = "LZ000032\xE5D\x12\xDB\x13\xC5v\xB3\xDD\x22\x95\x1A\x13\x07\x12\x95\x8A\x9D"
            .. "\xC0yS\xF9\xC2a\x879\xF6\xE6\x0FW,O" },
    { "under the new LMK already",
      send   = "LY00000032\xE5D\x12\xDB\x13\xC5v\xB3\xDD\x22\x95\x1A\x13\x07\x12\x95\x8A"
            .. "\x9D\xC0yS\xF9\xC2a\x879\xF6\xE6\x0FW,O",
      expect = "LZ08" },
    { "no block",
      send   = "LY00000031\xA7u\xC3\xD5\xD0\x00>\xE31\xBD\x83\xC9\xE4\x8A0\xDDN7fm0!\x90"
            .. "\xBAz%V;\x93j*",
      expect = "LZ08" },
    { "no key", send = "LY00000000", expect = "LZ80" },
    { "cut short",
      send   = "LY00000032\xA7u\xC3\xD5\xD0\x00>\xE31\xBD\x83\xC9\xE4\x8A0\xDDN7fm0!\x90"
            .. "\xBAz%V;\x93j*",
      expect = "LZ80" },
    { "bytes over",
      send   = "LY00000032\xA7u\xC3\xD5\xD0\x00>\xE31\xBD\x83\xC9\xE4\x8A0\xDDN7fm0!\x90"
            .. "\xBAz%V;\x93j*\x1D0",
      expect = "LZ15" },
    { "unknown format",
      send   = "LY01000032\xA7u\xC3\xD5\xD0\x00>\xE31\xBD\x83\xC9\xE4\x8A0\xDDN7fm0!\x90"
            .. "\xBAz%V;\x93j*\x1D",
      expect = "LZ03" },
    { "unknown format wanted",
      send   = "LY00010032\xA7u\xC3\xD5\xD0\x00>\xE31\xBD\x83\xC9\xE4\x8A0\xDDN7fm0!\x90"
            .. "\xBAz%V;\x93j*\x1D",
      expect = "LZ07" },
  },
}
