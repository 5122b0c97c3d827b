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
    { "from", N(2), max = 0, invalid = 03 },
    { "to",   N(2), max = 0, invalid = 07 },
    { "key",  keyblob,       invalid = 80, short = 80 },
  },

  response = {
    { "size", A(4) },
    { "key",  B() },
  },

  errors = {
    [03] = "unknown format of the key that is sent",
    [07] = "unknown format of the key that is wanted",
    [08] = "the key is damaged, or was encrypted under another LMK",
    [33] = "key change storage is empty",
    [48] = "the LMK is weaker than the key",
    [80] = "the length of the key is wrong",
  },

  handler = function (q, a)
    local new = hmac.change(q.key)

    a.size = sub(new, 1, 4)
    a.key  = sub(new, 5)
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
    { "from a variant LMK to a key block",
      send   = "LY00000032\xA7u\xC3\xD5\xD0\x00>\xE31\xBD\x83\xC9\xE4\x8A0\xDDN7fm0!"
            .. "\x90\xBAz%V;\x93j*\x1D%01",
      expect = "LZ00FFFFS1009661HC00S00017326E034F0D647208355D2010F8CB295C8CE5078B6C"
            .. "DE14BAF49EFEF756B2A40FF8326980309CC12" },
    { "key block from a variant LMK",
      send   = "LY0000FFFFS1009661HC00S00017326E034F0D647208355D2010F8CB295F7FBEE33A"
            .. "3F4958F3883311FB0CBC88FE0D229AA8D066371%01",
      expect = "LZA1" },
  },
}
