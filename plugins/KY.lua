-- KY: make the MAC of an issuer script for an EMV 4.x card, and its
-- confidential part if asked: a new PIN block, or data that came under a
-- transport key.
--
-- As a newer client sends it; the older layout differs and is not served.
-- Inferred: schemes 0 and 1 both mean the common session key.
-- PROJECT: mode 2, as in KU: the transport key stands last, as a TEK, and data
-- under it is in ECB.

local secures = { "2", "4" }

return {
  command = "KY",
  title   = "Generate a secure message for a chip card, EMV 4.x",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, clients, inferred, project",

  request = {
    { "mode",        enum "024",     invalid = 04 },
    { "scheme",      enum "01",      invalid = 05 },
    { "mk_smi",      key "MK-SMI",   parity  = 10 },
    { "pan_psn",     B(8) },
    { "session",     B(8) },
    { "size",        H(4) },
    { "message",     B "size",       short = 80 },
    { "message_end", mark ";" },
    { "mk_smc",      key "MK-SMC",   parity = 11,  when = { mode = secures } },
    { "offset",      H(4),                         when = { mode = secures } },
    { "secret_size", H(4), min = 8,  invalid = 80, when = { mode = secures } },
    { "secret",      B "secret_size", short = 80,  when = { mode = secures } },
    { "secret_end",  mark ";",                     when = { mode = secures } },
    { "tk",          key "TEK",      parity = 11,  when = { mode = "2" } },
    { "pin_flag",    enum "01F",                   when = { mode = "4" } },
    { "pin_key",     by("pin_flag", { ["1"] = key "TPK", ["F"] = key "block", key "ZPK" }),
                     parity = 11,                  when = { mode = "4" } },
    { "from",        pinformat,      invalid = 23, when = { mode = "4" } },
    { "to",          enum("34", "35", "41"),
                     invalid = 23,                 when = { mode = "4" } },
    { "account",     N(12),                        when = { mode = "4" } },
    { "mk_ac",       key "MK-AC",    parity = 10,  when = { mode = "4" } },
  },

  response = {
    { "mac",         B(8) },
    { "secure_size", H(4), when = { mode = secures } },
    { "secure",      B(),  when = { mode = secures } },
  },

  errors = {
    [04] = "unknown mode",
    [05] = "unknown scheme",
    [10] = "MK-SMI or MK-AC has bad parity",
    [11] = "MK-SMC, the PIN key or the TK has bad parity",
    [20] = "the PIN block holds no PIN",
    [23] = "unknown PIN block format",
    [24] = "PIN is shorter than 4 or longer than 12 digits",
    [80] = "a length or the offset is wrong",
  },

  handler = function (q, a)
    local session = emv.session(emv.card(q.mk_smi, q.pan_psn), q.session)
    local message = q.message

    if q.secret then
      local smc = emv.session(emv.card(q.mk_smc, q.pan_psn), q.session)
      local at  = num(q.offset)
      local clear

      if at > #message or #q.secret % 8 ~= 0 then
        fail(80)
      end
      if q.tk then
        clear = emvscript.open(q.tk, q.secret)
      else
        local chosen = pinblock.open(q.pin_key, hex(q.secret), q.from, q.account, nil, q.to)
        local card   = emv.card(q.mk_ac, q.pan_psn)

        clear = emvscript.pinblock(q.to, chosen, q.account, card)
      end

      local secure = emvscript.conceal(smc, "emv", clear)

      message = join(sub(message, 1, at), secure, sub(message, at + 1))
      a.secure_size = #secure
      a.secure      = secure
    end
    a.mac = emvscript.mac(session, message)
  end,

  vectors = {
    { "MAC alone",
      send   = "KY00UE86D8A2FC81DEC4E91F9FE76EDAF3C3B4Vx\x90\x124V\x00K\x07\xE3Z\x87\xF2}."
            .. "000F\x84$\x00\x02\x10\x00\x02K\x07\xE3Z\x87\xF2}.;",
      expect = "KZ00\xF9\x94FG\x14%\x08u" },
    { "PIN change",
      send   = "KY40UE86D8A2FC81DEC4E91F9FE76EDAF3C3B4Vx\x90\x124V\x00K\x07\xE3Z\x87\xF2}."
            .. "000F\x84$\x00\x02\x10\x00\x02K\x07\xE3Z\x87\xF2}.;U9ED29EDD0BA8B771106EB77"
            .. "D819F7394000F0008\xAB\xE3\x8E)\xB5\x8E\xA3\x92;0U34E2FC8EAD7CD07BFA2B7ED5F"
            .. "E4D82120134456789012345U0D39A43C864D1B40F33998B80BB02C95",
      expect = "KZ00)\x9E\x98\xC2\xB5\xA3\x8B'0010\xF4s\xD2]\x9BG\x89p\xE7&Q\xC0\x8F\xE4"
            .. "\x87\xEF" },
    { "data under a transport key",
      send   = "KY21UE86D8A2FC81DEC4E91F9FE76EDAF3C3B4Vx\x90\x124V\x00K\x07\xE3Z\x87\xF2}."
            .. "000F\x84$\x00\x02\x10\x00\x02K\x07\xE3Z\x87\xF2}.;U9ED29EDD0BA8B771106EB77"
            .. "D819F7394000F0010\xB7\xBB\xCE\x87\xD8+\xC7\xBEw\xE4\xA4k\xD6o\x15\x13;U33E"
            .. "4686C88867AAF98E24C4706CE9392",
      expect = "KZ00\xB1\xE1\x81\xE6f\xE3Z\xA80018%\xDA\xF8\xD0\x86\xA7\xAB,\xE4\xC6\xC5Y"
            .. "\xDA\x22\xC3Q\x19\xB6=\xC9\x0A\xD3\x11N" },
    { "no PIN in the block",
      send   = "KY40UE86D8A2FC81DEC4E91F9FE76EDAF3C3B4Vx\x90\x124V\x00K\x07\xE3Z\x87\xF2}."
            .. "000F\x84$\x00\x02\x10\x00\x02K\x07\xE3Z\x87\xF2}.;U9ED29EDD0BA8B771106EB77"
            .. "D819F7394000F0008\x00\x00\x00\x00\x00\x00\x00\x00;0U34E2FC8EAD7CD07BFA2B7E"
            .. "D5FE4D82120134456789012345U0D39A43C864D1B40F33998B80BB02C95",
      expect = "KZ20" },
    { "offset beyond the message",
      send   = "KY40UE86D8A2FC81DEC4E91F9FE76EDAF3C3B4Vx\x90\x124V\x00K\x07\xE3Z\x87\xF2}."
            .. "000F\x84$\x00\x02\x10\x00\x02K\x07\xE3Z\x87\xF2}.;U9ED29EDD0BA8B771106EB77"
            .. "D819F739400FF0008\xAB\xE3\x8E)\xB5\x8E\xA3\x92;0U34E2FC8EAD7CD07BFA2B7ED5F"
            .. "E4D82120134456789012345U0D39A43C864D1B40F33998B80BB02C95",
      expect = "KZ80" },
    { "MK-SMI parity",
      send   = "KY00U80A11B88FC31F52191F9FE76EDAF3C3B4Vx\x90\x124V\x00K\x07\xE3Z\x87\xF2}."
            .. "000F\x84$\x00\x02\x10\x00\x02K\x07\xE3Z\x87\xF2}.;",
      expect = "KZ10" },
    { "unknown mode", send = "KY1", expect = "KZ04" },
    { "unknown scheme", send = "KY02", expect = "KZ05" },
    { "MAC alone, 3DES key block LMK",
      send   = "KY00S00072E2TX00S0002F6FB6CA676DCBC044736AAA3EF39DBA0DDF0BE2EEB915D7"
            .. "B76A88BBD4Vx\x90\x124V\x00K\x07\xE3Z\x87\xF2}.000F\x84$\x00\x02\x10"
            .. "\x00\x02K\x07\xE3Z\x87\xF2}.;%02",
      expect = "KZ00\xF9\x94FG\x14%\x08u" },
    { "PIN change, key block",
      send   = "KY40S10096E2TX00S0001587DD5E5B6CC9FE4A432642329161567BEF3B7EE3FB6F62"
            .. "4516C8D7EF78F9E51CAD24162A55B404C4Vx\x90\x124V\x00K\x07\xE3Z\x87\xF2}"
            .. ".000F\x84$\x00\x02\x10\x00\x02K\x07\xE3Z\x87\xF2}.;S10096E1TN00S0001B"
            .. "A2C6202052E694060924BF777B8FC1109A0F4B0D212D54CF25A65D395233F75EA9611"
            .. "A495AB5B72000F0008\xAB\xE3\x8E)\xB5\x8E\xA3\x92;0S1009672TN00S000173E"
            .. "5403C805FF04C5CBC9080C6D6988B8C6B15B2792C25A3A1DADF17DEEFE8509269A690"
            .. "2A186DB90134456789012345S10096E0TN00S0001E6A574A32A80D58921F653FEC23E"
            .. "934768FB76648D0A1A51CA8850B167ABD2F4F0CE95BB5B363918%01",
      expect = "KZ00)\x9E\x98\xC2\xB5\xA3\x8B'0010\xF4s\xD2]\x9BG\x89p\xE7&Q\xC0\x8F"
            .. "\xE4\x87\xEF" },
    { "PIN change, 3DES key block LMK",
      send   = "KY40S00072E2TX00S0002F6FB6CA676DCBC044736AAA3EF39DBA0798E141831041A6"
            .. "98937B0C04Vx\x90\x124V\x00K\x07\xE3Z\x87\xF2}.000F\x84$\x00\x02\x10"
            .. "\x00\x02K\x07\xE3Z\x87\xF2}.;S00072E1TN00S00026FEFC394F2BCDCF00C184A2"
            .. "56BE84BA3CEEBBD02E3A54C0A89DAD22E000F0008\xAB\xE3\x8E)\xB5\x8E\xA3"
            .. "\x92;FS0007272TN00S0002EE37067D9B09FA9043289780329320B28D1C18164C15C7"
            .. "9847898ED50134456789012345S00072E0TN00S000266045245BFB51B76A5B4583D93"
            .. "1118C6701E1F7D249CF9C6040D42D3%02",
      expect = "KZ00)\x9E\x98\xC2\xB5\xA3\x8B'0010\xF4s\xD2]\x9BG\x89p\xE7&Q\xC0\x8F"
            .. "\xE4\x87\xEF" },
    { "data under a transport key, key block",
      send   = "KY21S10096E2TX00S0001587DD5E5B6CC9FE4A43264232916156733E6CC1A68AC035"
            .. "25D5D067F6893376932AADDC4E5380ED74Vx\x90\x124V\x00K\x07\xE3Z\x87\xF2}"
            .. ".000F\x84$\x00\x02\x10\x00\x02K\x07\xE3Z\x87\xF2}.;S10096E1TN00S0001B"
            .. "A2C6202052E694060924BF777B8FC11E5AADD3C9E1FC236B32A0304B36A107A87AF1A"
            .. "4515DAC397000F0010\xB7\xBB\xCE\x87\xD8+\xC7\xBEw\xE4\xA4k\xD6o\x15"
            .. "\x13;S1009623TD00S0001DBCB6BCA1DAF708B3D20336816C44ED37FC149FE8C868BE"
            .. "D5129610788BFF60A8219FCDA91EEDAF4%01",
      expect = "KZ00\xB1\xE1\x81\xE6f\xE3Z\xA80018%\xDA\xF8\xD0\x86\xA7\xAB,\xE4\xC6"
            .. "\xC5Y\xDA\x22\xC3Q\x19\xB6=\xC9\x0A\xD3\x11N" },
    { "MK-AC for confidentiality, key block",
      send   = "KY40S10096E2TX00S0001587DD5E5B6CC9FE4A43264232916156737F9D37350088C0"
            .. "070847F9617DE888CD092818B014CC1474Vx\x90\x124V\x00K\x07\xE3Z\x87\xF2}"
            .. ".000F\x84$\x00\x02\x10\x00\x02K\x07\xE3Z\x87\xF2}.;S10096E0TN00S0001B"
            .. "17A24576E0C33B0BE6D166BB9938C3AA2D9EF3C6948423008FA1E801432A2027A0F8A"
            .. "6E9E5E0B8A000F0008\xAB\xE3\x8E)\xB5\x8E\xA3\x92;0S1009672TN00S000173E"
            .. "5403C805FF04C5CBC9080C6D6988B641E649B946716F1DF5FB931942963B4A60261FD"
            .. "3DDF5EE00134456789012345S10096E0TN00S0001E6A574A32A80D58921F653FEC23E"
            .. "93473505E17F3566013FD7A0A7D9ECC2B1DB0C22F907E7ABB68C%01",
      expect = "KZA6" },
  },
}
