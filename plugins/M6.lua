-- M6: make a MAC over a message, in blocks.
--
-- Algorithms: 1 and 3 of ISO 9797-1, 5 (algorithm 1 with AES), 6 (CMAC). What
-- goes from one block to the next is in the clear. The length counts what is on
-- the wire: two hexadecimal digits a byte. With the setting message.mac_length
-- the reply has the length of the MAC in front of it.
-- Inferred: algorithms 5 and 6.

local sizes = { [0] = 8, [1] = 16 }

return {
  command = "M6",
  title   = "Generate a MAC",
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
  },

  response = {
    { "iv",     H(16, 32), when = { mode = { "1", "2" } } },
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
    { "CMAC with AES (SP 800-38B)",
      send   = "M601160FFFS10096M6AN00S000108730304D21E079FED2EE0C3ED8EB4B697319EEE1"
            .. "82DEF9BF583BCE11F134E6B1754C1C359A466A700506BC1BEE22E409F96E93D7E1173"
            .. "93172AAE2D8A571E03AC9C9EB76FAC45AF8E5130C81C46A35CE411%01",
      expect = "M700DFA66747DE9AE630" },
    { "CMAC with AES, first block",
      send   = "M611160FFFS10096M6AG00S00014C32074BBE956AD978E5F547F7D8A7CF2674AF03D"
            .. "E3CCBCC29EA5D1DDD96145AA3EF05DA6C214E1400206BC1BEE22E409F96E93D7E1173"
            .. "93172A%01",
      expect = "M7003AD77BB40D7A3660A89ECAF32466EF97" },
    { "CMAC with AES, middle block",
      send   = "M621160FFFS10096M6AN00S000108730304D21E079FED2EE0C3ED8EB4B697319EEE1"
            .. "82DEF9BF583BCE11F134E6B1754C1C359A466A73AD77BB40D7A3660A89ECAF32466EF"
            .. "970020AE2D8A571E03AC9C9EB76FAC45AF8E51%01",
      expect = "M700B148C17F309EE692287AE57CF12ADD49" },
    { "CMAC with AES, last block",
      send   = "M631160FFFS10096M6AN00S000108730304D21E079FED2EE0C3ED8EB4B697319EEE1"
            .. "82DEF9BF583BCE11F134E6B1754C1C359A466A7B148C17F309EE692287AE57CF12ADD"
            .. "49001030C81C46A35CE411%01",
      expect = "M700DFA66747DE9AE630" },
    { "algorithm 1 with AES",
      send   = "M601152FFFS10096M6AN00S000108730304D21E079FED2EE0C3ED8EB4B697319EEE1"
            .. "82DEF9BF583BCE11F134E6B1754C1C359A466A700506BC1BEE22E409F96E93D7E1173"
            .. "93172AAE2D8A571E03AC9C9EB76FAC45AF8E5130C81C46A35CE411%01",
      expect = "M700A5260F98F1ABF2B2" },
    { "algorithm 3, key block",
      send   = "M602131FFFS10096M3TC00S000101DB16D355899A825DCD992FAFAA9FB62FDE4B356"
            .. "524A940D6C6E7A1A2CA7DB1044164DACDCE7321001C7654321 Now is the time fo"
            .. "r %01",
      expect = "M700AE4B45B1B527642F" },
    { "algorithm 3, 3DES key block LMK",
      send   = "M602131FFFS00072M3TN00S00024648CCC79F124135DB199BAD7FD1FDFE6A515D1BD"
            .. "428E4574F0A152E001C7654321 Now is the time for %02",
      expect = "M700AE4B45B1B527642F" },
    { "algorithm 1, 3DES key block LMK",
      send   = "M602111FFFS00072M1TG00S0002048E09514447B8CD5BF53E943F4FFAEEBAD51423A"
            .. "151BEB908948ADD001C7654321 Now is the time for %02",
      expect = "M700E5E7A413C3E3F4B5" },
    { "key block for verification",
      send   = "M601160FFFS10096M6AV00S000148ACBAE3E88F0F84C967F42DBF2540BCD04EE766E"
            .. "EECAF18D179B1573119FD6A6955DFA5D6ADDD6700506BC1BEE22E409F96E93D7E1173"
            .. "93172AAE2D8A571E03AC9C9EB76FAC45AF8E5130C81C46A35CE411%01",
      expect = "M7A8" },
    { "key block of another usage",
      send   = "M601160FFFS1009622AN00S0001E727D9AA3B9202DBC26BB3F9977A6A066610DC5CC"
            .. "352D3DAB18291F6C89CE0E3F5B89E1292DF45A800506BC1BEE22E409F96E93D7E1173"
            .. "93172AAE2D8A571E03AC9C9EB76FAC45AF8E5130C81C46A35CE411%01",
      expect = "M7A6" },
    { "algorithm 3 with AES",
      send   = "M601130FFFS10096M6AN00S000108730304D21E079FED2EE0C3ED8EB4B697319EEE1"
            .. "82DEF9BF583BCE11F134E6B1754C1C359A466A700206BC1BEE22E409F96E93D7E1173"
            .. "93172A%01",
      expect = "M727" },
  },
}
