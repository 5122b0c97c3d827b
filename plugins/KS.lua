-- KS: check a chip card's data authentication code or dynamic number.
--
-- PROJECT: only the fields were seen. The formulas are those of emv.code: the
-- two left bytes of a block encrypted under the card's own key. The block is
-- that of PAN and sequence number for a code, ATC, two zero bytes and the
-- unpredictable number for a dynamic number.

return {
  command = "KS",
  title   = "Verify a data authentication code or dynamic number",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, project, low",

  request = {
    { "mode",    enum "01",   invalid = 04 },
    { "scheme",  enum "1",    invalid = 05 },
    { "mk",      by("mode", { ["1"] = key "MK-DN", key "MK-DAC" }), parity = 10 },
    { "pan_psn", B(8) },
    { "code",    B(2) },
    { "atc",     B(2),        when = { mode = "1" } },
    { "un",      B(4),        when = { mode = "1" } },
  },

  response = {
    { "computed", optional(B(2)) },
  },

  errors = {
    [01] = "the code is wrong",
    [04] = "unknown mode",
    [05] = "unknown scheme",
    [10] = "MK-DAC or MK-DN has bad parity",
  },

  handler = function (q, a)
    local card  = emv.card(q.mk, q.pan_psn)
    local block = q.atc and join(q.atc, "\0\0", q.un) or q.pan_psn
    local right = emv.code(card, block)

    if not equal(right, q.code) then
      if authorised() then
        a.computed = right
      end
      return 01
    end
  end,

  vectors = {
    { "data authentication code",
      send   = "KS01UA1E8089C9128CA10120F229A9D6CA24E4Vx\x90\x124V\x00\xE3\xC8",
      expect = "KT00" },
    { "dynamic number",
      send   = "KS11U7BCA7BDC2CFD9722E133094D08352C764Vx\x90\x124V\x00r\x18\x00\x1CR\xBFE"
            .. "\x85",
      expect = "KT00" },
    { "wrong code",
      send   = "KS01UA1E8089C9128CA10120F229A9D6CA24E4Vx\x90\x124V\x00\x00\x00",
      expect = "KT01" },
    { "wrong number, authorised", authorised = true,
      send   = "KS11U7BCA7BDC2CFD9722E133094D08352C764Vx\x90\x124V\x00\x00\x00\x00\x1CR"
            .. "\xBFE\x85",
      expect = "KT01r\x18" },
    { "parity",
      send   = "KS01U08349C2DBCC1BBAC120F229A9D6CA24E4Vx\x90\x124V\x00\xE3\xC8",
      expect = "KT10" },
    { "MK-DN for a code",
      send   = "KS01U7BCA7BDC2CFD9722E133094D08352C764Vx\x90\x124V\x00\xE3\xC8",
      expect = "KT10" },
    { "cut short",
      send   = "KS01UA1E8089C9128CA10120F229A9D6CA24E4Vx\x90\x124V\x00\x00",
      expect = "KT15" },
    { "unknown mode", send = "KS2", expect = "KT04" },
    { "unknown scheme", send = "KS00", expect = "KT05" },
    { "data authentication code, key block",
      send   = "KS01S10096E3TN00S00019D99E0972E380CF71A47B84ED9CC431CFF73D5922B0C54B"
            .. "FA5FC9A23416ED00BC7150B9D0F2C58D74Vx\x90\x124V\x00\xE3\xC8%01",
      expect = "KT00" },
    { "dynamic number, 3DES key block LMK",
      send   = "KS11S00072E4TX00S0002479275112093E35DC1E08CC31722E404BFBEB948057B4B1"
            .. "8D8AE22794Vx\x90\x124V\x00r\x18\x00\x1CR\xBFE\x85%02",
      expect = "KT00" },
    { "MK-DN for a code, key block",
      send   = "KS01S10096E4TN00S000142ED7943DB80A59EB6EC1B4EA29380F61A438390267B7F5"
            .. "B3A97A839E6E86F19E8CF9D4D7525C14F4Vx\x90\x124V\x00\xE3\xC8%01",
      expect = "KTA6" },
  },
}
