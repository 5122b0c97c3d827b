-- M2: decrypt data, in blocks. See M0.

local bdks = { "009", "609", "809", "909" }

return {
  command = "M2",
  title   = "Decrypt a data block",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, clients, vectors, inferred, project",

  request = {
    { "mode",     enum("00", "01", "02", "03"), invalid = 02 },
    { "input",    enum "01",                    invalid = 03 },
    { "output",   enum "012",                   invalid = 04 },
    { "key_type", datakeytype,                  invalid = 05 },
    { "key",      datakey "key_type",           parity  = 10 },
    { "ksn_form", H(3),                         when = { key_type = bdks } },
    { "ksn",      ksn("ksn_form", "key"),      when = { key_type = bdks } },
    { "iv",       iv "key",                     when = { mode = { "01", "02", "03" } } },
    { "size",     H(4) },
    { "message",  by("input", { ["1"] = H "size", B "size" }), short = 06 },
  },

  response = {
    { "iv",      H(16, 32), when = { mode = { "01", "02", "03" } } },
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
    { "AES, CBC",
      send   = "M20111FFFS1009622AN00S0001E727D9AA3B9202DBC26BB3F9977A6A066610DC5CC3"
            .. "52D3DAB18291F6C89CE0E3F5B89E1292DF45A8000102030405060708090A0B0C0D0E0"
            .. "F00407649ABAC8119B246CEE98E9B12E9197D5086CB9B507219EE95DB113A917678B2"
            .. "%01",
      expect = "M3005086CB9B507219EE95DB113A917678B200406BC1BEE22E409F96E93D7E117393"
            .. "172AAE2D8A571E03AC9C9EB76FAC45AF8E51" },
    { "AES, CFB8",
      send   = "M20211FFFS1009622AD00S0001ADA6C06C8DB69ECA6A0330A702FF4C8967DB220587"
            .. "157F91550D36401874C7DBC17319E8DED461B2000102030405060708090A0B0C0D0E0"
            .. "F00403B79424C9C0DD436BACE9E0ED4586A4F32B9DED50AE3BA69D472E88267FB5052"
            .. "%01",
      expect = "M30032B9DED50AE3BA69D472E88267FB505200406BC1BEE22E409F96E93D7E117393"
            .. "172AAE2D8A571E03AC9C9EB76FAC45AF8E51" },
    { "triple DES, 3DES key block LMK",
      send   = "M20111FFFS0007222TN00S0002150C12D51AECE0B57A15D6F5CD47911DE7D07E90A0"
            .. "4D3575F283E14911223344556677880040A7B84EE4B11534555746ADBAD7CD6DC3806"
            .. "267AC9785A781CA8D75C7085D4230%02",
      expect = "M300CA8D75C7085D423000406BC1BEE22E409F96E93D7E117393172AAE2D8A571E03"
            .. "AC9C9EB76FAC45AF8E51" },
    { "key for encryption",
      send   = "M20011FFFS1009622AE00S0001D99E8696F8254A0EBBAF105A5F3C16CD6F8F80275B"
            .. "9CD3D43D70044F954121C9CF71E054B895EC3F00206BC1BEE22E409F96E93D7E11739"
            .. "3172A%01",
      expect = "M3A8" },
    { "key of another usage",
      send   = "M20011FFFS1009672AN00S00017CB7DEC8162C2FE40574E481982283ADE7DB2021B5"
            .. "D2F88954F528BE4B6D419C7F0E9CF115A7E62C00206BC1BEE22E409F96E93D7E11739"
            .. "3172A%01",
      expect = "M3A6" },
    { "AES DUKPT",
      send   = "M20111009S10096B0AX00S00017A3DC4B3BC6EB0E09C7D7ADBDE3B824410EA61557F"
            .. "4D7F2A7C78D5F8922D6C08EC3D1C12EC3139BD8081234567890123456000000010001"
            .. "02030405060708090A0B0C0D0E0F00402C97F1DA415E6AF2AFF52E967BFCDE1B72671"
            .. "6801936695F42DFC3DF8C4F6EFB%01",
      expect = "M300726716801936695F42DFC3DF8C4F6EFB0040000102030405060708090A0B0C0D"
            .. "0E0F101112131415161718191A1B1C1D1E1F" },
  },
}
