-- DE: make the IBM offset of a PIN that is under the LMK.
--
-- A PVK of two or three parts answers 02, with the offset.

return {
  command = "DE",
  title   = "Generate an IBM PIN offset",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual",

  request = {
    { "pvk",        key "PVK", parity = 10    },
    { "pin",        lpin                      },
    { "length",     N(2), min = 4, max = 12   },
    { "account",    N(12)                     },
    { "table",      dtab                      },
    { "validation", validation                },
    { "excluded",   optional("*", pinlist)    },
  },

  response = {
    { "offset", offset },
  },

  errors = {
    [02] = "PVK is not single-length; the offset is right",
    [10] = "PVK has bad parity",
    [14] = "the LMK-encrypted PIN is invalid",
    [24] = "the PIN is not as long as the check length",
    [25] = "the decimalisation table is refused",
    [81] = "the excluded PINs are of another length",
    [86] = "the PIN is one of the excluded ones",
  },

  handler = function (q, a)
    local secret = lmkpin.open(q.pin, q.account)

    pin.permit(secret, q.excluded)
    a.offset = pin.offset(q.pvk, secret, q.length, q.account, q.table, q.validation)
    return pin.warning(q.pvk)
  end,

  -- The table is 0123456789012345, encrypted.
  vectors = {
    { "PIN 1234",
      send   = { pvk        = "2916C899EFF45627",
                 pin        = "99697",
                 length     = "04",
                 account    = "401234567890",
                 table      = "FD64FC3FAD504BB3",
                 validation = "4012345678NF" },
      expect = { code = 00, offset = "8359FFFFFFFF" } },

    { "double-length PVK", like = 1, send = { pvk = "UBF36C6B87DD29A1AF20AE20876532E50" },
      expect = { code = 02, offset = "5841FFFFFFFF" } },
    { "validation data without the account", like = 1,
      send   = { validation = "P1234567890ABCDEF" },
      expect = { code = 00, offset = "9939FFFFFFFF" } },
    { "PVK parity", like = 1, send = { pvk = "2916C099EFF45627" }, expect = { code = 10 } },
    { "no PIN under the LMK", like = 1, send = { pin = "00001" }, expect = { code = 14 } },
    { "validation data with two N", like = 1, send = { validation = "40123456NNFF" },
      expect = { code = 15 } },
    { "check length 03", like = 1, send = { length = "03" }, expect = { code = 15 } },
    { "check length of another PIN", like = 1, send = { length = "05" },
      expect = { code = 24 } },
    { "table of two digits", like = 1, send = { table = "0A08E879075B2C77" },
      expect = { code = 25 } },
    { "user storage is empty", like = 1, send = { table = "K001" }, expect = { code = 12 } },
    { "excluded PIN", like = 1, send = { excluded = "01041234" }, expect = { code = 86 } },

    -- Key blocks under the published test LMKs.
    { "under an AES LMK", like = 1, lmk = "test-aes-kb",
      send   = { pvk = "S10064V1DN00S0001E1BE63EDECC912E24F6F7F452D5F18B6E1A8C47AAB785CE4",
                 pin = "J4ECEC2C39808D93074E08290CB61AEDF",
                 table = "L9E05DD31B77CBF85FAD39159218E2A71" },
      expect = { code = 00, offset = "6900FFFFFFFF" } },
    { "under a 3DES LMK", like = 1, lmk = "test-3des-kb",
      send   = { pvk = "S00056V1DN00S000223BA8522F8DEB8E824B11F3858B403ACB95E620F", pin = "24198",
                 table = "5E9E0D903DB10293" },
      expect = { code = 00, offset = "6900FFFFFFFF" } },
    { "PVK that verifies only", like = 1, lmk = "test-aes-kb",
      send   = { pvk = "S10064V1DV00S000143B98A9FF2F8142F20A455A439BF5F588CB521F3D1BF6D0B",
                 pin = "J4ECEC2C39808D93074E08290CB61AEDF",
                 table = "L9E05DD31B77CBF85FAD39159218E2A71" },
      expect = { code = "A8" } },
    { "PVK of the Visa method", like = 1, lmk = "test-aes-kb",
      send   = { pvk = "S10096V2TN00S0001564427A6C220FA7A538E7D6D82674393"
                     .. "8862FD4C35E08F58509A846707FE750F62456AC3329420B3",
                 pin = "J4ECEC2C39808D93074E08290CB61AEDF",
                 table = "L9E05DD31B77CBF85FAD39159218E2A71" },
      expect = { code = "A6" } },
    { "PIN in the form of another LMK", like = 1, lmk = "test-aes-kb",
      send   = { pvk = "S10064V1DN00S0001E1BE63EDECC912E24F6F7F452D5F18B6E1A8C47AAB785CE4",
                 pin = "99697", table = "L9E05DD31B77CBF85FAD39159218E2A71" },
      expect = { code = 46 } },
  },
}
