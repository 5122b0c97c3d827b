-- M6: make a MAC over a message, in blocks.
--
-- Algorithms: 1 and 3 of ISO 9797-1; 5 (algorithm 1 with AES) and 6 (CMAC) are
-- inferred. What goes from one block to the next is in the clear. The length
-- counts what is on the wire: two hexadecimal digits a byte. With the setting
-- message.mac_length the reply has the length of the MAC in front of it.

local sizes = { [0] = 8, [1] = 16 }

return {
  command = "M6",
  title   = "Generate a MAC",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, clients, vectors",

  request = {
    { "mode",      enum "0123",         invalid = 02 },
    { "format",    enum "012",          invalid = 03 },
    { "mac_size",  enum "01",           invalid = 04 },
    { "algorithm", enum "1356",         invalid = 04 },
    { "padding",   enum "012",          invalid = 09 },
    { "key_type",  mackeytype,          invalid = 05 },
    { "key",       mackey "key_type",   parity  = 10 },
    { "iv",        H(16),               when    = { mode = { "2", "3" } } },
    { "size",      H(4) },
    { "message",   by("format", { ["1"] = H "size", B "size" }), short = 06 },
  },

  response = {
    { "iv",     H(16),    when = { mode = { "1", "2" } } },
    { "length", optional(H(4)) },
    { "mac",    H(8, 16), when = { mode = { "0", "3" } } },
  },

  errors = {
    [02] = "unknown mode",
    [03] = "unknown input format",
    [04] = "unknown algorithm or size of the MAC",
    [05] = "unknown key type",
    [06] = "the length is not of whole blocks, or there is less",
    [09] = "unknown padding method",
    [10] = "the key has bad parity",
  },

  handler = function (q, a)
    local mode    = num(q.mode)
    local message = decode(q.format, q.message, 06)

    if mode == 1 or mode == 2 then
      a.iv = mac.chain(q.key, q.algorithm, message, q.iv, 06)
    else
      local whole = mac.make(q.key, q.algorithm, q.padding, message, q.iv, 06)

      a.mac = sub(whole, 1, sizes[num(q.mac_size)])
      if mac.counted() then
        a.length = sizes[num(q.mac_size)]
      end
    end
  end,

  vectors = {
    { "X9.9, text",
      send   = "M60201100374385088A93CEAD5001C7654321 Now is the time for ",
      expect = "M700F1D30F68" },
    { "algorithm 3, no padding, all of the MAC",
      send   = "M601130003U7AD0BB2A32ADE115807C3572FC302BA500300200723A4481289ED1101654001"
            .. "111222233339800000000",
      expect = "M700DFFB7CBFB9C9D8C6" },
    { "algorithm 1, double-length key",
      send   = "M600012003U7AD0BB2A32ADE115807C3572FC302BA5001E\x02\x00r:D\x81(\x9E\xD1"
            .. "\x10\x16T\x00\x11\x11\x22\x2233\x98\x00\x00\x00\x00\x00\x00\x12PEg",
      expect = "M700FF7378F5" },
    { "CMAC",
      send   = "M600160003U7AD0BB2A32ADE115807C3572FC302BA5001E\x02\x00r:D\x81(\x9E\xD1"
            .. "\x10\x16T\x00\x11\x11\x22\x2233\x98\x00\x00\x00\x00\x00\x00\x12PEg",
      expect = "M700B8B31B3488AC8DA3" },
    { "first block",
      send   = "M611131003U7AD0BB2A32ADE115807C3572FC302BA500200200723A4481289ED1101654001"
            .. "11122",
      expect = "M70038F1C3D4BF5D8150" },
    { "first block, algorithm 1",
      send   = "M610112008U7B7B1BE6AFBA184A32F08E7514BAC82E0010\x02\x00r:D\x81(\x9E\xD1"
            .. "\x10\x16T\x00\x11\x11\x22",
      expect = "M70037F2A740167FF1A6" },
    { "middle block",
      send   = "M621131003U7AD0BB2A32ADE115807C3572FC302BA538F1C3D4BF5D8150001022333398000"
            .. "00000",
      expect = "M7009DA70E077E3FAEDC" },
    { "last block",
      send   = "M630131003U7AD0BB2A32ADE115807C3572FC302BA59DA70E077E3FAEDC0006\x00\x00"
            .. "\x12PEg",
      expect = "M700EBE6AD28563229EE" },
    { "CMAC, last block",
      send   = "M630160003U7AD0BB2A32ADE115807C3572FC302BA51D046EBED3FA67500006\x00\x00"
            .. "\x12PEg",
      expect = "M700B8B31B3488AC8DA3" },
    { "odd number of digits",
      send   = "M601031003U7AD0BB2A32ADE115807C3572FC302BA50003ABC",
      expect = "M706" },
    { "no padding, a byte too many",
      send   = "M600030003U7AD0BB2A32ADE115807C3572FC302BA50009123456789",
      expect = "M706" },
    { "first block of seven bytes",
      send   = "M610031003U7AD0BB2A32ADE115807C3572FC302BA500071234567",
      expect = "M706" },
    { "CMAC, last block without data",
      send   = "M630060003U7AD0BB2A32ADE115807C3572FC302BA538F1C3D4BF5D81500000",
      expect = "M706" },
    { "message cut short",
      send   = "M600031003U7AD0BB2A32ADE115807C3572FC302BA500081234567",
      expect = "M706" },
    { "AES alone",
      send   = "M600051003U7AD0BB2A32ADE115807C3572FC302BA500081234567\x00",
      expect = "M727" },
    { "parity",
      send   = "M600031003U37AAB8C9D4BD03AB807C3572FC302BA5001E\x02\x00r:D\x81(\x9E\xD1"
            .. "\x10\x16T\x00\x11\x11\x22\x2233\x98\x00\x00\x00\x00\x00\x00\x12PEg",
      expect = "M710" },
    { "unknown mode",
      send   = "M690031003U7AD0BB2A32ADE115807C3572FC302BA5001E\x02\x00r:D\x81(\x9E\xD1"
            .. "\x10\x16T\x00\x11\x11\x22\x2233\x98\x00\x00\x00\x00\x00\x00\x12PEg",
      expect = "M702" },
    { "unknown input format", send = "M603", expect = "M703" },
    { "unknown size", send = "M6002", expect = "M704" },
    { "unknown algorithm",
      send   = "M600091003U7AD0BB2A32ADE115807C3572FC302BA5001E\x02\x00r:D\x81(\x9E\xD1"
            .. "\x10\x16T\x00\x11\x11\x22\x2233\x98\x00\x00\x00\x00\x00\x00\x12PEg",
      expect = "M704" },
    { "unknown padding",
      send   = "M600039003U7AD0BB2A32ADE115807C3572FC302BA5001E\x02\x00r:D\x81(\x9E\xD1"
            .. "\x10\x16T\x00\x11\x11\x22\x2233\x98\x00\x00\x00\x00\x00\x00\x12PEg",
      expect = "M709" },
    { "unknown key type",
      send   = "M600031001U7AD0BB2A32ADE115807C3572FC302BA5001E\x02\x00r:D\x81(\x9E\xD1"
            .. "\x10\x16T\x00\x11\x11\x22\x2233\x98\x00\x00\x00\x00\x00\x00\x12PEg",
      expect = "M705" },
  },
}
