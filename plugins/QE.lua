-- QE: make a certificate request.
--
-- Served as the one client that builds it sends it, for key block LMKs.
-- PROJECT: names stand country first in the request, an empty one is left out, lines
-- end in X'0A.

-- Keys and cryptograms of the vectors.
local public = "0\x81\x89\x02\x81\x81\x00\xE4\x1D\x14`\x14\xED\x19x\xC2\xCA]\x10\xB2\xEE"
  .. "\xF2\xCA\x11Wk\x97P\x19\xDC+\x1El8!\xF5\x1C\x1D%\xA4Q\xA3\xC7{\xA8l\x0F"
  .. "\x9C \x0Cj\x84(W\xC4rY\xAE\x19Q\x01\x00\xFF*\xC3\xB4]\xC9\xF0\xE0\x92\x02"
  .. "\xF5b\xC7C\xE6\xD9)\xAA\xEF\x8B\xB4\x08\x05\xB1#\x01\xC3\x06)$&\x84\x17"
  .. "\x84b\x7FSDM\xB3'\xE5u\xA9KA\x08\xFE\x00\xCDKZ\xBCl\x16\xDF\x9E\xB6kQB2"
  .. "\x128U\x1B\xB9d\xBCG\xEDtY\x02\x03\x01\x00\x01"
local signing_block = "S1036803RS00S0001\xE8\xEC\\d\xA4\xE4\xD4\x9F\xDC/\xAE{\xCA\\ \xDC~\x1El"
  .. "\xA4\x1B\x1D7\xF1\x1D\xDFd\xEBA\x1C\x97\x1A<\xE2\xC9\xAE\x11\xC5d\xCA\xA3:"
  .. "[\x19\x1D}\xCB\x00\x85i\xA3_\xD955LJ\xBC\x18\xD7aD\x9BkX\"\xC9\x95\x89i"
  .. "\xDEC\xE0\xB5\"\x89G\x0F\x1Dq\x1C\x96q\x99\xE6\x0D\xB0\xCE.\x83\x87\xFE"
  .. "\x85\x94M\x101F\x17R\xFCo*\x83\xB3o\x19\xBE\xD7C\xDEn7!\x1D\x8DL\x8A\xC2ZD"
  .. "\xA9\x97\xC7\xBD\x1C\xEF\xA3\xF30\xF4~Xy\x12\x99\xD9\x0D^\xCD\xD5\xE9-\x11"
  .. "F\xDA\x8A\xA0\"x\x0E\xFF\xB7m+c\xB65\xA2\xD0m\xC54\xBA@6\xD5v\xA1\xA9\xEDn"
  .. "@M\xCE\xF9<\x0A]3\x00\xEB5\xC0D\x00\xD0\xA5\xF1\xAE\xF3G3Q\xB1\xF38'\xEA"
  .. "\x88\xDC\x9F{9T\xA3\x8Dv\xB2`t\x87`\x1Afd\xE9\x12\xC8\xB7\xD1\x07\x93\x0B"
  .. "\x9E-S\xD2\x06\xF1\xDE\xC1\x9D:\xDE`!tMK\x03\x81\x88\x8C\x9F\x00k\xD4R\x03"
  .. "x\x13\xBD\xE4\xFA3Y\xB2\x90\xEE\x1CJY\xAB\xBA\xEA\x9E \x87\x9DHm1\x89\xB3"
  .. "\x87Fh\x9AD\xBD\x0D\xE3\xF6|\x16\xEA\xC4\xD4\xFC\xD2\xFE\x03\xD6\x9EM\xB6j"
  .. "\xCD\xBDOUDx1o\x09;\xF1Ez\xE3\xAE\xD0Mp\xF2\xC4|\x89\x04T\xFE|\x00\x12v"
  .. "\x12K\xAE\xD5\xB6\xEE^\xF3132A99B012419E9B2"
local curve_public = "0Y0\x13\x06\x07*\x86H\xCE=\x02\x01\x06\x08*\x86H\xCE=\x03\x01\x07\x03B\x00"
  .. "\x04p\xDA\x02\xCF#\x893\x8F<n2\x81T{y\x97\xF6Kx\x95\\\xD0\xCC\xE7\x09\x04"
  .. "\xF0&Y3]\xAD\xAF\xC3\xDE\xA0\x90\xEB\xBAI\xDF\x9A\xE1\x82@\xB9\xFFR4\xB5^M"
  .. ";\xF2EY\x01\xF4\xF4+t^\xB3D"

