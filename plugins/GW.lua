-- GW: make or check a MAC under the key of one DUKPT transaction.
--
-- Method 1 is X9.19 over whole blocks. Modes A to L are newer and not described.
-- Inferred: method 2, another padding, is padding method 2.
-- PROJECT: under an AES BDK the MAC is CMAC by a key as long as the BDK, over the
-- data as they are, by either method; the modes take its first 8 bytes apart.

local checks = { "1", "2", "3" }
local makes  = { "4", "5", "6" }

-- Where an approval's half of the MAC is, and a decline's.
local first = { 1, 1, 9, 1, 1, 9 }
local last  = { 16, 8, 16, 16, 8, 16 }

local aes_ksn = 24

return {
  command = "GW",
  title   = "Generate or verify a MAC, DUKPT",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, vectors, inferred, project",

  request = {
    { "mode",     enum "123456" },
    { "method",   enum "12" },
    { "bdk",      key "BDK",     parity = 10 },
    { "ksn_form", H(3) },
    { "ksn",      ksn("ksn_form", "bdk") },
    { "mac",      by("mode", { ["1"] = A(16), A(8) }), when = { mode = checks } },
    { "size",     N(4), min = 1 },
    { "data",     B "size" },
  },

  response = {
    { "mac", H(8, 16), when = { mode = makes } },
  },

  errors = {
    [01] = "the MAC is wrong",
    [10] = "BDK has bad parity",
  },

  handler = function (q, a)
    local mode    = num(q.mode)
    local padding = num(q.method) == 1 and 0 or 2
    local it      = dukpt.derive(q.bdk, q.ksn, "mac")
    local how     = #q.ksn == aes_ksn and 6 or 3
    local whole   = mac.make(it, how, padding, q.data, nil, 15)

    if not q.mac then
      a.mac = sub(whole, first[mode], last[mode])
    else
      local sent = mode == 3 and join(sub(whole, 1, 8), q.mac) or q.mac

      mac.verify(it, how, padding, q.data, sent, nil, 15)
    end
  end,

  vectors = {
    { "verify",
      send   = "GW11U8E3D3E2FD5919657F05A1AA90D32A014A05FFFF9876543210E000019CCC78173FC4FB"
            .. "6400244012345678909D987\x00\x00\x00\x00\x00\x00\x00",
      expect = "GX00" },
    { "verify an approval",
      send   = "GW21U8E3D3E2FD5919657F05A1AA90D32A014A05FFFF9876543210E000019CCC7817002440"
            .. "12345678909D987\x00\x00\x00\x00\x00\x00\x00",
      expect = "GX00" },
    { "verify a decline",
      send   = "GW31U8E3D3E2FD5919657F05A1AA90D32A014A05FFFF9876543210E000013FC4FB64002440"
            .. "12345678909D987\x00\x00\x00\x00\x00\x00\x00",
      expect = "GX00" },
    { "verify, lower case",
      send   = "GW31U8E3D3E2FD5919657F05A1AA90D32A014A05FFFF9876543210E000013fc4fb64002440"
            .. "12345678909D987\x00\x00\x00\x00\x00\x00\x00",
      expect = "GX00" },
    { "verify, no digits",
      send   = "GW31U8E3D3E2FD5919657F05A1AA90D32A014A05FFFF9876543210E000013FC4FG64002440"
            .. "12345678909D987\x00\x00\x00\x00\x00\x00\x00",
      expect = "GX15" },
    { "generate",
      send   = "GW41U8E3D3E2FD5919657F05A1AA90D32A014A05FFFF9876543210E0000100244012345678"
            .. "909D987\x00\x00\x00\x00\x00\x00\x00",
      expect = "GX009CCC78173FC4FB64" },
    { "generate an approval",
      send   = "GW51U8E3D3E2FD5919657F05A1AA90D32A014A05FFFF9876543210E0000100244012345678"
            .. "909D987\x00\x00\x00\x00\x00\x00\x00",
      expect = "GX009CCC7817" },
    { "generate a decline",
      send   = "GW61U8E3D3E2FD5919657F05A1AA90D32A014A05FFFF9876543210E0000100244012345678"
            .. "909D987\x00\x00\x00\x00\x00\x00\x00",
      expect = "GX003FC4FB64" },
    { "method 2",
      send   = "GW42U8E3D3E2FD5919657F05A1AA90D32A014A05FFFF9876543210E0000100174012345678"
            .. "909D987",
      expect = "GX009D2569048260C49C" },
    { "wrong",
      send   = "GW11U8E3D3E2FD5919657F05A1AA90D32A014A05FFFF9876543210E0000100000000000000"
            .. "0000244012345678909D987\x00\x00\x00\x00\x00\x00\x00",
      expect = "GX01" },
    { "not of whole blocks",
      send   = "GW41U8E3D3E2FD5919657F05A1AA90D32A014A05FFFF9876543210E0000100074012345",
      expect = "GX15" },
    { "no data",
      send   = "GW41U8E3D3E2FD5919657F05A1AA90D32A014A05FFFF9876543210E000010000",
      expect = "GX15" },
    { "BDK parity",
      send   = "GW41U20B626081CBD438AF05A1AA90D32A014A05FFFF9876543210E00001000840123456",
      expect = "GX10" },
    { "unknown mode", send = "GWA", expect = "GX15" },
    { "unknown method", send = "GW13", expect = "GX15" },
    { "verify, key block",
      send   = "GW11S10096B0TX00S000157969DC92949F7834AEBD3A8EEE77401E6C52CAA6461E5D"
            .. "C5623351BF8B56F751B9FA9EC1B5A983BA05FFFF9876543210E000019CCC78173FC4F"
            .. "B6400244012345678909D987\x00\x00\x00\x00\x00\x00\x00%01",
      expect = "GX00" },
    { "generate, 3DES key block LMK",
      send   = "GW41S00072B0TN00S000231DA75EF5C4F81CB845AF77D1804C4F6A63F1FC66FB5069"
            .. "3FE9D8AC1A05FFFF9876543210E0000100244012345678909D987\x00\x00\x00\x00"
            .. "\x00\x00\x00%02",
      expect = "GX009CCC78173FC4FB64" },
    { "ZMK for a BDK, key block",
      send   = "GW41S10096K0TN00S000160C68BF0E3A997BA2E046C33F17F8BDAC2810CC977E34D8"
            .. "75C449AE9FF509AE88722CD01BAA0A5E4A05FFFF9876543210E000010024401234567"
            .. "8909D987\x00\x00\x00\x00\x00\x00\x00%01",
      expect = "GXA6" },
    { "AES, generate",
      send   = "GW41S10096B0AX00S00017A3DC4B3BC6EB0E09C7D7ADBDE3B824410EA61557F4D7F2"
            .. "A7C78D5F8922D6C08EC3D1C12EC3139BD808123456789012345600000001002440123"
            .. "45678909D987\x00\x00\x00\x00\x00\x00\x00%01",
      expect = "GX00283BA65D94992301" },
    { "AES, verify a decline",
      send   = "GW31S10096B0AX00S00017A3DC4B3BC6EB0E09C7D7ADBDE3B824410EA61557F4D7F2"
            .. "A7C78D5F8922D6C08EC3D1C12EC3139BD808123456789012345600000001949923010"
            .. "0244012345678909D987\x00\x00\x00\x00\x00\x00\x00%01",
      expect = "GX00" },
    { "AES, wrong",
      send   = "GW11S10096B0AX00S00017A3DC4B3BC6EB0E09C7D7ADBDE3B824410EA61557F4D7F2"
            .. "A7C78D5F8922D6C08EC3D1C12EC3139BD808123456789012345600000002283BA65D9"
            .. "499230100244012345678909D987\x00\x00\x00\x00\x00\x00\x00%01",
      expect = "GX01" },
    { "AES, BDK for nothing but that",
      send   = "GW41S10096K0AN00S00016DECCB32F38E991244FF356837D29BC8E6CC9973C53604D"
            .. "555C8A7D36C305DDC5E2669CEB0529ABA808123456789012345600000001002440123"
            .. "45678909D987\x00\x00\x00\x00\x00\x00\x00%01",
      expect = "GXA6" },
  },
}
