-- MW: check a MAC over a large message under a terminal's key, in blocks. See
-- MU.

local goes_on = { "1", "2" }
local ends    = { "0", "3" }

return {
  command = "MW",
  title   = "Verify a MAC for a large message with a TAK",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, inferred",

  request = {
    { "block", enum "0123", invalid = 05 },
    { "tak",   key "TAK",   parity  = 10 },
    { "iv",    H(16),       when    = { block = { "2", "3" } } },
    { "mac",   A(8),        when    = { block = ends } },
    { "size",  H(3), min = 1, max = 0x320, invalid = 80 },
    { "data",  B "size",    short   = 80 },
  },

  response = {
    { "iv", H(16), when = { block = goes_on } },
  },

  errors = {
    [01] = "the MAC is wrong",
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
      mac.verify(q.tak, 3, 1, q.data, q.mac, iv)
    end
  end,

  vectors = {
    { "only block",
      send   = "MW0U7AD0BB2A32ADE115807C3572FC302BA5EBE6AD2801E\x02\x00r:D\x81(\x9E\xD1"
            .. "\x10\x16T\x00\x11\x11\x22\x2233\x98\x00\x00\x00\x00\x00\x00\x12PEg",
      expect = "MX00" },
    { "wrong",
      send   = "MW0U7AD0BB2A32ADE115807C3572FC302BA50000000001E\x02\x00r:D\x81(\x9E\xD1"
            .. "\x10\x16T\x00\x11\x11\x22\x2233\x98\x00\x00\x00\x00\x00\x00\x12PEg",
      expect = "MX01" },
    { "first block",
      send   = "MW1U7AD0BB2A32ADE115807C3572FC302BA5010\x02\x00r:D\x81(\x9E\xD1\x10\x16T"
            .. "\x00\x11\x11\x22",
      expect = "MX00D275EE975AA2C4EE" },
    { "middle block",
      send   = "MW2U7AD0BB2A32ADE115807C3572FC302BA5D275EE975AA2C4EE008\x2233\x98\x00\x00"
            .. "\x00\x00",
      expect = "MX00480D90EEBB58E20D" },
    { "last block",
      send   = "MW3U7AD0BB2A32ADE115807C3572FC302BA5480D90EEBB58E20DEBE6AD28006\x00\x00"
            .. "\x12PEg",
      expect = "MX00" },
    { "IV of another message",
      send   = "MW3U7AD0BB2A32ADE115807C3572FC302BA5D275EE975AA2C4EEEBE6AD28006\x00\x00"
            .. "\x12PEg",
      expect = "MX01" },
    { "first block of seven bytes",
      send   = "MW1U7AD0BB2A32ADE115807C3572FC302BA5007\x02\x00r:D\x81(",
      expect = "MX80" },
    { "TAK parity",
      send   = "MW0U37AAB8C9D4BD03AB807C3572FC302BA5EBE6AD28001a",
      expect = "MX10" },
    { "unknown block number", send = "MW4", expect = "MX05" },
  },
}
