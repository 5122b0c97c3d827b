-- A0: make a key, or derive one; give it under the LMK, and under a ZMK or
-- TMK if asked.
--
-- Derivation: the initial key (302) of a DUKPT device. The ZKA derivation is
-- not published, so it is switched off here (68).

local exports = { "1", "B" }
local derives = { "A", "B" }

return {
  command = "A0",
  title   = "Generate a key",
  version = "1.0.0",
  author  = "luahsm",

  request = {
    { "mode",       enum "01AB" },
    { "type",       H(3) },
    { "scheme",     A(1) },
    { "method",     enum "01",                 when = { mode = derives } },
    { "bdk_type",   enum "1234",               when = { method = "0" } },
    { "bdk",        by("bdk_type", { ["2"] = key "BDK-2", ["3"] = key "BDK-3",
                                     ["4"] = key "BDK-4", key "BDK" }),
                    parity = 10,               when = { method = "0" } },
    { "ksn",        H(15),                     when = { method = "0" } },
    { "zka_type",   H(3),                      when = { method = "1" } },
    { "zka_key",    cryptogram "BDK",          when = { method = "1" } },
    { "zka_option", enum "01",                 when = { method = "1" } },
    { "rndi",       H(32),                     when = { zka_option = "0" } },
    { "flag",       optional(";", enum "01"),  when = { mode = exports } },
    { "zmk",        by("flag", { ["1"] = key "TMK", key "ZMK" }),
                    parity = 10,               when = { mode = exports } },
    { "zmk_scheme", A(1),                      when = { mode = exports } },
    { "atalla",     optional(N(1, 2)),         when = { mode = exports } },
    { "attributes", optional("#", A()) },
  },

  response = {
    { "key",  cryptogram },
    { "sent", cryptogram, when = { mode = exports } },
    { "kcv",  H(6) },
  },

  errors = {
    [07] = "ZKA master key type is not 607",
    [10] = "BDK, ZMK or TMK has bad parity",
    [68] = "the ZKA derivation is not available",
  },

  handler = function (q, a)
    local new

    key.permit(q.type, "generate")
    if q.attributes then
      fail(15) -- they are for key blocks
    end
    if q.zmk then
      key.permit(q.type, "export")
    end
    if q.zka_type then
      if not equal(q.zka_type, "607") then
        fail(07)
      end
      fail(68)
    elseif q.bdk then
      if not equal(q.type, "302") then
        fail(29)
      end
      new = key.ikey(q.bdk, q.ksn)
    else
      new = key.random(q.type, q.scheme)
    end
    a.key = key.wrap(new, q.scheme)
    if q.zmk then
      a.sent = key.export(new, q.zmk, q.zmk_scheme, q.atalla)
    end
    a.kcv = key.kcv(new, 6)
  end,

  -- The random source of a proof repeats itself.
  vectors = {
    { "ZPK",  send = { mode = "0", type = "001", scheme = "U" },
      expect = { code = 00, key = "U6DD47A4EB961EF679E4F1F173E030F92", kcv = "6E25FA" } },
    { "TPK of one part",    send = "A00002Z", expect = "A100EEA1766AEB188A7B1B4660" },
    { "ZPK of three parts", send = "A00001T",
      expect = "A100T0F73F6F0B9FD5308DBD28296E8A9AD535973887AE76A9CA355E0C7" },
    { "under a ZMK too", authorised = true,
      send   = { mode = "1", type = "001", scheme = "U",
                 zmk = "U04A3A0285B653284CB52D0F5C1E3E835", zmk_scheme = "X" },
      expect = { code = 00, key  = "U6DD47A4EB961EF679E4F1F173E030F92",
                            sent = "X5D8B3DCB0A6F909155BD787794B82875", kcv = "6E25FA" } },
    { "with an Atalla variant", authorised = true,
      send   = "A01001UU04A3A0285B653284CB52D0F5C1E3E835X1",
      expect = "A100U6DD47A4EB961EF679E4F1F173E030F92X98BEAB7B33D726B01E1C7A9FCEE4A29E"
            .. "6E25FA" },
    { "under a TMK", authorised = true,
      send   = "A01002U;1U1750CDFB0757D3B3994430636DBB281BU",
      expect = "A100U8ADEEC55662808A0CA0C536660534BCAUA17C470F33DAFCACA022B53FD765958E"
            .. "6E25FA" },
    { "initial key of a device",
      send   = { mode = "A", type = "302", scheme = "U", method = "0", bdk_type = "1",
                 bdk = "U8E3D3E2FD5919657F05A1AA90D32A014", ksn = "FFFF9876543210E" },
      expect = { code = 00, key = "U548A4AB928A94FAFCC9AF94D84017E8C", kcv = "AF8C07" } },
    { "export not authorised",
      send   = "A01001UU04A3A0285B653284CB52D0F5C1E3E835X", expect = "A117" },
    { "ZMK not authorised",  send = "A00000U", expect = "A117" },
    { "unknown key type",    send = "A00F0FU", expect = "A128" },
    { "unknown scheme",      send = "A00001Q", expect = "A126" },
    { "X under the LMK",     send = "A00001X", expect = "A126" },
    { "unknown mode",        send = "A02001U", expect = "A115" },
    { "odd last digit of the KSN", like = "initial key of a device",
      send   = { ksn = "FFFF9876543210F" }, expect = { code = 15 } },
    { "derived key of another type", like = "initial key of a device",
      send   = { type = "001" }, expect = { code = 29 } },
    { "ZKA derivation",
      send   = "A0A001U160732EEADF66D15F5A2CB62F2F6E44F9E5F1",
      expect = "A168" },
    { "ZKA key type",
      send   = "A0A001U160132EEADF66D15F5A2CB62F2F6E44F9E5F1",
      expect = "A107" },
    { "LMK not loaded",      send = "A00FFFS%03#B1A1N00S00", expect = "A113" },
    { "bytes over",          send = "A00001U0", expect = "A115" },
  },
}