return {
  command = "QE",
  title   = "Generate a certificate request",
  version = "1.0.0",
  author  = "luahsm",
  sources = "clients, project, low",

  request = {
    { "constant", N(2), equals = "00" },
    { "method",   N(2), min = 1, max = 2, invalid = 06 },
    { "encoding", N(2), min = 2, max = 3, invalid = 04 },
    { "public",   der, invalid = 04 },
    { "private",  cryptogram },
    { "padding",  N(2), min = 1, max = 1, invalid = 07, when = { method = "01" } },
    { "hash",     enum("05", "06", "07", "08"), invalid = 05 },
    { "form",     N(1), equals = "1" },
    { "subject",  subject },
  },

  response = {
    { "size",    N(4) },
    { "request", B() },
  },

  errors = {
    [03] = "the private key is no signing key",
    [04] = "no public key in DER",
    [05] = "unknown hash",
    [06] = "unknown signature algorithm",
    [07] = "unknown padding",
    [49] = "no private key in it",
    [76] = "the modulus is too short for the hash",
  },

  handler = function (q, a)
    local request = csr.make(q.method, q.public, q.private, q.hash, q.subject)

    a.size    = #request
    a.request = request
  end,

  vectors = {
    { "RSA, as a client sends it",
      send   = "QE000102" .. public .. signing_block
            .. "01061Public Cert;Payshield Certificate;AWS Sample Org;Arlington;VA;US;%01",
      expect = "QF000680-----BEGIN CERTIFICATE REQUEST-----\x0AMIIBvTCCASYCAQAwfTELMAkGA1U"
            .. "EBhMCVVMxCzAJBgNVBAgMAlZBMRIwEAYDVQQH\x0ADAlBcmxpbmd0b24xFzAVBgNVBAoMDkFXU"
            .. "yBTYW1wbGUgT3JnMR4wHAYDVQQLDBVQ\x0AYXlzaGllbGQgQ2VydGlmaWNhdGUxFDASBgNVBAM"
            .. "MC1B1YmxpYyBDZXJ0MIGfMA0G\x0ACSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHRRgFO0ZeMLKX"
            .. "RCy7vLKEVdrl1AZ3Cse\x0AbDgh9RwdJaRRo8d7qGwPnCAMaoQoV8RyWa4ZUQEA/yrDtF3J8OC"
            .. "SAvVix0Pm2Smq\x0A74u0CAWxIwHDBikkJoQXhGJ/U0RNsyfldalLQQj+AM1LWrxsFt+etmtRQ"
            .. "jISOFUb\x0AuWS8R+10WQIDAQABoAAwDQYJKoZIhvcNAQELBQADgYEA3IErKwW7pTgJ9DNjddH"
            .. "M\x0Ag5cIeQkQjPghQBUp4lasQMfdD5utxFvLsm62S+VFBhJmk4Le53iLDS/hrmTfhGkK\x0AN"
            .. "q8jjPrkPykSiYjv/q4uFVomPZLf+1fBBd9fImpLWcubCEJt7VtBV4YXZkw3FEPZ\x0Ae0Y7qeB"
            .. "2ESYQpW4JMmkpRwE=\x0A-----END CERTIFICATE REQUEST-----\x0A" },
    { "ECDSA, only a common name, SHA-384",
      send   = "QE000203" .. curve_public
            .. "S1012803ES00S00017DD79179B6AE54DCDB51CD219AB50A2115E524E4688283070CFB85CEF"
            .. "B3F670F7B12F01E9B5BBD1BDCB6AE835F054B146FBD6ADB717C2AC8071device 7;;;;;;%0"
            .. "1",
      expect = "QF000351-----BEGIN CERTIFICATE REQUEST-----\x0AMIHMMHUCAQAwEzERMA8GA1UEAww"
            .. "IZGV2aWNlIDcwWTATBgcqhkjOPQIBBggqhkjO\x0APQMBBwNCAARw2gLPI4kzjzxuMoFUe3mX9"
            .. "kt4lVzQzOcJBPAmWTNdra/D3qCQ67pJ\x0A35rhgkC5/1I0tV5NO/JFWQH09Ct0XrNEoAAwCgY"
            .. "IKoZIzj0EAwMDRwAwRAIgCzM2\x0AKSM8hXnRyilXbOiEM9X+xx7+qt7jMu4LCNEZm/YCIAYBg"
            .. "PmfyxIgIyTL0zFra5Nl\x0Aj0BBzR8Z1RBeUvYu07jG\x0A-----END CERTIFICATE REQUES"
            .. "T-----\x0A" },
    { "no subject at all",
      send   = "QE000102" .. public
            .. "S1036803RN00S0001q v\xA2W\xD3\xDBB\xDE\xBF\x04\x0A\xD0\xA1Q;\xAB\xB3\xC2"
            .. "\xA7\xB3\x014\xCB\xFD6\xFF\xDD\xEF\x96\x86\xFB\x97\x1A\x8AlH\xFD!\xE9\x84"
            .. "\x1Dw\xF1\x92/\xE7\xA63\x0B\x1E\xEDK\xC3}u\xF2\xD7\xAE$DH\xE5\xA4\x948\xCC"
            .. "\xEE\xA6\xCDZ\xEF\x9E\xC6\x90\xD6O4\xB2\xD8\xDD\xC9\xC3\xC9\xED\xB4R\xEB"
            .. "\xE7GB\x98F\xE2\xDC\xF8\x82~9\xFB\xBEa\x18\x17pK\x89\x1E\x1A\x0D[C|\x9A/"
            .. "\xAA\x19\xFB$vWM\xDA\x0D\xAF\xB5eN>\x13\xFD\xAC.\xD5\xE7\xEB\x191<\xD1\x93"
            .. "]\xD3\x0B\x8F\xAA\x89}\xDE |\xA0S]\xA9\xD6[#i5\xD4\xE2g\xA1\xC6L\xB7x-e"
            .. "\xE6\xE4\xF2\x9B\x0D\x0A\xA2\x84C\xA8\xEC\x82\xC6Z\x11\xF7\x1E.\x18\x0Fx"
            .. "\xC7\xC3\xF2\x19\xC0\x8FfGb\xE7\xBB\x01\xEB\xE4u\x9F\xA0\xE7F\x93\xA1\xCF"
            .. "\x7F\xFC\xC5}\x02|\xD2n&*\x93]\xC3Q\xC4\x1E\x97\xD2%\xF5\x8F\x9A;\x18\x03"
            .. "\x8F\x16\x84!\x96=l>8\x04\xD0\xC2\xF1mHni|B\xDA\x15\x13\xA4\xDA\x11\x99"
            .. "\x85\xD1\xDBA\x07\x0BI\xC3V\x9B\x12\x87\xCE\xE0~\xD4w\x02\x85\xF7\x9D\xFC"
            .. "\x05\xD8\xB5\x88`\xDD\xD8\x19\xD1\x0C\\!\x0E\x0E\xBFV:\x17\xF7(\x08nJ\xEF"
            .. "\xB5\xF4\xB93\xD3):\xF0\x88w\xAA\x95\xE3\x87\x99h\xAA\x1D\xB2D\x03{Rm/\x1A"
            .. "39FB7EAF5EE3C5C001081;;;;;;%01",
      expect = "QF000509-----BEGIN CERTIFICATE REQUEST-----\x0AMIIBPzCBqQIBADAAMIGfMA0GCSq"
            .. "GSIb3DQEBAQUAA4GNADCBiQKBgQDkHRRgFO0Z\x0AeMLKXRCy7vLKEVdrl1AZ3CsebDgh9RwdJ"
            .. "aRRo8d7qGwPnCAMaoQoV8RyWa4ZUQEA\x0A/yrDtF3J8OCSAvVix0Pm2Smq74u0CAWxIwHDBik"
            .. "kJoQXhGJ/U0RNsyfldalLQQj+\x0AAM1LWrxsFt+etmtRQjISOFUbuWS8R+10WQIDAQABoAAwD"
            .. "QYJKoZIhvcNAQENBQAD\x0AgYEAvjGtGqCJZPX7rJZg6OVaVI1Cln6oCb/2TqrtlaUaRsO1T+N"
            .. "p7A2yKp9Yw5O1\x0AvaBG7VozSwBDht0xKobBiG2w59c9odYAmVBsSBfgl/Ex3NpNFccFkDqyl"
            .. "EicT6sB\x0Av1CQGAfbNCjg6Jc3xNx+Ne6xhUZ0kI0wwUh7sko82daGOZQ=\x0A-----END CE"
            .. "RTIFICATE REQUEST-----\x0A" },
    { "a key for key management",
      send   = "QE000102" .. public
            .. "S1036803RD00S0001\xD0\xEB\xC6m^\xAD\xCE\xCE\xAC\xC4>\x09$\xE6\xC1\xC9I\x1B"
            .. ":m;\x00\xAEu\x9E\xBBO\x0F\x13\x8D\xBC\xEE\xBF\xDBV\xC3\x1B\xF901\xE0\xF5"
            .. "\x0D\x0E\x05\x9D\x8C\xECc\x07\xB6$R\xDEG\xC5*\xA8\xB4\xAA\xC10\xCD\xA7\xFE"
            .. "a\xEC\xA5\xFC\x01\\M\xC4ec\x1FN&\xC4\xEB\xB0b\xAF\x10\x00\x9B\xA2Z\xEC}"
            .. "\xAB\xE4X\xE3 \x04Wt\xA1f\xF0@\x9F2\x09)u\x93\x8E\xF2\xC2l\x8F\x82{i\x18"
            .. "\xB7\xC7\xC2\xDE>\xD1\x09\x86\x08\x91\x10\xDB\xB6X\x1AcF(\xC3\xC5J;\xB8"
            .. "\x13.Tw\xB6\xA13\x88'c\x06S *\xE7\xAD\x92 \xC5\x03\xE9\x12\xC9\x95\xF3\xB5"
            .. "i&\xA24H\xA3\xADBu~\xC8\xF9|\xEAO\xF3\x8D{\xD9m\x13\x0E\xF7+\xE6\xBA\xD6"
            .. "\x1F\x09\xDDA\x10\xB2\xBA\xF6\xDD\x00\xED`f\xB8z\xF7\x1D\x13\x17k\xEBiUE"
            .. "\xF8\x18\x97\x06\xAD\xF1\x8B\xD3\xCF(\x8C\xA9\xF3\xFDK~\xB5\xD5\xE0\x13"
            .. "\x0D#\x99\x14\xE9\xE1\x05\x11\xDF\x9A\x09S\x0Db\xFB`\x05\xBD6\xAF/\xEA\xB1"
            .. "q\xC8\xE6\xE5\x9A\xF5jX\xA1>\xE8k\x0F\x90%\x1E:\x95\x11SJ@\xAA\x00 \xC0OFP"
            .. "U\x10\xA3`\xE8\xD4\x1F\x9F\x81\xB3\xD0\xCD\x99\xD9YN\x0Fo\x07\xA2\xA2\xC4r"
            .. "\x89\xCDU\xBF\x99z\xBB\xE9\xA6\xB2p'\x95\xBE\xA2_F\\/\xD2a\xA8\xF325DFB8E1"
            .. "6ABFF1A2E01061Public Cert;Payshield Certificate;AWS Sample Org;Arlington;V"
            .. "A;US;%01",
      expect = "QF03" },
    { "ECDSA, a key for agreement",
      send   = "QE000203" .. curve_public
            .. "S1012803EX00S0001CDF9646A8074CDDBCDC5DC110440F5CC1788AE7424D74B3A3A7C952A4"
            .. "6EF299B81E18523E6611B2C0F061697B84223CDD767B1E4A5988982061Public Cert;Pays"
            .. "hield Certificate;AWS Sample Org;Arlington;VA;US;%01",
      expect = "QF03" },
    { "no public key",
      send   = "QE0001020\x00" .. signing_block
            .. "01061Public Cert;Payshield Certificate;AWS Sample Org;Arlington;VA;US;%01",
      expect = "QF04" },
    { "SHA-1",
      send   = "QE000102" .. public .. signing_block
            .. "01011Public Cert;Payshield Certificate;AWS Sample Org;Arlington;VA;US;%01",
      expect = "QF05" },
    { "unknown signature",
      send   = "QE000302" .. public .. signing_block
            .. "01061Public Cert;Payshield Certificate;AWS Sample Org;Arlington;VA;US;%01",
      expect = "QF06" },
    { "unknown padding",
      send   = "QE000102" .. public .. signing_block
            .. "04061Public Cert;Payshield Certificate;AWS Sample Org;Arlington;VA;US;%01",
      expect = "QF07" },
    { "another key's public key",
      send   = "QE0001020G\x02@\xAE!>\xBD\xFE'&\x16\x05\x81\x14\xCA]n\x8D\xDD/\x97n\xF0"
            .. "\xC6\xD6\xF6\xAD\xE0 N\x91l\xE0\xB5\xC7\x04\xA1\xA9\xF1\xF61\xF5x\xD7\xB8}"
            .. "\x19\x81\x95\x1B\xB9\x9AW$\x00\xACC\xBB:\xF8\xC2\xA4\x06\x8A\x00R%\x02\x03"
            .. "\x01\x00\x01" .. signing_block
            .. "01061Public Cert;Payshield Certificate;AWS Sample Org;Arlington;VA;US;%01",
      expect = "QF15" },
    { "five texts",
      send   = "QE000102" .. public .. signing_block .. "01061a;b;c;d;e;%01",
      expect = "QF15" },
    { "a country of three letters",
      send   = "QE000102" .. public .. signing_block .. "01061a;;;;;USA;%01",
      expect = "QF15" },
    { "another form",
      send   = "QE000102" .. public .. signing_block
            .. "01062Public Cert;Payshield Certificate;AWS Sample Org;Arlington;VA;US;%01",
      expect = "QF15" },
    { "key block, one bit",
      send   = "QE000102" .. public
            .. "S1036803RS00S0001\xE8\xEC\\d\xA4\xE4\xD4\x9F\xDC/\xAE{\xCA\\ \xDC~\x1El"
            .. "\xA4\x1B\x1D7\xF1\x1D\xDFd\xEBA\x1C\x97\x1A<\xE2\xC9\xAE\x11\xC5d\xCA\xA3:"
            .. "[\x19\x1D}\xCB\x00\x85i\xA3_\xD955LJ\xBC\x18\xD7aD\x9BkX\"\xC9\x95\x89i"
            .. "\xDEC\xE0\xB5\"\x89G\x0F\x1Dq\x1C\x96q\x99\xE6\x0D\xB0\xCE.\x83\x87\xFE"
            .. "\x85\x94M\x101F\x17R\xFCo*\x83\xB3o\x19\xBE\xD7C\xDEn7!\x1D\x8DL\x8A\xC2ZD"
            .. "\xA9\x97\xC7\xBD\x1C\xEF\xA3\xF30\xF4~Xy\x12\x99\xD9\x0D^\xCD\xD5\xE9-\x11"
            .. "F\xDA\x8A\xA0\"x\x0E\xFF\xB7m+c\xB65\xA2\xD0m\xC54\xBA@6\xD5v\xA1\xA9\xEDn"
            .. "@M\xCE\xF9<\x0A]3\x00\xEB5\xC1D\x00\xD0\xA5\xF1\xAE\xF3G3Q\xB1\xF38'\xEA"
            .. "\x88\xDC\x9F{9T\xA3\x8Dv\xB2`t\x87`\x1Afd\xE9\x12\xC8\xB7\xD1\x07\x93\x0B"
            .. "\x9E-S\xD2\x06\xF1\xDE\xC1\x9D:\xDE`!tMK\x03\x81\x88\x8C\x9F\x00k\xD4R\x03"
            .. "x\x13\xBD\xE4\xFA3Y\xB2\x90\xEE\x1CJY\xAB\xBA\xEA\x9E \x87\x9DHm1\x89\xB3"
            .. "\x87Fh\x9AD\xBD\x0D\xE3\xF6|\x16\xEA\xC4\xD4\xFC\xD2\xFE\x03\xD6\x9EM\xB6j"
            .. "\xCD\xBDOUDx1o\x09;\xF1Ez\xE3\xAE\xD0Mp\xF2\xC4|\x89\x04T\xFE|\x00\x12v"
            .. "\x12K\xAE\xD5\xB6\xEE^\xF3132A99B012419E9B201061Public Cert;Payshield Cert"
            .. "ificate;AWS Sample Org;Arlington;VA;US;%01",
      expect = "QFA4" },
    { "variant LMK",
      send   = "QE000102" .. public .. signing_block
            .. "01061Public Cert;Payshield Certificate;AWS Sample Org;Arlington;VA;US;",
      expect = "QF15" },
  },
}
