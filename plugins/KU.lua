-- KU: make the MAC of an issuer script, and its confidential part if asked:
-- a new PIN block, or data that came under a transport key.
--
-- Schemes: 0 Visa, 1 Mastercard M/Chip, 2 Amex AEIPS.
-- Inferred: scheme 2 is as 0; for format 42 the current PIN's block is under the
-- same key and in the same format as the new one's; format 35.
-- PROJECT: modes 1 and 2. The transport key's place and type were not found, so
-- it stands last here, as a TEK, and data under it is in ECB.

local secures = { "1", "2", "3", "4" }
local second  = { "2", "4" }
local moves   = { "1", "2" }
local pins    = { "3", "4" }
local visa    = { "41", "42" }

return {
  command = "KU",
  title   = "Generate a secure message for a chip card",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, clients, vectors, inferred, project",

  request = {
    { "mode",         enum "01234",   invalid = 04 },
    { "scheme",       enum "012",     invalid = 05 },
    { "mk_smi",       key "MK-SMI",   parity  = 10 },
    { "pan_psn",      B(8) },
    { "session",      B(8) },
    { "size",         H(4) },
    { "message",      B "size",       short = 80 },
    { "message_end",  mark ";" },
    { "mk_smc",       key "MK-SMC",   parity = 11,  when = { mode = second } },
    { "session_smc",  B(8),                         when = { mode = secures } },
    { "offset",       H(4),                         when = { mode = secures } },
    { "secret_size",  H(4), min = 8,  invalid = 80, when = { mode = secures } },
    { "secret",       B "secret_size", short = 80,  when = { mode = secures } },
    { "secret_end",   mark ";",                     when = { mode = secures } },
    { "tk",           key "TEK",      parity = 11,  when = { mode = moves } },
    { "pin_flag",     enum "01F",                   when = { mode = pins } },
    { "pin_key",      by("pin_flag", { ["1"] = key "TPK", ["F"] = key "block", key "ZPK" }),
                      parity = 11,                  when = { mode = pins } },
    { "from",         pinformat,      invalid = 23, when = { mode = pins } },
    { "to",           enum("34", "35", "41", "42"),
                      invalid = 23,                 when = { mode = pins } },
    { "account",      N(12),                        when = { mode = pins } },
    { "mk_ac",        key "MK-AC",    parity = 10,  when = { mode = pins, to = visa } },
    { "current",      B(8),                         when = { mode = pins, to = "42" } },
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
    [20] = "a PIN block holds no PIN",
    [23] = "unknown PIN block format",
    [24] = "PIN is shorter than 4 or longer than 12 digits",
    [80] = "a length or the offset is wrong",
  },

  handler = function (q, a)
    local mchip   = num(q.scheme) == 1
    local derive  = mchip and emv.session or emv.visa
    local session = derive(emv.card(q.mk_smi, q.pan_psn), q.session)
    local message = q.message

    if q.secret then
      local smc = derive(emv.card(q.mk_smc or q.mk_smi, q.pan_psn), q.session_smc)
      local at  = num(q.offset)
      local clear

      if at > #message or #q.secret % 8 ~= 0 then
        fail(80)
      end
      if q.tk then
        clear = emvscript.open(q.tk, q.secret)
      else
        local chosen  = pinblock.open(q.pin_key, hex(q.secret), q.from, q.account, nil, q.to)
        local current = q.current and pinblock.open(q.pin_key, hex(q.current), q.from, q.account)
        local card    = q.mk_ac and emv.card(q.mk_ac, q.pan_psn)

        clear = emvscript.pinblock(q.to, chosen, q.account, card, current)
      end

      local secure = emvscript.conceal(smc, mchip and "mchip" or "visa", clear)

      message = join(sub(message, 1, at), secure, sub(message, at + 1))
      a.secure_size = #secure
      a.secure      = secure
    end
    a.mac = emvscript.mac(session, message)
  end,

  vectors = {
    { "Visa, MAC alone",
      send   = "KU00UF0896AE265309A7E74CF4EC6674FE8874Vx\x90\x124V\x00\x00\x00\x00\x00\x00"
            .. "\x00\x00\x1C000F\x84\x18\x00\x00\x08\x00\x1C)\xCC\xA1Z\xE6e\xFA.;",
      expect = "KV00\xDBV\xBA`\x08|\xEF\xD3" },
    { "Mastercard, MAC alone",
      send   = "KU01UF0896AE265309A7E74CF4EC6674FE8874Vx\x90\x124V\x00$\xCC\xF3\xDE\xE3"
            .. "\x15\x8Cp000F\x84$\x00\x00\x08\x00\x1C$\xCC\xF3\xDE\xE3\x15\x8Cp;",
      expect = "KV00\xED\x0A\xB1b\xBA\xB1\xDEa" },
    { "Mastercard PIN change",
      send   = "KU41UE86D8A2FC81DEC4E91F9FE76EDAF3C3B4Vx\x90\x124V\x00K\x07\xE3Z\x87\xF2}."
            .. "000F\x84$\x00\x02\x10\x00\x02K\x07\xE3Z\x87\xF2}.;U9ED29EDD0BA8B771106EB77"
            .. "D819F7394K\x07\xE3Z\x87\xF2}.000F0008\xAB\xE3\x8E)\xB5\x8E\xA3\x92;0U34E2F"
            .. "C8EAD7CD07BFA2B7ED5FE4D82120134456789012345",
      expect = "KV00\x83\x1B\x04;J1O\xD20008\xF4s\xD2]\x9BG\x89p" },
    { "Visa PIN change",
      send   = "KU40UE86D8A2FC81DEC4E91F9FE76EDAF3C3B4Vx\x90\x124V\x00\x00\x00\x00\x00\x00"
            .. "\x00\x00\x02000F\x84$\x00\x02\x10\x00\x02K\x07\xE3Z\x87\xF2}.;U9ED29EDD0BA"
            .. "8B771106EB77D819F7394\x00\x00\x00\x00\x00\x00\x00\x02000F0008\xAB\xE3\x8E)"
            .. "\xB5\x8E\xA3\x92;0U34E2FC8EAD7CD07BFA2B7ED5FE4D82120141456789012345U0D39A4"
            .. "3C864D1B40F33998B80BB02C95",
      expect = "KV00\x9F\x1B\x82\x9D\x17\x9EU\xC20010\xEF\x0F\x09\x1E\xDA\x142d@\xC4|\x0F|"
            .. "W$s" },
    { "Visa PIN change with the old PIN",
      send   = "KU40UE86D8A2FC81DEC4E91F9FE76EDAF3C3B4Vx\x90\x124V\x00\x00\x00\x00\x00\x00"
            .. "\x00\x00\x02000F\x84$\x00\x02\x10\x00\x02K\x07\xE3Z\x87\xF2}.;U9ED29EDD0BA"
            .. "8B771106EB77D819F7394\x00\x00\x00\x00\x00\x00\x00\x02000F0008\xAB\xE3\x8E)"
            .. "\xB5\x8E\xA3\x92;0U34E2FC8EAD7CD07BFA2B7ED5FE4D82120142456789012345U0D39A4"
            .. "3C864D1B40F33998B80BB02C953\xBA\xDC\x0F\x07\xC6\xFB)",
      expect = "KV00o@>Q\xDC\xE1\xE4\xA60010t%6S\xC8\x1C\xE9\x91@\xC4|\x0F|W$s" },
    { "format 35",
      send   = "KU31UE86D8A2FC81DEC4E91F9FE76EDAF3C3B4Vx\x90\x124V\x00K\x07\xE3Z\x87\xF2}."
            .. "000F\x84$\x00\x02\x10\x00\x02K\x07\xE3Z\x87\xF2}.;K\x07\xE3Z\x87\xF2}.000F"
            .. "0008\xAB\xE3\x8E)\xB5\x8E\xA3\x92;0U34E2FC8EAD7CD07BFA2B7ED5FE4D8212013545"
            .. "6789012345",
      expect = "KV00\x0A\xC2e\xE4\x93JSI0008\xA0\xC5#\xD4.\x9CGs" },
    { "data under a transport key, inside",
      send   = "KU11UE86D8A2FC81DEC4E91F9FE76EDAF3C3B4Vx\x90\x124V\x00K\x07\xE3Z\x87\xF2}."
            .. "0013\x84$\x00\x02\x10\x00\x02K\x07\xE3Z\x87\xF2}.tail;K\x07\xE3Z\x87\xF2}."
            .. "000F0010\xB7\xBB\xCE\x87\xD8+\xC7\xBEw\xE4\xA4k\xD6o\x15\x13;U33E4686C8886"
            .. "7AAF98E24C4706CE9392",
      expect = "KV00^\xFE\x8Eba\xD0\xB8\xA70010%\xDA\xF8\xD0\x86\xA7\xAB,\xE4\xC6\xC5Y\xDA"
            .. "\x22\xC3Q" },
    { "no PIN in the block",
      send   = "KU41UF0896AE265309A7E74CF4EC6674FE8874Vx\x90\x124V\x00$\xCC\xF3\xDE\xE3"
            .. "\x15\x8Cp000F\x84$\x00\x02\x10\x00\x1C$\xCC\xF3\xDE\xE3\x15\x8Cp;UB0342033"
            .. "F99186C2DA9FE9F2B08834D9$\xCC\xF3\xDE\xE3\x15\x8Cp000F0008\x00\x00\x00\x00"
            .. "\x00\x00\x00\x00;0U6E50E7AE67D119AC248334068F1B26B60134456789012345",
      expect = "KV20" },
    { "offset beyond the message",
      send   = "KU11UE86D8A2FC81DEC4E91F9FE76EDAF3C3B4Vx\x90\x124V\x00K\x07\xE3Z\x87\xF2}."
            .. "0013\x84$\x00\x02\x10\x00\x02K\x07\xE3Z\x87\xF2}.tail;K\x07\xE3Z\x87\xF2}."
            .. "00FF0010\xB7\xBB\xCE\x87\xD8+\xC7\xBEw\xE4\xA4k\xD6o\x15\x13;U33E4686C8886"
            .. "7AAF98E24C4706CE9392",
      expect = "KV80" },
    { "format of no card",
      send   = "KU40UE86D8A2FC81DEC4E91F9FE76EDAF3C3B4Vx\x90\x124V\x00\x00\x00\x00\x00\x00"
            .. "\x00\x00\x02000F\x84$\x00\x02\x10\x00\x02K\x07\xE3Z\x87\xF2}.;U9ED29EDD0BA"
            .. "8B771106EB77D819F7394\x00\x00\x00\x00\x00\x00\x00\x02000F0008\xAB\xE3\x8E)"
            .. "\xB5\x8E\xA3\x92;0U34E2FC8EAD7CD07BFA2B7ED5FE4D82120101456789012345U0D39A4"
            .. "3C864D1B40F33998B80BB02C953\xBA\xDC\x0F\x07\xC6\xFB)",
      expect = "KV23" },
    { "MK-SMI parity",
      send   = "KU01UB4A56C15261B05FA72CFA609844188F7hXiH\x14(s\x00\xA5(\x95W\xD1\xF1\xFA"
            .. "\x0F0022\x84$\x00\x02\x15\x10\xE8\xD1x\x8D\x97\x00\xD6\xB2\xA6\x83\xFB\x02"
            .. "\xC3\xFF\xBD\x19\x04\xEDv\xDD\xD0\xB8\xC7\x91\xF6\xFF\x17\xA9;",
      expect = "KV10" },
    { "message cut short",
      send   = "KU00UE86D8A2FC81DEC4E91F9FE76EDAF3C3B4Vx\x90\x124V\x00\x00\x00\x00\x00\x00"
            .. "\x00\x00\x000009abc",
      expect = "KV80" },
    { "unknown mode",
      send   = "KU90UF0896AE265309A7E74CF4EC6674FE8874Vx\x90\x124V\x00\x00\x00\x00\x00\x00"
            .. "\x00\x00\x1C000F\x84\x18\x00\x00\x08\x00\x1C)\xCC\xA1Z\xE6e\xFA.;",
      expect = "KV04" },
    { "unknown scheme", send = "KU03", expect = "KV05" },
    { "Visa, MAC alone, key block",
      send   = "KU00S10096E2TX00S0001E38B488A1803AF5A63FEDE72C7C817F341B35C125C0803B"
            .. "8D6016A7AC6973F42C2331DDBC14E50FC4Vx\x90\x124V\x00\x00\x00\x00\x00"
            .. "\x00\x00\x00\x1C000F\x84\x18\x00\x00\x08\x00\x1C)\xCC\xA1Z\xE6e\xFA.;"
            .. "%01",
      expect = "KV00\xDBV\xBA`\x08|\xEF\xD3" },
    { "Mastercard, MAC alone, 3DES key block LMK",
      send   = "KU01S00072E2TX00S0002B870DA28539766DED49B3A01A16734A7F69E0D3DF46C232"
            .. "CDC08F4334Vx\x90\x124V\x00$\xCC\xF3\xDE\xE3\x15\x8Cp000F\x84$\x00\x00"
            .. "\x08\x00\x1C$\xCC\xF3\xDE\xE3\x15\x8Cp;%02",
      expect = "KV00\xED\x0A\xB1b\xBA\xB1\xDEa" },
    { "Mastercard PIN change, key block",
      send   = "KU41S10096E2TX00S0001587DD5E5B6CC9FE4A4326423291615674958ECE8D283269"
            .. "FD3C257E6F19658539A1F0F854F0472A64Vx\x90\x124V\x00K\x07\xE3Z\x87\xF2}"
            .. ".000F\x84$\x00\x02\x10\x00\x02K\x07\xE3Z\x87\xF2}.;S10096E1TN00S0001B"
            .. "A2C6202052E694060924BF777B8FC11C8DE05D73AA72DE9B67D98C0F83DDFC3DEDD11"
            .. "C47D0A71ADK\x07\xE3Z\x87\xF2}.000F0008\xAB\xE3\x8E)\xB5\x8E\xA3\x92;F"
            .. "S10096P0TD00S0001B2144B27C26F96206614461F8440D186219DCEC43618D2AA0659"
            .. "4420A6E42F5164E4549ADF4311850134456789012345%01",
      expect = "KV00\x83\x1B\x04;J1O\xD20008\xF4s\xD2]\x9BG\x89p" },
    { "Visa PIN change with the old PIN, 3DES key block LMK",
      send   = "KU40S00072E2TX00S0002F6FB6CA676DCBC044736AAA3EF39DBA0B90B203F972184D"
            .. "ACBB358C34Vx\x90\x124V\x00\x00\x00\x00\x00\x00\x00\x00\x02000F\x84$"
            .. "\x00\x02\x10\x00\x02K\x07\xE3Z\x87\xF2}.;S00072E1TN00S00026FEFC394F2B"
            .. "CDCF00C184A256BE84BA3D2F6E6C9448E6CAE718EAC48\x00\x00\x00\x00\x00\x00"
            .. "\x00\x02000F0008\xAB\xE3\x8E)\xB5\x8E\xA3\x92;0S0007272TN00S0002EE370"
            .. "67D9B09FA9043289780329320B22A12A99001ADCD1A94CD52020142456789012345S0"
            .. "0072E0TN00S000266045245BFB51B76A5B4583D931118C6E8136F3DBFC789387BC21A"
            .. "E83\xBA\xDC\x0F\x07\xC6\xFB)%02",
      expect = "KV00o@>Q\xDC\xE1\xE4\xA60010t%6S\xC8\x1C\xE9\x91@\xC4|\x0F|W$s" },
    { "Visa PIN change, key block",
      send   = "KU40S10096E2TX00S0001587DD5E5B6CC9FE4A43264232916156793C0F5A4D5E9C13"
            .. "9A6C2A3E16E28430643E68D96C6BC1D3C4Vx\x90\x124V\x00\x00\x00\x00\x00"
            .. "\x00\x00\x00\x02000F\x84$\x00\x02\x10\x00\x02K\x07\xE3Z\x87\xF2}.;S10"
            .. "096E1TN00S0001BA2C6202052E694060924BF777B8FC11943293450E2A0A46A34DE73"
            .. "FB82F9B975C37614D71E9C76E\x00\x00\x00\x00\x00\x00\x00\x02000F0008\xAB"
            .. "\xE3\x8E)\xB5\x8E\xA3\x92;0S1009672TN00S000173E5403C805FF04C5CBC9080C"
            .. "6D6988B63AA0BCCF21F140AC4C2CD2AE2E2A19BF27E5B6DE7B4554601414567890123"
            .. "45S10096E0TN00S0001E6A574A32A80D58921F653FEC23E934704A1B216359F194F4B"
            .. "79CB31420F699349B7D54130E89FE8%01",
      expect = "KV00\x9F\x1B\x82\x9D\x17\x9EU\xC20010\xEF\x0F\x09\x1E\xDA\x142d@\xC4"
            .. "|\x0F|W$s" },
    { "data under a transport key, inside, key block",
      send   = "KU11S10096E2TX00S0001587DD5E5B6CC9FE4A43264232916156788178F506FA73D7"
            .. "D205A7D08AD2CB0C7C5B56B4FF6279A894Vx\x90\x124V\x00K\x07\xE3Z\x87\xF2}"
            .. ".0013\x84$\x00\x02\x10\x00\x02K\x07\xE3Z\x87\xF2}.tail;K\x07\xE3Z\x87"
            .. "\xF2}.000F0010\xB7\xBB\xCE\x87\xD8+\xC7\xBEw\xE4\xA4k\xD6o\x15\x13;S1"
            .. "009623TD00S0001DBCB6BCA1DAF708B3D20336816C44ED32DDC9B8D48EBB588A07E32"
            .. "C3E6DDD4BD2F82504614128EDD%01",
      expect = "KV00^\xFE\x8Eba\xD0\xB8\xA70010%\xDA\xF8\xD0\x86\xA7\xAB,\xE4\xC6"
            .. "\xC5Y\xDA\x22\xC3Q" },
    { "MK-SMC for integrity, key block",
      send   = "KU00S10096E1TX00S0001DEBEB073FF87BE23E86C442D320E9C1FC3E8FE2A0FC04FA"
            .. "B4606B4DBC1C5310D56BEAEFDBF2AC92C4Vx\x90\x124V\x00\x00\x00\x00\x00"
            .. "\x00\x00\x00\x1C000F\x84\x18\x00\x00\x08\x00\x1C)\xCC\xA1Z\xE6e\xFA.;"
            .. "%01",
      expect = "KVA6" },
    { "PIN key for encryption, key block",
      send   = "KU41S10096E2TX00S0001587DD5E5B6CC9FE4A43264232916156749897CABC9E98F2"
            .. "FAE0240383C6C5877BC2FF71DC52368844Vx\x90\x124V\x00K\x07\xE3Z\x87\xF2}"
            .. ".000F\x84$\x00\x02\x10\x00\x02K\x07\xE3Z\x87\xF2}.;S10096E1TN00S0001B"
            .. "A2C6202052E694060924BF777B8FC118FD6CDF105DDAEF9FEA96F0BA3DB1411442E32"
            .. "3879429236K\x07\xE3Z\x87\xF2}.000F0008\xAB\xE3\x8E)\xB5\x8E\xA3\x92;F"
            .. "S10096P0TE00S0001941C7FDAF8B76BFD9CC32A3E2A598D82BC978AA5C8154848B395"
            .. "BC623E2772B15AD177CCFA353E520134456789012345%01",
      expect = "KVA8" },
    { "PVK for a PIN key, key block",
      send   = "KU41S10096E2TX00S0001587DD5E5B6CC9FE4A432642329161567A447CB6470EF4AE"
            .. "2B5D325B2210261DC49814A9C4A2084A64Vx\x90\x124V\x00K\x07\xE3Z\x87\xF2}"
            .. ".000F\x84$\x00\x02\x10\x00\x02K\x07\xE3Z\x87\xF2}.;S10096E1TN00S0001B"
            .. "A2C6202052E694060924BF777B8FC1193B3C70C4725B6365875A5F8328D9F6019A7DD"
            .. "2528F503E6K\x07\xE3Z\x87\xF2}.000F0008\xAB\xE3\x8E)\xB5\x8E\xA3\x92;F"
            .. "S10096V0TV00S000189E3E4CC42DF5EBD56A60B9C4250F112622055C31E82A60C202E"
            .. "103CF4F1202DFC31717E170099A90134456789012345%01",
      expect = "KVA6" },
    { "transport key for encryption, key block",
      send   = "KU11S10096E2TX00S0001587DD5E5B6CC9FE4A4326423291615673D1D865F4EE2662"
            .. "4FCE6657BE24A2E3EC5E9AA11BA5482674Vx\x90\x124V\x00K\x07\xE3Z\x87\xF2}"
            .. ".0013\x84$\x00\x02\x10\x00\x02K\x07\xE3Z\x87\xF2}.tail;K\x07\xE3Z\x87"
            .. "\xF2}.000F0010\xB7\xBB\xCE\x87\xD8+\xC7\xBEw\xE4\xA4k\xD6o\x15\x13;S1"
            .. "0096D0TE00S00015CD7ED297AD5DA7DA492BF7CC4EE3C08CF7390F9B614C5E3941ED9"
            .. "8B02799566880F646C1A477BC7%01",
      expect = "KVA8" },
  },
}
