-- KW: check an ARQC, TC or AAC of an EMV 4.x card, and answer with an ARPC.
--
-- Schemes: 0 and 1 a session key from the EMV2000 tree, 2 and 3 the common
-- session key; the card's own key by option A (0, 2) or B (1, 3). Modes 5, 6
-- and the cloud schemes are not described.
-- Inferred: what stands behind an ARPC of method 2, seen once as four zero
-- bytes; it may be the CSU.

local trees    = { "0", "1" }
local option_a = { "0", "2" }
local option_b = { "1", "3" }
local verifies = { "0", "1", "3" }
local method_1 = { "1", "2" }
local method_2 = { "3", "4" }

return {
  command = "KW",
  title   = "Verify an ARQC and/or generate an ARPC, EMV 4.x",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, clients, vectors, inferred",

  request = {
    { "mode",     enum "01234",    invalid = 04 },
    { "scheme",   enum "0123",     invalid = 05 },
    { "mk_ac",    key "MK-AC",     parity  = 10 },
    { "iv",       B(16),                          when = { scheme = trees } },
    { "pan_psn",  B(8),                           when = { scheme = option_a } },
    { "pan_size", N(2), min = 2,                  when = { scheme = option_b } },
    { "pan",      B "pan_size",                   when = { scheme = option_b } },
    { "pan_end",  mark ";",                       when = { scheme = option_b } },
    { "tree",     enum "01",       invalid = 52,  when = { scheme = trees } },
    { "atc",      B(2) },
    { "size",     H(2), min = 1,   invalid = 81,  when = { mode = verifies } },
    { "data",     B "size",        short = 80,    when = { mode = verifies } },
    { "end",      mark ";",                       when = { mode = verifies } },
    { "arqc",     B(8) },
    { "arc",      B(2),                           when = { mode = method_1 } },
    { "csu",      B(4),                           when = { mode = method_2 } },
    { "own_size", N(1), max = 8,                  when = { mode = method_2 } },
    { "own_data", B "own_size",                   when = { mode = method_2 } },
  },

  response = {
    { "arpc",     B(8),  when = { mode = method_1 } },
    { "arpc_2",   B(4),  when = { mode = method_2 } },
    { "zeros",    B(4),  when = { mode = method_2 } },
    { "computed", optional(B(8)) },
  },

  errors = {
    [01] = "the cryptogram is wrong",
    [04] = "unknown mode",
    [05] = "unknown scheme",
    [10] = "MK-AC has bad parity",
    [52] = "unknown form of the tree",
    [80] = "fewer bytes of data than the length says",
    [81] = "the length of the data is zero, or no length",
  },

  handler = function (q, a)
    local card = q.pan and emv.card(q.mk_ac, q.pan, "B") or emv.card(q.mk_ac, q.pan_psn)
    local session

    if q.iv then
      session = emv.tree(card, q.iv, q.atc, q.tree)
    else
      session = emv.session(card, join(q.atc, "\0\0\0\0\0\0"))
    end
    if q.data then
      local right = emv.cryptogram(session, q.data)

      if not equal(right, q.arqc) then
        if authorised() then
          a.computed = right
        end
        return 01
      end
    end
    if q.arc then
      a.arpc = emv.arpc(session, q.arqc, q.arc)
    elseif q.csu then
      a.arpc_2 = emv.arpc2(session, q.arqc, q.csu, q.own_data)
      a.zeros  = "\0\0\0\0"
    end
  end,

  vectors = {
    { "common session key",
      send   = "KW02U7475636CC30B93B493CF5EA53799EBCC4Vx\x90\x124V\x00\x00\x1C30\x00\x00"
            .. "\x00\x00@\x00\x00\x00\x00\x00\x00\x00\x01$\x80\x00\x04\x80\x00\x01$\x19"
            .. "\x11\x05\x01R\xBFE\x85\x18\x00\x00\x1C\x06\x01\x12\x03\xA0\xB8\x00\x80\x00"
            .. "\x00\x00\x00\x00\x00\x00;zx\x8E\xA6\xB8\xA3\xE73",
      expect = "KX00" },
    { "wrong cryptogram",
      send   = "KW02U7475636CC30B93B493CF5EA53799EBCC4Vx\x90\x124V\x00\x00\x1C30\x00\x00"
            .. "\x00\x00@\x00\x00\x00\x00\x00\x00\x00\x01$\x80\x00\x04\x80\x00\x01$\x19"
            .. "\x11\x05\x01R\xBFE\x85\x18\x00\x00\x1C\x06\x01\x12\x03\xA0\xB8\x00\x80\x00"
            .. "\x00\x00\x00\x00\x00\x00;\x00\x00\x00\x00\x00\x00\x00\x00",
      expect = "KX01" },
    { "wrong cryptogram, authorised", authorised = true,
      send   = "KW02U7475636CC30B93B493CF5EA53799EBCC4Vx\x90\x124V\x00\x00\x1C30\x00\x00"
            .. "\x00\x00@\x00\x00\x00\x00\x00\x00\x00\x01$\x80\x00\x04\x80\x00\x01$\x19"
            .. "\x11\x05\x01R\xBFE\x85\x18\x00\x00\x1C\x06\x01\x12\x03\xA0\xB8\x00\x80\x00"
            .. "\x00\x00\x00\x00\x00\x00;zx\x8E\xA6\xB8\xA3\xE72",
      expect = "KX01zx\x8E\xA6\xB8\xA3\xE73" },
    { "ARPC by method 1",
      send   = "KW12U0D39A43C864D1B40F33998B80BB02C954Vx\x90\x124V\x004V28\x00\x00\x00\x01"
            .. "\x00\x00\x00\x00\x00\x00\x10\x00\x08@\x00\x00\x00\x10\x80\x08@\x98\x07\x04"
            .. "\x00\x11\x11\x11\x11X\x004V\xA0\x80\x03$ \x00\x80;U\xBEE\xDD,\x9E\x0C\xBF"
            .. "\x00\x12",
      expect = "KX00\x01\xBA\xE8\xDEj\x0D\xE9\xE0" },
    { "ARPC by method 2",
      send   = "KW42U0D39A43C864D1B40F33998B80BB02C954Vx\x90\x124V\x004VU\xBEE\xDD,\x9E"
            .. "\x0C\xBF\x00\x12\x00\x000",
      expect = "KX00\xB4\xC6\x98\xB6\x00\x00\x00\x00" },
    { "option B",
      send   = "KW03U7475636CC30B93B493CF5EA53799EBCC10\x00\x00\x00\x00\x00\x00\x00\x00"
            .. "\x05#;\x00\x1C30\x00\x00\x00\x00@\x00\x00\x00\x00\x00\x00\x00\x01$\x80\x00"
            .. "\x04\x80\x00\x01$\x19\x11\x05\x01R\xBFE\x85\x18\x00\x00\x1C\x06\x01\x12"
            .. "\x03\xA0\xB8\x00\x80\x00\x00\x00\x00\x00\x00\x00;\x8C\xADo$\x89\xC6@\xB1",
      expect = "KX00" },
    { "option B, proprietary data",
      send   = "KW43U7475636CC30B93B493CF5EA53799EBCC10\x00\x00\x00\x00\x00\x00\x00\x00"
            .. "\x05#;\x00\x1C\x8C\xADo$\x89\xC6@\xB1\x00\x00\x00\x004\x124Vx",
      expect = "KX00\xE3\x9F\x18v\x00\x00\x00\x00" },
    { "tree of four branches",
      send   = "KW00U7475636CC30B93B493CF5EA53799EBCC\x00\x00\x00\x00\x00\x00\x00\x00\x00"
            .. "\x00\x00\x00\x00\x00\x00\x004Vx\x90\x124V\x001\x00\x1C30\x00\x00\x00\x00@"
            .. "\x00\x00\x00\x00\x00\x00\x00\x01$\x80\x00\x04\x80\x00\x01$\x19\x11\x05\x01"
            .. "R\xBFE\x85\x18\x00\x00\x1C\x06\x01\x12\x03\xA0\xB8\x00\x80\x00\x00\x00\x00"
            .. "\x00\x00\x00;\xCC\xE0\x12!P\x1B\x94h",
      expect = "KX00" },
    { "tree of two branches, ARPC",
      send   = "KW10U7475636CC30B93B493CF5EA53799EBCC\x00\x00\x00\x00\x00\x00\x00\x00\x00"
            .. "\x00\x00\x00\x00\x00\x00\x004Vx\x90\x124V\x000\x00\x1C19\x00\x00\x00\x00@"
            .. "\x00\x00\x00\x00\x00\x00\x00\x01$\x80\x00\x04\x80\x00\x01$\x19\x11\x05\x01"
            .. ";\x97\xE1=\xA3M\x07\x95\x9800",
      expect = "KX00>\xF1\xE4i\xB3a\xDA\x9E" },
    { "MK-AC parity",
      send   = "KW02U878B7667A5566FE593CF5EA53799EBCC4Vx\x90\x124V\x00\x00\x1C30\x00\x00"
            .. "\x00\x00@\x00\x00\x00\x00\x00\x00\x00\x01$\x80\x00\x04\x80\x00\x01$\x19"
            .. "\x11\x05\x01R\xBFE\x85\x18\x00\x00\x1C\x06\x01\x12\x03\xA0\xB8\x00\x80\x00"
            .. "\x00\x00\x00\x00\x00\x00;zx\x8E\xA6\xB8\xA3\xE73",
      expect = "KX10" },
    { "unknown form of the tree",
      send   = "KW00U7475636CC30B93B493CF5EA53799EBCC\x00\x00\x00\x00\x00\x00\x00\x00\x00"
            .. "\x00\x00\x00\x00\x00\x00\x004Vx\x90\x124V\x002",
      expect = "KX52" },
    { "no data",
      send   = "KW02U7475636CC30B93B493CF5EA53799EBCC4Vx\x90\x124V\x00\x00\x1C00;\x00\x00"
            .. "\x00\x00\x00\x00\x00\x00",
      expect = "KX81" },
    { "data cut short",
      send   = "KW02U7475636CC30B93B493CF5EA53799EBCC4Vx\x90\x124V\x00\x00\x1C09abc",
      expect = "KX80" },
    { "proprietary data too long",
      send   = "KW42U7475636CC30B93B493CF5EA53799EBCC4Vx\x90\x124V\x00\x00\x1C\x00\x00\x00"
            .. "\x00\x00\x00\x00\x00\x00\x00\x00\x009",
      expect = "KX15" },
    { "unknown mode", send = "KW5", expect = "KX04" },
    { "unknown scheme", send = "KW04", expect = "KX05" },
    { "common session key, key block",
      send   = "KW02S10096E0TN00S00012A6E03853AF880EA625CAC9AEECA23B00CD7C0DF3D49F9D"
            .. "FEAE8F30DD3788BEAD42ACC00C47CE5C84Vx\x90\x124V\x00\x00\x1C30\x00\x00"
            .. "\x00\x00@\x00\x00\x00\x00\x00\x00\x00\x01$\x80\x00\x04\x80\x00\x01$"
            .. "\x19\x11\x05\x01R\xBFE\x85\x18\x00\x00\x1C\x06\x01\x12\x03\xA0\xB8"
            .. "\x00\x80\x00\x00\x00\x00\x00\x00\x00;zx\x8E\xA6\xB8\xA3\xE73%01",
      expect = "KX00" },
    { "ARPC by method 2, 3DES key block LMK",
      send   = "KW42S00072E0TX00S000266045245BFB51B76A5B4583D931118C640094BA858DBACE"
            .. "A61FCE7574Vx\x90\x124V\x004VU\xBEE\xDD,\x9E\x0C\xBF\x00\x12\x00\x000%"
            .. "02",
      expect = "KX00\xB4\xC6\x98\xB6\x00\x00\x00\x00" },
    { "option B, key block",
      send   = "KW03S10096E0TN00S00012A6E03853AF880EA625CAC9AEECA23B05342D98FCC3833E"
            .. "C786CC18C2FEE56A41CA6326D11BE9F5A10\x00\x00\x00\x00\x00\x00\x00\x00"
            .. "\x05#;\x00\x1C30\x00\x00\x00\x00@\x00\x00\x00\x00\x00\x00\x00\x01$"
            .. "\x80\x00\x04\x80\x00\x01$\x19\x11\x05\x01R\xBFE\x85\x18\x00\x00\x1C"
            .. "\x06\x01\x12\x03\xA0\xB8\x00\x80\x00\x00\x00\x00\x00\x00\x00;\x8C\xAD"
            .. "o$\x89\xC6@\xB1%01",
      expect = "KX00" },
    { "tree of two branches, ARPC, 3DES key block LMK",
      send   = "KW10S00072E0TN00S0002861C6969DE95866727183EF46E12712DE469383AB97CFC4"
            .. "50B9DCB1A\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
            .. "\x004Vx\x90\x124V\x000\x00\x1C19\x00\x00\x00\x00@\x00\x00\x00\x00\x00"
            .. "\x00\x00\x01$\x80\x00\x04\x80\x00\x01$\x19\x11\x05\x01;\x97\xE1=\xA3M"
            .. "\x07\x95\x9800%02",
      expect = "KX00>\xF1\xE4i\xB3a\xDA\x9E" },
    { "MK-SMI for a cryptogram, key block",
      send   = "KW02S10096E2TN00S00012AA97949F13BD8A92A486C5291F96EF975D9CB813872663"
            .. "852377A4357B46312DE2BE5DEAB54E9D34Vx\x90\x124V\x00\x00\x1C30\x00\x00"
            .. "\x00\x00@\x00\x00\x00\x00\x00\x00\x00\x01$\x80\x00\x04\x80\x00\x01$"
            .. "\x19\x11\x05\x01R\xBFE\x85\x18\x00\x00\x1C\x06\x01\x12\x03\xA0\xB8"
            .. "\x00\x80\x00\x00\x00\x00\x00\x00\x00;zx\x8E\xA6\xB8\xA3\xE73%01",
      expect = "KXA6" },
  },
}
