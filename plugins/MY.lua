-- MY: check a MAC over a large message and make the one under another
-- terminal's key, in blocks. See MU.
--
-- Inferred: the layout, which was not found: MU's and MW's with two keys and two IVs.

local goes_on = { "1", "2" }
local ends    = { "0", "3" }

return {
  command = "MY",
  title   = "Verify and translate a MAC for a large message",
  version = "1.0.0",
  author  = "luahsm",
  sources = "inferred, project, low",

  request = {
    { "block",   enum "0123", invalid = 05 },
    { "from",    key "TAK",   parity  = 10 },
    { "to",      key "TAK",   parity  = 11 },
    { "from_iv", lmkiv "from", when   = { block = { "2", "3" } } },
    { "to_iv",   lmkiv "to",  when    = { block = { "2", "3" } } },
    { "mac",     A(8),        when    = { block = ends } },
    { "size",    H(3), min = 1, max = 0x320, invalid = 80 },
    { "data",    B "size",    short   = 80 },
  },

  response = {
    { "from_iv", H(16, 32), when = { block = goes_on } },
    { "to_iv",   H(16, 32), when = { block = goes_on } },
    { "mac",     H(8),      when = { block = ends } },
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
    { "key blocks, only block",
      send   = "MY0S10096M3TN00S00013E644F50E269EC8EC491A727484E28441C877E2E8B873020"
            .. "064576159B828347D775AA7674573DA0S10096M3TC00S0001AD5C201C49AABFB55969"
            .. "B781E9C05C25F47C495877127D4C2ACB2D96CC4ED5FE430D4FB648CAC1C6EBE6AD280"
            .. "1E\x02\x00r:D\x81(\x9E\xD1\x10\x16T\x00\x11\x11\x22\x2233\x98\x00\x00"
            .. "\x00\x00\x00\x00\x12PEg%01",
      expect = "MZ0092B03660" },
    { "key blocks, first block",
      send   = "MY1S10096M3TN00S00013E644F50E269EC8EC491A727484E28441C877E2E8B873020"
            .. "064576159B828347D775AA7674573DA0S10096M3TC00S0001AD5C201C49AABFB55969"
            .. "B781E9C05C25F47C495877127D4C2ACB2D96CC4ED5FE430D4FB648CAC1C6010\x02"
            .. "\x00r:D\x81(\x9E\xD1\x10\x16T\x00\x11\x11\x22%01",
      expect = "MZ00B1DFB05C93447EF9D194B4551A1E0B25C1625630D6C06F1AA26A6CCEED2C7D45" },
    { "key blocks, last block",
      send   = "MY3S10096M3TN00S00013E644F50E269EC8EC491A727484E28441C877E2E8B873020"
            .. "064576159B828347D775AA7674573DA0S10096M3TC00S0001AD5C201C49AABFB55969"
            .. "B781E9C05C25F47C495877127D4C2ACB2D96CC4ED5FE430D4FB648CAC1C662B145903"
            .. "976D3FE9269A95E4CDDBC65733CF2D63667A7C6F343B0AC05B9F66BEBE6AD28006"
            .. "\x00\x00\x12PEg%01",
      expect = "MZ0092B03660" },
    { "3DES key block LMK, first block",
      send   = "MY1S00072M3TN00S00024648CCC79F124135DB199BAD7FD1FDFEDD24C21D23A4839D"
            .. "2DB45BA2S00072M3TC00S0002D268BB61EAC6A5CA025B2ADAA213A32B2A362F4E70B6"
            .. "14AA84CB70E2010\x02\x00r:D\x81(\x9E\xD1\x10\x16T\x00\x11\x11\x22%02",
      expect = "MZ00F9F9D2F0748CBC44DF43EA7B49D083ED" },
    { "source key block for generation",
      send   = "MY0S10096M3TG00S0001A95EF55EE18E2154E26E58D5B53F48892A69A707542E7B4C"
            .. "01956CE6448EDD98D8AB03A963BF5A8ES10096M3TC00S0001AD5C201C49AABFB55969"
            .. "B781E9C05C25F47C495877127D4C2ACB2D96CC4ED5FE430D4FB648CAC1C6EBE6AD280"
            .. "06\x00\x00\x12PEg%01",
      expect = "MZA8" },
    { "destination key block for verification",
      send   = "MY0S10096M3TN00S00013E644F50E269EC8EC491A727484E28441C877E2E8B873020"
            .. "064576159B828347D775AA7674573DA0S10096M3TV00S00014BCEA50B373A5C35EE74"
            .. "A2D07750CEF063277250499BB5A0419F91184B3B27615BA9E40637F5FC6A21EABDE40"
            .. "06\x00\x00\x12PEg%01",
      expect = "MZA8" },
  },
}
