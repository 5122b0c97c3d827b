-- LW: give an HMAC key away under a ZMK.
--
-- Inferred: the layout.
-- PROJECT: the inside of the key and the transport formats; see LU.

return {
  command = "LW",
  title   = "Export an HMAC key",
  version = "1.0.0",
  author  = "luahsm",
  sources = "inferred, project, low",

  request = {
    { "zmk",      key "ZMK",              parity  = 10 },
    { "key",      keyblob,                invalid = 80, short = 80 },
    { "key_end",  mark ";" },
    { "to",       enum("00", "01", "02"), invalid = 03 },
    { "format",   N(2), max = 0,          invalid = 07 },
  },

  response = {
    { "size", A(4) },
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

    a.size = sub(sent, 1, 4)
    a.key  = sub(sent, 5)
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
    { "key block, alone, ECB",
      send   = "LWS1009652TN00S000187289DAD0E7B290F3818C3A1678AFEE59A0A1C5B11540F434"
            .. "DAA53159B38A69430E36B453BD45B73FFFFS1009661HC00S00017326E034F0D647208"
            .. "355D2010F8CB295F7FBEE33A3F4958F3883311FB0CBC88FE0D229AA8D066371;0100%"
            .. "01",
      expect = "LX000024.\x89\xCBK\xD5\x05\xFB\xA6.\x89\xCBK\xD5\x05\xFB\xA6\x1D\xAC"
            .. "\xB4>\x9E\xE0J!" },
    { "key block, alone, CBC under an AES ZMK",
      send   = "LWS10096K0AB00S0001421B067DFEE0463D9CDA80DD9FEDB99E4650E93EDE2E2BE22"
            .. "1064FE67E58C6FD27DFD9B5864E9F25FFFFS1009661HC00S00017326E034F0D647208"
            .. "355D2010F8CB295F7FBEE33A3F4958F3883311FB0CBC88FE0D229AA8D066371;0200%"
            .. "01",
      expect = "LX000032{\xA1JO'3\x81\xA4\x1A\x7F\xC8\xD27\xE6\xD0z1\xB63\x91B\xD6"
            .. "\xAE9\x10\x7Fg\x8Ds`gV" },
    { "key block, under the ZMK",
      send   = "LWS1009652TN00S000187289DAD0E7B290F3818C3A1678AFEE59A0A1C5B11540F434"
            .. "DAA53159B38A69430E36B453BD45B73FFFFS1009661HC00S00017326E034F0D647208"
            .. "355D2010F8CB295F7FBEE33A3F4958F3883311FB0CBC88FE0D229AA8D066371;0000%"
            .. "01",
      expect = "LX00FFFFS0007261HC00S00FFB32A8D41C5181FBCEE1A7FD64D2FEDCA1A9128D44FF"
            .. "9FFB88631E265" },
    { "key block that may not leave",
      send   = "LWS1009652TN00S000187289DAD0E7B290F3818C3A1678AFEE59A0A1C5B11540F434"
            .. "DAA53159B38A69430E36B453BD45B73FFFFS1009661HC00N000140E086567470E1186"
            .. "F896BEE849411C6413FC029713B1935F6107BB617E07EB1636EE02F7DF6EC56;0000%"
            .. "01",
      expect = "LXAA" },
    { "key block of a ZMK that only decrypts",
      send   = "LWS10096K0TD00S0001DFCFB9EB96E72E4D51C9FCCE1A06523220C72F135A1C664DA"
            .. "676AD3525B9CBC2F5B99C40AF729438FFFFS1009661HC00S00017326E034F0D647208"
            .. "355D2010F8CB295F7FBEE33A3F4958F3883311FB0CBC88FE0D229AA8D066371;0000%"
            .. "01",
      expect = "LXA8" },
    { "key of a variant LMK",
      send   = "LWS1009652TN00S000187289DAD0E7B290F3818C3A1678AFEE59A0A1C5B11540F434"
            .. "DAA53159B38A69430E36B453BD45B730032\xE5D\x12\xDB\x13\xC5v\xB3\xDD\x22"
            .. "\x95\x1A\x13\x07\x12\x95\x8A\x9D\xC0yS\xF9\xC2a\x879\xF6\xE6\x0FW,O;0"
            .. "000%01",
      expect = "LXA1" },
  },
}
