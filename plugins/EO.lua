-- EO: vouch for a public key, so that EY and GK take it.
--
-- Variant LMK: the reply is a MAC over key and authentication data, and the
-- key. Key block LMK: an S block; authentication data are for MACs alone.
-- PROJECT: the inner form of the block: the DER in the clear, then padding.

-- Keys and cryptograms of the vectors.
local public = "0\x81\x89\x02\x81\x81\x00\xE4\x1D\x14`\x14\xED\x19x\xC2\xCA]\x10\xB2\xEE"
  .. "\xF2\xCA\x11Wk\x97P\x19\xDC+\x1El8!\xF5\x1C\x1D%\xA4Q\xA3\xC7{\xA8l\x0F"
  .. "\x9C \x0Cj\x84(W\xC4rY\xAE\x19Q\x01\x00\xFF*\xC3\xB4]\xC9\xF0\xE0\x92\x02"
  .. "\xF5b\xC7C\xE6\xD9)\xAA\xEF\x8B\xB4\x08\x05\xB1#\x01\xC3\x06)$&\x84\x17"
  .. "\x84b\x7FSDM\xB3'\xE5u\xA9KA\x08\xFE\x00\xCDKZ\xBCl\x16\xDF\x9E\xB6kQB2"
  .. "\x128U\x1B\xB9d\xBCG\xEDtY\x02\x03\x01\x00\x01"
local manual = "0G\x02@\xAE!>\xBD\xFE'&\x16\x05\x81\x14\xCA]n\x8D\xDD/\x97n\xF0\xC6\xD6"
  .. "\xF6\xAD\xE0 N\x91l\xE0\xB5\xC7\x04\xA1\xA9\xF1\xF61\xF5x\xD7\xB8}\x19\x81"
  .. "\x95\x1B\xB9\x9AW$\x00\xACC\xBB:\xF8\xC2\xA4\x06\x8A\x00R%\x02\x03\x01\x00"
  .. "\x01"

return {
  command    = "EO",
  title      = "Import an RSA public key",
  version    = "1.0.0",
  author     = "luahsm",
  sources    = "manual, vectors, project",
  authorised = true,

  request = {
    { "encoding",   enum("01", "02"), invalid = 03 },
    { "public",     der,              invalid = 04 },
    { "auth",       authdata },
    { "attributes", attributes "public" },
  },

  response = {
    { "public", B() },
  },

  errors = {
    [03] = "unknown encoding",
    [04] = "no RSA public key in DER",
  },

  handler = function (q, a)
    a.public = rsa.vouch(q.public, q.auth, q.attributes)
  end,

  vectors = {
    { "manual, with authentication data", authorised = true,
      send   = "EO01" .. manual .. "AUTHEN-DATA",
      expect = "EP00\x9C5\x08\x91" .. manual },
    { "manual, without", authorised = true,
      send   = "EO01" .. manual,
      expect = "EP00S\x05H\xCE" .. manual },
    { "an LMK identifier behind the data", authorised = true,
      send   = "EO01" .. manual .. "AUTHEN-DATA%00",
      expect = "EP00\x9C5\x08\x91" .. manual },
    { "in two's complement, and a trailer", authorised = true,
      send   = "EO02" .. public .. "\x19end",
      expect = "EP00|4\x14\xC7" .. public .. "\x19end" },
    { "key block, as clients send it", authorised = true,
      send   = "EO02" .. public .. "~%01#N00N00",
      expect = "EP00S1017602RN00N0001" .. public .. "\x04\x06\x9B_346013AF38940FAB" },
    { "not authorised",
      send   = "EO01" .. manual,
      expect = "EP17" },
    { "no SEQUENCE", authorised = true,
      send   = "EO01\x04G\x02@\xAE!>\xBD\xFE'&\x16\x05\x81\x14\xCA]n\x8D\xDD/\x97n\xF0\xC6"
            .. "\xD6\xF6\xAD\xE0 N\x91l\xE0\xB5\xC7\x04\xA1\xA9\xF1\xF61\xF5x\xD7\xB8}\x19"
            .. "\x81\x95\x1B\xB9\x9AW$\x00\xACC\xBB:\xF8\xC2\xA4\x06\x8A\x00R%\x02\x03\x01"
            .. "\x00\x01",
      expect = "EP04" },
    { "a SEQUENCE of something else", authorised = true,
      send   = "EO010\x03\x04\x01\x00",
      expect = "EP04" },
    { "even modulus", authorised = true,
      send   = "EO010G\x02@\xAE!>\xBD\xFE'&\x16\x05\x81\x14\xCA]n\x8D\xDD/\x97n\xF0\xC6"
            .. "\xD6\xF6\xAD\xE0 N\x91l\xE0\xB5\xC7\x04\xA1\xA9\xF1\xF61\xF5x\xD7\xB8}\x19"
            .. "\x81\x95\x1B\xB9\x9AW$\x00\xACC\xBB:\xF8\xC2\xA4\x06\x8A\x00R$\x02\x03\x01"
            .. "\x00\x01",
      expect = "EP04" },
    { "cut short", authorised = true,
      send   = "EO010G\x02@\xAE!>\xBD\xFE'&\x16\x05\x81\x14\xCA]n\x8D\xDD/\x97n\xF0\xC6"
            .. "\xD6\xF6\xAD\xE0 N\x91l\xE0\xB5\xC7\x04\xA1\xA9\xF1\xF61\xF5x\xD7\xB8}\x19"
            .. "\x81\x95\x1B\xB9\x9AW$\x00\xACC\xBB:\xF8\xC2\xA4\x06\x8A\x00R%\x02\x03\x01"
            .. "\x00",
      expect = "EP15" },
    { "unknown encoding", authorised = true,
      send   = "EO03" .. manual,
      expect = "EP03" },
    { "key block without attributes", authorised = true,
      send   = "EO02" .. public .. "%01",
      expect = "EP15" },
    { "key block, mode S", authorised = true,
      send   = "EO02" .. public .. "~%01#S00N00",
      expect = "EPA8" },
  },
}
