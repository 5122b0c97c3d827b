-- EI: make an RSA key pair.
--
-- The public key comes back as it is: EO vouches for it. The private key comes
-- under the LMK with its length, FFFF for a key block. Under a variant LMK what
-- follows # is for nothing: the test profile overlooks it, since clients
-- send it whatever the LMK, and strict answers 15.
-- A pair of 4096 bits takes seconds, at times more than the 8 that a client waits.
-- PROJECT: the private key under a variant LMK, and a modulus that is even in bits.

return {
  command = "EI",
  title   = "Generate an RSA key pair",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, clients, project",
  slow    = true,

  request = {
    { "type",       enum "01234",     invalid = 05 },
    { "bits",       N(4) },
    { "encoding",   enum("01", "02"), invalid = 03 },
    { "exponent",   optional(exponent) },
    { "attributes", optional("#", B()) },
  },

  response = {
    { "public",  B() },
    { "size",    A(4) },
    { "private", B() },
  },

  errors = {
    [03] = "unknown encoding of the public key",
    [04] = "a modulus has 512 to 4096 bits, and an even number of them",
    [05] = "unknown key type",
    [06] = "an exponent has 1 to 64 bits",
    [08] = "the exponent is even or 1",
    [48] = "the LMK is weaker than the key",
  },

  handler = function (q, a)
    local private = rsa.generate(q.type, q.bits, q.exponent, q.attributes)

    a.public  = rsa.public(private, q.encoding)
    a.size    = sub(private, 1, 4)
    a.private = sub(private, 5)
  end,

  vectors = {
    { "512 bits, variant LMK",
      send   = "EI2051202",
      expect = "EJ000H\x02A\x00\xC2 $\xBC\xB2iD\x0Cc\x96\xDC\xB46\xF1\xC4U\xD5|\xFE\x87"
            .. "\xCF\xC8\x94^\xF5\x121\x1E\xAA\x94m\x19\x88 \x1EC\xF5>\"\xDD\xD8|\x04`\x12"
            .. "\x9D\xF0VA0\xBA[$;\xFF\xBF\xAA\xFA\x0A\x96\x11\xC8\xFB\x09\x02\x03\x01\x00"
            .. "\x010176\xDE\xED\xEF]\xCE\xE9)\x1F]\xB9\xD1YD\x1EQ\xE4a\xA4B\xE2\x0C\xC9"
            .. "\x09\xC1^F(F\xB1\xFF\x82\xEA\xD6\xF5YB\x01\xC2\xB8\x09\x1D\xACZ\x0Ebpt\x8F"
            .. "\x9Fc\x01x\xB5+\x0AC\xC5\x8A\x82?\xAC\xAB\x0E\xCD\xE1\xECc/-\xEFDka\xAF"
            .. "\x8B\xAEu&\x022O\xA5\xA4\x83*\xD9\x80\x91\xF9\x11\\6\x11\xF5\x03\x13=&\x88"
            .. "\xF4\x85$\x83\xC7\xDF/\x98(\x81\xE9{\\\xE4\x85\xBA8\x07\x947\xC54\x7F\xDE"
            .. "\xDE\x10\xAF\xBC\x0Cqz\xDEq\xDC \xC7)\xB7\xDC\xC6\x16\xE2\x0D+e\xAAD7\xCC"
            .. "\x83\x0Bp\x89\x0E\xD7\xF0\xBD8 \xB8sD\xEC\xDB\xE1'\x16l\xCC\x87\x14\xF2"
            .. "\x0D\x07\x8Cs\x95" },
    { "600 bits, exponent 3, attributes overlooked",
      send   = "EI10600010002\x03#0000",
      expect = "EJ000P\x02K\xE0\x83\xBFu\xDB\x94\xEC\x13\xFE\x0C\x7F\xAEL\x9A\x02\xBE\x9BX"
            .. "z\xD5\x94^\xB0\x0D/\xA2\xEE\"H\xB3\xEE\xD1u\x9B\xDCb\x02\xDA\xE7\x15\xF9R"
            .. "\xA1\x03\x87\xBC\x9B\xF7\xC7\xA7\x805\x97\xF8\xA0z\x08\xC8\xBD\xD7\x89\xC3"
            .. "\xA9\x11a\x9E\x9D\xEA\x8FCC\xDEa\xCFg\x02\x01\x030208\xE1\x0ADB\x11L-\x1E"
            .. "\xF4DI~\xDD\xB2\xC2\xCC\xE0]*\x05\x0F#'r\x0EF\xBB\xD6\xCDm\xC8\xF4\xBC\x9E"
            .. "+\xC1'\xAD\xCFz\xFB\xCC\x8F\x86\x0F\x18\xAEG\xF0E\xA7\x8B\x90%g\x99V\x08O"
            .. "\xEE;\xAB\xFC\x9Dzk\xE9bj\xAD\x84\x02NA2\xB1t\xE51}\xABP\xAF\xF6\xF3\xAF"
            .. "\xAA\xF0\xED\x12\x09/\x98h\xAF\xB8G\x9B\xA7\xF3\x929\xFFg?\x1E\xF9\xC5\xB8"
            .. "\x0A\xAE\xFBf\xD7)\x0D\xB0\x8F\xF17_6\xB0T)\xDD\x9E\xD2AS^\xFEF\xCD\x94'"
            .. "\xFF\x7F\xC5&\x96P\xBAxqj\x0C\xB6\xD5c\xE2\xE9\x82;\xC2/\x84\x95\xE3\x901"
            .. "\xDA\x84\xD2\xD3\x19\xB8f\xB8_\x14F>\x04\xD8t\xDB\xD5\xDB\x19\x82\x9C\xBC%"
            .. "\xD8D\xB2\xBD\xFB_\xF4I\xD4\xD6w\xC0\x82\x09\xF2\x0C2}\xE9\x8A\xD5\x08\x9E"
            .. "N" },
    { "512 bits, AES key block",
      send   = "EI0051201%01#0000&N",
      expect = "EJ000G\x02@\xC2 $\xBC\xB2iD\x0Cc\x96\xDC\xB46\xF1\xC4U\xD5|\xFE\x87\xCF"
            .. "\xC8\x94^\xF5\x121\x1E\xAA\x94m\x19\x88 \x1EC\xF5>\"\xDD\xD8|\x04`\x12\x9D"
            .. "\xF0VA0\xBA[$;\xFF\xBF\xAA\xFA\x0A\x96\x11\xC8\xFB\x09\x02\x03\x01\x00\x01"
            .. "FFFFS1020803RS00N0001\x8DF\x02g\x85\xC3\xB1\x91\xA4\xB0\xD5\x0EE#\x93\xF3"
            .. "\xC0+\x11p\x09\xAD\xAB\x13\x1E\x0F%\x82`\x16\xB7\x83\xF7\x1A\x04\xAB\xF7V"
            .. "\x16\xF2\x8DR\xA3\xE0\xBA\x0D\x84GD\xF9\xE6\x90/\x19f\xB2\xB2\xFA\x83\x7F"
            .. "\x82/\x81\x99\xD4X\x01\xA4r'T\x82\x1A\x04\xFC@\xE9\xCC\x04\xD7\x04P\xCD2"
            .. "\xC2\x9B\x9F7F5I\x12\xF2n\xDA\xD6*-\x83\x81\xAFq\x89\xC9ss(\xE2l_&\xB0\x90"
            .. "\x0DT\x16\x9E\x94J\x91\xFA\x88\xC2+\xD4\xE2\x0C\xB8\x186m\xA5\xAC\xA4\x00"
            .. "\x09\x8D{{\xC1\x89\xCD\xEDS^\xCD\xD5g\x07\xE9\x9A1S\x01O\xB1:\x04EM\x1B"
            .. "\xA5mi\xD25@\xD89\xF8\x88\xEE\xEB\xE6\x02C27BB005DB2406680" },
    { "512 bits, triple DES key block",
      send   = "EI0051201%02#0000",
      expect = "EJ000G\x02@\xC2 $\xBC\xB2iD\x0Cc\x96\xDC\xB46\xF1\xC4U\xD5|\xFE\x87\xCF"
            .. "\xC8\x94^\xF5\x121\x1E\xAA\x94m\x19\x88 \x1EC\xF5>\"\xDD\xD8|\x04`\x12\x9D"
            .. "\xF0VA0\xBA[$;\xFF\xBF\xAA\xFA\x0A\x96\x11\xC8\xFB\x09\x02\x03\x01\x00\x01"
            .. "FFFFS0020003RS00S0002\xFF\x13\x93\x8D\xE8q\xAD\xBE\x98\xB7>\xBE$\x02\xA8_"
            .. "\xE0\x93\xDB@VX4\x1D\xAB^YW\xE0!\xC5)?\xBE\x08~\x95Z\x98\xE2\x9F\xCE\xCF"
            .. "\xB0\xB8\xCF\xD2\x8A\xCFf\xC6>X#TqW+,\xAE\xF6\xD9y\xEE[v\x85!\xDC\xC9\x02"
            .. "\x8C\x0A\xCE\xD8oN\xCD\x15\xC0(\x94\x0B\x0F\x15\x15\x1EB\x11\x92'A\xCF\x99"
            .. "O\x12c\x08\x80V\xDE?\x86FF\x1DOG\x80\x9C%\xA4\x1En\xB7\xA3\x0DY\xCD\xC6)"
            .. "\xAA\xCA:\x88>\xF6\xD8j\x976\x7F\xEA\x12\xE7\xB9\xB9\xCAa\xE6\x9C\x96\xFEb"
            .. "\xF9z\xD2f\xE4M\xC0yCq*\xD0\x01\xD9\x8E`\x09\xCF7\x0B\x8EC\xE2\x92\xD8B?c"
            .. "\xF4\xB3\xB8\xE911EA0E65" },
    { "unknown type",
      send   = "EI9051201",
      expect = "EJ05" },
    { "511 bits",
      send   = "EI0051101",
      expect = "EJ04" },
    { "odd number of bits",
      send   = "EI0051301",
      expect = "EJ04" },
    { "4098 bits",
      send   = "EI0409801",
      expect = "EJ04" },
    { "unknown encoding",
      send   = "EI0051203",
      expect = "EJ03" },
    { "even exponent",
      send   = "EI00512010008\x04",
      expect = "EJ08" },
    { "exponent 1",
      send   = "EI00512010001\x01",
      expect = "EJ08" },
    { "exponent of 65 bits",
      send   = "EI00512010065\x01\x00\x00\x00\x00\x00\x00\x00\x01",
      expect = "EJ06" },
    { "exponent cut short",
      send   = "EI00512010017\x01\x00",
      expect = "EJ15" },
    { "key block without attributes",
      send   = "EI0051201%01",
      expect = "EJ15" },
    { "key block, attributes cut short",
      send   = "EI0051201%01#00",
      expect = "EJ15" },
    { "key block, exportability X",
      send   = "EI0051201%01#0000&X",
      expect = "EJAA" },
    { "4096 bits under triple DES",
      send   = "EI0409601%02#0000",
      expect = "EJ48" },
  },
}
