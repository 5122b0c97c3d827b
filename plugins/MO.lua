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
    { "key blocks",
      send   = "MOS10064M1DV00S000131841AC81FDF9DE309A35C382FFBDBCA71A30ACE448D8565S"
            .. "10096M3TG00S0001A95EF55EE18E2154E26E58D5B53F48897336605FA57639FAB4451"
            .. "DFF8DC7AE8452234890861F4F04F1D30F6801C7654321 Now is the time for %01",
      expect = "MP00AE4B45B1" },
    { "3DES key block LMK",
      send   = "MOS00056M1DN00S00029FDE63CC335661842046CCBD49D9C03D97132881S00072M3T"
            .. "N00S00024648CCC79F124135DB199BAD7FD1FDFE1E19408E2FD0A6AB03F0CA11F1D30"
            .. "F6801C7654321 Now is the time for %02",
      expect = "MP00AE4B45B1" },
    { "source key block for generation",
      send   = "MOS10064M1DG00S00010439E0C61C7A76B7F0C6FC1E138A9DC095DAA43B0AE9E073S"
            .. "10096M3TN00S00013E644F50E269EC8EC491A727484E2844CBE8E2E2F09F4B481712B"
            .. "7E13A2E76A3B4271E2C6165043DF1D30F6801C7654321 Now is the time for %01",
      expect = "MPA8" },
  },
}
