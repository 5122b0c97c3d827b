-- MS: make a MAC over a large message under a terminal's or zone's key, in
-- blocks of bytes or hexadecimal digits.
--
-- X9.9 under a single-length key, X9.19 under a double-length one; the last
-- block is filled with zeros. What goes from one block to the next is in the
-- clear.

return {
  command = "MS",
  title   = "Generate a MAC for a large message with a TAK or ZAK",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, vectors",

  request = {
    { "block",    enum "0123", invalid = 05 },
    { "key_type", enum "01",   invalid = 04 },
    { "length",   enum "01",   invalid = 06 },
    { "format",   enum "01",   invalid = 03 },
    { "key",      by("key_type", { ["1"] = key "ZAK", key "TAK" }), parity = 10 },
    { "iv",       H(16),       when = { block = { "2", "3" } } },
    { "size",     H(4),        min  = 1, invalid = 80 },
    { "data",     by("format", { ["1"] = H("size", 2), B "size" }), short = 80 },
  },

  response = {
    { "mac", H(16) },
  },

  errors = {
    [03] = "unknown message type",
    [04] = "unknown key type",
    [05] = "unknown block number",
    [06] = "unknown key length",
    [10] = "the key has bad parity",
    [80] = "the length is 0 or not of whole blocks, or there are fewer bytes",
  },

  handler = function (q, a)
    local block = num(q.block)
    local data  = decode(q.format, q.data)

    if key.length(q.key) ~= num(q.length) + 1 then
      fail(27)
    elseif block == 1 or block == 2 then
      a.mac = mac.chain(q.key, 3, data, q.iv)
    else
      a.mac = mac.make(q.key, 3, 1, data, q.iv)
    end
  end,

  vectors = {
    { "TAK, bytes",
      send   = "MS0010U7AD0BB2A32ADE115807C3572FC302BA5001E\x02\x00r:D\x81(\x9E\xD1\x10"
            .. "\x16T\x00\x11\x11\x22\x2233\x98\x00\x00\x00\x00\x00\x00\x12PEg",
      expect = "MT00EBE6AD28563229EE" },
    { "ZAK, digits",
      send   = "MS0111U7B7B1BE6AFBA184A32F08E7514BAC82E001E0200723A4481289ED11016540011112"
            .. "22233339800000000000012504567",
      expect = "MT00EBE6AD28563229EE" },
    { "single-length TAK",
      send   = "MS000174385088A93CEAD5001E0200723A4481289ED1101654001111222233339800000000"
            .. "000012504567",
      expect = "MT0072BA048783005DEB" },
    { "first block",
      send   = "MS1010U7AD0BB2A32ADE115807C3572FC302BA50010\x02\x00r:D\x81(\x9E\xD1\x10"
            .. "\x16T\x00\x11\x11\x22",
      expect = "MT0038F1C3D4BF5D8150" },
    { "middle block",
      send   = "MS2111U3BEFBE8BD4C4402E79EA1B0B1806B4523B5FCA774A5E8DDF004079E8B9679FD738B"
            .. "84ED7F13A51B9A5A8785CF755ED10261DC65153ADD384C7C4448B50722F473C3E5841B9A74"
            .. "2736B2CB6688961A9A4E209F6387810A2E24B5D",
      expect = "MT00F50744D9CDB096FC" },
    { "last block",
      send   = "MS3010U7AD0BB2A32ADE115807C3572FC302BA59DA70E077E3FAEDC0006\x00\x00\x12PEg",
      expect = "MT00EBE6AD28563229EE" },
    { "middle block of seven bytes",
      send   = "MS2011U7AD0BB2A32ADE115807C3572FC302BA538F1C3D4BF5D8150000700112233445566",
      expect = "MT80" },
    { "digits cut short",
      send   = "MS0011U7AD0BB2A32ADE115807C3572FC302BA5000800112233445566",
      expect = "MT80" },
    { "key of another length",
      send   = "MS0001U7AD0BB2A32ADE115807C3572FC302BA5000100",
      expect = "MT27" },
    { "parity",
      send   = "MS0011U37AAB8C9D4BD03AB807C3572FC302BA5001E0200723A4481289ED11016540011112"
            .. "22233339800000000000012504567",
      expect = "MT10" },
    { "unknown block number",
      send   = "MS4011U7AD0BB2A32ADE115807C3572FC302BA5001E0200723A4481289ED11016540011112"
            .. "22233339800000000000012504567",
      expect = "MT05" },
    { "unknown key type", send = "MS02", expect = "MT04" },
    { "unknown key length", send = "MS002", expect = "MT06" },
    { "unknown message type", send = "MS0012", expect = "MT03" },
    { "TAK, bytes, key block",
      send   = "MS0010S10096M3TC00S000101DB16D355899A825DCD992FAFAA9FB65C45D9326CE6C"
            .. "7D8D678DBA0A1E1EEFD443ED5FA1FB2A468001E\x02\x00r:D\x81(\x9E\xD1\x10"
            .. "\x16T\x00\x11\x11\x22\x2233\x98\x00\x00\x00\x00\x00\x00\x12PEg%01",
      expect = "MT00EBE6AD28563229EE" },
    { "ZAK, digits, 3DES key block LMK",
      send   = "MS0111S00072M3TG00S00024648CCC79F124135DB199BAD7FD1FDFEB75CEC9EA5B18"
            .. "AD6BE21F8A8001E0200723A4481289ED1101654001111222233339800000000000012"
            .. "504567%02",
      expect = "MT00EBE6AD28563229EE" },
    { "middle block, key block",
      send   = "MS2111S10096M3TC00S0001981936ED0CAA46637BC0B3E8BD596F79B1019EAE794EE"
            .. "5D87389F44DEC049738D7100A191754EB593B5FCA774A5E8DDF004079E8B9679FD738"
            .. "B84ED7F13A51B9A5A8785CF755ED10261DC65153ADD384C7C4448B50722F473C3E584"
            .. "1B9A742736B2CB6688961A9A4E209F6387810A2E24B5D%01",
      expect = "MT00F50744D9CDB096FC" },
    { "key block for verification",
      send   = "MS0010S10096M3TV00S00014BCEA50B373A5C35EE74A2D07750CEF028750C5BCB57E"
            .. "707143F36A1DA496BA27BC10EC02E27D513001E\x02\x00r:D\x81(\x9E\xD1\x10"
            .. "\x16T\x00\x11\x11\x22\x2233\x98\x00\x00\x00\x00\x00\x00\x12PEg%01",
      expect = "MTA8" },
  },
}
