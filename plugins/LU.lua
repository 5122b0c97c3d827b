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
    { "key",      keyblob,                invalid = 80, short = 80 },
    { "key_end",  mark ";" },
    { "from",     enum("00", "01", "02"), invalid = 03 },
    { "format",   N(2), max = 0,          invalid = 07 },
    { "hash",     hashes,                 invalid = 05, when = { from = alone } },
    { "usage",    enum("01", "02", "03"), invalid = 06, when = { from = alone } },
    { "length",   N(4),                                 when = { from = alone } },
  },

  response = {
    { "size", A(4) },
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
    [48] = "the LMK is weaker than the key",
    [80] = "the length of the key is wrong",
  },

  handler = function (q, a)
    local new = hmac.import(q.zmk, q.from, q.key, q.hash, q.usage, q.length)

    a.size = sub(new, 1, 4)
    a.key  = sub(new, 5)
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
    { "key block from a ZMK",
      send   = "LUS1009652TN00S000187289DAD0E7B290F3818C3A1678AFEE59A0A1C5B11540F434"
            .. "DAA53159B38A69430E36B453BD45B73FFFFS0010463HV00S00FF7F4E543E23181D076"
            .. "B714CD4F6F797590EC7C69C711B312CD28ADCC8B4B676AD74EA0D96C9C2507C0D11B2"
            .. "DC;0000%01",
      expect = "LV00FFFFS1012863HV00S0001523AE54947E6FA188D3F30A3420147B51CEB4C7BB9F"
            .. "0911E4237147E71E073A95CC2B6EA025A90001866BE475BDF8A34CB8902B5D22090FD" },
    { "alone, ECB, to a key block",
      send   = "LUS1009652TN00S000187289DAD0E7B290F3818C3A1678AFEE59A0A1C5B11540F434"
            .. "DAA53159B38A69430E36B453BD45B730024.\x89\xCBK\xD5\x05\xFB\xA6.\x89"
            .. "\xCBK\xD5\x05\xFB\xA6\x1D\xAC\xB4>\x9E\xE0J!;010001030020%01",
      expect = "LV00FFFFS1009661HC00S00017326E034F0D647208355D2010F8CB295C8CE5078B6C"
            .. "DE14BAF49EFEF756B2A40FF8326980309CC12" },
    { "alone, CBC under an AES ZMK, to a key block",
      send   = "LUS10096K0AB00S0001421B067DFEE0463D9CDA80DD9FEDB99E4650E93EDE2E2BE22"
            .. "1064FE67E58C6FD27DFD9B5864E9F250032{\xA1JO'3\x81\xA4\x1A\x7F\xC8\xD27"
            .. "\xE6\xD0z1\xB63\x91B\xD6\xAE9\x10\x7Fg\x8Ds`gV;020001010020%01",
      expect = "LV00FFFFS1009661HG00S000104D1F639B96BE7FEB7ADE18F3EDBCDBAB99ABC8A44C"
            .. "A60EB6D3DF69C637967879E673E68AB2B607F" },
    { "key block that is another key",
      send   = "LUS1009652TN00S000187289DAD0E7B290F3818C3A1678AFEE59A0A1C5B11540F434"
            .. "DAA53159B38A69430E36B453BD45B73FFFFS00072M3TN00S00FFC1B27C8052B1BA611"
            .. "BEFE74768E02C58688502231DFE09A9539A81D1;0000%01",
      expect = "LVA6" },
    { "key block under the LMK",
      send   = "LUS1009652TN00S000187289DAD0E7B290F3818C3A1678AFEE59A0A1C5B11540F434"
            .. "DAA53159B38A69430E36B453BD45B73FFFFS1009661HC00S00017326E034F0D647208"
            .. "355D2010F8CB295F7FBEE33A3F4958F3883311FB0CBC88FE0D229AA8D066371;0000%"
            .. "01",
      expect = "LVBB" },
    { "alone, of another length",
      send   = "LUS1009652TN00S000187289DAD0E7B290F3818C3A1678AFEE59A0A1C5B11540F434"
            .. "DAA53159B38A69430E36B453BD45B730024.\x89\xCBK\xD5\x05\xFB\xA6.\x89"
            .. "\xCBK\xD5\x05\xFB\xA6\x1D\xAC\xB4>\x9E\xE0J!;010001030030%01",
      expect = "LV08" },
    { "key block into a variant LMK",
      send   = "LUU04A3A0285B653284CB52D0F5C1E3E835FFFFS0010463HV00S00FF7F4E543E2318"
            .. "1D076B714CD4F6F797590EC7C69C711B312CD28ADCC8B4B676AD74EA0D96C9C2507C0"
            .. "D11B2DC;0000",
      expect = "LVA1" },
    { "key that a 3DES key block LMK is too weak for",
      send   = "LUS0007252TN00S0002F2B37944B3EBD1F8E70AB0B00A2AD9CF811C2E7942B2E4A58"
            .. "89DB8620024.\x89\xCBK\xD5\x05\xFB\xA6.\x89\xCBK\xD5\x05\xFB\xA6\x1D"
            .. "\xAC\xB4>\x9E\xE0J!;010001030020%02",
      expect = "LV48" },
  },
}
