-- M2: decrypt data, in blocks. See M0.

local bdks = { "009", "609", "809", "909" }

return {
  command = "M2",
  title   = "Decrypt a data block",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, clients, vectors",

  request = {
    { "mode",     enum("00", "01", "02", "03"), invalid = 02 },
    { "input",    enum "01",                    invalid = 03 },
    { "output",   enum "012",                   invalid = 04 },
    { "key_type", datakeytype,                  invalid = 05 },
    { "key",      datakey "key_type",           parity  = 10 },
    { "ksn_form", H(3),                         when = { key_type = bdks } },
    { "ksn",      ksn "ksn_form",               when = { key_type = bdks } },
    { "iv",       H(16),                        when = { mode = { "01", "02", "03" } } },
    { "size",     H(4) },
    { "message",  by("input", { ["1"] = H "size", B "size" }), short = 06 },
  },

  response = {
    { "iv",      H(16), when = { mode = { "01", "02", "03" } } },
    { "size",    H(4) },
    { "message", B() },
  },

  errors = {
    [02] = "unknown mode",
    [03] = "unknown input format",
    [04] = "unknown output format",
    [05] = "unknown key type",
    [06] = "the length is 0 or not of whole blocks, or there is less",
    [10] = "the key has bad parity",
  },

  handler = function (q, a)
    local it      = q.ksn and dukpt.derive(q.key, q.ksn, "data") or q.key
    local closed  = decode(q.input, q.message, 06)
    local clear   = cipher.decrypt(it, q.mode, closed, q.iv, 06)
    local message = encode(q.output, clear)

    if q.iv then
      a.iv = cipher.next(it, closed)
    end
    a.size    = #message
    a.message = message
  end,

  vectors = {
    { "ECB, bytes to digits",
      send   = "M2000100BUA5F7447E8D9068513B94C51EF06E64EF0010i{\x1B\xE3g\xA5\xDB\x85f\xAA"
            .. "\x1BZhk2\x1C",
      expect = "M30000200400980C0002AE900AF140D0C21230D7" },
    { "CBC",
      send   = "M2011100BUA5F7447E8D9068513B94C51EF06E64EF112233445566778800205A6E4485F0FA"
            .. "EBE09CBB38B04CF36F5C",
      expect = "M3009CBB38B04CF36F5C00200400980C0002AE900AF140D0C21230D7" },
    { "CFB8",
      send   = "M2021100BUA5F7447E8D9068513B94C51EF06E64EF112233445566778800203AE29627016A"
            .. "6D5EC3C782AA75ED728B",
      expect = "M300C3C782AA75ED728B00200400980C0002AE900AF140D0C21230D7" },
    { "CFB64",
      send   = "M2031100BUA5F7447E8D9068513B94C51EF06E64EF112233445566778800203AB32F2976B9"
            .. "10135ACD7E5CF925828D",
      expect = "M3005ACD7E5CF925828D00200400980C0002AE900AF140D0C21230D7" },
    { "to text",
      send   = "M2001200AU3D097F73BFDDEB13C98E5553EB7028230020667FBA9133D8ABD7579DFC8D69CD"
            .. "0EB4",
      expect = "M30000104111111111111111" },
    { "DUKPT",
      send   = "M20100009U8E3D3E2FD5919657F05A1AA90D32A014A05FFFF9876543210E00001000000000"
            .. "00000000018\xFC\x0DS\xB7\xEA\x1F\xDA\x9E\xE6\x8A\xAF.p\xD9\xB9Pb)\xBE*\xA9"
            .. "\x93\xF0O",
      expect = "M3006229BE2AA993F04F00184012345678909D987\x00\x00\x00\x00\x00\x00\x00" },
    { "odd number of digits",
      send   = "M2001100BUA5F7447E8D9068513B94C51EF06E64EF000F000000000000000",
      expect = "M306" },
    { "no data",
      send   = "M2000100BUA5F7447E8D9068513B94C51EF06E64EF0000",
      expect = "M306" },
    { "parity",
      send   = "M2001100BU8AAE34384AAB97AE3B94C51EF06E64EF00200400980C0002AE900AF140D0C212"
            .. "30D7",
      expect = "M310" },
    { "unknown mode",
      send   = "M2991100BUA5F7447E8D9068513B94C51EF06E64EF00200400980C0002AE900AF140D0C212"
            .. "30D7",
      expect = "M302" },
    { "unknown input format", send = "M2002", expect = "M303" },
    { "unknown output format", send = "M20003", expect = "M304" },
    { "unknown key type", send = "M20000001", expect = "M305" },
  },
}
