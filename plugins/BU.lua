-- BU: the check value of a key under the LMK.
--
-- The type is told by a two-digit code, or by FF and a key type code after
-- the key; FFF and length flag F mean a key block.

local types = {
  [0x00] = "000", [0x01] = "001", [0x02] = "002", [0x03] = "003", [0x04] = "004",
  [0x05] = "005", [0x06] = "006", [0x07] = "007", [0x08] = "008", [0x09] = "009",
  [0x0A] = "00A", [0x0B] = "00B", [0x10] = "100", [0x42] = "402",
}

return {
  command = "BU",
  title   = "Generate a key check value",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, captures",

  request = {
    { "code",   H(2) },
    { "length", enum "012F", invalid = 05 },
    { "key",    by("length", { ["1"] = cryptogram "BDK", cryptogram }) },
    { "type",   optional(";", H(3)), when = { code = "FF" } },
    optional(";",
      { "reserved_1", A(1) },
      { "reserved_2", A(1) },
      { "kcv_type",   A(1) }),
  },

  response = {
    { "kcv", H(6, 16) },
  },

  errors = {
    [04] = "unknown key type code",
    [05] = "the length flag does not fit the key",
    [10] = "the key has bad parity",
  },

  handler = function (q, a)
    local code = num(q.code)
    local name = q.type or types[code] or fail(code == 0xFF and 15 or 04)
    local it   = key.open(q.key, name, 10)

    if not key.sized(it, q.length) then
      fail(05)
    end
    a.kcv = key.kcv(it, key.kcvdigits(q.kcv_type))
  end,

  vectors = {
    { "ZPK by code",
      send   = { code = "01", length = "1", key = "U063A0E7C0F2124E56192A4510F395ED7" },
      expect = { code = 00, kcv = "08D7B4FB629D0885" } },
    { "TPK by type, six digits",
      send   = "BUFF1U8699395CD2688A2C9009FCA6FB1EB852;70D;001",
      expect = "BV0008D7B4" },
    { "pair 18-19",    send = "BU041U180D1D55C85E870A7041030F91192B31",
                       expect = "BV0008D7B4FB629D0885" },
    { "pair 20-21",    send = "BU051UAD4770A11F9A18A29939EBC0523071A7",
                       expect = "BV0008D7B4FB629D0885" },
    { "pair 24-25",    send = "BU071U500A1373B42811E806765577B4193634",
                       expect = "BV0008D7B4FB629D0885" },
    { "single length", send = "BU0200406FBB23A5214DF", expect = "BV000035BBE340A4B763" },
    { "unknown code",  like = 1, send = { code = "43" },  expect = { code = 04 } },
    { "other length",  like = 1, send = { length = "2" }, expect = { code = 05 } },
    { "parity",        like = 1, send = { key = "U70056F9EC1C16FE66192A4510F395ED7" },
                       expect = { code = 10 } },
    { "key block, AES",
      send   = "BUFFFS1009671AB00E0001E170C0B3831DCC76E38EFB6A647E4A0BDB647BC55719B70582A"
            .. "5F5F34F39F9E34372839745160550;FFF;001%01",
      expect = "BV00BE7ED6" },
    { "key block, flag of another length",
      send   = "BUFF1S1009671AB00E0001E170C0B3831DCC76E38EFB6A647E4A0BDB647BC55719B70582A"
            .. "5F5F34F39F9E34372839745160550;FFF;001%01",
      expect = "BV05" },
    { "key block, variant LMK",
      send   = "BUFFFS1009671AB00E0001E170C0B3831DCC76E38EFB6A647E4A0BDB647BC55719B70582A"
            .. "5F5F34F39F9E34372839745160550;FFF;001",
      expect = "BVA1" },
    { "unknown type",  send = "BUFF1U063A0E7C0F2124E56192A4510F395ED7;F0F;001",
                       expect = "BV28" },
    { "type left out", send = "BUFF1U063A0E7C0F2124E56192A4510F395ED7",
                       expect = "BV15" },
    { "key block of an unknown algorithm",
      send   = "BUFFFS0007272QN00S0002A7609010409D10DFDFFD3BCBDBBB80B1ED9DE75A33716288"
            .. "9E671F66;FFF;001%02",
      expect = "BVA7" },
  },
}
