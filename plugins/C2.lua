-- C2: make a MAC by AS 2805, in blocks.
--
-- PROJECT: only one client's fixed digits were seen. Key types 2 and 3 are taken
-- for TAK and ZAK, as 0 and 1 are; modes 0 and 1 for single DES, 2 and 3 for
-- algorithm 3; the last block is filled with zeros.

return {
  command = "C2",
  title   = "Generate a MAC, AS 2805",
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
      a.mac = mac.chain(q.key, 3, data, q.iv)
    else
      a.mac = mac.make(q.key, 3, 1, data, q.iv)
    end
  end,

  vectors = {
    { "as a client sends it",
      send   = "C20330U7B7B1BE6AFBA184A32F08E7514BAC82E001C7654321 Now is the time for ",
      expect = "C300AE4B45B1B527642F" },
    { "digits",
      send   = "C20331U7B7B1BE6AFBA184A32F08E7514BAC82E001E0200723A4481289ED11016540011112"
            .. "22233339800000000000012504567",
      expect = "C300EBE6AD28563229EE" },
    { "first block",
      send   = "C21330U7B7B1BE6AFBA184A32F08E7514BAC82E0010\x02\x00r:D\x81(\x9E\xD1\x10"
            .. "\x16T\x00\x11\x11\x22",
      expect = "C30038F1C3D4BF5D8150" },
    { "last block, TAK",
      send   = "C23230U7AD0BB2A32ADE115807C3572FC302BA59DA70E077E3FAEDC0006\x00\x00\x12PEg",
      expect = "C300EBE6AD28563229EE" },
    { "single DES",
      send   = "C2001074385088A93CEAD5001E\x02\x00r:D\x81(\x9E\xD1\x10\x16T\x00\x11\x11"
            .. "\x22\x2233\x98\x00\x00\x00\x00\x00\x00\x12PEg",
      expect = "C30072BA048783005DEB" },
    { "single DES with a double-length key",
      send   = "C20010U7AD0BB2A32ADE115807C3572FC302BA5001E\x02\x00r:D\x81(\x9E\xD1\x10"
            .. "\x16T\x00\x11\x11\x22\x2233\x98\x00\x00\x00\x00\x00\x00\x12PEg",
      expect = "C327" },
    { "first block of seven bytes",
      send   = "C21330U7B7B1BE6AFBA184A32F08E7514BAC82E0007\x02\x00r:D\x81(",
      expect = "C380" },
    { "parity",
      send   = "C20330UCB3E5587BA03D8BE32F08E7514BAC82E001E\x02\x00r:D\x81(\x9E\xD1\x10"
            .. "\x16T\x00\x11\x11\x22\x2233\x98\x00\x00\x00\x00\x00\x00\x12PEg",
      expect = "C310" },
    { "unknown block number", send = "C24", expect = "C305" },
    { "unknown key type", send = "C204", expect = "C304" },
    { "unknown MAC mode", send = "C2034", expect = "C306" },
    { "unknown message type", send = "C20332", expect = "C303" },
    { "as a client sends it, key block",
      send   = "C20330S10096M3TG00S0001A95EF55EE18E2154E26E58D5B53F4889631CF6D9A2081"
            .. "C7FEFA9BF5D86D219E4854DA80B9104518C001C7654321 Now is the time for %0"
            .. "1",
      expect = "C300AE4B45B1B527642F" },
    { "last block, TAK, 3DES key block LMK",
      send   = "C23230S00072M3TC00S00024648CCC79F124135DB199BAD7FD1FDFE6B57CE48320CB"
            .. "6A5B80DF5DE9DA70E077E3FAEDC0006\x00\x00\x12PEg%02",
      expect = "C300EBE6AD28563229EE" },
    { "key block for verification",
      send   = "C20330S10096M3TV00S00014BCEA50B373A5C35EE74A2D07750CEF054D8E540314D5"
            .. "2A776AFA0962C78D48B2402A2CA640B651F001C7654321 Now is the time for %0"
            .. "1",
      expect = "C3A8" },
  },
}
