-- PM: check a card verification value that changes with each transaction.
--
-- Schemes: 0 Visa dCVV, 1 Mastercard CVC3. A wrong value answers 01, with the
-- right one behind it in the authorised state.

return {
  command = "PM",
  title   = "Verify a dynamic CVV",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, clients",

  request = {
    { "scheme",  enum "01" },
    { "version", enum "02" },
    { "mk",      by("scheme", { ["1"] = key "MK-CVC3", key "MK-AC" }), parity = 10 },
    { "option",  enum "AB" },
    { "account", N(1, 19)  },
    mark ";",
    { "expiry",  N(4),     when = { scheme = "0" } },
    { "service", N(3),     when = { scheme = "0" } },
    { "psn",     N(2),     when = { scheme = "1" } },
    { "size",    N(3),     when = { scheme = "1" } },
    { "track",   B "size", when = { scheme = "1" } },
    { "un",      N(8),     when = { scheme = "1" } },
    { "atc",     by("scheme", { ["1"] = N(5), N(6) }) },
    -- Of a CVC3, digits that read X are not compared.
    { "value",   by("scheme", { ["1"] = A(5), N(3) }) },
  },

  response = {
    { "computed", optional(N(3, 5)) },
  },

  errors = {
    [01] = "the value is wrong",
    [10] = "the master key has bad parity",
    [39] = "too many were wrong for this account",
  },

  handler = function (q, a)
    local right

    verify.permit(q.mk, q.account)
    if num(q.scheme) == 0 then
      right = cvv.dcvv(q.mk, q.option, q.account, q.expiry, q.service, q.atc)
    else
      right = cvv.cvc3(q.mk, q.option, q.account, q.psn, q.track, q.un, q.atc)
    end
    if not cvv.matches(right, q.value) then
      verify.failed(q.mk, q.account)
      if authorised() then
        a.computed = right
      end
      return 01
    end
  end,

  vectors = {
    { "Visa",
      send   = { scheme  = "0",
                 version = "0",
                 mk      = "U0D39A43C864D1B40F33998B80BB02C95",
                 option  = "A",
                 account = "1234567890123456",
                 expiry  = "1310",
                 service = "226",
                 atc     = "003210",
                 value   = "422" },
      expect = { code = 00 } },

    { "Visa, option B, PAN of 19 digits", like = 1,
      send   = { option = "B", account = "1234567890123456789",
                 value = "562" },
      expect = { code = 00 } },
    { "Visa, wrong", like = 1, send = { value = "423" }, expect = { code = 01 } },
    { "Visa, wrong, authorised", like = 1, authorised = true, send = { value = "423" },
      expect = { code = 01, computed = "422" } },
    { "Mastercard",
      send   = { scheme  = "1",
                 version = "2",
                 mk      = "U1E6F5623CAEF7F791373A1F01A506A28",
                 option  = "A",
                 account = "5413123556784803",
                 psn     = "00",
                 size    = "019",
                 track   = "\x54\x13\x12\x35\x56\x78\x48\x03\xD0\x90"
                        .. "\x61\x01\x90\x00\x99\x00\x00\x00\x0F",
                 un      = "00000772",
                 atc     = "00005",
                 value   = "07333" },
      expect = { code = 00 } },

    { "Mastercard, three digits", like = "Mastercard", send = { value = "XX333" },
      expect = { code = 00 } },
    { "Mastercard, wrong, authorised", like = "Mastercard", authorised = true,
      send   = { value = "XX334" }, expect = { code = 01, computed = "07333" } },
    { "Mastercard, counter past 65535", like = "Mastercard", send = { atc = "65536" },
      expect = { code = 15 } },
    { "master key parity", like = 1, send = { mk = "U0D39043C864D1B40F33998B80BB02C95" },
      expect = { code = 10 } },
    { "unknown scheme", send = "PM2", expect = "PN15" },

    -- Key blocks under the published test LMKs.
    { "under an AES LMK", like = 1, lmk = "test-aes-kb",
      send   = { mk = "S10096E0TX00S0001FFD167DE8BF50B3414EFA9527AAE0D1D"
                    .. "46805A15FDCB156132EEC4AEA9405ED10E2F3F2474964628" },
      expect = { code = 00 } },
    { "under a 3DES LMK", like = 1, lmk = "test-3des-kb",
      send   = { mk = "S00072E0TX00S000266045245BFB51B76A5B4583D931118C612845292032CC6FF29DA9695" },
      expect = { code = 00 } },
    { "Mastercard, under an AES LMK", like = "Mastercard", lmk = "test-aes-kb",
      send   = { mk = "S1009632TN00S000115C8941D453CA4C65CEC3FDB07F68136"
                    .. "2134E511563F0C03FC2697739BFEF1451A1A8E3AB57E1142" },
      expect = { code = 00 } },
    { "Mastercard, MK-AC where an MK-CVC3 belongs", like = "Mastercard", lmk = "test-aes-kb",
      send   = { mk = "S10096E0TN00S0001E6A574A32A80D58921F653FEC23E9347"
                    .. "980A23F21CC207F2F41F88DEAC78B8A3CC69AA612748D36F" },
      expect = { code = "A6" } },
  },
}
