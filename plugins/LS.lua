-- LS: check an HMAC.
--
-- Inferred: the layout.
-- PROJECT: the inside of the key; see L0.

local hashes = enum("01", "05", "06", "07", "08")

return {
  command = "LS",
  title   = "Verify an HMAC",
  version = "1.0.0",
  author  = "luahsm",
  sources = "inferred, project, low",

  request = {
    { "hash",     hashes,         invalid = 05 },
    { "length",   N(4) },
    { "hmac",     B "length" },
    { "hmac_end", mark ";" },
    { "format",   N(2), max = 0,  invalid = 07 },
    { "key",      keyblob,        invalid = 80, short = 80 },
    { "key_end",  mark ";" },
    { "size",     N(5) },
    { "data",     B "size",       short   = 81 },
  },

  response = {},

  errors = {
    [01] = "the HMAC is wrong",
    [04] = "the HMAC is shorter than half the hash or longer than it",
    [05] = "unknown hash, or the key is for another one",
    [06] = "the key is not for verification",
    [07] = "unknown key format",
    [08] = "the key is damaged, or was encrypted under another LMK",
    [80] = "the length of the key is wrong",
    [81] = "fewer bytes of data than the length says",
  },

  handler = function (q, a)
    hmac.verify(q.key, q.hash, q.data, q.hmac)
  end,

  vectors = {
    { "right",
      send   = "LS010020\xB6\x171\x86U\x05rd\xE2\x8B\xC0\xB6\xFB7\x8C\x8E\xF1F\xBE\x00;000"
            .. "032\xE5D\x12\xDB\x13\xC5v\xB3\xDD\x22\x95\x1A\x13\x07\x12\x95\x8A\x9D\xC0y"
            .. "S\xF9\xC2a\x879\xF6\xE6\x0FW,O;00008Hi There",
      expect = "LT00" },
    { "right, half of it",
      send   = "LS010010\xB6\x171\x86U\x05rd\xE2\x8B;000032#\x01\xCA\xB3\xADZ\xFAVqY\x04"
            .. "\xCB\xF83\x12\xF3\x14\xD1\xA7p\x0C\x93E\xB3\x87\x02\xCE\xA7=\x01g\xF6;0000"
            .. "8Hi There",
      expect = "LT00" },
    { "wrong",
      send   = "LS010020\xB6\x171\x86U\x05rd\xE2\x8B\xC0\xB6\xFB7\x8C\x8E\xF1F\xBE\x01;000"
            .. "032\xE5D\x12\xDB\x13\xC5v\xB3\xDD\x22\x95\x1A\x13\x07\x12\x95\x8A\x9D\xC0y"
            .. "S\xF9\xC2a\x879\xF6\xE6\x0FW,O;00008Hi There",
      expect = "LT01" },
    { "key for generation",
      send   = "LS010020\xB6\x171\x86U\x05rd\xE2\x8B\xC0\xB6\xFB7\x8C\x8E\xF1F\xBE\x00;000"
            .. "032oFcd#\xED\x16\x0EZek\xD7s\xD5\xAC\xE3\xFD\xB4\xFC\x88\x937h\x94<\xB5"
            .. "\xA3\xC7\xF4>\xA8\x92;00008Hi There",
      expect = "LT06" },
    { "less than half",
      send   = "LS010009\xB6\x171\x86U\x05rd\xE2;000032\xE5D\x12\xDB\x13\xC5v\xB3\xDD\x22"
            .. "\x95\x1A\x13\x07\x12\x95\x8A\x9D\xC0yS\xF9\xC2a\x879\xF6\xE6\x0FW,O;00008H"
            .. "i There",
      expect = "LT04" },
    { "damaged key",
      send   = "LS010020\xB6\x171\x86U\x05rd\xE2\x8B\xC0\xB6\xFB7\x8C\x8E\xF1F\xBE\x00;000"
            .. "032\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
            .. "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00;00008Hi There",
      expect = "LT08" },
    { "key of another hash",
      send   = "LS060020\xB6\x171\x86U\x05rd\xE2\x8B\xC0\xB6\xFB7\x8C\x8E\xF1F\xBE\x00;000"
            .. "032\xE5D\x12\xDB\x13\xC5v\xB3\xDD\x22\x95\x1A\x13\x07\x12\x95\x8A\x9D\xC0y"
            .. "S\xF9\xC2a\x879\xF6\xE6\x0FW,O;00008Hi There",
      expect = "LT05" },
    { "unknown hash", send = "LS09", expect = "LT05" },
    { "unknown format", send = "LS010000;01", expect = "LT07" },
    { "no key", send = "LS010000;000000", expect = "LT80" },
    { "data cut short",
      send   = "LS010020\xB6\x171\x86U\x05rd\xE2\x8B\xC0\xB6\xFB7\x8C\x8E\xF1F\xBE\x00;000"
            .. "032\xE5D\x12\xDB\x13\xC5v\xB3\xDD\x22\x95\x1A\x13\x07\x12\x95\x8A\x9D\xC0y"
            .. "S\xF9\xC2a\x879\xF6\xE6\x0FW,O;00008Hi Ther",
      expect = "LT81" },
    { "key block, SHA-1",
      send   = "LS010020\xB6\x171\x86U\x05rd\xE2\x8B\xC0\xB6\xFB7\x8C\x8E\xF1F\xBE"
            .. "\x00;00FFFFS1009661HV00S000133DF98E9A06C973038A3E00D3DC6E8902D070475C"
            .. "692B90F633D64D446497BCEA65A6A2C860C5815;00008Hi There%01",
      expect = "LT00" },
    { "key block, SHA-512, half of it",
      send   = "LS080032\xA3\x09HQ\xEE#\xA0\x11\x12X\xD7a\xC8J\x88t9s\x04\xE5x\xC0"
            .. "\xD1f\x08=\x1C\x9F0\xFF\xF1\xB8;00FFFFS1019265HC00S000161C8B92A139970"
            .. "84D6DFD7A28CFB0D64CBD6250996929B4EE6E13683FCC2FCA1EA26171D2D4EFFFF3D8"
            .. "6012BC350B4934FD8D1FAEB06C1EBC188E8337479F461E2C7CFC95B5CCBBF370A813E"
            .. "A49346CB71D7DC32E62BD8D1;00008Hi There%01",
      expect = "LT00" },
    { "key block, wrong",
      send   = "LS010020\xB6\x171\x86U\x05rd\xE2\x8B\xC0\xB6\xFB7\x8C\x8E\xF1F\xBE"
            .. "\x00;00FFFFS1012861HV00S00018B2D5C917931CC8B83D8E8F00F9DD5D0028BCCF87"
            .. "D93A54990E7A2B2F157E6A9474C4F34B30141A6FFE2323F996E9CD77B307B29F68A6A"
            .. "B5;00008Hi There%01",
      expect = "LT01" },
    { "key block for generation",
      send   = "LS010020\xB6\x171\x86U\x05rd\xE2\x8B\xC0\xB6\xFB7\x8C\x8E\xF1F\xBE"
            .. "\x00;00FFFFS1009661HG00S000104D1F639B96BE7FEB7ADE18F3EDBCDBADE86B17AD"
            .. "8F282CC9D2EEBB2904EAD640232477556409A2F;00008Hi There%01",
      expect = "LTA8" },
  },
}
