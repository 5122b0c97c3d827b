-- MA: make a MAC over text under a terminal's key.
--
-- X9.9 under a single-length key, X9.19 under a double-length one; the data
-- are filled with zeros. A % and two digits at the end are no text, but an LMK
-- identifier.

return {
  command = "MA",
  title   = "Generate a MAC, text data",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, vectors",

  request = {
    { "tak",  key "TAK", parity = 10 },
    { "data", A() },
  },

  response = {
    { "mac", H(8) },
  },

  errors = {
    [10] = "TAK has bad parity",
  },

  handler = function (q, a)
    a.mac = sub(mac.make(q.tak, 3, 1, q.data), 1, 8)
  end,

  vectors = {
    { "X9.19",
      send   = "MAU7AD0BB2A32ADE115807C3572FC302BA57654321 Now is the time for ",
      expect = "MB00AE4B45B1" },
    { "X9.9",
      send   = "MAE29C227719936B4E205R39K3UIN1EHU0HVR=QBV1,HGDM",
      expect = "MB00FEF87CEF" },
    { "triple-length key",
      send   = "MAT4DB4F74EB1146CC7BA39C03C09F1858BE0B31824B25EAA3A7654321 Now is the time"
            .. " for ",
      expect = "MB0096D15B6A" },
    { "no data", send = "MAU7AD0BB2A32ADE115807C3572FC302BA5", expect = "MB0008D7B4FB" },
    { "TAK parity",
      send   = "MAU37AAB8C9D4BD03AB807C3572FC302BA57654321 Now is the time for ",
      expect = "MB10" },
    { "a byte that is no text",
      send   = "MAU7AD0BB2A32ADE115807C3572FC302BA5a\x01b",
      expect = "MB15" },
    { "ZAK instead of a TAK",
      send   = "MAU9A8F7B36299B35FC6E603EC9A52C9BB6x",
      expect = "MB10" },
    { "key block", lmk = "test-aes-kb",
      send   = "MAS10096M3TC00S000101DB16D355899A825DCD992FAFAA9FB68AF6B899DA46E2B0E"
            .. "3D5CF043CCEEE0399F5E08F275AD4F77654321 Now is the time for ",
      expect = "MB00AE4B45B1" },
    { "the LMK's identifier behind the text",
      send   = "MAS10096M3TC00S000101DB16D355899A825DCD992FAFAA9FB68AF6B899DA46E2B0E"
            .. "3D5CF043CCEEE0399F5E08F275AD4F77654321 Now is the time for %01",
      expect = "MB00AE4B45B1" },
    { "3DES key block LMK, X9.9", lmk = "test-3des-kb",
      send   = "MAS00056M1DG00S00029FDE63CC335661848B8856FEA0956299228703BF7654321 N"
            .. "ow is the time for ",
      expect = "MB00F1D30F68" },
    { "key block, AES", lmk = "test-aes-kb",
      send   = "MAS10096M6AN00S000108730304D21E079FED2EE0C3ED8EB4B6CC7D5A8B9E54F5AFC"
            .. "01ECF6ACE405D2C8F588380E35C6D707654321 Now is the time for ",
      expect = "MB27" },
    { "key block for verification", lmk = "test-aes-kb",
      send   = "MAS10096M3TV00S00014BCEA50B373A5C35EE74A2D07750CEF00EFF07B4732C54978"
            .. "94D2DC850E4F1FA351C07A0E4B437447654321 Now is the time for ",
      expect = "MBA8" },
  },
}
