-- MW: check a MAC over a large message under a terminal's key, in blocks. See
-- MU.

local goes_on = { "1", "2" }
local ends    = { "0", "3" }

return {
  command = "MW",
  title   = "Verify a MAC for a large message with a TAK",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, inferred, project",

  request = {
    { "block", enum "0123", invalid = 05 },
    { "tak",   key "TAK",   parity  = 10 },
    { "iv",    lmkiv "tak", when    = { block = { "2", "3" } } },
    { "mac",   A(8),        when    = { block = ends } },
    { "size",  H(3), min = 1, max = 0x320, invalid = 80 },
    { "data",  B "size",    short   = 80 },
  },

  response = {
    { "iv", H(16, 32), when = { block = goes_on } },
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
    { "key block, only block",
      send   = "MW0S10096M3TV00S00014BCEA50B373A5C35EE74A2D07750CEF063277250499BB5A0"
            .. "419F91184B3B27615BA9E40637F5FC6AEBE6AD2801E\x02\x00r:D\x81(\x9E\xD1"
            .. "\x10\x16T\x00\x11\x11\x22\x2233\x98\x00\x00\x00\x00\x00\x00\x12PEg%01",
      expect = "MX00" },
    { "key block, first block",
      send   = "MW1S10096M3TN00S00013E644F50E269EC8EC491A727484E28441C877E2E8B873020"
            .. "064576159B828347D775AA7674573DA0010\x02\x00r:D\x81(\x9E\xD1\x10\x16T"
            .. "\x00\x11\x11\x22%01",
      expect = "MX00B1DFB05C93447EF9D194B4551A1E0B25" },
    { "key block, last block",
      send   = "MW3S10096M3TN00S00013E644F50E269EC8EC491A727484E28441C877E2E8B873020"
            .. "064576159B828347D775AA7674573DA062B145903976D3FE9269A95E4CDDBC65EBE6A"
            .. "D28006\x00\x00\x12PEg%01",
      expect = "MX00" },
    { "3DES key block LMK, last block",
      send   = "MW3S00072M3TN00S00024648CCC79F124135DB199BAD7FD1FDFEDD24C21D23A4839D"
            .. "2DB45BA242CC612B2F403AABEBE6AD28006\x00\x00\x12PEg%02",
      expect = "MX00" },
    { "key block, wrong",
      send   = "MW3S10096M3TN00S00013E644F50E269EC8EC491A727484E28441C877E2E8B873020"
            .. "064576159B828347D775AA7674573DA0B1DFB05C93447EF9D194B4551A1E0B25EBE6A"
            .. "D28006\x00\x00\x12PEg%01",
      expect = "MX01" },
    { "key block for generation",
      send   = "MW0S10096M3TG00S0001A95EF55EE18E2154E26E58D5B53F48892A69A707542E7B4C"
            .. "01956CE6448EDD98D8AB03A963BF5A8EEBE6AD28006\x00\x00\x12PEg%01",
      expect = "MXA8" },
  },
}
