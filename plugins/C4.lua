-- C4: check a MAC by AS 2805, in blocks. See C2.

return {
  command = "C4",
  title   = "Verify a MAC, AS 2805",
  version = "1.0.0",
  author  = "luahsm",
  sources = "inferred, project, low",

  request = {
    { "block",    enum "0123", invalid = 05 },
    { "key_type", enum "0123", invalid = 04 },
    { "mode",     enum "0123", invalid = 06 },
    { "format",   enum "01",   invalid = 03 },
    { "key",      by("key_type", { ["0"] = key "TAK", ["2"] = key "TAK", key "ZAK" }),
                  parity = 10 },
    { "iv",       H(16),       when = { block = { "2", "3" } } },
    { "mac",      A(8),        when = { block = { "0", "3" } } },
    { "size",     H(4),        min  = 1, invalid = 80 },
    { "data",     by("format", { ["1"] = H("size", 2), B "size" }), short = 80 },
  },

  response = {
    { "iv", H(16), when = { block = { "1", "2" } } },
  },

  errors = {
    [01] = "the MAC is wrong",
    [03] = "unknown message type",
    [04] = "unknown key type",
    [05] = "unknown block number",
    [06] = "unknown MAC mode",
    [10] = "the key has bad parity",
    [80] = "the length is 0 or not of whole blocks, or there are fewer bytes",
  },

  handler = function (q, a)
    local block = num(q.block)
    local data  = decode(q.format, q.data)

    if num(q.mode) < 2 and key.length(q.key) ~= 1 then
      fail(27)
    elseif block == 1 or block == 2 then
      a.iv = mac.chain(q.key, 3, data, q.iv)
    else
      mac.verify(q.key, 3, 1, data, q.mac, q.iv)
    end
  end,

  vectors = {
    { "right",
      send   = "C40320U7B7B1BE6AFBA184A32F08E7514BAC82EEBE6AD28001E\x02\x00r:D\x81(\x9E"
            .. "\xD1\x10\x16T\x00\x11\x11\x22\x2233\x98\x00\x00\x00\x00\x00\x00\x12PEg",
      expect = "C500" },
    { "wrong",
      send   = "C40130U373AAF24C9BE9CB756AC9F69C27E03F1FE200F49000A;\xB4\x16A\x8D\x8F\xFB"
            .. "\xC6\x03q",
      expect = "C501" },
    { "digits",
      send   = "C40331U7B7B1BE6AFBA184A32F08E7514BAC82EEBE6AD28001E0200723A4481289ED110165"
            .. "4001111222233339800000000000012504567",
      expect = "C500" },
    { "first block",
      send   = "C41330U7B7B1BE6AFBA184A32F08E7514BAC82E0010\x02\x00r:D\x81(\x9E\xD1\x10"
            .. "\x16T\x00\x11\x11\x22",
      expect = "C50038F1C3D4BF5D8150" },
    { "last block, TAK",
      send   = "C43230U7AD0BB2A32ADE115807C3572FC302BA59DA70E077E3FAEDCEBE6AD280006\x00"
            .. "\x00\x12PEg",
      expect = "C500" },
    { "single DES with a double-length key",
      send   = "C40010U7AD0BB2A32ADE115807C3572FC302BA5EBE6AD28001E\x02\x00r:D\x81(\x9E"
            .. "\xD1\x10\x16T\x00\x11\x11\x22\x2233\x98\x00\x00\x00\x00\x00\x00\x12PEg",
      expect = "C527" },
    { "first block of seven bytes",
      send   = "C41330U7B7B1BE6AFBA184A32F08E7514BAC82E0007\x02\x00r:D\x81(",
      expect = "C580" },
    { "parity",
      send   = "C40320UCB3E5587BA03D8BE32F08E7514BAC82EEBE6AD28001E\x02\x00r:D\x81(\x9E"
            .. "\xD1\x10\x16T\x00\x11\x11\x22\x2233\x98\x00\x00\x00\x00\x00\x00\x12PEg",
      expect = "C510" },
    { "unknown block number", send = "C44", expect = "C505" },
    { "unknown key type", send = "C404", expect = "C504" },
    { "unknown MAC mode", send = "C4034", expect = "C506" },
    { "unknown message type", send = "C40332", expect = "C503" },
    { "right, key block",
      send   = "C40320S10096M3TV00S00014BCEA50B373A5C35EE74A2D07750CEF0733A6AAD2A4CE"
            .. "04BDB0D43C4034712792F8DCCE372325903EBE6AD28001E\x02\x00r:D\x81(\x9E"
            .. "\xD1\x10\x16T\x00\x11\x11\x22\x2233\x98\x00\x00\x00\x00\x00\x00\x12PE"
            .. "g%01",
      expect = "C500" },
    { "digits, 3DES key block LMK",
      send   = "C40331S00072M3TN00S00024648CCC79F124135DB199BAD7FD1FDFEEA8312961AA50"
            .. "1CFA2814253EBE6AD28001E0200723A4481289ED11016540011112222333398000000"
            .. "00000012504567%02",
      expect = "C500" },
    { "key block for generation",
      send   = "C40320S10096M3TG00S0001A95EF55EE18E2154E26E58D5B53F4889C77922D9A8DAB"
            .. "6FEAF54E6FAAAE7C6827CF0AE48D1570782EBE6AD28001E\x02\x00r:D\x81(\x9E"
            .. "\xD1\x10\x16T\x00\x11\x11\x22\x2233\x98\x00\x00\x00\x00\x00\x00\x12PE"
            .. "g%01",
      expect = "C5A8" },
  },
}
