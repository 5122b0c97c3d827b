-- LQ: make an HMAC.
--
-- PROJECT: the inside of the key; see L0.

local hashes = enum("01", "05", "06", "07", "08")

return {
  command = "LQ",
  title   = "Generate an HMAC",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, vectors, project",

  request = {
    { "hash",     hashes,         invalid = 05 },
    { "length",   N(4) },
    { "format",   N(2), max = 0,  invalid = 07 },
    { "key",      keyblob,        invalid = 80, short = 80 },
    { "key_end",  mark ";" },
    { "size",     N(5) },
    { "data",     B "size",       short   = 81 },
  },

  response = {
    { "length", N(4) },
    { "hmac",   B() },
  },

  errors = {
    [04] = "the HMAC is shorter than half the hash or longer than it",
    [05] = "unknown hash, or the key is for another one",
    [06] = "the key is not for generation",
    [07] = "unknown key format",
    [08] = "the key is damaged, or was encrypted under another LMK",
    [80] = "the length of the key is wrong",
    [81] = "fewer bytes of data than the length says",
  },

  handler = function (q, a)
    a.length = num(q.length)
    a.hmac   = hmac.make(q.key, q.hash, q.data, q.length)
  end,

  vectors = {
    { "SHA-1",
      send   = "LQ010020000032\xE5D\x12\xDB\x13\xC5v\xB3\xDD\x22\x95\x1A\x13\x07\x12\x95"
            .. "\x8A\x9D\xC0yS\xF9\xC2a\x879\xF6\xE6\x0FW,O;00008Hi There",
      expect = "LR000020\xB6\x171\x86U\x05rd\xE2\x8B\xC0\xB6\xFB7\x8C\x8E\xF1F\xBE\x00" },
    { "SHA-1, half of it",
      send   = "LQ010010000032\xE5D\x12\xDB\x13\xC5v\xB3\xDD\x22\x95\x1A\x13\x07\x12\x95"
            .. "\x8A\x9D\xC0yS\xF9\xC2a\x879\xF6\xE6\x0FW,O;00008Hi There",
      expect = "LR000010\xB6\x171\x86U\x05rd\xE2\x8B" },
    { "SHA-512, key for generation alone",
      send   = "LQ080064000072?oR\x07c^\xB4\x14\xC2J4Mc\xA2\xE6\xE0tKW\xF6\xCE\x87r\xE0"
            .. "\xFEz\x8F-\x7F\xBD\xAAi\x0Fi\xF60\xE7\x22\x01a\xA8\xA8\xFE\x94\xF9\x0D\x98"
            .. "3\xC5Q\x9D\x9B\x03\x15\x05\xC4\x0A\xC1\xC2u\x9A\xBA\xD4\xB0-\x9Ed7B2\x8E"
            .. "\xAF;00004data",
      expect = "LR000064H\xC6*\xF6+\x15\xB3\x91\xF5E\xD5\x94\xCBYHg48\xE7\x0Fz\x84\x0B\x9B"
            .. "\xE4\xF9H\xE3#\x00\x90B\xEF\xB8\x19\x1A.8\xA5\x95\xFB\xC3\x80\xBE\xB8\xD1q"
            .. "\x1A\xE3y\xDA\xE8\x89\xBB\x8F\xE4\xE2\xCB\xE8\x13s\xD6\x16\x97" },
    { "SHA-224",
      send   = "LQ050028000032\xFC\x11B\xA4g\xD5Q\x95\xA7<\x8Ass9\xF1\xC3\x9DNf\xE1\xBFC"
            .. "\xA6\x89\xEF\xF9>\xE0\xD9\xF0\x90\xDF;00057e~}\x1F\x81\xE9\x12\xF9q\xDB"
            .. "\xE4V^\xEA\x9F0e:\xAE\xB5SZ'a\x9A}HoG\x9Dx%\xC0g\x93\xA2\x1A\x19j!\xF0]"
            .. "\x81\xCB}\x8Di\xA5\xEE\x1B9\xE7\xE1\x1D\x89\x14\xAE",
      expect = "LR000028\xFE+\xDC\x04j\xAA6{h\xF0\xE7\xEE2\xF3\xF0`\xC5\x08\xFD[M\x0D.1"
            .. "\x83Z\x9CT" },
    { "key for verification",
      send   = "LQ010020000032#\x01\xCA\xB3\xADZ\xFAVqY\x04\xCB\xF83\x12\xF3\x14\xD1\xA7p"
            .. "\x0C\x93E\xB3\x87\x02\xCE\xA7=\x01g\xF6;00008Hi There",
      expect = "LR06" },
    { "key of another hash",
      send   = "LQ060032000032\xE5D\x12\xDB\x13\xC5v\xB3\xDD\x22\x95\x1A\x13\x07\x12\x95"
            .. "\x8A\x9D\xC0yS\xF9\xC2a\x879\xF6\xE6\x0FW,O;00008Hi There",
      expect = "LR05" },
    { "less than half",
      send   = "LQ010009000032\xE5D\x12\xDB\x13\xC5v\xB3\xDD\x22\x95\x1A\x13\x07\x12\x95"
            .. "\x8A\x9D\xC0yS\xF9\xC2a\x879\xF6\xE6\x0FW,O;00008Hi There",
      expect = "LR04" },
    { "more than all",
      send   = "LQ010021000032\xE5D\x12\xDB\x13\xC5v\xB3\xDD\x22\x95\x1A\x13\x07\x12\x95"
            .. "\x8A\x9D\xC0yS\xF9\xC2a\x879\xF6\xE6\x0FW,O;00008Hi There",
      expect = "LR04" },
    { "unknown hash",
      send   = "LQ990020000032\xE5D\x12\xDB\x13\xC5v\xB3\xDD\x22\x95\x1A\x13\x07\x12\x95"
            .. "\x8A\x9D\xC0yS\xF9\xC2a\x879\xF6\xE6\x0FW,O;00008Hi There",
      expect = "LR05" },
    { "MD5", send = "LQ02", expect = "LR05" },
    { "unknown format",
      send   = "LQ010020770032\xE5D\x12\xDB\x13\xC5v\xB3\xDD\x22\x95\x1A\x13\x07\x12\x95"
            .. "\x8A\x9D\xC0yS\xF9\xC2a\x879\xF6\xE6\x0FW,O;00008Hi There",
      expect = "LR07" },
    { "damaged key",
      send   = "LQ010020000032UUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUU;00008Hi There",
      expect = "LR08" },
    { "key that is no block",
      send   = "LQ010020000031\xE5D\x12\xDB\x13\xC5v\xB3\xDD\x22\x95\x1A\x13\x07\x12\x95"
            .. "\x8A\x9D\xC0yS\xF9\xC2a\x879\xF6\xE6\x0FW,;00001x",
      expect = "LR08" },
    { "no key", send = "LQ010020000000;", expect = "LR80" },
    { "data cut short",
      send   = "LQ010020000032\xE5D\x12\xDB\x13\xC5v\xB3\xDD\x22\x95\x1A\x13\x07\x12\x95"
            .. "\x8A\x9D\xC0yS\xF9\xC2a\x879\xF6\xE6\x0FW,O;00008Hi Ther",
      expect = "LR81" },
    { "key block, SHA-1",
      send   = "LQ01002000FFFFS1009661HG00S000104D1F639B96BE7FEB7ADE18F3EDBCDBA5970B"
            .. "5EB8CB3880F008E7A5ED7EE7E9902F04EA597F8F2BF;00008Hi There%01",
      expect = "LR000020\xB6\x171\x86U\x05rd\xE2\x8B\xC0\xB6\xFB7\x8C\x8E\xF1F\xBE"
            .. "\x00" },
    { "key block, half of SHA-256",
      send   = "LQ06001600FFFFS1012863HN00S00015772009AF56CB0C2D887298C0E459141D0F04"
            .. "76D8B75997F41F43F4176D65A68E303015056659609E3EE7316DEE63FB602E07B14FA"
            .. "B07EA7;00008Hi There%01",
      expect = "LR000016E\x13\x1A\xF2B-d:\xED1\xB0^\xF8\xBB\xF0\x85" },
    { "key block, SHA-512",
      send   = "LQ08006400FFFFS1019265HC00S000161C8B92A13997084D6DFD7A28CFB0D64CBD62"
            .. "50996929B4EE6E13683FCC2FCA1EA26171D2D4EFFFF3D86012BC350B4934FD8D1FAEB"
            .. "06C1EBC188E8337479F461EE0F19FD806E0D9C55386CD45CF634F8B2FFCD9347A47B1"
            .. "4;00008Hi There%01",
      expect = "LR000064\xA3\x09HQ\xEE#\xA0\x11\x12X\xD7a\xC8J\x88t9s\x04\xE5x\xC0"
            .. "\xD1f\x08=\x1C\x9F0\xFF\xF1\xB8%\x97\xB5\x19\x1F\xBC\xE9\x03\xBEyN "
            .. "\xD2p\x99\x13\x9D\x86\xBF\xA7\xCE\xA7\x9D\x86G\x08r\x0B\x16\xB6|\xF4" },
    { "key block for verification",
      send   = "LQ01002000FFFFS1009661HV00S000133DF98E9A06C973038A3E00D3DC6E890981BF"
            .. "59AE29DA6126DAB395C0D73E7A206CF57447BCB938F;00008Hi There%01",
      expect = "LRA8" },
    { "key block of another hash",
      send   = "LQ06003200FFFFS1009661HG00S000104D1F639B96BE7FEB7ADE18F3EDBCDBAADF52"
            .. "375D519ABB5E14B2D69F0E50C98D2896D15FFE7E584;00008Hi There%01",
      expect = "LR05" },
    { "key block of another usage",
      send   = "LQ06003200FFFFS10096M6AN00S000108730304D21E079FED2EE0C3ED8EB4B674D90"
            .. "924B01E3574EB78355812352B93C0A4CD8D155ACD1B;00008Hi There%01",
      expect = "LRA6" },
    { "key of a variant LMK",
      send   = "LQ010020000032\xE5D\x12\xDB\x13\xC5v\xB3\xDD\x22\x95\x1A\x13\x07\x12"
            .. "\x95\x8A\x9D\xC0yS\xF9\xC2a\x879\xF6\xE6\x0FW,O;00008Hi There%01",
      expect = "LRA1" },
    { "key block under a variant LMK",
      send   = "LQ01002000FFFFS1009661HG00S000104D1F639B96BE7FEB7ADE18F3EDBCDBA03DE3"
            .. "20F3F8F3D95BB6E843944D7F5F4A9395E3027227CCF;00008Hi There",
      expect = "LRA1" },
  },
}
