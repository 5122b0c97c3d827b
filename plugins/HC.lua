-- HC: make a new terminal key, under the terminal's current one and under the LMK.

return {
  command = "HC",
  title   = "Generate a TMK, TPK or PVK",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, clients",

  request = {
    { "current", key "TMK", parity = 10 },
    keyoptions,
  },

  response = {
    { "sent", cryptogram },
    { "key",  cryptogram },
  },

  errors = {
    [10] = "current key has bad parity",
  },

  handler = function (q, a)
    local new = key.random("TPK", q.lmk_scheme or key.lmkscheme(q.current))

    a.sent = key.export(new, q.current, q.zmk_scheme or key.scheme(q.current))
    a.key  = key.wrap(new, q.lmk_scheme or key.lmkscheme(q.current))
  end,

  -- The random source of a proof repeats itself.
  vectors = {
    { "double length",  send = "HCU1750CDFB0757D3B3994430636DBB281B;XU1",
      expect = "HD00XBC56E2C5DF521CCF2C7136891F51AEF1U8ADEEC55662808A0CA0C536660534BCA" },
    { "as the current key", send = "HCU1750CDFB0757D3B3994430636DBB281B",
      expect = "HD00UA17C470F33DAFCACA022B53FD765958EU8ADEEC55662808A0CA0C536660534BCA" },
    { "single length",  send = "HC0406FBB23A5214DF",
      expect = "HD001E6C15D96FA0FB90EEA1766AEB188A7B" },
    { "key block LMK",
      send   = "HCS0007251TB00S00022B7F7AD0A39A492A54664BF39A7415BD1FE6F8E82EE4BF059A8C6D"
            .. "73;RS0%02",
      expect = "HD00RB0080P0TN00S0000AF0AE4F372B8FEECF9F586E2C9813E0D47A129DBC77AF48D94B63"
            .. "4DF51BD9AF1S0007271TN00S00022E47E91226542D3F552C5379C1F6247108D60EB5687EEF"
            .. "E97DDEDF79" },
    { "key block LMK, current key of another use",
      send   = "HCS0007272TB00S00026A54D4E79E1905CA1C2599660EB30A9C7D0143040D82D8FFEC4DD6"
            .. "8F%02",
      expect = "HDA6" },
    { "current key's parity", send = "HCU1750CDF80757D3B3994430636DBB281B", expect = "HD10" },
    { "schemes of different length", send = "HCU1750CDFB0757D3B3994430636DBB281B;TU0",
      expect = "HD27" },
    { "unknown scheme", send = "HCU1750CDFB0757D3B3994430636DBB281B;UQ0", expect = "HD26" },
  },
}
