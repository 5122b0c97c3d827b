-- EU: the MAC of a public key under the live LMK, from the one under the old LMK.

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
  command = "EU",
  title   = "Translate the MAC of an RSA public key",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual",

  request = {
    { "public", rsapublic, invalid = 04 },
    { "auth",   authdata },
  },

  response = {
    { "mac", B(4) },
  },

  errors = {
    [01] = "the MAC is wrong under the old LMK",
    [04] = "no RSA public key in DER",
    [33] = "key change storage is empty",
  },

  handler = function (q, a)
    a.mac = rsa.remac(q.public, q.auth)
  end,

  vectors = {
    { "with authentication data",
      send   = "EU<\x05\xCC\"" .. manual .. "AUTHEN-DATA",
      expect = "EV00\x9C5\x08\x91" },
    { "without",
      send   = "EU\x82h\xE0\x16" .. public,
      expect = "EV00|4\x14\xC7" },
    { "MAC of the live LMK",
      send   = "EUS\x05H\xCE" .. manual,
      expect = "EV01" },
    { "key block",
      send   = "EUS1017602RN00S0001" .. public .. "\xA5\xA5\xA5\xA554602E63AB47B838%01",
      expect = "EVA1" },
    { "no SEQUENCE",
      send   = "EU\x00\x00\x00\x00\x04G\x02@\xAE!>\xBD\xFE'&\x16\x05\x81\x14\xCA]n\x8D\xDD"
            .. "/\x97n\xF0\xC6\xD6\xF6\xAD\xE0 N\x91l\xE0\xB5\xC7\x04\xA1\xA9\xF1\xF61\xF5"
            .. "x\xD7\xB8}\x19\x81\x95\x1B\xB9\x9AW$\x00\xACC\xBB:\xF8\xC2\xA4\x06\x8A\x00"
            .. "R%\x02\x03\x01\x00\x01",
      expect = "EV04" },
  },
}
