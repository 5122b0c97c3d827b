-- MY: check a MAC over a large message and make the one under another
-- terminal's key, in blocks. See MU.
--
-- The layout was not found: it is MU's and MW's with two keys and two IVs.

local goes_on = { "1", "2" }
local ends    = { "0", "3" }

return {
  command = "MY",
  title   = "Verify and translate a MAC for a large message",
  version = "1.0.0",
  author  = "luahsm",
  sources = "inferred, low",

  request = {
    { "block",   enum "0123", invalid = 05 },
    { "from",    key "TAK",   parity  = 10 },
    { "to",      key "TAK",   parity  = 11 },
    { "from_iv", H(16),       when    = { block = { "2", "3" } } },
    { "to_iv",   H(16),       when    = { block = { "2", "3" } } },
    { "mac",     A(8),        when    = { block = ends } },
    { "size",    H(3), min = 1, max = 0x320, invalid = 80 },
    { "data",    B "size",    short   = 80 },
  },

  response = {
    { "from_iv", H(16), when = { block = goes_on } },
    { "to_iv",   H(16), when = { block = goes_on } },
    { "mac",     H(8),  when = { block = ends } },
  },

  errors = {
    [01] = "the MAC is wrong",
    [05] = "unknown block number",
    [10] = "the source TAK has bad parity",
    [11] = "the destination TAK has bad parity",
    [80] = "the length is 0, more than 800 or not of whole blocks, or there are fewer bytes",
  },

  handler = function (q, a)
    local block   = num(q.block)
    local from_iv = q.from_iv and mac.openiv(q.from_iv)
    local to_iv   = q.to_iv and mac.openiv(q.to_iv)

    if block == 1 or block == 2 then
      a.from_iv = mac.sealiv(mac.chain(q.from, 3, q.data, from_iv))
      a.to_iv   = mac.sealiv(mac.chain(q.to, 3, q.data, to_iv))
    else
      mac.verify(q.from, 3, 1, q.data, q.mac, from_iv)
      a.mac = sub(mac.make(q.to, 3, 1, q.data, to_iv), 1, 8)
    end
  end,

  vectors = {
    { "only block",
      send   = "MY0U7AD0BB2A32ADE115807C3572FC302BA5U3C3D55072DCE0C7CBC0BBFBA86D54211EBE6A"
            .. "D2801E\x02\x00r:D\x81(\x9E\xD1\x10\x16T\x00\x11\x11\x22\x2233\x98\x00\x00"
            .. "\x00\x00\x00\x00\x12PEg",
      expect = "MZ007083D1A9" },
    { "wrong",
      send   = "MY0U7AD0BB2A32ADE115807C3572FC302BA5U3C3D55072DCE0C7CBC0BBFBA86D542117083D"
            .. "1A901E\x02\x00r:D\x81(\x9E\xD1\x10\x16T\x00\x11\x11\x22\x2233\x98\x00\x00"
            .. "\x00\x00\x00\x00\x12PEg",
      expect = "MZ01" },
    { "first block",
      send   = "MY1U7AD0BB2A32ADE115807C3572FC302BA5U3C3D55072DCE0C7CBC0BBFBA86D54211010"
            .. "\x02\x00r:D\x81(\x9E\xD1\x10\x16T\x00\x11\x11\x22",
      expect = "MZ00D275EE975AA2C4EEF04D7ACC1D9C7946" },
    { "middle block",
      send   = "MY2U7AD0BB2A32ADE115807C3572FC302BA5U3C3D55072DCE0C7CBC0BBFBA86D54211D275E"
            .. "E975AA2C4EEF04D7ACC1D9C7946008\x2233\x98\x00\x00\x00\x00",
      expect = "MZ00480D90EEBB58E20D1CCD50A730D104FC" },
    { "last block",
      send   = "MY3U7AD0BB2A32ADE115807C3572FC302BA5U3C3D55072DCE0C7CBC0BBFBA86D54211480D9"
            .. "0EEBB58E20D1CCD50A730D104FCEBE6AD28006\x00\x00\x12PEg",
      expect = "MZ007083D1A9" },
    { "first block of seven bytes",
      send   = "MY1U7AD0BB2A32ADE115807C3572FC302BA5U3C3D55072DCE0C7CBC0BBFBA86D54211007"
            .. "\x02\x00r:D\x81(",
      expect = "MZ80" },
    { "source TAK parity",
      send   = "MY0U37AAB8C9D4BD03AB807C3572FC302BA5U3C3D55072DCE0C7CBC0BBFBA86D54211EBE6A"
            .. "D28001a",
      expect = "MZ10" },
    { "destination TAK parity",
      send   = "MY0U3C3D55072DCE0C7CBC0BBFBA86D54211U37AAB8C9D4BD03AB807C3572FC302BA5EBE6A"
            .. "D28001a",
      expect = "MZ11" },
    { "unknown block number", send = "MY4", expect = "MZ05" },
  },
}
