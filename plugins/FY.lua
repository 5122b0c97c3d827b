-- FY: make an elliptic curve key pair.
--
-- Under an AES key block LMK alone. The private key is an S block, all text.
-- PROJECT: 48 under a triple DES key block LMK, A1 under a variant LMK; the inside of
-- the private key's block.

return {
  command = "FY",
  title   = "Generate an ECC key pair",
  version = "1.0.0",
  author  = "luahsm",
  sources = "clients, project",

  request = {
    { "constant",   N(2), min = 1, max = 1, invalid = "E0" },
    { "curve",      N(2), max = 2,          invalid = "D2" },
    { "encoding",   N(2), min = 3, max = 3, invalid = "D3" },
    { "attributes", attributes "public" },
  },

  response = {
    { "size",    N(4) },
    { "public",  B() },
    { "private", A() },
  },

  errors = {
    [48] = "the LMK is weaker than the key",
    D2   = "unknown curve",
    D3   = "unknown encoding of the public key",
    E0   = "unknown version of the command",
  },

  handler = function (q, a)
    local private = ecc.generate(q.curve, q.attributes)
    local public  = ecc.public(private)

    a.size    = #public
    a.public  = public
    a.private = private
  end,

  vectors = {
    { "P-256 for signatures", lmk = "test-aes-kb",
      send   = "FY010003#S00S00",
      expect = "FZ0000910Y0\x13\x06\x07*\x86H\xCE=\x02\x01\x06\x08*\x86H\xCE=\x03\x01\x07"
            .. "\x03B\x00\x04\xE5\xE6\x94\x09\x8A\xF3U\x9E\xA9\xD8\xE8y\xD0uv{\xD6\xF3\xB9"
            .. "\x92b\xD8j\xA6\xC54{<\xB4\x0E\xE2r\xCB\xA9\xE3\xE4\xEF\x90p\xEE\x9E\xB0L"
            .. "\xEA\x86\xF8u\xE9s\x02\x10\xCD\xAD\x8C\x96\xD8\xF8`J|\\Y\x8D\xF2S1012803ES"
            .. "00S00017E5F9681CA283A66F8139D024C5759FA91873E106EBB95CEB30113AE74FDE6B2F65"
            .. "371796C8C6E4E6725C2DDD9D3DE83E2E75CE61804833B" },
    { "P-384, not exportable",
      send   = "FY010103%01#N00N00",
      expect = "FZ0001200v0\x10\x06\x07*\x86H\xCE=\x02\x01\x06\x05+\x81\x04\x00\"\x03b\x00"
            .. "\x04\x96:,8\xA4\x98\xB4\x01\x8D\x1A\x16\xA9KFiJG\xAE]\xB5\xA6\x10\xC0\xDC"
            .. "\x8D^j\x1E\xBE\x99\xF2\x80\xE4\x16\x94\xA8\x81H\x99\xFB^y\xF3\x19\xC5\xB5"
            .. "\xC93l\x88\"@T\x87\xBE\x8B\x10^\x0E\x1Di\xA1\x92J\xA6E\xA9\x80\xBD]\x89"
            .. "\xCDn)\xC14\xCC\xDC\xECe\x943\x14\x96\xA3\xBA\x7F\xD2\x11\xDDp\xE9\x91\x9C"
            .. "\x9A\xE9S1016003EN00N00017759AA91D3506D96E28E693F7FCA7A8AED924755715986EF6"
            .. "94F28552C8EA01B09917793637C5B879F9206FF245D80CA5AC45F461337E6FF73C3B32D1D7"
            .. "C37CD9BBD96FC41540E00" },
    { "P-521 for key agreement",
      send   = "FY010203%01#X00S00",
      expect = "FZ0001580\x81\x9B0\x10\x06\x07*\x86H\xCE=\x02\x01\x06\x05+\x81\x04\x00#"
            .. "\x03\x81\x86\x00\x04\x01\xB3\x8E\xC94\xEB\x86\xC0t\xA7\x1E\x19\xB3\x97b"
            .. "\x1Ex\x96d\x1E\xE0\x95S\xCFI\x83\x11L*\xC5\x1F7\x92\x00\xBC6\x1D9\xCCFaH"
            .. "\x1C1\xF5\xE1\xB9\xDD[/\xBB}K\xD5\xBF\x8B/w\xD5\x9A\xEE$$\xEF\x82z\x00l"
            .. "\x0F\x06Y\xD1\xFA\xC9q\x83\x8BQA\xD1\x0D\xA6\xCE\x99\xC7\x96x\x83\xE2.O"
            .. "\xAB'\xCE{V\xDD\xDC\x03\xD5\x0D\x0B\xF1\xCFC\x15\xA2A\x82\xA0\xF2\x812\x95"
            .. "gL\x07S\x9CRST\x99\xE4$C>\xB9\x9B\xA9U\xE8S1019203EX00S0001C33DDC69682A7C9"
            .. "25FB28ED865DEBDC18256AF44C42C54598D7AA65005D74F74285E58165A64D8DC27022A85F"
            .. "D9BAE18B75B0CB5FFABB7A7AA05C7C5B411BB2E999B9B5B2D6318A6DC9F2B92074A89DC264"
            .. "1A8F090B7E14F" },
    { "unknown version",
      send   = "FY020003%01#S00S00",
      expect = "FZE0" },
    { "unknown curve",
      send   = "FY010303%01#S00S00",
      expect = "FZD2" },
    { "unknown encoding",
      send   = "FY010002%01#S00S00",
      expect = "FZD3" },
    { "variant LMK",
      send   = "FY010003#S00S00",
      expect = "FZA1" },
    { "triple DES LMK",
      send   = "FY010003%02#S00S00",
      expect = "FZ48" },
    { "mode V",
      send   = "FY010003%01#V00S00",
      expect = "FZA8" },
    { "exportability X",
      send   = "FY010003%01#S00X00",
      expect = "FZAA" },
    { "no attributes",
      send   = "FY010003%01",
      expect = "FZ15" },
  },
}
