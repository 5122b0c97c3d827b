-- A0: make a key, or derive one; give it under the LMK, and under a ZMK or
-- TMK if asked.
--
-- Under a key block LMK the type is FFF and what follows # describes the key.
-- Derivation: the initial key (302) of a DUKPT device. The ZKA derivation is
-- not published, so it is switched off here (68).

local exports = { "1", "B" }
local derives = { "A", "B" }

return {
  command = "A0",
  title   = "Generate a key",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, captures",

  request = {
    { "mode",       enum "01AB" },
    { "type",       H(3) },
    { "scheme",     scheme, invalid = 26 },
    { "method",     enum "01",                 when = { mode = derives } },
    { "bdk_type",   enum "1234",               when = { method = "0" } },
    { "bdk",        by("bdk_type", { ["2"] = key "BDK-2", ["3"] = key "BDK-3",
                                     ["4"] = key "BDK-4", key "BDK" }),
                    parity = 10,               when = { method = "0" } },
    { "ksn",        by("scheme", { S = H(15, 16), H(15) }),
                                               when = { method = "0" } },
    { "zka_type",   H(3),                      when = { method = "1" } },
    { "zka_key",    cryptogram "BDK",          when = { method = "1" } },
    { "zka_option", enum "01",                 when = { method = "1" } },
    { "rndi",       H(32),                     when = { zka_option = "0" } },
    { "flag",       optional(";", enum "01"),  when = { mode = exports } },
    { "zmk",        by("flag", { ["1"] = key "TMK", key "ZMK" }),
                    parity = 10,               when = { mode = exports } },
    { "zmk_scheme", scheme, invalid = 26,      when = { mode = exports } },
    { "atalla",     optional(N(1, 2)),         when = { mode = exports } },
    { "attributes", attributes "generate" },
    { "outside",    attributes "export",       when = { mode = exports } },
    { "version",    blockversion,              when = { mode = exports } },
  },

  response = {
    { "key",  cryptogram },
    { "sent", cryptogram, when = { mode = exports } },
    { "kcv",  H(6) },
  },

  errors = {
    [07] = "ZKA master key type is not 607",
    [10] = "BDK, ZMK or TMK has bad parity",
    [48] = "an AES key under a 3DES LMK",
    [68] = "the ZKA derivation is not available",
  },

  handler = function (q, a)
    local new

    key.permit(q.type, "generate")
    if q.zmk then
      key.permit(q.type, "export")
    end
    if q.zka_type then
      if not equal(q.zka_type, "607") then
        fail(07)
      end
      fail(68)
    elseif q.bdk then
      if not (equal(q.type, "302") or equal(q.type, "FFF")) then
        fail(29)
      end
      new = key.ikey(q.bdk, q.ksn, q.attributes)
    else
      new = key.random(q.type, q.scheme, q.attributes)
    end
    a.key = key.wrap(new, q.scheme)
    if q.zmk then
      a.sent = key.export(new, q.zmk, q.zmk_scheme, q.atalla, q.outside, q.version)
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
    { "key block",
      send   = "A00FFFS%01#72T2N00S00",
      expect = "A100S1009672TN00S00014344CD57FE8A98003009B691B40166539A9E6833DDC4FD4EB5AC0"
            .. "344377A0E3173405360C267E51B6E25FA" },
    { "key block, single DES, with a status",
      send   = "A00FFFS%02#71D1N00N010005L",
      expect = "A100S0007271DN00N02020005LPB0B0000000F7E0621C8E6F1CD3B2E8D4F812794E84D6F59"
            .. "8521B4660" },
    { "key block, AES",
      send   = "A00FFFS%01#K0A3B00E00",
      expect = "A100S10128K0AB00E00018D7CFC688B67183283D17EC8FC662700F92D9DE0BDB71E35309C2"
            .. "6A73B767DD21A4A7CF4ABCB95240ACE2C966D51452E1DB97208B3D7DD16002938" },
    { "key block, and an S block", authorised = true,
      send   = "A01FFFSS0007252TN00S00021BF162CBD9CE516165EEE1E2D5EFC122CB2672BE86BCB944C"
            .. "1D17DE1S%02#72T2N00E00",
      expect = "A100S0007272TN00E000235AB991A7625E134573C4CC5A3BBDE55B09465A2BC29F69CD0002"
            .. "947S0007272TN00E00FF4F7D3F433220628B25761DA3DC8918B01D8174B234F0DA83673173"
            .. "AC6E25FA" },
    { "key block, and an R block, not exportable there", authorised = true,
      send   = "A01FFFSS0007252TN00S00021BF162CBD9CE516165EEE1E2D5EFC122CB2672BE86BCB944C"
            .. "1D17DE1R%02#72T3N00S00&N!A",
      expect = "A100S0008872TN00S0002EF0FA24174097ADE6652C44A5ED9843AA5CA9FFAC3FAEA70A13F1"
            .. "C1B94C20971905BA15ARA0088P0TN00N000058FC7753C1CF2B9ACDD9FF6A20949D82601AB6"
            .. "E7F0E8C40B4A3FCC046F3A242BE188D5A855E0C7" },
    { "key block, and scheme X", authorised = true,
      send   = "A01FFFSS0007252TN00S00021BF162CBD9CE516165EEE1E2D5EFC122CB2672BE86BCB944C"
            .. "1D17DE1X%02#72T2N00S00",
      expect = "A100S0007272TN00S000235AB991A7625E134573C4CC5A3BBDE55B09465A2BC29F69C015C4"
            .. "C3AX5D8B3DCB0A6F909155BD787794B828756E25FA" },
    { "an R block from a variant LMK", authorised = true,
      send   = "A01009UU04A3A0285B653284CB52D0F5C1E3E835R&B0X00S00!B",
      expect = "A100UA44D841E7A618CF7E8FC91DED29C28EARB0080B0TX00S000068567A0A837AA612A07A"
            .. "ECDA26CB1DD63C8C07FEE0734E8998AB7357C9DEA2DD6E25FA" },
    { "initial key of an AES device",
      send   = "A0AFFFS01S10096B0AN00S000156B82A787599FA184E25CC67CD24EC67E213A6F95808FF9"
            .. "630E5133D4441E445BCD6A901A898186FFFFFFFFFFFFFFF42%01#B1A1N00S00",
      expect = "A100S10096B1AN00S00018BC6CA181E56E287AE228AF30042EB02D6072CAA78CE537393006"
            .. "25CE358D5D19A1487DD58E62420DD3ABE" },
    { "key block, no attributes",    send = "A00FFFS%01", expect = "A115" },
    { "key block, no such usage",    send = "A00FFFS%01#ZZT2N00S00", expect = "A1A6" },
    { "key block, no such algorithm", send = "A00FFFS%01#72T4N00S00", expect = "A1A7" },
    { "key block, no such mode",     send = "A00FFFS%01#72T2C00S00", expect = "A1A8" },
    { "key block, no such option",   send = "A00FFFS%01#72T2N00S01ZZ04", expect = "A1AC" },
    { "AES under a 3DES LMK",        send = "A00FFFS%02#72A1N00S00", expect = "A148" },
    { "variant scheme, key block LMK", send = "A00001U%01", expect = "A1A1" },
    { "key block, variant LMK",      send = "A00FFFS#72T2N00S00", expect = "A1A1" },
    { "bytes over",          send = "A00001U0", expect = "A115" },
  },
}
