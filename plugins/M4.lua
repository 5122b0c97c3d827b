-- M4: encrypt data under another key or in another mode, in blocks. See M0.

local modes = enum("00", "01", "02", "03")
local bdks  = { "009", "609", "809", "909" }
local chain = { "01", "02", "03" }

return {
  command = "M4",
  title   = "Translate a data block",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, vectors, inferred, project",

  request = {
    { "from",          modes,                   invalid = 02 },
    { "to",            modes,                   invalid = 07 },
    { "input",         enum "01",               invalid = 03 },
    { "output",        enum "01",               invalid = 04 },
    { "from_type",     datakeytype,             invalid = 05 },
    { "from_key",      datakey "from_type",     parity  = 10 },
    { "from_ksn_form", H(3),                    when = { from_type = bdks } },
    { "from_ksn",      ksn("from_ksn_form", "from_key"), when = { from_type = bdks } },
    { "to_type",       datakeytype,             invalid = 08 },
    { "to_key",        datakey "to_type",       parity  = 11 },
    { "to_ksn_form",   H(3),                    when = { to_type = bdks } },
    { "to_ksn",        ksn("to_ksn_form", "to_key"), when = { to_type = bdks } },
    { "from_iv",       iv "from_key",           when = { from = chain } },
    { "to_iv",         iv "to_key",             when = { to = chain } },
    { "size",          H(4) },
    { "message",       by("input", { ["1"] = H "size", B "size" }), short = 06 },
  },

  response = {
    { "from_iv", H(16, 32), when = { from = chain } },
    { "to_iv",   H(16, 32), when = { to = chain } },
    { "size",    H(4) },
    { "message", B() },
  },

  errors = {
    [02] = "unknown source mode",
    [03] = "unknown input format",
    [04] = "unknown output format",
    [05] = "unknown source key type",
    [06] = "the length is 0 or not of whole blocks, or there is less",
    [07] = "unknown destination mode",
    [08] = "unknown destination key type",
    [10] = "the source key has bad parity",
    [11] = "the destination key has bad parity",
  },

  handler = function (q, a)
    local from    = q.from_ksn and dukpt.derive(q.from_key, q.from_ksn, "data") or q.from_key
    local to      = q.to_ksn and dukpt.derive(q.to_key, q.to_ksn, "data") or q.to_key
    local old     = decode(q.input, q.message, 06)
    local new     = cipher.translate(from, q.from, to, q.to, old, q.from_iv, q.to_iv, 06)
    local message = encode(q.output, new)

    if q.from_iv then
      a.from_iv = cipher.next(from, old)
    end
    if q.to_iv then
      a.to_iv = cipher.next(to, new)
    end
    a.size    = #message
    a.message = message
  end,

  vectors = {
    { "ECB to ECB",
      send   = "M400001100BUA5F7447E8D9068513B94C51EF06E64EF00AU3D097F73BFDDEB13C98E5553EB"
            .. "7028230020697B1BE367A5DB8566AA1B5A686B321C",
      expect = "M5000020A25A77E0DFC29A3858E6F04384BB2C11" },
    { "CBC to CBC",
      send   = "M401011100BUA5F7447E8D9068513B94C51EF06E64EF00AU3D097F73BFDDEB13C98E5553EB"
            .. "7028231122334455667788000000000000000000205A6E4485F0FAEBE09CBB38B04CF36F5C",
      expect = "M5009CBB38B04CF36F5CCC344C7AA9383EEC0020A25A77E0DFC29A38CC344C7AA9383EEC" },
    { "CBC to CFB8, digits to bytes",
      send   = "M401021000BUA5F7447E8D9068513B94C51EF06E64EF00AU3D097F73BFDDEB13C98E5553EB"
            .. "702823000102030405060700000000000000000020D12A790ABA8EBA1C2DAE7643C5C3D264",
      expect = "M5002DAE7643C5C3D26498A7B9A92C9F73CB0010{m\xED,\x11d\xF2T\x98\xA7\xB9\xA9,"
            .. "\x9Fs\xCB" },
    { "ECB to DUKPT in CBC",
      send   = "M400010000BUA5F7447E8D9068513B94C51EF06E64EF009U8E3D3E2FD5919657F05A1AA90D"
            .. "32A014A05FFFF9876543210E0000100000000000000000018\x83\x1Bc9\xDB\xDAi0\xF5x"
            .. "\x13>\xD8\x0ED\x17\xFB\xBCk\xE1\x94\xB22\xF3",
      expect = "M5006229BE2AA993F04F0018\xFC\x0DS\xB7\xEA\x1F\xDA\x9E\xE6\x8A\xAF.p\xD9"
            .. "\xB9Pb)\xBE*\xA9\x93\xF0O" },
    { "not of whole blocks",
      send   = "M400000000BUA5F7447E8D9068513B94C51EF06E64EF00AU3D097F73BFDDEB13C98E5553EB"
            .. "70282300071234567",
      expect = "M506" },
    { "source parity",
      send   = "M400001100BU8AAE34384AAB97AE3B94C51EF06E64EF00AU3D097F73BFDDEB13C98E5553EB"
            .. "7028230020697B1BE367A5DB8566AA1B5A686B321C",
      expect = "M510" },
    { "destination parity",
      send   = "M400000000BUA5F7447E8D9068513B94C51EF06E64EF00AUF3DCFE2334DE3842C98E5553EB"
            .. "702823000812345678",
      expect = "M511" },
    { "unknown source mode", send = "M404", expect = "M502" },
    { "unknown destination mode",
      send   = "M400771100BUA5F7447E8D9068513B94C51EF06E64EF00AU3D097F73BFDDEB13C98E5553EB"
            .. "7028230020697B1BE367A5DB8566AA1B5A686B321C",
      expect = "M507" },
    { "unknown input format", send = "M400002", expect = "M503" },
    { "unknown output format", send = "M4000002", expect = "M504" },
    { "unknown source key type", send = "M4000000001", expect = "M505" },
    { "unknown destination key type",
      send   = "M400000000BUA5F7447E8D9068513B94C51EF06E64EF001",
      expect = "M508" },
    { "AES-128 to AES-256, CBC",
      send   = "M4010111FFFS1009622AD00S0001ADA6C06C8DB69ECA6A0330A702FF4C8967DB2205"
            .. "87157F91550D36401874C7DBC17319E8DED461B2FFFS1012823AE00S000186A035337"
            .. "C8B366EC8DF94DE00666CBF1E2A408E6D7FBC48B16A0FE837A7A61DC393AEB673F5A8"
            .. "A1737E8BF90A9AAD6A4332233FA5AE6DD6000102030405060708090A0B0C0D0E0F000"
            .. "0000000000000000000000000000000407649ABAC8119B246CEE98E9B12E9197D5086"
            .. "CB9B507219EE95DB113A917678B2%01",
      expect = "M5005086CB9B507219EE95DB113A917678B2E3C48B48365CFB14DC9AAA37B1ABC15C"
            .. "0040F3EED1BDB5D2A03C064B5A7E3DB181F8E3C48B48365CFB14DC9AAA37B1ABC15C" },
    { "triple DES to AES",
      send   = "M4010111FFFS10096D0TN00S0001F996E935626C45AACA89CBEE39F4296302B36500"
            .. "3CA5CF71C090D932A96EFD6D215ACDEC65481B22FFFS1009622AN00S0001E727D9AA3"
            .. "B9202DBC26BB3F9977A6A066610DC5CC352D3DAB18291F6C89CE0E3F5B89E1292DF45"
            .. "A81122334455667788000102030405060708090A0B0C0D0E0F0040A7B84EE4B115345"
            .. "55746ADBAD7CD6DC3806267AC9785A781CA8D75C7085D4230%01",
      expect = "M500CA8D75C7085D42305086CB9B507219EE95DB113A917678B200407649ABAC8119"
            .. "B246CEE98E9B12E9197D5086CB9B507219EE95DB113A917678B2" },
    { "3DES key block LMK",
      send   = "M4010111FFFS0007222TD00S0002150C12D51AECE0B57A15D6F5CD47911D79EDBF2D"
            .. "0902170F9F68BE3CFFFS0008823TB00S000224C550DA7D1C38D28773BC4E07612B384"
            .. "1DDFBE514086E836FA6F8FA3D43A26281B4EC55112233445566778811223344556677"
            .. "880040A7B84EE4B11534555746ADBAD7CD6DC3806267AC9785A781CA8D75C7085D423"
            .. "0%02",
      expect = "M500CA8D75C7085D4230136FF1D4A37CF0D90040A211C0B00684C6D5EBA54DDF537A"
            .. "C9E8979C5D0315E0EA3F136FF1D4A37CF0D9" },
    { "source key for encryption",
      send   = "M4000011FFFS1009622AE00S0001D99E8696F8254A0EBBAF105A5F3C16CD6F8F8027"
            .. "5B9CD3D43D70044F954121C9CF71E054B895EC3FFFFS1012823AE00S000186A035337"
            .. "C8B366EC8DF94DE00666CBF1E2A408E6D7FBC48B16A0FE837A7A61DC393AEB673F5A8"
            .. "A1737E8BF90A9AAD6A4332233FA5AE6DD600206BC1BEE22E409F96E93D7E117393172"
            .. "A%01",
      expect = "M5A8" },
    { "destination key for decryption",
      send   = "M4000011FFFS1009622AD00S0001ADA6C06C8DB69ECA6A0330A702FF4C8967DB2205"
            .. "87157F91550D36401874C7DBC17319E8DED461B2FFFS1009622AD00S0001ADA6C06C8"
            .. "DB69ECA6A0330A702FF4C8967DB220587157F91550D36401874C7DBC17319E8DED461"
            .. "B200206BC1BEE22E409F96E93D7E117393172A%01",
      expect = "M5A8" },
    { "AES DUKPT to a ZEK",
      send   = "M4010111009S10096B0AX00S00017A3DC4B3BC6EB0E09C7D7ADBDE3B824410EA6155"
            .. "7F4D7F2A7C78D5F8922D6C08EC3D1C12EC3139BD808123456789012345600000001FF"
            .. "FS1009622AN00S0001E727D9AA3B9202DBC26BB3F9977A6A06596EB15DE47E0419A89"
            .. "9E32AD1C520DA0475E88BF6672847000102030405060708090A0B0C0D0E0F00000000"
            .. "00000000000000000000000000402C97F1DA415E6AF2AFF52E967BFCDE1B726716801"
            .. "936695F42DFC3DF8C4F6EFB%01",
      expect = "M500726716801936695F42DFC3DF8C4F6EFB359E6E3515B4F10112306F7AEF739F45"
            .. "004050FE67CC996D32B6DA0937E99BAFEC60359E6E3515B4F10112306F7AEF739F45" },
  },
}
