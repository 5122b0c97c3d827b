-- KQ: check an ARQC, TC or AAC of a chip card, and answer with an ARPC.
--
-- Schemes: 0 Visa VSDC (the card's key itself), 1 Mastercard M/Chip (session
-- key of ATC and unpredictable number), 2 Amex AEIPS. The host sends PAN and
-- sequence number ready-made as the option A block. A wrong cryptogram answers
-- 01, with the right one behind it in the authorised state.
-- Inferred: scheme 2 is as 0; the MAC of modes 3 and 4 is the left half of X9.19
-- under the card's own key, filled with zeros.

local verifies = { "0", "1", "3", "4" }
local answers  = { "1", "2", "4" }

return {
  command = "KQ",
  title   = "Verify an ARQC and/or generate an ARPC",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, captures, inferred",

  request = {
    { "mode",     enum "01234",    invalid = 04 },
    { "scheme",   enum "012",      invalid = 05 },
    { "mk_ac",    key "MK-AC",     parity  = 10 },
    { "mk_smi",   key "MK-SMI",    parity  = 11, when = { mode = { "3", "4" } } },
    { "pan_psn",  B(8) },
    { "atc",      B(2) },
    { "un",       B(4) },
    { "size",     H(2), min = 1,   invalid = 81, when = { mode = verifies } },
    { "data",     B "size",        short = 80,   when = { mode = verifies } },
    { "end",      mark ";",                      when = { mode = verifies } },
    { "arqc",     B(8) },
    { "arc",      B(2),                          when = { mode = answers } },
    { "data_mac", B(4),                          when = { mode = { "3", "4" } } },
    { "own_size", H(2), min = 1,   invalid = 82, when = { mode = { "3", "4" } } },
    { "own_data", B "own_size",    short = 82,   when = { mode = { "3", "4" } } },
  },

  response = {
    { "arpc",     B(8), when = { mode = answers } },
    { "computed", optional(B(8)) },
  },

  errors = {
    [01] = "the cryptogram is wrong",
    [03] = "modes 3 and 4 are for scheme 0",
    [04] = "unknown mode",
    [05] = "unknown scheme",
    [06] = "the MAC over the discretionary data is wrong",
    [10] = "MK-AC has bad parity",
    [11] = "MK-SMI has bad parity",
    [80] = "fewer bytes of data than the length says",
    [81] = "the length of the data is zero, or no length",
    [82] = "the length of the discretionary data is wrong",
  },

  handler = function (q, a)
    local card    = emv.card(q.mk_ac, q.pan_psn)
    local session = card

    if q.mk_smi and num(q.scheme) ~= 0 then
      fail(03)
    end
    if num(q.scheme) == 1 then
      session = emv.session(card, join(q.atc, "\0\0", q.un))
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
    if q.mk_smi then
      local smi = emv.card(q.mk_smi, q.pan_psn)

      if not equal(emv.mac(smi, q.own_data), q.data_mac) then
        fail(06)
      end
    end
    if q.arc then
      a.arpc = emv.arpc(card, q.arqc, q.arc)
    end
  end,

  vectors = {
    { "Visa CVN 10",
      send   = "KQ00U7475636CC30B93B493CF5EA53799EBCC\x11\x11\x11\x11\x11\x11\x11\x00\x00^R"
            .. "\xBFE\x8525\x00\x00\x00\x01#\x00\x00\x00\x00\x00\x00\x00\x07\x84\x80\x00\x04"
            .. "\x80\x00\x08@%\x05\x22\x00R\xBFE\x85\x18\x00\x00^\x06\x01\x12\x03;\x07lWf"
            .. "\xF78\xE9\xA6",
      expect = "KR00" },
    { "wrong ARQC",
      send   = "KQ00U7475636CC30B93B493CF5EA53799EBCC\x11\x11\x11\x11\x11\x11\x11\x00\x00^R"
            .. "\xBFE\x8525\x00\x00\x00\x01#\x00\x00\x00\x00\x00\x00\x00\x07\x84\x80\x00\x04"
            .. "\x80\x00\x08@%\x05\x22\x00R\xBFE\x85\x18\x00\x00^\x06\x01\x12\x03;\x07lWf"
            .. "\xF78\xE9\xA7",
      expect = "KR01" },
    { "wrong ARQC, authorised", authorised = true,
      send   = "KQ00U7475636CC30B93B493CF5EA53799EBCC\x11\x11\x11\x11\x11\x11\x11\x00\x00^R"
            .. "\xBFE\x8525\x00\x00\x00\x01#\x00\x00\x00\x00\x00\x00\x00\x07\x84\x80\x00\x04"
            .. "\x80\x00\x08@%\x05\x22\x00R\xBFE\x85\x18\x00\x00^\x06\x01\x12\x03;\x07lWf"
            .. "\xF78\xE9\xA7",
      expect = "KR01\x07lWf\xF78\xE9\xA6" },
    { "Mastercard with ARPC",
      send   = "KQ11U7475636CC30B93B493CF5EA53799EBCC4Vx\x90\x124V\x00\x00\x1C\xAB\xCD\xEF"
            .. "\x1228\x00\x00\x00\x00\x99\x99\x00\x00\x00\x00\x00\x00\x01$\x80\x00\x00\x00"
            .. "\x00\x01$ \x99\x06\x00\xAB\xCD\xEF\x12\x18\x00\x00\x1C\xA0\x00\x03\x22\x00"
            .. "\x00\x80;$\xCC\xF3\xDE\xE3\x15\x8Cp\x00\x10",
      expect = "KR00s\xF6\xBB\xF3\x89\xA6Xl" },
    { "ARPC only",
      send   = "KQ20U7475636CC30B93B493CF5EA53799EBCC4Vx\x90\x124V\x00\x00\x1CR\xBFE\x85)"
            .. "\xCC\xA1Z\xE6e\xFA.00",
      expect = "KR00(\x998\x16\xAF\xAEJ\xEB" },
    { "discretionary data",
      send   = "KQ30U7475636CC30B93B493CF5EA53799EBCCU5178C9D3D1052B15BF6AEC458B4A4564\x11"
            .. "\x11\x11\x11\x11\x11\x11\x00\x00^R\xBFE\x8525\x00\x00\x00\x01#\x00\x00\x00"
            .. "\x00\x00\x00\x00\x07\x84\x80\x00\x04\x80\x00\x08@%\x05\x22\x00R\xBFE\x85\x18"
            .. "\x00\x00^\x06\x01\x12\x03;\x07lWf\xF78\xE9\xA6\xB5\xB4\xDF.08ABCDEFGH",
      expect = "KR00" },
    { "wrong MAC over discretionary data",
      send   = "KQ30U7475636CC30B93B493CF5EA53799EBCCU5178C9D3D1052B15BF6AEC458B4A4564\x11"
            .. "\x11\x11\x11\x11\x11\x11\x00\x00^R\xBFE\x8525\x00\x00\x00\x01#\x00\x00\x00"
            .. "\x00\x00\x00\x00\x07\x84\x80\x00\x04\x80\x00\x08@%\x05\x22\x00R\xBFE\x85\x18"
            .. "\x00\x00^\x06\x01\x12\x03;\x07lWf\xF78\xE9\xA6\x00\x00\x00\x0008ABCDEFGH",
      expect = "KR06" },
    { "mode 3 with scheme 1",
      send   = "KQ31U7475636CC30B93B493CF5EA53799EBCCU5178C9D3D1052B15BF6AEC458B4A4564\x11"
            .. "\x11\x11\x11\x11\x11\x11\x00\x00^R\xBFE\x8525\x00\x00\x00\x01#\x00\x00\x00"
            .. "\x00\x00\x00\x00\x07\x84\x80\x00\x04\x80\x00\x08@%\x05\x22\x00R\xBFE\x85\x18"
            .. "\x00\x00^\x06\x01\x12\x03;\x07lWf\xF78\xE9\xA6\x00\x00\x00\x0008ABCDEFGH",
      expect = "KR03" },
    { "no data",
      send   = "KQ00U7475636CC30B93B493CF5EA53799EBCC4Vx\x90\x124V\x00\x00\x1CR\xBFE\x8500;)"
            .. "\xCC\xA1Z\xE6e\xFA.",
      expect = "KR81" },
    { "delimiter elsewhere",
      send   = "KQ00U7475636CC30B93B493CF5EA53799EBCC4Vx\x90\x124V\x00\x00\x1CR\xBFE\x8525"
            .. "\x00\x00\x00\x00@\x00\x00\x00\x00\x00\x00\x00\x01$\x80\x00\x04\x80\x00\x01$"
            .. "\x19\x11\x05\x01R\xBFE\x85\x18\x00\x00\x1C\x03\xA0`\x10:)\xCC\xA1Z\xE6e\xFA.",
      expect = "KR15" },
    { "MK-AC parity",
      send   = "KQ00U878B7667A5566FE593CF5EA53799EBCC4Vx\x90\x124V\x00\x00\x1CR\xBFE\x8525"
            .. "\x00\x00\x00\x00@\x00\x00\x00\x00\x00\x00\x00\x01$\x80\x00\x04\x80\x00\x01$"
            .. "\x19\x11\x05\x01R\xBFE\x85\x18\x00\x00\x1C\x03\xA0`\x10;)\xCC\xA1Z\xE6e\xFA.",
      expect = "KR10" },
    { "unknown mode",   send = "KQ9",  expect = "KR04" },
    { "unknown scheme", send = "KQ09", expect = "KR05" },
    { "Visa CVN 10, key block",
      send   = "KQ00S10096E0TN00S00012A6E03853AF880EA625CAC9AEECA23B0E86B5FD175A0E0A"
            .. "2BBEB889BAB99DE9C4DBCF38942B030C2\x11\x11\x11\x11\x11\x11\x11\x00\x00"
            .. "^R\xBFE\x8525\x00\x00\x00\x01#\x00\x00\x00\x00\x00\x00\x00\x07\x84"
            .. "\x80\x00\x04\x80\x00\x08@%\x05\x22\x00R\xBFE\x85\x18\x00\x00^\x06\x01"
            .. "\x12\x03;\x07lWf\xF78\xE9\xA6%01",
      expect = "KR00" },
    { "Visa CVN 10, 3DES key block LMK",
      send   = "KQ00S00072E0TN00S0002861C6969DE95866727183EF46E12712D5A16B732424520A"
            .. "3B9D5F209\x11\x11\x11\x11\x11\x11\x11\x00\x00^R\xBFE\x8525\x00\x00"
            .. "\x00\x01#\x00\x00\x00\x00\x00\x00\x00\x07\x84\x80\x00\x04\x80\x00\x08"
            .. "@%\x05\x22\x00R\xBFE\x85\x18\x00\x00^\x06\x01\x12\x03;\x07lWf\xF78"
            .. "\xE9\xA6%02",
      expect = "KR00" },
    { "Mastercard with ARPC, key block",
      send   = "KQ11S10096E0TX00S0001F8D6A28BDE707B6816FA10E65D1194E94F43FC39D7B6A76"
            .. "F1BA844BB5F3903A92C3CA2EA669CC7B04Vx\x90\x124V\x00\x00\x1C\xAB\xCD"
            .. "\xEF\x1228\x00\x00\x00\x00\x99\x99\x00\x00\x00\x00\x00\x00\x01$\x80"
            .. "\x00\x00\x00\x00\x01$ \x99\x06\x00\xAB\xCD\xEF\x12\x18\x00\x00\x1C"
            .. "\xA0\x00\x03\x22\x00\x00\x80;$\xCC\xF3\xDE\xE3\x15\x8Cp\x00\x10%01",
      expect = "KR00s\xF6\xBB\xF3\x89\xA6Xl" },
    { "discretionary data, key blocks",
      send   = "KQ30S10096E0TN00S00012A6E03853AF880EA625CAC9AEECA23B00CD7C0DF3D49F9D"
            .. "FEAE8F30DD3788BEAD42ACC00C47CE5C8S10096E2TX00S00013BCA6D10D72DECFB3BA"
            .. "683DFB6738278B91156B92A797D086DD37A2434E7595CC025478BA74A7DB1\x11\x11"
            .. "\x11\x11\x11\x11\x11\x00\x00^R\xBFE\x8525\x00\x00\x00\x01#\x00\x00"
            .. "\x00\x00\x00\x00\x00\x07\x84\x80\x00\x04\x80\x00\x08@%\x05\x22\x00R"
            .. "\xBFE\x85\x18\x00\x00^\x06\x01\x12\x03;\x07lWf\xF78\xE9\xA6\xB5\xB4"
            .. "\xDF.08ABCDEFGH%01",
      expect = "KR00" },
    { "key block of another usage",
      send   = "KQ00S10096E2TN00S00012AA97949F13BD8A92A486C5291F96EF9B0A23B6ECCC364E"
            .. "FE092CE8A13C0E7067456F2712A516659\x11\x11\x11\x11\x11\x11\x11\x00\x00"
            .. "^R\xBFE\x8525\x00\x00\x00\x01#\x00\x00\x00\x00\x00\x00\x00\x07\x84"
            .. "\x80\x00\x04\x80\x00\x08@%\x05\x22\x00R\xBFE\x85\x18\x00\x00^\x06\x01"
            .. "\x12\x03;\x07lWf\xF78\xE9\xA6%01",
      expect = "KRA6" },
  },
}
