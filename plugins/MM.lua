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
    { "right, key block",
      send   = "MMS10096M3TV00S00014BCEA50B373A5C35EE74A2D07750CEF0CB1C1E54662B2399B"
            .. "8FD684253802E1F17E024AB0E8A2689EBE6AD2801E\x02\x00r:D\x81(\x9E\xD1"
            .. "\x10\x16T\x00\x11\x11\x22\x2233\x98\x00\x00\x00\x00\x00\x00\x12PEg%01",
      expect = "MN00" },
    { "right, 3DES key block LMK",
      send   = "MMS00072M3TN00S00024648CCC79F124135DB199BAD7FD1FDFE1A58D1D210F2E3079"
            .. "685F998EBE6AD2801E\x02\x00r:D\x81(\x9E\xD1\x10\x16T\x00\x11\x11\x22"
            .. "\x2233\x98\x00\x00\x00\x00\x00\x00\x12PEg%02",
      expect = "MN00" },
    { "wrong, key block",
      send   = "MMS10096M3TV00S00014BCEA50B373A5C35EE74A2D07750CEF055439FAE736959FF5"
            .. "A9F1ABD26147E79BD228A239A761A9AEBE6AD2801E\x02\x00r:D\x81(\x9E\xD1"
            .. "\x10\x16T\x00\x11\x11\x22\x2233\x98\x00\x00\x00\x00\x00\x00\x12PE\x00"
            .. "%01",
      expect = "MN01" },
    { "key block for generation",
      send   = "MMS10096M3TG00S0001A95EF55EE18E2154E26E58D5B53F488971069AFD4AD258E18"
            .. "F05D2CB615687424B6A927BC349E621EBE6AD2801E\x02\x00r:D\x81(\x9E\xD1"
            .. "\x10\x16T\x00\x11\x11\x22\x2233\x98\x00\x00\x00\x00\x00\x00\x12PEg%01",
      expect = "MNA8" },
  },
}
