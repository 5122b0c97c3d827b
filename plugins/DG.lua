-- DG: make the PVV of a PIN that is under the LMK.

return {
  command = "DG",
  title   = "Generate a Visa PVV",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual",

  request = {
    { "pvk",      key "PVK2", parity = 10      },
    { "pin",      lpin                         },
    { "account",  N(12)                        },
    { "pvki",     N(1)                         },
    { "excluded", optional("*", pinlist)       },
  },

  response = {
    { "pvv", N(4) },
  },

  errors = {
    [10] = "PVK has bad parity",
    [14] = "the LMK-encrypted PIN is invalid",
    [81] = "the excluded PINs are of another length",
    [86] = "the PIN is one of the excluded ones",
  },

  handler = function (q, a)
    local secret = lmkpin.open(q.pin, q.account)

    pin.permit(secret, q.excluded)
    a.pvv = pin.pvv(q.pvk, secret, q.account, q.pvki)
  end,

  vectors = {
    { "PIN 1234",
      send   = { pvk     = "UBF36C6B87DD29A1AF20AE20876532E50",
                 pin     = "99697",
                 account = "401234567890",
                 pvki    = "1" },
      expect = { code = 00, pvv = "6504" } },

    { "another index", like = 1, send = { pvki = "2" },
      expect = { code = 00, pvv = "3378" } },
    { "PVK parity", like = 1, send = { pvk = "UBF3606B87DD29A1AF20AE20876532E50" },
      expect = { code = 10 } },
    { "no PIN under the LMK", like = 1, send = { pin = "00001" }, expect = { code = 14 } },
    { "excluded PIN", like = 1, send = { excluded = "020400001234" }, expect = { code = 86 } },
    { "excluded PINs of another length", like = 1, send = { excluded = "010512345" },
      expect = { code = 81 } },
    { "PVK of three parts", like = 1,
      send   = { pvk = "T9730398349EBC6509A4CA67EDD662FC5985165880719FF72" },
      expect = { code = 27 } },

    -- Key blocks under the published test LMKs.
    { "under an AES LMK", like = 1, lmk = "test-aes-kb",
      send   = { pvk = "S10096V2TN00S0001564427A6C220FA7A538E7D6D82674393"
                     .. "8862FD4C35E08F58509A846707FE750F62456AC3329420B3",
                 pin = "J4ECEC2C39808D93074E08290CB61AEDF" },
      expect = { code = 00, pvv = "5111" } },
    { "under a 3DES LMK", like = 1, lmk = "test-3des-kb",
      send   = { pvk = "S00072V2TN00S0002D180A24B2F3B20D95B26"
                     .. "4CD9078FEAD162EDFF96C56E1AE9935D0A06",
                 pin = "24198" },
      expect = { code = 00, pvv = "5111" } },
    { "generic PVK", like = 1, lmk = "test-aes-kb",
      send   = { pvk = "S10096V0TC00S00017C0D4721CC860A576C7725E698D52840"
                     .. "B9787DBD9F05B863F2C59A6423F9AAE0034DC31884BA6C9D",
                 pin = "J4ECEC2C39808D93074E08290CB61AEDF" },
      expect = { code = 00, pvv = "5111" } },
    { "PVK that verifies only", like = 1, lmk = "test-aes-kb",
      send   = { pvk = "S10096V2TV00S0001905BAD07B044A7C8F72C1A94283C3B83"
                     .. "16DEFF5C1A8F59CD0A6A4CC8FCDA852889D5C7ED7733894E",
                 pin = "J4ECEC2C39808D93074E08290CB61AEDF" },
      expect = { code = "A8" } },
    { "PVK of the IBM method", like = 1, lmk = "test-aes-kb",
      send   = { pvk = "S10096V1TN00S0001A87F80AE4776D682C79B2BAA702B2FA5"
                     .. "9FD58F4DF6DC90BEA65FEA43913CAE5B823004BC11343EDE",
                 pin = "J4ECEC2C39808D93074E08290CB61AEDF" },
      expect = { code = "A6" } },
  },
}
