-- LU: take an HMAC key that came under a ZMK into use under the LMK.
--
-- PROJECT: the inside of the key; see L0. Transport formats: 00 the same inside
-- under the ZMK; 01 and 02 are taken for the key alone in ECB and CBC, filled
-- with zeros; nothing is known of 03, so that it is refused.

local hashes = enum("01", "05", "06", "07", "08")
local alone  = { "01", "02" }

return {
  command = "LU",
  title   = "Import an HMAC key",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, project",

  request = {
    { "zmk",      key "ZMK",              parity  = 10 },
    { "key_size", N(4), min = 1,          invalid = 80 },
    { "key",      B "key_size",           short   = 80 },
    { "key_end",  mark ";" },
    { "from",     enum("00", "01", "02"), invalid = 03 },
    { "format",   N(2), max = 0,          invalid = 07 },
    { "hash",     hashes,                 invalid = 05, when = { from = alone } },
    { "usage",    enum("01", "02", "03"), invalid = 06, when = { from = alone } },
    { "length",   N(4),                                 when = { from = alone } },
  },

  response = {
    { "size", N(4) },
    { "key",  B() },
  },

  errors = {
    [03] = "unknown transport format",
    [04] = "the key is shorter than half the hash or longer than 128 bytes",
    [05] = "unknown hash",
    [06] = "unknown usage",
    [07] = "unknown key format",
    [08] = "the key is damaged, or was encrypted under another ZMK",
    [10] = "ZMK has bad parity",
    [80] = "the length of the key is wrong",
  },

  handler = function (q, a)
    local new = hmac.import(q.zmk, q.from, q.key, q.hash, q.usage, q.length)

    a.size = #new
    a.key  = new
  end,

  vectors = {
    { "format 00",
      send   = "LUU04A3A0285B653284CB52D0F5C1E3E8350032\x22&\x1C H\xF2\x96\xFD\x03J\xA83"
            .. "\xAA) )\x8EO\xCD\xCBS\xEA\xF7\x09\xAE\x17'>\x1Fqf\x9A;0000",
      expect = "LV000032\xE5D\x12\xDB\x13\xC5v\xB3\xDD\x22\x95\x1A\x13\x07\x12\x95\x8A\x9D"
            .. "\xC0yS\xF9\xC2a\x879\xF6\xE6\x0FW,O" },
    { "alone, ECB",
      send   = "LUU04A3A0285B653284CB52D0F5C1E3E8350024d\x0A\x0D2vQ\x86{d\x0A\x0D2vQ\x86{Q"
            .. "\x82c\x08j\x02r\xA7;010001030020",
      expect = "LV000032\xE5D\x12\xDB\x13\xC5v\xB3\xDD\x22\x95\x1A\x13\x07\x12\x95\x8A\x9D"
            .. "\xC0yS\xF9\xC2a\x879\xF6\xE6\x0FW,O" },
    { "alone, CBC, for generation",
      send   = "LUU04A3A0285B653284CB52D0F5C1E3E8350024d\x0A\x0D2vQ\x86{\xE5)\xF7w\xCB^"
            .. "\xBD!\xEF\xE6\x11v)M\x88\xD2;020001010020",
      expect = "LV000032oFcd#\xED\x16\x0EZek\xD7s\xD5\xAC\xE3\xFD\xB4\xFC\x88\x937h\x94<"
            .. "\xB5\xA3\xC7\xF4>\xA8\x92" },
    { "under another ZMK",
      send   = "LUU04A3A0285B653284CB52D0F5C1E3E8350032\xE5D\x12\xDB\x13\xC5v\xB3\xDD\x22"
            .. "\x95\x1A\x13\x07\x12\x95\x8A\x9D\xC0yS\xF9\xC2a\x879\xF6\xE6\x0FW,O;0000",
      expect = "LV08" },
    { "length of another key",
      send   = "LUU04A3A0285B653284CB52D0F5C1E3E8350024d\x0A\x0D2vQ\x86{d\x0A\x0D2vQ\x86{Q"
            .. "\x82c\x08j\x02r\xA7;010001030030",
      expect = "LV08" },
    { "shorter than half the hash",
      send   = "LUU04A3A0285B653284CB52D0F5C1E3E8350024d\x0A\x0D2vQ\x86{d\x0A\x0D2vQ\x86{Q"
            .. "\x82c\x08j\x02r\xA7;010008030020",
      expect = "LV04" },
    { "unknown transport format",
      send   = "LUU04A3A0285B653284CB52D0F5C1E3E8350024d\x0A\x0D2vQ\x86{d\x0A\x0D2vQ\x86{Q"
            .. "\x82c\x08j\x02r\xA7;0300",
      expect = "LV03" },
    { "unknown format",
      send   = "LUU04A3A0285B653284CB52D0F5C1E3E8350024d\x0A\x0D2vQ\x86{d\x0A\x0D2vQ\x86{Q"
            .. "\x82c\x08j\x02r\xA7;0001",
      expect = "LV07" },
    { "unknown hash",
      send   = "LUU04A3A0285B653284CB52D0F5C1E3E8350024d\x0A\x0D2vQ\x86{d\x0A\x0D2vQ\x86{Q"
            .. "\x82c\x08j\x02r\xA7;010002",
      expect = "LV05" },
    { "unknown usage",
      send   = "LUU04A3A0285B653284CB52D0F5C1E3E8350024d\x0A\x0D2vQ\x86{d\x0A\x0D2vQ\x86{Q"
            .. "\x82c\x08j\x02r\xA7;01000104",
      expect = "LV06" },
    { "no key", send = "LUU04A3A0285B653284CB52D0F5C1E3E8350000;", expect = "LV80" },
    { "ZMK parity",
      send   = "LUU497BC1FD04630BF8CB52D0F5C1E3E8350032\x22&\x1C H\xF2\x96\xFD\x03J\xA83"
            .. "\xAA) )\x8EO\xCD\xCBS\xEA\xF7\x09\xAE\x17'>\x1Fqf\x9A;0000",
      expect = "LV10" },
  },
}
