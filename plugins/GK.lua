-- GK: export a DES key encrypted under an RSA public key that EO has vouched for.
--
-- Key type and forms as in GI; the IV of form 01 is zeros. The form stands last,
-- after = or, from one client, right behind the public key after ;. In the signature
-- group a private key of this HSM signs the encrypted key, and length and signature
-- end the reply.
-- PROJECT: the group's place in the reply; exportability E needs a public key in a key block.

-- Keys and cryptograms of the vectors.
local public = "0\x81\x89\x02\x81\x81\x00\xE4\x1D\x14`\x14\xED\x19x\xC2\xCA]\x10\xB2\xEE"
  .. "\xF2\xCA\x11Wk\x97P\x19\xDC+\x1El8!\xF5\x1C\x1D%\xA4Q\xA3\xC7{\xA8l\x0F"
  .. "\x9C \x0Cj\x84(W\xC4rY\xAE\x19Q\x01\x00\xFF*\xC3\xB4]\xC9\xF0\xE0\x92\x02"
  .. "\xF5b\xC7C\xE6\xD9)\xAA\xEF\x8B\xB4\x08\x05\xB1#\x01\xC3\x06)$&\x84\x17"
  .. "\x84b\x7FSDM\xB3'\xE5u\xA9KA\x08\xFE\x00\xCDKZ\xBCl\x16\xDF\x9E\xB6kQB2"
  .. "\x128U\x1B\xB9d\xBCG\xEDtY\x02\x03\x01\x00\x01"
local public_unsigned = "0\x81\x88\x02\x81\x80\xE4\x1D\x14`\x14\xED\x19x\xC2\xCA]\x10\xB2\xEE\xF2"
  .. "\xCA\x11Wk\x97P\x19\xDC+\x1El8!\xF5\x1C\x1D%\xA4Q\xA3\xC7{\xA8l\x0F\x9C "
  .. "\x0Cj\x84(W\xC4rY\xAE\x19Q\x01\x00\xFF*\xC3\xB4]\xC9\xF0\xE0\x92\x02\xF5b"
  .. "\xC7C\xE6\xD9)\xAA\xEF\x8B\xB4\x08\x05\xB1#\x01\xC3\x06)$&\x84\x17\x84b"
  .. "\x7FSDM\xB3'\xE5u\xA9KA\x08\xFE\x00\xCDKZ\xBCl\x16\xDF\x9E\xB6kQB2\x128U"
  .. "\x1B\xB9d\xBCG\xEDtY\x02\x03\x01\x00\x01"
local block = "S1017602RN00S00010\x81\x89\x02\x81\x81\x00\xE4\x1D\x14`\x14\xED\x19x\xC2"
  .. "\xCA]\x10\xB2\xEE\xF2\xCA\x11Wk\x97P\x19\xDC+\x1El8!\xF5\x1C\x1D%\xA4Q\xA3"
  .. "\xC7{\xA8l\x0F\x9C \x0Cj\x84(W\xC4rY\xAE\x19Q\x01\x00\xFF*\xC3\xB4]\xC9"
  .. "\xF0\xE0\x92\x02\xF5b\xC7C\xE6\xD9)\xAA\xEF\x8B\xB4\x08\x05\xB1#\x01\xC3"
  .. "\x06)$&\x84\x17\x84b\x7FSDM\xB3'\xE5u\xA9KA\x08\xFE\x00\xCDKZ\xBCl\x16\xDF"
  .. "\x9E\xB6kQB2\x128U\x1B\xB9d\xBCG\xEDtY\x02\x03\x01\x00\x01\xA5\xA5\xA5\xA5"
  .. "54602E63AB47B838"

