-- MO: check a MAC over bytes and make the one under another terminal's key.
-- See MK.

return {
  command = "MO",
  title   = "Verify and translate a MAC, binary data",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, vectors",

  request = {
    { "from", key "TAK",              parity  = 10 },
    { "to",   key "TAK",              parity  = 11 },
    { "mac",  A(8) },
    { "size", H(3), min = 1, max = 0x320, invalid = 80 },
    { "data", B "size",               short   = 80 },
  },

  response = {
    { "mac", H(8) },
  },

  errors = {
    [01] = "the MAC is wrong",
    [10] = "the source TAK has bad parity",
    [11] = "the destination TAK has bad parity",
    [80] = "the length is 0 or more than 800, or there are fewer bytes",
  },

  handler = function (q, a)
    mac.verify(q.from, 3, 1, q.data, q.mac)
    a.mac = sub(mac.make(q.to, 3, 1, q.data), 1, 8)
  end,

  vectors = {
    { "single to double length",
      send   = "MO74385088A93CEAD5U7AD0BB2A32ADE115807C3572FC302BA572BA048701E\x02\x00r:D"
            .. "\x81(\x9E\xD1\x10\x16T\x00\x11\x11\x22\x2233\x98\x00\x00\x00\x00\x00\x00"
            .. "\x12PEg",
      expect = "MP00EBE6AD28" },
    { "wrong",
      send   = "MOU7AD0BB2A32ADE115807C3572FC302BA5U3C3D55072DCE0C7CBC0BBFBA86D54211123456"
            .. "7801E\x02\x00r:D\x81(\x9E\xD1\x10\x16T\x00\x11\x11\x22\x2233\x98\x00\x00"
            .. "\x00\x00\x00\x00\x12PEg",
      expect = "MP01" },
    { "no data",
      send   = "MOU7AD0BB2A32ADE115807C3572FC302BA5U3C3D55072DCE0C7CBC0BBFBA86D54211EBE6AD"
            .. "28000",
      expect = "MP80" },
    { "source TAK parity",
      send   = "MOU37AAB8C9D4BD03AB807C3572FC302BA5U7AD0BB2A32ADE115807C3572FC302BA5EBE6AD"
            .. "2801E\x02\x00r:D\x81(\x9E\xD1\x10\x16T\x00\x11\x11\x22\x2233\x98\x00\x00"
            .. "\x00\x00\x00\x00\x12PEg",
      expect = "MP10" },
    { "destination TAK parity",
      send   = "MOU7AD0BB2A32ADE115807C3572FC302BA5U37AAB8C9D4BD03AB807C3572FC302BA5EBE6AD"
            .. "2801E\x02\x00r:D\x81(\x9E\xD1\x10\x16T\x00\x11\x11\x22\x2233\x98\x00\x00"
            .. "\x00\x00\x00\x00\x12PEg",
      expect = "MP11" },
  },
}
