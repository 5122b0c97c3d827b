-- MK: make a MAC over bytes under a terminal's key.
--
-- X9.9 under a single-length key, X9.19 under a double-length one; the data
-- are filled with zeros.

return {
  command = "MK",
  title   = "Generate a MAC, binary data",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, vectors",

  request = {
    { "tak",  key "TAK",              parity  = 10 },
    { "size", H(3), min = 1, max = 0x320, invalid = 80 },
    { "data", B "size",               short   = 80 },
  },

  response = {
    { "mac", H(8) },
  },

  errors = {
    [10] = "TAK has bad parity",
    [80] = "the length is 0 or more than 800, or there are fewer bytes",
  },

  handler = function (q, a)
    a.mac = sub(mac.make(q.tak, 3, 1, q.data), 1, 8)
  end,

  vectors = {
    { "X9.19",
      send   = "MKU7AD0BB2A32ADE115807C3572FC302BA501E\x02\x00r:D\x81(\x9E\xD1\x10\x16T"
            .. "\x00\x11\x11\x22\x2233\x98\x00\x00\x00\x00\x00\x00\x12PEg",
      expect = "ML00EBE6AD28" },
    { "X9.9",
      send   = "MKA2A3AFFDE9924FDD014mq*\xCC<\x92\xC7\x86\xFFR\xDBZ\xBC\xAB[\x82\xBEx\xEB"
            .. "\xEF",
      expect = "ML002588E88E" },
    { "one byte",
      send   = "MKU7AD0BB2A32ADE115807C3572FC302BA5001\x00",
      expect = "ML0008D7B4FB" },
    { "no data", send = "MKU7AD0BB2A32ADE115807C3572FC302BA5000", expect = "ML80" },
    { "more than 800 bytes",
      send   = "MKU7AD0BB2A32ADE115807C3572FC302BA5321",
      expect = "ML80" },
    { "cut short", send = "MKU7AD0BB2A32ADE115807C3572FC302BA5003ab", expect = "ML80" },
    { "bytes over",
      send   = "MKU7AD0BB2A32ADE115807C3572FC302BA5003abcd",
      expect = "ML15" },
    { "TAK parity", send = "MKU37AAB8C9D4BD03AB807C3572FC302BA5003abc", expect = "ML10" },
    { "X9.19, key block",
      send   = "MKS10096M3TG00S0001A95EF55EE18E2154E26E58D5B53F4889D43B475FA66925A45"
            .. "27C69876146A089693198F3207256F001E\x02\x00r:D\x81(\x9E\xD1\x10\x16T"
            .. "\x00\x11\x11\x22\x2233\x98\x00\x00\x00\x00\x00\x00\x12PEg%01",
      expect = "ML00EBE6AD28" },
    { "X9.19, 3DES key block LMK",
      send   = "MKS00072M3TC00S00024648CCC79F124135DB199BAD7FD1FDFEA5C2A4C7FAC47244E"
            .. "D6D5B1A01E\x02\x00r:D\x81(\x9E\xD1\x10\x16T\x00\x11\x11\x22\x2233\x98"
            .. "\x00\x00\x00\x00\x00\x00\x12PEg%02",
      expect = "ML00EBE6AD28" },
    { "key block for verification",
      send   = "MKS10096M3TV00S00014BCEA50B373A5C35EE74A2D07750CEF04835270748518B00A"
            .. "04943E9341D882149F755C346AF7D5101E\x02\x00r:D\x81(\x9E\xD1\x10\x16T"
            .. "\x00\x11\x11\x22\x2233\x98\x00\x00\x00\x00\x00\x00\x12PEg%01",
      expect = "MLA8" },
    { "data key, key block",
      send   = "MKS10096D0TN00S0001F996E935626C45AACA89CBEE39F42963DF958FF861B982D5B"
            .. "7AB7ED6635D9BFD8D2893928E252EFF01E\x02\x00r:D\x81(\x9E\xD1\x10\x16T"
            .. "\x00\x11\x11\x22\x2233\x98\x00\x00\x00\x00\x00\x00\x12PEg%01",
      expect = "MLA6" },
  },
}
