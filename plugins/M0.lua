-- M0: encrypt data, in blocks.
--
-- What goes from one block to the next is the IV of the reply. The length
-- counts what is on the wire: two hexadecimal digits a byte. Under a BDK the
-- key is that of one transaction's request.

local bdks = { "009", "609", "809", "909" }

return {
  command = "M0",
  title   = "Encrypt a data block",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, clients, vectors",

  request = {
    { "mode",     enum("00", "01", "02", "03"), invalid = 02 },
    { "input",    enum "012",                   invalid = 03 },
    { "output",   enum "01",                    invalid = 04 },
    { "key_type", datakeytype,                  invalid = 05 },
    { "key",      datakey "key_type",           parity  = 10 },
    { "ksn_form", H(3),                         when = { key_type = bdks } },
    { "ksn",      ksn "ksn_form",               when = { key_type = bdks } },
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
    local clear   = decode(q.input, q.message, 06)
    local closed  = cipher.encrypt(it, q.mode, clear, q.iv, 06)
    local message = encode(q.output, closed)

    if q.iv then
      a.iv = cipher.next(it, closed)
    end
    a.size    = #message
    a.message = message
  end,

  vectors = {
    { "ECB, digits",
      send   = "M0001100BUA5F7447E8D9068513B94C51EF06E64EF00200400980C0002AE900AF140D0C212"
            .. "30D7",
      expect = "M1000020697B1BE367A5DB8566AA1B5A686B321C" },
    { "ECB, bytes",
      send   = "M0000000BUA5F7447E8D9068513B94C51EF06E64EF0010\x04\x00\x98\x0C\x00\x02\xAE"
            .. "\x90\x0A\xF1@\xD0\xC2\x120\xD7",
      expect = "M1000010i{\x1B\xE3g\xA5\xDB\x85f\xAA\x1BZhk2\x1C" },
    { "ECB, text, ZEK",
      send   = "M0002100AU3D097F73BFDDEB13C98E5553EB70282300104111111111111111",
      expect = "M1000020667FBA9133D8ABD7579DFC8D69CD0EB4" },
    { "triple length",
      send   = "M0001100BT753E6E0A9D280E7F5EE5CD1418329A8CECD09A56D9DACBA100200400980C0002"
            .. "AE900AF140D0C21230D7",
      expect = "M100002037EC70F9C0039C8DE8C0A793B3CEF391" },
    { "CBC",
      send   = "M0011100BUA5F7447E8D9068513B94C51EF06E64EF112233445566778800200400980C0002"
            .. "AE900AF140D0C21230D7",
      expect = "M1009CBB38B04CF36F5C00205A6E4485F0FAEBE09CBB38B04CF36F5C" },
    { "CBC goes on",
      send   = "M0011100BUA5F7447E8D9068513B94C51EF06E64EF9CBB38B04CF36F5C00200200723A4481"
            .. "289ED110165400111122",
      expect = "M1003D84ABF5E06877900020B24BE2564DACB1C73D84ABF5E0687790" },
    { "CFB8",
      send   = "M0022100BUBBA5EFDB9E32A2BE3A387D7E0CC066E9FA7260C662065CAF0028SOME CLEAR T"
            .. "EXT 0123456789 SOME CLEAR TE",
      expect = "M100CFFA9598F0E3AD070050971FA80C549F001DC43FED813FA8D7076F4EAE8844E3D1C534"
            .. "64444EE62783E2CFFA9598F0E3AD07" },
    { "CFB64",
      send   = "M0031100BUA5F7447E8D9068513B94C51EF06E64EF112233445566778800200400980C0002"
            .. "AE900AF140D0C21230D7",
      expect = "M1005ACD7E5CF925828D00203AB32F2976B910135ACD7E5CF925828D" },
    { "TEK",
      send   = "M0000130BU3023CC7DDCC9BDB215DD41A6D8DC459C0010\x00@\x09\x80\xC0\x00*\xE9"
            .. "\x00\xAF\x14\x0D\x0C!#\x0D",
      expect = "M10000207763FD30BB2EC0ACABFFBCFCBB6324AF" },
    { "DUKPT",
      send   = "M00100009U8E3D3E2FD5919657F05A1AA90D32A014A05FFFF9876543210E00001000000000"
            .. "000000000184012345678909D987\x00\x00\x00\x00\x00\x00\x00",
      expect = "M1006229BE2AA993F04F0018\xFC\x0DS\xB7\xEA\x1F\xDA\x9E\xE6\x8A\xAF.p\xD9"
            .. "\xB9Pb)\xBE*\xA9\x93\xF0O" },
    { "odd number of digits",
      send   = "M0001100BUA5F7447E8D9068513B94C51EF06E64EF000F000000000000000",
      expect = "M106" },
    { "no data",
      send   = "M0000100BUA5F7447E8D9068513B94C51EF06E64EF0000",
      expect = "M106" },
    { "a byte over",
      send   = "M0000100BUA5F7447E8D9068513B94C51EF06E64EF0009123456789",
      expect = "M106" },
    { "cut short",
      send   = "M0000100BUA5F7447E8D9068513B94C51EF06E64EF00081234567",
      expect = "M106" },
    { "IV that is none",
      send   = "M0010100BUA5F7447E8D9068513B94C51EF06E64EF00000000000000G00008",
      expect = "M115" },
    { "parity",
      send   = "M0000100BU43BA525DB1FB062A3B94C51EF06E64EF000812345678",
      expect = "M110" },
    { "unknown mode", send = "M004", expect = "M102" },
    { "unknown input format", send = "M0003", expect = "M103" },
    { "unknown output format", send = "M00002", expect = "M104" },
    { "unknown key type",
      send   = "M00011003UA5F7447E8D9068513B94C51EF06E64EF00200400980C0002AE900AF140D0C212"
            .. "30D7",
      expect = "M105" },
    { "AES, CBC",
      send   = "M00111FFFS1009622AN00S0001E727D9AA3B9202DBC26BB3F9977A6A066610DC5CC3"
            .. "52D3DAB18291F6C89CE0E3F5B89E1292DF45A8000102030405060708090A0B0C0D0E0"
            .. "F00406BC1BEE22E409F96E93D7E117393172AAE2D8A571E03AC9C9EB76FAC45AF8E51"
            .. "%01",
      expect = "M1005086CB9B507219EE95DB113A917678B200407649ABAC8119B246CEE98E9B12E9"
            .. "197D5086CB9B507219EE95DB113A917678B2" },
    { "AES-256, ECB",
      send   = "M00011FFFS1012821AN00S000148A50D9B7F3C840368CEA2804646554AA6007852D9"
            .. "F220398B816EE47C427BDAB72AD31A53490298F5E089B9A61CE7DABA6496F7F303EEE"
            .. "400406BC1BEE22E409F96E93D7E117393172AAE2D8A571E03AC9C9EB76FAC45AF8E51"
            .. "%01",
      expect = "M1000040F3EED1BDB5D2A03C064B5A7E3DB181F8591CCB10D410ED26DC5BA74A3136"
            .. "2870" },
    { "AES, CFB8",
      send   = "M00211FFFS1009622AN00S0001E727D9AA3B9202DBC26BB3F9977A6A066610DC5CC3"
            .. "52D3DAB18291F6C89CE0E3F5B89E1292DF45A8000102030405060708090A0B0C0D0E0"
            .. "F00406BC1BEE22E409F96E93D7E117393172AAE2D8A571E03AC9C9EB76FAC45AF8E51"
            .. "%01",
      expect = "M10032B9DED50AE3BA69D472E88267FB505200403B79424C9C0DD436BACE9E0ED458"
            .. "6A4F32B9DED50AE3BA69D472E88267FB5052" },
    { "AES, CFB128",
      send   = "M00311FFFS1009622AN00S0001E727D9AA3B9202DBC26BB3F9977A6A066610DC5CC3"
            .. "52D3DAB18291F6C89CE0E3F5B89E1292DF45A8000102030405060708090A0B0C0D0E0"
            .. "F00406BC1BEE22E409F96E93D7E117393172AAE2D8A571E03AC9C9EB76FAC45AF8E51"
            .. "%01",
      expect = "M100C8A64537A0B3A93FCDE3CDAD9F1CE58B00403B3FD92EB72DAD20333449F8E83C"
            .. "FB4AC8A64537A0B3A93FCDE3CDAD9F1CE58B" },
    { "triple DES, 3DES key block LMK",
      send   = "M00111FFFS0007222TN00S0002150C12D51AECE0B57A15D6F5CD47911DE7D07E90A0"
            .. "4D3575F283E149112233445566778800406BC1BEE22E409F96E93D7E117393172AAE2"
            .. "D8A571E03AC9C9EB76FAC45AF8E51%02",
      expect = "M100CA8D75C7085D42300040A7B84EE4B11534555746ADBAD7CD6DC3806267AC9785"
            .. "A781CA8D75C7085D4230" },
    { "triple DES, key for encryption",
      send   = "M00111FFFS10096D0TE00S000190E093906A5A2CD485AE09833E1DA5E56541A19DD4"
            .. "33FDCF32315A1477C4DF18D064A124C9CB64B4112233445566778800406BC1BEE22E4"
            .. "09F96E93D7E117393172AAE2D8A571E03AC9C9EB76FAC45AF8E51%01",
      expect = "M100CA8D75C7085D42300040A7B84EE4B11534555746ADBAD7CD6DC3806267AC9785"
            .. "A781CA8D75C7085D4230" },
    { "AES, half a block",
      send   = "M00011FFFS1012821AN00S000148A50D9B7F3C840368CEA2804646554AA6007852D9"
            .. "F220398B816EE47C427BDAB72AD31A53490298F5E089B9A61CE7DABA6496F7F303EEE"
            .. "400106BC1BEE22E409F96%01",
      expect = "M106" },
    { "AES, IV of DES",
      send   = "M00111FFFS1009622AN00S0001E727D9AA3B9202DBC26BB3F9977A6A066610DC5CC3"
            .. "52D3DAB18291F6C89CE0E3F5B89E1292DF45A8112233445566778800106BC1BEE22E4"
            .. "09F96%01",
      expect = "M106" },
    { "key for decryption",
      send   = "M00011FFFS1009622AD00S0001ADA6C06C8DB69ECA6A0330A702FF4C8967DB220587"
            .. "157F91550D36401874C7DBC17319E8DED461B200206BC1BEE22E409F96E93D7E11739"
            .. "3172A%01",
      expect = "M1A8" },
    { "key of another usage",
      send   = "M00011FFFS1009672AN00S00017CB7DEC8162C2FE40574E481982283ADE7DB2021B5"
            .. "D2F88954F528BE4B6D419C7F0E9CF115A7E62C00206BC1BEE22E409F96E93D7E11739"
            .. "3172A%01",
      expect = "M1A6" },
  },
}
