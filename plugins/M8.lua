-- M8: check a MAC over a message, in blocks. See M6.

local ends = { "0", "3" }

return {
  command = "M8",
  title   = "Verify a MAC",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, clients, vectors, inferred",

  request = {
    { "mode",      enum "0123",         invalid = 02 },
    { "format",    enum "012",          invalid = 03 },
    { "mac_size",  enum "01",           invalid = 04 },
    { "algorithm", enum "1356",         invalid = 04 },
    { "padding",   enum "012",          invalid = 09 },
    { "key_type",  mackeytype,          invalid = 05 },
    { "key",       mackey "key_type",   parity  = 10 },
    { "iv",        iv "key",            when    = { mode = { "2", "3" } } },
    { "size",      H(4) },
    { "message",   by("format", { ["1"] = H "size", B "size" }), short = 06 },
    { "mac",       by("mac_size", { ["1"] = A(16), A(8) }), when = { mode = ends } },
  },

  response = {
    { "iv", H(16, 32), when = { mode = { "1", "2" } } },
  },

  errors = {
    [01] = "the MAC is wrong",
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
      mac.verify(q.key, q.algorithm, q.padding, message, q.mac, q.iv, 06)
    end
  end,

  vectors = {
    { "right",
      send   = "M800031008U7B7B1BE6AFBA184A32F08E7514BAC82E001E\x02\x00r:D\x81(\x9E\xD1"
            .. "\x10\x16T\x00\x11\x11\x22\x2233\x98\x00\x00\x00\x00\x00\x00\x12PEgEBE6AD28",
      expect = "M900" },
    { "right, in small letters",
      send   = "M800031008U7B7B1BE6AFBA184A32F08E7514BAC82E001E\x02\x00r:D\x81(\x9E\xD1"
            .. "\x10\x16T\x00\x11\x11\x22\x2233\x98\x00\x00\x00\x00\x00\x00\x12PEgebe6ad28",
      expect = "M900" },
    { "wrong",
      send   = "M800031008U7B7B1BE6AFBA184A32F08E7514BAC82E001E\x02\x00r:D\x81(\x9E\xD1"
            .. "\x10\x16T\x00\x11\x11\x22\x2233\x98\x00\x00\x00\x00\x00\x00\x12PEgEBE6AD29",
      expect = "M901" },
    { "right, all of it",
      send   = "M800132003U7AD0BB2A32ADE115807C3572FC302BA5001E\x02\x00r:D\x81(\x9E\xD1"
            .. "\x10\x16T\x00\x11\x11\x22\x2233\x98\x00\x00\x00\x00\x00\x00\x12PEg256CC2B1"
            .. "0DBE511A",
      expect = "M900" },
    { "right, CMAC",
      send   = "M800160003U7AD0BB2A32ADE115807C3572FC302BA5001E\x02\x00r:D\x81(\x9E\xD1"
            .. "\x10\x16T\x00\x11\x11\x22\x2233\x98\x00\x00\x00\x00\x00\x00\x12PEgB8B31B34"
            .. "88AC8DA3",
      expect = "M900" },
    { "first block",
      send   = "M811131003U7AD0BB2A32ADE115807C3572FC302BA500200200723A4481289ED1101654001"
            .. "11122",
      expect = "M90038F1C3D4BF5D8150" },
    { "middle block",
      send   = "M820011003U0397344E73742AD05BAD48F826E6BAA746F559B410AE31F10038d\x0Bg\xD3b"
            .. "'\xEA0\xF5oyUji\x14sCe(~Tn\xED\xFE\xD8\x9B\x8D4a\xC8\xF6/\xC4\xAC\xBF\x92k"
            .. "\x8D\xA5e\x17\x115\xD7O\xBC\xDC\xA0\xC0\xA9\xDD\xC7\xE8\xD7\xBA\xC3",
      expect = "M900E77A47A6F75AA9BD" },
    { "last block",
      send   = "M831131003U7AD0BB2A32ADE115807C3572FC302BA59DA70E077E3FAEDC000C00001250456"
            .. "7EBE6AD28563229EE",
      expect = "M900" },
    { "MAC that is none",
      send   = "M800031008U7B7B1BE6AFBA184A32F08E7514BAC82E001E\x02\x00r:D\x81(\x9E\xD1"
            .. "\x10\x16T\x00\x11\x11\x22\x2233\x98\x00\x00\x00\x00\x00\x00\x12PEgEBE6AD2Z",
      expect = "M915" },
    { "MAC cut short",
      send   = "M800031008U7B7B1BE6AFBA184A32F08E7514BAC82E001E\x02\x00r:D\x81(\x9E\xD1"
            .. "\x10\x16T\x00\x11\x11\x22\x2233\x98\x00\x00\x00\x00\x00\x00\x12PEgEBE6AD2",
      expect = "M915" },
    { "first block of seven bytes",
      send   = "M810031003U7AD0BB2A32ADE115807C3572FC302BA500071234567",
      expect = "M906" },
    { "odd number of digits",
      send   = "M801031003U7AD0BB2A32ADE115807C3572FC302BA50003ABC00000000",
      expect = "M906" },
    { "parity",
      send   = "M800031003U37AAB8C9D4BD03AB807C3572FC302BA50001a00000000",
      expect = "M910" },
    { "unknown mode",
      send   = "M850031003U7AD0BB2A32ADE115807C3572FC302BA5001E\x02\x00r:D\x81(\x9E\xD1"
            .. "\x10\x16T\x00\x11\x11\x22\x2233\x98\x00\x00\x00\x00\x00\x00\x12PEgEBE6AD28",
      expect = "M902" },
    { "unknown input format", send = "M803", expect = "M903" },
    { "unknown size", send = "M8002", expect = "M904" },
    { "unknown padding", send = "M800039", expect = "M909" },
    { "unknown key type", send = "M800031001", expect = "M905" },
    { "CMAC with AES",
      send   = "M801160FFFS10096M6AV00S000148ACBAE3E88F0F84C967F42DBF2540BCD04EE766E"
            .. "EECAF18D179B1573119FD6A6955DFA5D6ADDD6700506BC1BEE22E409F96E93D7E1173"
            .. "93172AAE2D8A571E03AC9C9EB76FAC45AF8E5130C81C46A35CE411DFA66747DE9AE63"
            .. "0%01",
      expect = "M900" },
    { "CMAC with AES, first block",
      send   = "M811160FFFS10096M6AV00S000148ACBAE3E88F0F84C967F42DBF2540BCD04EE766E"
            .. "EECAF18D179B1573119FD6A6955DFA5D6ADDD6700206BC1BEE22E409F96E93D7E1173"
            .. "93172A%01",
      expect = "M9003AD77BB40D7A3660A89ECAF32466EF97" },
    { "CMAC with AES, last block",
      send   = "M831160FFFS10096M6AN00S000108730304D21E079FED2EE0C3ED8EB4B697319EEE1"
            .. "82DEF9BF583BCE11F134E6B1754C1C359A466A7B148C17F309EE692287AE57CF12ADD"
            .. "49001030C81C46A35CE411DFA66747DE9AE630%01",
      expect = "M900" },
    { "CMAC with AES, wrong",
      send   = "M831160FFFS10096M6AN00S000108730304D21E079FED2EE0C3ED8EB4B697319EEE1"
            .. "82DEF9BF583BCE11F134E6B1754C1C359A466A73AD77BB40D7A3660A89ECAF32466EF"
            .. "97001030C81C46A35CE411DFA66747DE9AE630%01",
      expect = "M901" },
    { "algorithm 3, 3DES key block LMK",
      send   = "M802031FFFS00072M3TN00S00024648CCC79F124135DB199BAD7FD1FDFE6A515D1BD"
            .. "428E4574F0A152E001C7654321 Now is the time for AE4B45B1%02",
      expect = "M900" },
    { "key block for generation",
      send   = "M801160FFFS10096M6AG00S00014C32074BBE956AD978E5F547F7D8A7CF2674AF03D"
            .. "E3CCBCC29EA5D1DDD96145AA3EF05DA6C214E1400506BC1BEE22E409F96E93D7E1173"
            .. "93172AAE2D8A571E03AC9C9EB76FAC45AF8E5130C81C46A35CE411DFA66747DE9AE63"
            .. "0%01",
      expect = "M9A8" },
    { "key block of another usage",
      send   = "M801160FFFS1009622AN00S0001E727D9AA3B9202DBC26BB3F9977A6A066610DC5CC"
            .. "352D3DAB18291F6C89CE0E3F5B89E1292DF45A800506BC1BEE22E409F96E93D7E1173"
            .. "93172AAE2D8A571E03AC9C9EB76FAC45AF8E5130C81C46A35CE411DFA66747DE9AE63"
            .. "0%01",
      expect = "M9A6" },
  },
}
