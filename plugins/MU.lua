-- MU: make a MAC over a large message under a terminal's key, in blocks.
--
-- X9.9 under a single-length key, X9.19 under a double-length one; the last
-- block is filled with zeros. What goes from one block to the next is
-- encrypted, under LMK 16-17 variant 1.
-- Inferred: that variant.
-- PROJECT: under a key block LMK it is encrypted under a key that is derived from
-- the LMK, and has 32 digits when that is an AES one.

local goes_on = { "1", "2" }
local ends    = { "0", "3" }

return {
  command = "MU",
  title   = "Generate a MAC for a large message with a TAK",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, inferred, project",

  request = {
    { "block", enum "0123", invalid = 05 },
    { "tak",   key "TAK",   parity  = 10 },
    { "iv",    lmkiv "tak", when    = { block = { "2", "3" } } },
    { "size",  H(3), min = 1, max = 0x320, invalid = 80 },
    { "data",  B "size",    short   = 80 },
  },

  response = {
    { "iv",  H(16, 32), when = { block = goes_on } },
    { "mac", H(8),      when = { block = ends } },
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
    { "key block, only block",
      send   = "MU0S10096M3TG00S0001A95EF55EE18E2154E26E58D5B53F48892A69A707542E7B4C"
            .. "01956CE6448EDD98D8AB03A963BF5A8E01E\x02\x00r:D\x81(\x9E\xD1\x10\x16T"
            .. "\x00\x11\x11\x22\x2233\x98\x00\x00\x00\x00\x00\x00\x12PEg%01",
      expect = "MV00EBE6AD28" },
    { "key block, first block",
      send   = "MU1S10096M3TN00S00013E644F50E269EC8EC491A727484E28441C877E2E8B873020"
            .. "064576159B828347D775AA7674573DA0010\x02\x00r:D\x81(\x9E\xD1\x10\x16T"
            .. "\x00\x11\x11\x22%01",
      expect = "MV00B1DFB05C93447EF9D194B4551A1E0B25" },
    { "key block, middle block",
      send   = "MU2S10096M3TN00S00013E644F50E269EC8EC491A727484E28441C877E2E8B873020"
            .. "064576159B828347D775AA7674573DA0B1DFB05C93447EF9D194B4551A1E0B25008"
            .. "\x2233\x98\x00\x00\x00\x00%01",
      expect = "MV0062B145903976D3FE9269A95E4CDDBC65" },
    { "key block, last block",
      send   = "MU3S10096M3TN00S00013E644F50E269EC8EC491A727484E28441C877E2E8B873020"
            .. "064576159B828347D775AA7674573DA062B145903976D3FE9269A95E4CDDBC65006"
            .. "\x00\x00\x12PEg%01",
      expect = "MV00EBE6AD28" },
    { "3DES key block LMK, first block",
      send   = "MU1S00072M3TN00S00024648CCC79F124135DB199BAD7FD1FDFEDD24C21D23A4839D"
            .. "2DB45BA2010\x02\x00r:D\x81(\x9E\xD1\x10\x16T\x00\x11\x11\x22%02",
      expect = "MV00F9F9D2F0748CBC44" },
    { "3DES key block LMK, last block",
      send   = "MU3S00072M3TN00S00024648CCC79F124135DB199BAD7FD1FDFEDD24C21D23A4839D"
            .. "2DB45BA242CC612B2F403AAB006\x00\x00\x12PEg%02",
      expect = "MV00EBE6AD28" },
    { "IV that never went out",
      send   = "MU3S10096M3TN00S00013E644F50E269EC8EC491A727484E28441C877E2E8B873020"
            .. "064576159B828347D775AA7674573DA000000000000000000000000000000000006"
            .. "\x00\x00\x12PEg%01",
      expect = "MV15" },
    { "key block for verification",
      send   = "MU0S10096M3TV00S00014BCEA50B373A5C35EE74A2D07750CEF063277250499BB5A0"
            .. "419F91184B3B27615BA9E40637F5FC6A006\x00\x00\x12PEg%01",
      expect = "MVA8" },
    { "key block of another usage",
      send   = "MU0S1009672AN00S00017CB7DEC8162C2FE40574E481982283ADE7DB2021B5D2F889"
            .. "54F528BE4B6D419C7F0E9CF115A7E62C006\x00\x00\x12PEg%01",
      expect = "MVA6" },
    { "AES key",
      send   = "MU0S10096M6AN00S000108730304D21E079FED2EE0C3ED8EB4B697319EEE182DEF9B"
            .. "F583BCE11F134E6B1754C1C359A466A7006\x00\x00\x12PEg%01",
      expect = "MV27" },
  },
}
