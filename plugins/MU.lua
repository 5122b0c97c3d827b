-- MU: make a MAC over a large message under a terminal's key, in blocks.
--
-- X9.9 under a single-length key, X9.19 under a double-length one; the last
-- block is filled with zeros. What goes from one block to the next is
-- encrypted, under LMK 16-17 variant 1 (the variant is inferred).

local goes_on = { "1", "2" }
local ends    = { "0", "3" }

return {
  command = "MU",
  title   = "Generate a MAC for a large message with a TAK",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, inferred",

  request = {
    { "block", enum "0123", invalid = 05 },
    { "tak",   key "TAK",   parity  = 10 },
    { "iv",    H(16),       when    = { block = { "2", "3" } } },
    { "size",  H(3), min = 1, max = 0x320, invalid = 80 },
    { "data",  B "size",    short   = 80 },
  },

  response = {
    { "iv",  H(16), when = { block = goes_on } },
    { "mac", H(8),  when = { block = ends } },
  },

  errors = {
    [05] = "unknown block number",
    [10] = "TAK has bad parity",
    [80] = "the length is 0, more than 800 or not of whole blocks, or there are fewer bytes",
  },

  handler = function (q, a)
    local block = num(q.block)
    local iv    = q.iv and mac.openiv(q.iv)

    if block == 1 or block == 2 then
      a.iv = mac.sealiv(mac.chain(q.tak, 3, q.data, iv))
    else
      a.mac = sub(mac.make(q.tak, 3, 1, q.data, iv), 1, 8)
    end
  end,

  vectors = {
    { "only block",
      send   = "MU0U7AD0BB2A32ADE115807C3572FC302BA501E\x02\x00r:D\x81(\x9E\xD1\x10\x16T"
            .. "\x00\x11\x11\x22\x2233\x98\x00\x00\x00\x00\x00\x00\x12PEg",
      expect = "MV00EBE6AD28" },
    { "first block",
      send   = "MU1U7AD0BB2A32ADE115807C3572FC302BA5010\x02\x00r:D\x81(\x9E\xD1\x10\x16T"
            .. "\x00\x11\x11\x22",
      expect = "MV00D275EE975AA2C4EE" },
    { "middle block",
      send   = "MU2U7AD0BB2A32ADE115807C3572FC302BA5D275EE975AA2C4EE008\x2233\x98\x00\x00"
            .. "\x00\x00",
      expect = "MV00480D90EEBB58E20D" },
    { "last block",
      send   = "MU3U7AD0BB2A32ADE115807C3572FC302BA5480D90EEBB58E20D006\x00\x00\x12PEg",
      expect = "MV00EBE6AD28" },
    { "first block of seven bytes",
      send   = "MU1U7AD0BB2A32ADE115807C3572FC302BA5007\x02\x00r:D\x81(",
      expect = "MV80" },
    { "more than 800 bytes",
      send   = "MU0U7AD0BB2A32ADE115807C3572FC302BA5321",
      expect = "MV80" },
    { "TAK parity", send = "MU0U37AAB8C9D4BD03AB807C3572FC302BA5001a", expect = "MV10" },
    { "unknown block number", send = "MU4", expect = "MV05" },
  },
}
