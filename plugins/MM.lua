-- MM: check a MAC over bytes under a terminal's key. See MK.

return {
  command = "MM",
  title   = "Verify a MAC, binary data",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, vectors",

  request = {
    { "tak",  key "TAK",              parity  = 10 },
    { "mac",  A(8) },
    { "size", H(3), min = 1, max = 0x320, invalid = 80 },
    { "data", B "size",               short   = 80 },
  },

  response = {},

  errors = {
    [01] = "the MAC is wrong",
    [10] = "TAK has bad parity",
    [80] = "the length is 0 or more than 800, or there are fewer bytes",
  },

  handler = function (q, a)
    mac.verify(q.tak, 3, 1, q.data, q.mac)
  end,

  vectors = {
    { "right",
      send   = "MMU7AD0BB2A32ADE115807C3572FC302BA5EBE6AD2801E\x02\x00r:D\x81(\x9E\xD1\x10"
            .. "\x16T\x00\x11\x11\x22\x2233\x98\x00\x00\x00\x00\x00\x00\x12PEg",
      expect = "MN00" },
    { "right, X9.9",
      send   = "MM74385088A93CEAD572BA048701E\x02\x00r:D\x81(\x9E\xD1\x10\x16T\x00\x11\x11"
            .. "\x22\x2233\x98\x00\x00\x00\x00\x00\x00\x12PEg",
      expect = "MN00" },
    { "wrong",
      send   = "MMU7AD0BB2A32ADE115807C3572FC302BA5EBE6AD2801E\x02\x00r:D\x81(\x9E\xD1\x10"
            .. "\x16T\x00\x11\x11\x22\x2233\x98\x00\x00\x00\x00\x00\x00\x12PE\x00",
      expect = "MN01" },
    { "no data",
      send   = "MMU7AD0BB2A32ADE115807C3572FC302BA5EBE6AD28000",
      expect = "MN80" },
    { "TAK parity",
      send   = "MMU37AAB8C9D4BD03AB807C3572FC302BA5EBE6AD28001a",
      expect = "MN10" },
  },
}
