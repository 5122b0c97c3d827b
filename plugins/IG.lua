-- IG: agree on a key with the holder of another elliptic curve key, and derive
-- one of ours from it.
--
-- The peer's key is checked to be a point of the curve.
-- PROJECT: DES keys get odd parity; 04 for every fault of the peer's key.

-- Keys and cryptograms of the vectors.
local peer = "0Y0\x13\x06\x07*\x86H\xCE=\x02\x01\x06\x08*\x86H\xCE=\x03\x01\x07\x03B\x00"
  .. "\x04\xED\xBFo\xD9'y2h\xE6lA\xFC\xC6\xD3[q\x8E\x06\x900pc\x93\x89E6\x17>"
  .. "\xB2\xBC\x83l\xF7\x84\xBA\xBD\xFFq\xD2\xF2\x17v\xB9O#$H\xE5\x05\xB6\xD9"
  .. "\xBA\x1Bt\xCCWCG\x08\x85\x93L\x10v"
local own = "S1012803EX00S0001E28C53C983C90527F76377BDE5BF8A923E5948EFB9AD0A8D57E68434F"
  .. "A5BAF8D02FBBBAFEFCF3FEFF62558B1729DF924B6AC50924F5C30E9"

return {
  command    = "IG",
  title      = "ECC key agreement",
  version    = "1.0.0",
  author     = "luahsm",
  sources    = "clients, project",
  authorised = true,

  request = {
    { "constant",   N(2), equals = "21" },
    { "encoding",   N(2), min = 3, max = 3, invalid = "D3" },
    { "public",     der, invalid = 04 },
    { "private",    cryptogram },
    { "kdf",        N(1), min = 1, max = 2, invalid = 06 },
    { "hash",       enum("05", "06", "07", "08"), invalid = 05 },
    { "form",       N(1), equals = "1" },
    { "size",       N(4) },
    { "info",       H "size", short = 80 },
    { "info_end",   mark ";", invalid = 80 },
    { "count",      N(2), equals = "01" },
    { "bits",       N(5) },
    { "attributes", attributes "derive" },
    { "key_end",    mark ";" },
    { "list_end",   mark ":" },
  },

  response = {
    { "key", cryptogram },
    { "kcv", B(3) },
  },

  errors = {
    [04] = "the peer's public key is none of a curve served here",
    [05] = "unknown hash",
    [06] = "unknown key derivation function",
    [80] = "a length does not fit",
    D2   = "the two keys are of different curves",
    D3   = "unknown encoding of the public key",
  },

  handler = function (q, a)
    local it = ecc.derive(q.private, q.public, q.kdf, q.hash, decode(1, q.info), q.bits,
                          q.attributes)

    a.key = key.wrap(it, "S")
    a.kcv = decode(1, key.kcv(it, 6))
  end,

  vectors = {
    { "P-256, as a client sends it", authorised = true,
      send   = "IG2103" .. peer .. own .. "106100100123456789;0100256K1A3B00E00;:%01",
      expect = "IH00S10128K1AB00E00018FE443CB517E466C0EA5E7E9AA812541E909553EB94C2C646B330"
            .. "2CA5681CCF1765F5AD2D868D5A1F2D19F71A18EDD8BC02126CC9B0D2673\xCF\xD4\xF2" },
    { "P-384, X9.63, SHA-384", authorised = true,
      send   = "IG21030v0\x10\x06\x07*\x86H\xCE=\x02\x01\x06\x05+\x81\x04\x00\"\x03b\x00"
            .. "\x04\xDC}\x0C\xC3U\x882\xEB\x13\xA6M\xF92)E\xDB(-\x8Da\xF7\x00\xBB\xE4\xE0"
            .. "\xEF5\xD1\xB8\x09\x92\xD2\x18-l=\x86\x9A\xE0\x100h\xA3\xFBIt\x0D\xAC%\xE6"
            .. "\xE7eb\xBF\xADO\xC0\xE6\x86\x04\x9E\xFAw.Cv\xB2u\xA4\xBB\xE6`\x19G\xF5\xB2"
            .. "5H \xD9\x101<|G\xF1\xD1\xCAj\xEE\xDCOx\xACbQS1016003EX00S00018862DA0C8F440"
            .. "EE30240C25C2CBAB84FB26C7BA15A9CAC6353CA5F3A2FF54045295F5A5715DD691DB71A9A4"
            .. "BD301FFB7A8CC49B25DD147555AE4F4A44A5EC5D1EC8723CA02E5435420710010012345678"
            .. "9;0100128K1A1B00E00;:%01",
      expect = "IH00S10096K1AB00E000175D48318E30AD5A83FDDCD1098CDE0C59B202806590FDF3DD8060"
            .. "A59258882A60002BA88693D7B51\\O\xB6" },
    { "P-521, triple DES, no info", authorised = true,
      send   = "IG21030\x81\x9B0\x10\x06\x07*\x86H\xCE=\x02\x01\x06\x05+\x81\x04\x00#\x03"
            .. "\x81\x86\x00\x04\x01\xBA\xF4\x8F=eKK\xE9\x1A,J\xAB\xA5/\x88\xD5\xC2\xEA2/"
            .. "\xDAZ\x82\x0D[jx\x8Bz\xB1\x82\x94\xCBEj\xE2\x07m\x8DTEa\x95\xD7\x00\x12J"
            .. "\xAD\xA95v\x13\x9A\xB0Lo\xA7\x8D\"\xB8\xBD\x04Yn\xE4\x00tl\x9B\xB8\x8B\xF4"
            .. "\xD2\x8B\xA8\xC4\xF1\x83\xE0\xE0\x84R\xFB:s\x07\x04\x9C:;\xC8$faC\x80\x8C"
            .. "\xAD\xA5`\xB9\xF9`m\x12\xFAws\x892&G\x99\x0A\xF9z\x84\xBD\xE6\xCC\xA9_\x01"
            .. "\x13N\xB6Q\xD0X\x8B\x06S1019203EN00S00018853D15D4DA769A71F6958A6DADA4A3E2C"
            .. "21F5A24685064E232408785DD1EF25E3F7095C00BC78394FE169066B51E0F4A9C5F6494047"
            .. "CACFBD4DB3C02FF8439B2B01FC97A5E1F75F6B06DF884A610C98915F0644A4372B4F108100"
            .. "00;010019252T3B00S00;:%01",
      expect = "IH00S1009652TB00S000142F1AB74C6F7291040A8D134B5710FEDD05E597E5BA3CDFF947E5"
            .. "45027D29D3A9C34976591D281D1\xD0\xDDa" },
    { "P-256, X9.63, two blocks", authorised = true,
      send   = "IG2103" .. peer .. own
            .. "205100160123456789ABCDEF;0100256K1A3B00E00;:%01",
      expect = "IH00S10128K1AB00E0001A60DC969206450B5E3CDB323102ACEB9E46F3C3422153E860E4CA"
            .. "480DCBB934186BDD2C33F2CF03C03CB13C6CA2B2FEA78E6597AA78CC312=\xEEn" },
    { "not authorised",
      send   = "IG2103" .. peer .. own .. "106100100123456789;0100256K1A3B00E00;:%01",
      expect = "IH17" },
    { "a point off the curve", authorised = true,
      send   = "IG21030Y0\x13\x06\x07*\x86H\xCE=\x02\x01\x06\x08*\x86H\xCE=\x03\x01\x07"
            .. "\x03B\x00\x04\xED\xBFo\xD9'y2h\xE6lA\xFC\xC6\xD3[q\x8E\x06\x900pc\x93\x89E"
            .. "6\x17>\xB2\xBC\x83l\xF7\x84\xBA\xBD\xFFq\xD2\xF2\x17v\xB9O#$H\xE5\x05\xB6"
            .. "\xD9\xBA\x1Bt\xCCWCG\x08\x85\x93L\x10w" .. own
            .. "106100100123456789;0100256K1A3B00E00;:%01",
      expect = "IH04" },
    { "a compressed point", authorised = true,
      send   = "IG2103090\x13\x06\x07*\x86H\xCE=\x02\x01\x06\x08*\x86H\xCE=\x03\x01\x07"
            .. "\x03\"\x00\x02\xED\xBFo\xD9'y2h\xE6lA\xFC\xC6\xD3[q\x8E\x06\x900pc\x93\x89"
            .. "E6\x17>\xB2\xBC\x83l" .. own
            .. "106100100123456789;0100256K1A3B00E00;:%01",
      expect = "IH04" },
    { "a SEQUENCE of something else", authorised = true,
      send   = "IG21030\x00" .. own .. "106100100123456789;0100256K1A3B00E00;:%01",
      expect = "IH04" },
    { "SHA-1", authorised = true,
      send   = "IG2103" .. peer .. own .. "101100100123456789;0100256K1A3B00E00;:%01",
      expect = "IH05" },
    { "unknown function", authorised = true,
      send   = "IG2103" .. peer .. own .. "306100100123456789;0100256K1A3B00E00;:%01",
      expect = "IH06" },
    { "key of another length", authorised = true,
      send   = "IG2103" .. peer .. own .. "106100100123456789;0100128K1A3B00E00;:%01",
      expect = "IH80" },
    { "info longer than its length", authorised = true,
      send   = "IG2103" .. peer .. own .. "106100080123456789;0100256K1A3B00E00;:%01",
      expect = "IH80" },
    { "odd number of digits", authorised = true,
      send   = "IG2103" .. peer .. own .. "10610003012;0100256K1A3B00E00;:%01",
      expect = "IH15" },
    { "two keys", authorised = true,
      send   = "IG2103" .. peer .. own .. "106100100123456789;0200256K1A3B00E00;:%01",
      expect = "IH15" },
    { "another scheme", authorised = true,
      send   = "IG2203" .. peer .. own .. "106100100123456789;0100256K1A3B00E00;:%01",
      expect = "IH15" },
    { "another encoding", authorised = true,
      send   = "IG2102" .. peer .. own .. "106100100123456789;0100256K1A3B00E00;:%01",
      expect = "IHD3" },
    { "another curve", authorised = true,
      send   = "IG21030v0\x10\x06\x07*\x86H\xCE=\x02\x01\x06\x05+\x81\x04\x00\"\x03b\x00"
            .. "\x04\xDC}\x0C\xC3U\x882\xEB\x13\xA6M\xF92)E\xDB(-\x8Da\xF7\x00\xBB\xE4\xE0"
            .. "\xEF5\xD1\xB8\x09\x92\xD2\x18-l=\x86\x9A\xE0\x100h\xA3\xFBIt\x0D\xAC%\xE6"
            .. "\xE7eb\xBF\xADO\xC0\xE6\x86\x04\x9E\xFAw.Cv\xB2u\xA4\xBB\xE6`\x19G\xF5\xB2"
            .. "5H \xD9\x101<|G\xF1\xD1\xCAj\xEE\xDCOx\xACbQ" .. own
            .. "106100100123456789;0100256K1A3B00E00;:%01",
      expect = "IHD2" },
    { "a key for signatures", authorised = true,
      send   = "IG2103" .. peer
            .. "S1012803ES00S000196ECFA589EF916A13F05018D25F056C2364277D01728ACD411483EC24"
            .. "79E90A7CF9F09D9A8BCB469574B6E5A92A582A4934B84BB59A6F65A106100100123456789;"
            .. "0100256K1A3B00E00;:%01",
      expect = "IHA8" },
    { "a key of usage 02", authorised = true,
      send   = "IG2103" .. peer
            .. "S1012802EN00S0001574AC4DB4AEC14BA332E12429AB0CFC598E301EA6B199A4957D98F6BD"
            .. "BF6E11F60B82AAD55F33171D9FD247E5DDF345FD4E92A5BFFA0D277106100100123456789;"
            .. "0100256K1A3B00E00;:%01",
      expect = "IHA6" },
    { "scalar 0", authorised = true,
      send   = "IG2103" .. peer
            .. "S1012803EX00S00017B727A91A487645293D1427D52AEDC951C68809C7BFBF03FD7211BFA4"
            .. "CA66B95A436B239BF0404044E25290B01B1A718F36AC1DD40E44C5C106100100123456789;"
            .. "0100256K1A3B00E00;:%01",
      expect = "IHA5" },
    { "scalar too large", authorised = true,
      send   = "IG2103" .. peer
            .. "S1012803EX00S00011736A1A4BF0E3654DA83E3079D295E246B9CC5FBF08BE10B5933562DA"
            .. "6DEFEE4A8604B96D018F1E393DF0C85606F6C3B47F6B5261398C56C106100100123456789;"
            .. "0100256K1A3B00E00;:%01",
      expect = "IHA5" },
    { "no exportability X", authorised = true,
      send   = "IG2103" .. peer .. own .. "106100100123456789;0100256K1A3B00X00;:%01",
      expect = "IHAA" },
    { "variant LMK", authorised = true,
      send   = "IG2103" .. peer .. own .. "106100100123456789;0100256K1A3B00E00;:",
      expect = "IHA1" },
  },
}