return {
  command = "GK",
  title   = "Export a key under an RSA public key",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, clients, project",

  request = {
    { "method",     N(2), min = 1, max = 1, invalid = 05 },
    { "padding",    enum("01", "02"), invalid = 06 },
    { "oaep",       oaep, invalid = 87, when = { padding = "02" } },
    { "type",       H(4) },
    optional("=",
      { "hash",           enum("01", "02", "03", "04", "05", "06", "07", "08") },
      { "signature_type", N(2), min = 1, max = 1 },
      { "sign_padding",   enum("01", "04") },
      { "signer",         rsaprivate, invalid = 04 }),
    { "flag",       enum "012F" },
    { "key",        by("flag", { ["1"] = cryptogram "BDK", cryptogram }) },
    { "check",      rsacheck },
    { "public",     rsapublic, invalid = 04 },
    { "client_form", optional(";", enum("01", "02", "03")) },
    { "auth",       authdata },
    { "form",       optional("=", enum("01", "02", "03")) },
  },

  response = {
    { "size",      N(4) },
    { "data",      B() },
    { "sign_size", optional(N(4)) },
    { "signature", optional(B()) },
  },

  errors = {
    [01] = "the check value, or the MAC or block of the public key, is wrong",
    [03] = "the signer is no signing key",
    [04] = "unknown key type, or no RSA public key",
    [05] = "unknown encryption, or a hash that the padding does not take",
    [06] = "unknown padding",
    [10] = "the key has bad parity",
    [49] = "no private key in it, or none stored",
    [74] = "the signed data are neither digest nor DigestInfo",
    [76] = "the modulus is too short",
    [78] = "the length of the private key is wrong",
    [85] = "unknown mask generation function",
    [86] = "unknown hash of the mask generation function",
    [87] = "the group of OAEP is wrong",
  },

  handler = function (q, a)
    local type = rsa.type(q.type)

    key.permit(type, "export")

    local it = key.open(q.key, type, 10)

    if not key.sized(it, q.flag) then
      fail(27)
    end
    if not equal(key.kcv(it, #q.check), q.check) then
      fail(01)
    end

    local data = rsa.wrap(it, q.public, q.auth, q.padding, q.oaep, q.form or q.client_form)

    a.size = #data
    a.data = data
    if q.signer then
      local signature = rsa.sign(q.signer, q.hash, q.sign_padding, data)

      a.sign_size = #signature
      a.signature = signature
    end
  end,

  vectors = {
    { "ZPK, the key alone", authorised = true,
      send   = "GK010106001U063A0E7C0F2124E56192A4510F395ED708D7B4O\xDF\x97\x83"
            .. public_unsigned .. "=02",
      expect = "GL0001282\x11k\x8B\xAB\x89q\xCFF\x96\xAB\x99\x06\xA4d\xBF\x94\x93G\xEF8"
            .. "\xF8\xCF\xD2\x01\xF8\xD5l8\xB3K\x9Bt\\K\xD5\xA5!\x9A\x94*\xB8\x93`\x828Fe"
            .. "\"\x87\xD8\xADdu/\xA5\x95k\xAD\xEB2\xFDH\x837\xF6>\x83\xFC\x05?'P\xC3\x1F"
            .. "\x0D\x00\xDB\xB6\xC5Y\x96! \x8B\xAA\xFB\x98n\x12U\xEDg\xA83)\x13NX'>s\x90'"
            .. "\xBD\\\x98\x11\xCA9eH\x8Bb\xEF\xC2=\xC3\x02\x15\xE00\xDF\xF6\x9A\x074\x9F" },
    { "form 1, authentication data, long check value", authorised = true,
      send   = "GK0101060018B4ECCAE01B4B17AAC951121A98DB14E08D7B4FB629D0885\xFD\x1CTz"
            .. public .. "AUTH",
      expect = "GL0001282\x06\xCC'Up{`\xEA%Px\x13\x9E\xE3\xB2\xD0\x86\xE9\xE7\xB1\xDD\xBF"
            .. "\xD9\xD9\xDF\xA4\xFB\xB5\xB2\xB8+9\x10U\xBD\xC8\xFB\x19u:\x13\x10\x1AyM"
            .. "\xF9\xE1\xC1\x0C=\xF0\xF2\xD9!\xCCr\xFE\x9BUK|tq'\xA8s\xECQ^\xB6\xEC\xF2+"
            .. "\xFE\x84\x9E\x85y\x90\xD2q\x8B\xE7\x05\x08\x96\xDF\x82\xEB\x86\x9Fw\xF2"
            .. "\xAFH\xF7gb\xEC^z\xE5,1\x17\x01B\x9F\xEA\"M\x94\xAB\xD6B#\xBBhuC\xCFD(\x9B"
            .. ".z\xD3" },
    { "the form behind authentication data", authorised = true,
      send   = "GK0101060018B4ECCAE01B4B17AAC951121A98DB14E08D7B4FB629D0885\xFD\x1CTz"
            .. public .. "AUTH=01",
      expect = "GL0001282\x06\xCC'Up{`\xEA%Px\x13\x9E\xE3\xB2\xD0\x86\xE9\xE7\xB1\xDD\xBF"
            .. "\xD9\xD9\xDF\xA4\xFB\xB5\xB2\xB8+9\x10U\xBD\xC8\xFB\x19u:\x13\x10\x1AyM"
            .. "\xF9\xE1\xC1\x0C=\xF0\xF2\xD9!\xCCr\xFE\x9BUK|tq'\xA8s\xECQ^\xB6\xEC\xF2+"
            .. "\xFE\x84\x9E\x85y\x90\xD2q\x8B\xE7\x05\x08\x96\xDF\x82\xEB\x86\x9Fw\xF2"
            .. "\xAFH\xF7gb\xEC^z\xE5,1\x17\x01B\x9F\xEA\"M\x94\xAB\xD6B#\xBBhuC\xCFD(\x9B"
            .. ".z\xD3" },
    { "single length, the client's delimiter", authorised = true,
      send   = "GK0101260004EEEA9AF1FD7FD2DD5D44FO\xDF\x97\x83" .. public_unsigned
            .. ";03%00",
      expect = "GL000128\x9BI`.\x8F\xA6\xC1\x9D\xADm\xB4\xF9M,R\x0F\xF2AG\x01\xA5\xD3\x16"
            .. "\x82\xFEwL_\xDA\xC0\xC1m\x11\xFB\xA51\x13X\x9E\xAC\xB4o\xF1\xDF\xAC\xD9#"
            .. "\xC8j\x9E\x8A$\x8D\xD0%0-\x86\xC5\x98\x10\x8E\xB4v\xA2\x96Y \xF0\xFA>i\x95"
            .. "\x14\xF2\xE9m.\xF6\xAE\x8F\x1BJJ7Z\x8F\x9Bu>\x94\x93\xC9UP\xC2\xEC\xD6\xE9"
            .. "_\xDD]\x85\x87\x84\xC7P\xEF\xAC#\xE6\xA7#\xBDP\xD4\xC0\x1FZ@\xE4\x11v\x86"
            .. "\xCE:\xA7O" },
    { "OAEP, SHA-256, triple length", authorised = true,
      send   = "GK0102010600;06002T43639EB172DBABA59FB5212205040822D94D30221174140E973066O"
            .. "\xDF\x97\x83" .. public_unsigned .. "=02",
      expect = "GL000128\x11^\x05,M\x14\xC9\xB4\xA9\x87\x98\xD87<\x09\xAC\xE4\xAD\\N\x08"
            .. "\x08\x0B\xDEt\xF6\xFBM\x1F\xDC\xFF\xA3\xDA./\xB4F\xF3&\xA0  Z\xA2\x87\xB65"
            .. "\x16\x9C\x8D/\xC8\xA0\x96H'\x02\x0F\xA59\xD4\xD3\xBE\x95\xAC\x16\x15G6x"
            .. "\x9F3\xE2\xDF<Y\xB4\xF7D\xB1\x05s\xC1\x9D\xDF\xB1\x07(/\xFB\\\xE6D\xB0\"VH"
            .. "\xCE\xAA\xD9\xE1\x85G\xF4e\xE1U\x0D\xEER+\xCA33\x12\x09\x1F\x8D-\x91\xDA"
            .. "\xEA\x9A\x82x\x9F#\xF9" },
    { "OAEP, SHA-1, a label", authorised = true,
      send   = "GK0102010103L;1;06001U063A0E7C0F2124E56192A4510F395ED708D7B4O\xDF\x97\x83"
            .. public_unsigned .. "=02",
      expect = "GL0001288\xAA;\xEF\xDDB\xEDU>\xB3\xBB\xA9\x9A2\xDB\x9C\x97\x0F}\x9F\xE3"
            .. "\x02\xD3\xBC1\xB6\xA96i3+c7\xCD9\xF9\x17\xB1 ')H\xBC\xED\xE5_=\xA1\xAF\x01"
            .. "\xB7\x819\xB9J\xFEY\xB8\x8D\xC3}\x0D\x05)\xDFRG\xA6-2p\x8Cn\x8Bp)\xD8\xFC"
            .. "\x088\x90\x8D\xBE\xB8 \x0A|2a&lo%v\x1A6\xA2\x87y\xB1\xD8f!\xF0\x86b\xD2Jt "
            .. "a\x07\x9F\xBDT\xE5\xBD$\xCF\x00\x99\x14/\xED\xE4\x82g\xC8" },
    { "signed", authorised = true,
      send   = "GK01010600=060101990336\x09\xA5\x87\xAEc\xB9D\xEF0hy,=w\xF8\xF9\x1C\xDD"
            .. "\x13{\xF34\xC39\x87\x19\xCE4\xF3L9\xA7\xF7\xF5\xDC *\x06\x04UG\x87VZL|\x01"
            .. "\x96\x82\xCA\xEE\x80\xDATvb\x0F\x150\x99\xBA\xF8\xBF\x05\xA7\x02.\xD0\x1DK"
            .. "`\xEA\x95w&\xE0\xC9\x0A0\xF5\x09\xBB\x02\x82\x0F\x93\x89\xB4\x16\xAF[3\x1D"
            .. "E\xCCR\x1F\x0D=\xE0liR\xC0\xA1F7l\x00W\xF7\x01\x9Ad7\x99\xF6\x07\xBE\x97"
            .. "\xAE\xF2\xCA\xCE\xDF7\x83T\xA4rdH\x91\x98\x88,\xDB\xB7\x9Et\x94\x09\x9E"
            .. "\xA2\xC9G\xAD,~\xA80\xDC\xF6\xFE\xAF\x98\xFF\xF4\x9B\x97\x08l3\xCE4Y\x9C"
            .. "\x81\x90\x82\xA0\x06\x0F\\\xBC\xD6\x7F\x15\xDB\xCD_]\xA2\x0E\x86MU\x82Q"
            .. "\xF2%\x8A\xBC\x08\x9Cw&H\xB53\x97!\xCE;\xE6\x02\xE2'\x08\x7F+\x9E0\x1A&~"
            .. "\x13Q\x80\xAC\xCB\xBD\xEB\xA5w\xC2\x98%\xBB\xB5F\x90\xCD/,\x10Y3\x1C:\xA5"
            .. "\xA2\xF1\xF5\xB7%\x91\xFE\xD6|W\xB5\x0A\x13\x03\x8F5f2\xC3\xE2@\xD7\x19m"
            .. "\xBE\x8C.\xE8\x99kz\x12\x96v\x9A\xCC\x86\xFDy|k\x07G+7\x05-\x0B\xF1H\xA1]"
            .. "\x89=\xE5*\xAC\xEF\xB4\xC5\xE8w0$\x03\x196MN\x12;-\xFD\xD6\xE65W\\\xE8D"
            .. "\xA2C\xD8?\x9B\x02\xD2D\"\x1F?\x1B\xFA\xE8\x191U063A0E7C0F2124E56192A4510F"
            .. "395ED708D7B4O\xDF\x97\x83" .. public_unsigned .. "=02",
      expect = "GL0001282\x11k\x8B\xAB\x89q\xCFF\x96\xAB\x99\x06\xA4d\xBF\x94\x93G\xEF8"
            .. "\xF8\xCF\xD2\x01\xF8\xD5l8\xB3K\x9Bt\\K\xD5\xA5!\x9A\x94*\xB8\x93`\x828Fe"
            .. "\"\x87\xD8\xADdu/\xA5\x95k\xAD\xEB2\xFDH\x837\xF6>\x83\xFC\x05?'P\xC3\x1F"
            .. "\x0D\x00\xDB\xB6\xC5Y\x96! \x8B\xAA\xFB\x98n\x12U\xEDg\xA83)\x13NX'>s\x90'"
            .. "\xBD\\\x98\x11\xCA9eH\x8Bb\xEF\xC2=\xC3\x02\x15\xE00\xDF\xF6\x9A\x074\x9F0"
            .. "128\xD2\xD2\x98\x85\xBD!\x10\x1B\xF1Q\xDClG\xC3\x94\x80\xD7S\xC0\x10?p\x84"
            .. "\x12Y\x0B\xE1\xDB\xAD\"\xF1\x8A\xF4z\xE8\xF4\x89\x05i$\xB2\x86\xC4U7M\xED"
            .. "\xA3\x1D=\x8F\xA7Q\x97h\x17VE\xFFi\xBA\x82\xE8\xB5\xFA\x83\xB0&\xA1\x10"
            .. "\x01\xFE\x15\xFB\xAB(p\xEF\x92~\xB9\xF0\x8B\xC3Fk\x94\xDF\xDD\xE1\xFE,\xFA"
            .. "\xC1d\x06\xA2Y)\xB9\x01J\xA7\xF1\xA9{\xAFE\x0Co\x07\xBC\x1FO\xFE\xDA&\x0C]"
            .. "\x9E*\xF4L/m\xE3\xB1F" },
    { "key block, exportability S", authorised = true,
      send   = "GK0101FFFFFS1009672TN00S00013FADDD22B73269F252851EFAB4AFB57FCE3FCF08A70B1D"
            .. "6D0E94DA05F0132D4B6A1AC58B1C87D57408D7B4" .. block
            .. "=02%01",
      expect = "GL0001282\x11k\x8B\xAB\x89q\xCFF\x96\xAB\x99\x06\xA4d\xBF\x94\x93G\xEF8"
            .. "\xF8\xCF\xD2\x01\xF8\xD5l8\xB3K\x9Bt\\K\xD5\xA5!\x9A\x94*\xB8\x93`\x828Fe"
            .. "\"\x87\xD8\xADdu/\xA5\x95k\xAD\xEB2\xFDH\x837\xF6>\x83\xFC\x05?'P\xC3\x1F"
            .. "\x0D\x00\xDB\xB6\xC5Y\x96! \x8B\xAA\xFB\x98n\x12U\xEDg\xA83)\x13NX'>s\x90'"
            .. "\xBD\\\x98\x11\xCA9eH\x8Bb\xEF\xC2=\xC3\x02\x15\xE00\xDF\xF6\x9A\x074\x9F" },
    { "key block, exportability E", authorised = true,
      send   = "GK0101FFFFFS1009672TN00E0001C722BA61D85CC115B09654C8914C62FDC79DFCD8182D1D"
            .. "2A89DCD6F2566DB0ED843B4F0012BA0A5E08D7B4" .. block
            .. "=02%01",
      expect = "GL0001282\x11k\x8B\xAB\x89q\xCFF\x96\xAB\x99\x06\xA4d\xBF\x94\x93G\xEF8"
            .. "\xF8\xCF\xD2\x01\xF8\xD5l8\xB3K\x9Bt\\K\xD5\xA5!\x9A\x94*\xB8\x93`\x828Fe"
            .. "\"\x87\xD8\xADdu/\xA5\x95k\xAD\xEB2\xFDH\x837\xF6>\x83\xFC\x05?'P\xC3\x1F"
            .. "\x0D\x00\xDB\xB6\xC5Y\x96! \x8B\xAA\xFB\x98n\x12U\xEDg\xA83)\x13NX'>s\x90'"
            .. "\xBD\\\x98\x11\xCA9eH\x8Bb\xEF\xC2=\xC3\x02\x15\xE00\xDF\xF6\x9A\x074\x9F" },
    { "not authorised",
      send   = "GK010106001U063A0E7C0F2124E56192A4510F395ED708D7B4O\xDF\x97\x83"
            .. public_unsigned .. "=02",
      expect = "GL17" },
    { "check value", authorised = true,
      send   = "GK010106001U063A0E7C0F2124E56192A4510F395ED7D5D44FO\xDF\x97\x83"
            .. public_unsigned .. "=02",
      expect = "GL01" },
    { "MAC of the public key", authorised = true,
      send   = "GK010106001U063A0E7C0F2124E56192A4510F395ED708D7B4O\xDE\x97\x83"
            .. public_unsigned .. "=02",
      expect = "GL01" },
    { "other authentication data", authorised = true,
      send   = "GK010106001U063A0E7C0F2124E56192A4510F395ED708D7B4O\xDF\x97\x83"
            .. public_unsigned .. "X",
      expect = "GL01" },
    { "signer for key management", authorised = true,
      send   = "GK01010600=060101990336\x09\xA5\x87\xAEc\xB9D\xEF0hy,=w\xF8\xF9\x1C\xDD"
            .. "\x13{\xF34\xC39\x87\x19\xCE4\xF3L9\xA7\xF7\xF5\xDC *\x06\x04UG\x87VZL|\x01"
            .. "\x96\x82\xCA\xEE\x80\xDATvb\x0F\x150\x99\xBA\xF8\xBF\x05\xA7\x02.\xD0\x1DK"
            .. "`\xEA\x95w&\xE0\xC9\x0A0\xF5\x09\xBB\x02\x82\x0F\x93\x89\xB4\x16\xAF[3\x1D"
            .. "E\xCCR\x1F\x0D=\xE0liR\xC0\xA1F7l\x00W\xF7\x01\x9Ad7\x99\xF6\x07\xBE\x97"
            .. "\xAE\xF2\xCA\xCE\xDF7\x83T\xA4rdH\x91\x98\x88,\xDB\xB7\x9Et\x94\x09\x9E"
            .. "\xA2\xC9G\xAD,~\xA80\xDC\xF6\xFE\xAF\x98\xFF\xF4\x9B\x97\x08l3\xCE4Y\x9C"
            .. "\x81\x90\x82\xA0\x06\x0F\\\xBC\xD6\x7F\x15\xDB\xCD_]\xA2\x0E\x86MU\x82Q"
            .. "\xF2%\x8A\xBC\x08\x9Cw&H\xB53\x97!\xCE;\xE6\x02\xE2'\x08\x7F+\x9E0\x1A&~"
            .. "\x13Q\x80\xAC\xCB\xBD\xEB\xA5w\xC2\x98%\xBB\xB5F\x90\xCD/,\x10Y3\x1C:\xA5"
            .. "\xA2\xF1\xF5\xB7%\x91\xFE\xD6|W\xB5\x0A\x13\x03\x8F5f2\xC3\xE2@\xD7\x19m"
            .. "\xBE\x8C.\xE8\x99kz\x12\x96v\x9A\xCC\x86\xFDy|k\x07G+7\x05-\x0B\xF1H\xA1]"
            .. "\x89=\xE5*\xAC\xEF\xB4\xC5\xE8w0$\x03\x196MN\x12;-\xFD\xD6\xE65W\\\xE8D"
            .. "\xA2C\xD8?\x9B\x02\xD2\xFF\xB2\xC7\xD3d\x80\xB4\xB21U063A0E7C0F2124E56192A"
            .. "4510F395ED708D7B4O\xDF\x97\x83" .. public_unsigned
            .. "=02",
      expect = "GL03" },
    { "unknown key type", authorised = true,
      send   = "GK010105991U063A0E7C0F2124E56192A4510F395ED708D7B4O\xDF\x97\x83"
            .. public_unsigned .. "=02",
      expect = "GL04" },
    { "no public key", authorised = true,
      send   = "GK010106001U063A0E7C0F2124E56192A4510F395ED708D7B4O\xDF\x97\x83\x04\x81"
            .. "\x88\x02\x81\x80\xE4\x1D\x14`\x14\xED\x19x\xC2\xCA]\x10\xB2\xEE\xF2\xCA"
            .. "\x11Wk\x97P\x19\xDC+\x1El8!\xF5\x1C\x1D%\xA4Q\xA3\xC7{\xA8l\x0F\x9C \x0Cj"
            .. "\x84(W\xC4rY\xAE\x19Q\x01\x00\xFF*\xC3\xB4]\xC9\xF0\xE0\x92\x02\xF5b\xC7C"
            .. "\xE6\xD9)\xAA\xEF\x8B\xB4\x08\x05\xB1#\x01\xC3\x06)$&\x84\x17\x84b\x7FSDM"
            .. "\xB3'\xE5u\xA9KA\x08\xFE\x00\xCDKZ\xBCl\x16\xDF\x9E\xB6kQB2\x128U\x1B\xB9d"
            .. "\xBCG\xEDtY\x02\x03\x01\x00\x01=02",
      expect = "GL04" },
    { "no RSA", authorised = true,
      send   = "GK0201",
      expect = "GL05" },
    { "unknown padding", authorised = true,
      send   = "GK0103",
      expect = "GL06" },
    { "parity", authorised = true,
      send   = "GK010106001U3896E8A1D29795E7C908C7D5B690291608D7B4O\xDF\x97\x83"
            .. public_unsigned .. "=02",
      expect = "GL10" },
    { "another length", authorised = true,
      send   = "GK010106002U063A0E7C0F2124E56192A4510F395ED708D7B4O\xDF\x97\x83"
            .. public_unsigned .. "=02",
      expect = "GL27" },
    { "a label without end", authorised = true,
      send   = "GK0102010601LL06001U063A0E7C0F2124E56192A4510F395ED708D7B4O\xDF\x97\x83"
            .. public_unsigned .. "=02",
      expect = "GL87" },
    { "OAEP of SHA-512 needs a longer key", authorised = true,
      send   = "GK0102010800;06001U063A0E7C0F2124E56192A4510F395ED708D7B4O\xDF\x97\x83"
            .. public_unsigned .. "=02",
      expect = "GL76" },
    { "key block, not exportable", authorised = true,
      send   = "GK0101FFFFFS1009672TN00N000141BEB02F274362B1D7DEDE7FD8FA23FCE1EB3999780B0A"
            .. "50D28AE9666B5DF5E956812B7D6B77118E08D7B4" .. block
            .. "=02%01",
      expect = "GLAA" },
    { "a ZMK", authorised = true,
      send   = "GK010104001U42BBE7D9A0A55D0EBDE055DE2791ACCD08D7B4O\xDF\x97\x83"
            .. public_unsigned .. "=02",
      expect = "GL29" },
  },
}
