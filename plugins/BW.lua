-- BW: take a key from under the old LMK, in key change storage, under the live one.
--
-- Where the live LMK is a key block LMK, what follows # describes the key. The
-- migration of type 002 to 70D, 80D and 90D is not served: where its type
-- stands in the message is not known.

local types = {
  [0x00] = "000", [0x01] = "001", [0x02] = "002", [0x03] = "003", [0x04] = "004",
  [0x05] = "005", [0x06] = "006", [0x07] = "007", [0x08] = "008", [0x09] = "009",
  [0x0A] = "00A", [0x0B] = "00B", [0x10] = "100", [0x42] = "402",
}

return {
  command = "BW",
  title   = "Translate a key from old to new LMK",
  version = "1.0.0",
  author  = "luahsm",
  sources = "clients, vectors",

  request = {
    { "code",       H(2) },
    { "length",     enum "012F", invalid = 05 },
    { "key",        by("length", { ["1"] = cryptogram "BDK", cryptogram }) },
    { "type",       optional(";", H(3)), when = { code = "FF" } },
    optional(";",
      { "reserved_1", A(1) },
      { "lmk_scheme", scheme, invalid = 26 },
      { "reserved_2", A(1) }),
    optional(";", -- where a host sends the type with a code of its own too
      { "reserved_3", A(1) },
      { "own_scheme", scheme, invalid = 26 },
      { "reserved_4", A(1) }),
    { "attributes", attributes "migrate" },
    optional("!",
      { "kcv_flag", enum "01" },
      { "kcv_type", enum "01" }),
  },

  response = {
    { "key", cryptogram },
    { "kcv", optional(H(6, 16)) },
  },

  errors = {
    [04] = "unknown key type code",
    [05] = "the length flag does not fit the key",
    [10] = "the key has bad parity",
    [33] = "key change storage is empty",
  },

  handler = function (q, a)
    local code = num(q.code)
    local name = q.type or types[code] or fail(code == 0xFF and 15 or 04)
    local it   = key.old(q.key, name, 10)

    if not key.sized(it, q.length) then
      fail(05)
    end
    it = key.migrate(it, q.attributes)
    a.key = key.wrap(it, q.own_scheme or q.lmk_scheme or key.lmkscheme(q.key))
    if q.kcv_flag and num(q.kcv_flag) == 1 then
      a.kcv = key.kcv(it, key.kcvdigits(q.kcv_type))
    end
  end,

  vectors = {
    { "by code",
      send   = "BW021U370FA959ACD593AA75D08E14DD79A0F2;0U0",
      expect = "BX00U1750CDFB0757D3B3994430636DBB281B" },
    { "by type, with a check value",
      send   = "BWFF1UFD24C92A25CA0B1A5BBD28D1293A83FB;000;0U0!11",
      expect = "BX00U42BBE7D9A0A55D0EBDE055DE2791ACCD08D7B4" },
    { "long check value",
      send   = "BWFF1UFD24C92A25CA0B1A5BBD28D1293A83FB;000!10",
      expect = "BX00U42BBE7D9A0A55D0EBDE055DE2791ACCD08D7B4FB629D0885" },
    { "to a key block",
      send   = "BWFF1UAD0C9070CFB03043290D49804E3D7435;001%02#72B00S00!11",
      expect = "BX00S0007272TB00S00026A54D4E79E1905CA1C2599660EB30A9CC1BD8719875C9B27EF130"
            .. "D0D08D7B4" },
    { "code and type",
      send   = "BW021U370FA959ACD593AA75D08E14DD79A0F2;002;0U0",
      expect = "BX00U1750CDFB0757D3B3994430636DBB281B" },
    { "parity", send = "BWFF1U70415941902878BD5BBD28D1293A83FB;000;0U0", expect = "BX10" },
    { "unknown code", send = "BW431U370FA959ACD593AA75D08E14DD79A0F2", expect = "BX04" },
    { "another length", send = "BW020U370FA959ACD593AA75D08E14DD79A0F2", expect = "BX05" },
    { "unknown type",
      send   = "BWFF1U370FA959ACD593AA75D08E14DD79A0F2;F0F;0U0",
      expect = "BX28" },
  },
}
