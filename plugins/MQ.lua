-- MQ: make a MAC over a large message under a zone's key, in blocks.
--
-- X9.9 under a single-length key, X9.19 under a double-length one; the last
-- block is filled with zeros. What goes from one block to the next is in the
-- clear.

return {
  command = "MQ",
  title   = "Generate a MAC for a large message",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, vectors",

  request = {
    { "block", enum "0123",  invalid = 05 },
    { "zak",   key "ZAK",    parity  = 10 },
    { "iv",    H(16),        when    = { block = { "2", "3" } } },
    { "size",  H(3), min = 1, invalid = 80 },
    { "data",  B "size",     short   = 80 },
  },

  response = {
    { "mac", H(16) },
  },

  errors = {
    [05] = "unknown block number",
    [10] = "ZAK has bad parity",
    [80] = "the length is 0 or not of whole blocks, or there are fewer bytes",
  },

  handler = function (q, a)
    local block = num(q.block)

    if block == 1 or block == 2 then
      a.mac = mac.chain(q.zak, 3, q.data, q.iv)
    else
      a.mac = mac.make(q.zak, 3, 1, q.data, q.iv)
    end
  end,

  vectors = {
    { "only block",
      send   = "MQ0U7B7B1BE6AFBA184A32F08E7514BAC82E01E\x02\x00r:D\x81(\x9E\xD1\x10\x16T"
            .. "\x00\x11\x11\x22\x2233\x98\x00\x00\x00\x00\x00\x00\x12PEg",
      expect = "MR00EBE6AD28563229EE" },
    { "first block",
      send   = "MQ1U7B7B1BE6AFBA184A32F08E7514BAC82E010\x02\x00r:D\x81(\x9E\xD1\x10\x16T"
            .. "\x00\x11\x11\x22",
      expect = "MR0038F1C3D4BF5D8150" },
    { "middle block",
      send   = "MQ2U7B7B1BE6AFBA184A32F08E7514BAC82E38F1C3D4BF5D8150008\x2233\x98\x00\x00"
            .. "\x00\x00",
      expect = "MR009DA70E077E3FAEDC" },
    { "last block",
      send   = "MQ3U7B7B1BE6AFBA184A32F08E7514BAC82E9DA70E077E3FAEDC006\x00\x00\x12PEg",
      expect = "MR00EBE6AD28563229EE" },
    { "single-length key",
      send   = "MQ389F0AF765BF07D43AA4874E8E930C05D010\x06\xEA\x8F\xD4\x01\xFD3\xE7\x83"
            .. "\xBD\x099\xDD\xFA\xB7\x13",
      expect = "MR00C616CDBC452D07A8" },
    { "first block of a block and a half",
      send   = "MQ1U7B7B1BE6AFBA184A32F08E7514BAC82E00F\x02\x00r:D\x81(\x9E\xD1\x10\x16T"
            .. "\x00\x11\x11",
      expect = "MR80" },
    { "no data", send = "MQ0U7B7B1BE6AFBA184A32F08E7514BAC82E000", expect = "MR80" },
    { "ZAK parity",
      send   = "MQ0UCB3E5587BA03D8BE32F08E7514BAC82E01E\x02\x00r:D\x81(\x9E\xD1\x10\x16T"
            .. "\x00\x11\x11\x22\x2233\x98\x00\x00\x00\x00\x00\x00\x12PEg",
      expect = "MR10" },
    { "unknown block number",
      send   = "MQ7U7B7B1BE6AFBA184A32F08E7514BAC82E01E\x02\x00r:D\x81(\x9E\xD1\x10\x16T"
            .. "\x00\x11\x11\x22\x2233\x98\x00\x00\x00\x00\x00\x00\x12PEg",
      expect = "MR05" },
    { "only block, key block",
      send   = "MQ0S10096M3TN00S00013E644F50E269EC8EC491A727484E2844491DFFE804D3016B"
            .. "2283BD0A9E03BD61C51EF435B2E1E49A01E\x02\x00r:D\x81(\x9E\xD1\x10\x16T"
            .. "\x00\x11\x11\x22\x2233\x98\x00\x00\x00\x00\x00\x00\x12PEg%01",
      expect = "MR00EBE6AD28563229EE" },
    { "first block, 3DES key block LMK",
      send   = "MQ1S00072M3TN00S00024648CCC79F124135DB199BAD7FD1FDFE5B7B7CF5ACC27C2C"
            .. "6E1BE1BE010\x02\x00r:D\x81(\x9E\xD1\x10\x16T\x00\x11\x11\x22%02",
      expect = "MR0038F1C3D4BF5D8150" },
    { "last block, key block",
      send   = "MQ3S10096M3TN00S00013E644F50E269EC8EC491A727484E284492A487384FC4FB6F"
            .. "9CC0A6C157D1B5714FE3C5F7034AC3859DA70E077E3FAEDC006\x00\x00\x12PEg%01",
      expect = "MR00EBE6AD28563229EE" },
    { "last block, 3DES key block LMK",
      send   = "MQ3S00072M3TN00S00024648CCC79F124135DB199BAD7FD1FDFE21CE06F63AB9CE97"
            .. "FC1DE5C49DA70E077E3FAEDC006\x00\x00\x12PEg%02",
      expect = "MR00EBE6AD28563229EE" },
    { "key block for verification",
      send   = "MQ0S10096M3TV00S00014BCEA50B373A5C35EE74A2D07750CEF0C66A8491C39C1291"
            .. "5D88A089BBF0ED72B708238BA9B0DBB701E\x02\x00r:D\x81(\x9E\xD1\x10\x16T"
            .. "\x00\x11\x11\x22\x2233\x98\x00\x00\x00\x00\x00\x00\x12PEg%01",
      expect = "MRA8" },
  },
}
