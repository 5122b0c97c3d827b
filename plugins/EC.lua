-- EC: is the PIN from another zone the right one? By the Visa method (PVV).

return {
  command = "EC",
  title   = "Verify an interchange PIN, Visa method",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual",

  request = {
    { "zpk",     key "ZPK",       parity  = 10 },
    { "pvk",     key "PVK2",      parity  = 11 },
    { "block",   H(16)                         },
    { "format",  pinformat,       invalid = 23 },
    { "account", account "format"              },
    -- With tokens, the account that the PVV was made with.
    { "issued",  optional(";", N(12))          },
    { "pvki",    N(1)                          },
    { "pvv",     N(4)                          },
  },

  response = {},

  errors = {
    [01] = "the PIN is wrong",
    [10] = "ZPK has bad parity",
    [11] = "PVK has bad parity",
    [20] = "the decrypted block holds no PIN",
    [23] = "unknown PIN block format",
    [24] = "PIN is shorter than 4 or longer than 12 digits",
    [39] = "too many were wrong for this account",
  },

  handler = function (q, a)
    local given = pinblock.open(q.zpk, q.block, q.format, q.account, 01)

    verify.pvv(q.pvk, given, q.issued or q.account, q.pvki, q.pvv)
  end,

  vectors = {
    { "right PIN",
      send   = { zpk     = "U1EF828AA8F6B80EB83E19FBC373F3A85",
                 pvk     = "X367930344805B1FAD6146EF4ED7502B3",
                 block   = "91DDDA0A7C12CFAA",
                 format  = "01",
                 account = "550000025321",
                 pvki    = "1",
                 pvv     = "4402" },
      expect = { code = 00 } },

    { "token in the block, account of the PVV apart",
      send   = "ECU1EF828AA8F6B80EB83E19FBC373F3A85X367930344805B1FAD6146EF4ED7502B3"
            .. "91DDDA0A7C12CFAA01550000025321;55000002532114402",
      expect = "ED00" },
    { "wrong PVV", like = 1, send = { pvv = "4401" }, expect = { code = 01 } },
    { "no PIN in the block",
      send   = "ECTA44FE98679329515803E9DE630ED538EE5383C7A4D9C72F8XE08174048CA28EC1D429C501"
            .. "FD530562B463ECF3F2334B4E0191419112431706708",
      expect = "ED20" },
    { "format code with a letter", like = 1, send = { format = "Z8" },
      expect = { code = 15 } },
  },
}
