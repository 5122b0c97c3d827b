-- KA: the check value of a key under the LMK, as older hosts ask for it.

local types = { [0] = "000", [1] = "001", [2] = "002", [3] = "003" }

return {
  command = "KA",
  title   = "Generate a key check value",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, vectors",

  request = {
    { "key",  cryptogram },
    { "code", enum("00", "01", "02", "03") },
    keyoptions,
  },

  response = {
    { "kcv", H(6, 16) },
  },

  errors = {
    [10] = "the key has bad parity",
  },

  handler = function (q, a)
    local it = key.open(q.key, types[num(q.code)], 10)

    a.kcv = key.kcv(it, key.kcvdigits(q.kcv_type))
  end,

  vectors = {
    { "ZPK",
      send   = "KAU063A0E7C0F2124E56192A4510F395ED701",
      expect = "KB0008D7B4FB629D0885" },
    { "ZMK, six digits",
      send   = "KAU04A3A0285B653284CB52D0F5C1E3E83500;ZZ1",
      expect = "KB00A50201" },
    { "TAK", send = "KA74385088A93CEAD503;ZZ0", expect = "KB00D5D44FF720683D0D" },
    { "parity", send = "KAU70056F9EC1C16FE66192A4510F395ED701", expect = "KB10" },
    { "unknown type", send = "KAU04A3A0285B653284CB52D0F5C1E3E83504", expect = "KB15" },
  },
}
