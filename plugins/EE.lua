-- EE: the PIN that an IBM offset stands for, encrypted under the LMK.
--
-- Offset 0000FFFFFFFF gives the natural PIN. A PVK of two or three parts
-- answers 02, with the PIN.

return {
  command = "EE",
  title   = "Derive a PIN, IBM method",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual",

  request = {
    { "pvk",        key "PVK", parity = 10    },
    { "offset",     offset                    },
    { "length",     N(2), min = 4, max = 12   },
    { "account",    N(12)                     },
    { "table",      dtab                      },
    { "validation", validation                },
    { "excluded",   optional("*", pinlist)    },
  },

  response = {
    { "pin", lpin },
  },

  errors = {
    [02] = "PVK is not single-length; the PIN is right",
    [10] = "PVK has bad parity",
    [24] = "the check length is more than pin.length",
    [25] = "the decimalisation table is refused",
    [81] = "the excluded PINs are of another length",
    [86] = "the PIN is one of the excluded ones",
  },

  handler = function (q, a)
    local secret = pin.derive(q.pvk, q.offset, q.length, q.account, q.table, q.validation)

    pin.permit(secret, q.excluded)
    a.pin = lmkpin.seal(secret, q.account)
    return pin.warning(q.pvk)
  end,

  -- The table is 0123456789012345, encrypted.
  vectors = {
    { "PIN 1234",
      send   = { pvk        = "2916C899EFF45627",
                 offset     = "8359FFFFFFFF",
                 length     = "04",
                 account    = "401234567890",
                 table      = "FD64FC3FAD504BB3",
                 validation = "4012345678NF" },
      expect = { code = 00, pin = "99697" } },

    { "natural PIN", like = 1, send = { offset = "0000FFFFFFFF" },
      expect = { code = 00, pin = "09559" } },
    { "padded with small letters", like = 1, send = { offset = "0000ffffffff" },
      expect = { code = 00, pin = "09559" } },
    { "triple-length PVK", like = 1,
      send   = { pvk = "T9730398349EBC6509A4CA67EDD662FC5985165880719FF72" },
      expect = { code = 02, pin = "04887" } },
    { "PVK parity", like = 1, send = { pvk = "2916C099EFF45627" }, expect = { code = 10 } },
    { "offset of three digits", like = 1, send = { offset = "000FFFFFFFFF" },
      expect = { code = 15 } },
    { "longer than pin.length", like = 1, send = { offset = "00000FFFFFFF", length = "05" },
      expect = { code = 24 } },
    { "table of two digits", like = 1, send = { table = "0A08E879075B2C77" },
      expect = { code = 25 } },
    { "excluded PIN", like = 1, send = { excluded = "01041234" }, expect = { code = 86 } },

    -- Key blocks under the published test LMKs.
    { "under an AES LMK", like = 1, lmk = "test-aes-kb",
      send   = { pvk = "S10064V1DN00S0001E1BE63EDECC912E24F6F7F452D5F18B6E1A8C47AAB785CE4",
                 offset = "6900FFFFFFFF", table = "L9E05DD31B77CBF85FAD39159218E2A71" },
      expect = { code = 00, pin = "J4ECEC2C39808D93074E08290CB61AEDF" } },
    { "under a 3DES LMK", like = 1, lmk = "test-3des-kb",
      send   = { pvk = "S00056V1DN00S000223BA8522F8DEB8E824B11F3858B403ACB95E620F",
                 offset = "6900FFFFFFFF", table = "5E9E0D903DB10293" },
      expect = { code = 00, pin = "24198" } },
    { "PVK that verifies only", like = 1, lmk = "test-aes-kb",
      send   = { pvk = "S10064V1DV00S000143B98A9FF2F8142F20A455A439BF5F588CB521F3D1BF6D0B",
                 offset = "6900FFFFFFFF", table = "L9E05DD31B77CBF85FAD39159218E2A71" },
      expect = { code = "A8" } },
    { "PVK of the Visa method", like = 1, lmk = "test-aes-kb",
      send   = { pvk = "S10096V2TN00S0001564427A6C220FA7A538E7D6D82674393"
                     .. "8862FD4C35E08F58509A846707FE750F62456AC3329420B3",
                 offset = "6900FFFFFFFF", table = "L9E05DD31B77CBF85FAD39159218E2A71" },
      expect = { code = "A6" } },
  },
}
