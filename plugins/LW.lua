-- LW: give an HMAC key away under a ZMK.
--
-- The layout is inferred. PROJECT: the inside of the key and the transport
-- formats; see LU.

return {
  command = "LW",
  title   = "Export an HMAC key",
  version = "1.0.0",
  author  = "luahsm",
  sources = "inferred, project, low",

  request = {
    { "zmk",      key "ZMK",              parity  = 10 },
    { "key_size", N(4), min = 1,          invalid = 80 },
    { "key",      B "key_size",           short   = 80 },
    { "key_end",  mark ";" },
    { "to",       enum("00", "01", "02"), invalid = 03 },
    { "format",   N(2), max = 0,          invalid = 07 },
  },

  response = {
    { "size", N(4) },
    { "key",  B() },
  },

  errors = {
    [03] = "unknown transport format",
    [07] = "unknown key format",
    [08] = "the key is damaged, or was encrypted under another LMK",
    [10] = "ZMK has bad parity",
    [80] = "the length of the key is wrong",
  },

  handler = function (q, a)
    local sent = hmac.export(q.zmk, q.to, q.key)

    a.size = #sent
    a.key  = sent
  end,

  vectors = {
    { "format 00",
      send   = "LWU04A3A0285B653284CB52D0F5C1E3E8350032\xE5D\x12\xDB\x13\xC5v\xB3\xDD\x22"
            .. "\x95\x1A\x13\x07\x12\x95\x8A\x9D\xC0yS\xF9\xC2a\x879\xF6\xE6\x0FW,O;0000",
      expect = "LX000032\x22&\x1C H\xF2\x96\xFD\x03J\xA83\xAA) )\x8EO\xCD\xCBS\xEA\xF7\x09"
            .. "\xAE\x17'>\x1Fqf\x9A" },
    { "alone, ECB",
      send   = "LWU04A3A0285B653284CB52D0F5C1E3E8350032\xE5D\x12\xDB\x13\xC5v\xB3\xDD\x22"
            .. "\x95\x1A\x13\x07\x12\x95\x8A\x9D\xC0yS\xF9\xC2a\x879\xF6\xE6\x0FW,O;0100",
      expect = "LX000024d\x0A\x0D2vQ\x86{d\x0A\x0D2vQ\x86{Q\x82c\x08j\x02r\xA7" },
    { "alone, CBC",
      send   = "LWU04A3A0285B653284CB52D0F5C1E3E8350032oFcd#\xED\x16\x0EZek\xD7s\xD5\xAC"
            .. "\xE3\xFD\xB4\xFC\x88\x937h\x94<\xB5\xA3\xC7\xF4>\xA8\x92;0200",
      expect = "LX000024d\x0A\x0D2vQ\x86{\xE5)\xF7w\xCB^\xBD!\xEF\xE6\x11v)M\x88\xD2" },
    { "damaged key",
      send   = "LWU04A3A0285B653284CB52D0F5C1E3E8350032\x00\x00\x00\x00\x00\x00\x00\x00"
            .. "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
            .. "\x00\x00\x00\x00\x00\x00;0000",
      expect = "LX08" },
    { "unknown transport format",
      send   = "LWU04A3A0285B653284CB52D0F5C1E3E8350032\xE5D\x12\xDB\x13\xC5v\xB3\xDD\x22"
            .. "\x95\x1A\x13\x07\x12\x95\x8A\x9D\xC0yS\xF9\xC2a\x879\xF6\xE6\x0FW,O;0300",
      expect = "LX03" },
    { "unknown format",
      send   = "LWU04A3A0285B653284CB52D0F5C1E3E8350032\xE5D\x12\xDB\x13\xC5v\xB3\xDD\x22"
            .. "\x95\x1A\x13\x07\x12\x95\x8A\x9D\xC0yS\xF9\xC2a\x879\xF6\xE6\x0FW,O;0001",
      expect = "LX07" },
    { "no key", send = "LWU04A3A0285B653284CB52D0F5C1E3E8350000;", expect = "LX80" },
    { "ZMK parity",
      send   = "LWU497BC1FD04630BF8CB52D0F5C1E3E8350032\xE5D\x12\xDB\x13\xC5v\xB3\xDD\x22"
            .. "\x95\x1A\x13\x07\x12\x95\x8A\x9D\xC0yS\xF9\xC2a\x879\xF6\xE6\x0FW,O;0000",
      expect = "LX10" },
  },
}
