-- MC: check a MAC over text under a terminal's key. See MA, also for what
-- a % and two digits at the end are.

return {
  command = "MC",
  title   = "Verify a MAC, text data",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, vectors",

  request = {
    { "tak",  key "TAK", parity = 10 },
    { "mac",  A(8) },
    { "data", A() },
  },

  response = {},

  errors = {
    [01] = "the MAC is wrong",
    [10] = "TAK has bad parity",
  },

  handler = function (q, a)
    mac.verify(q.tak, 3, 1, q.data, q.mac)
  end,

  vectors = {
    { "right",
      send   = "MCU7AD0BB2A32ADE115807C3572FC302BA5AE4B45B17654321 Now is the time for ",
      expect = "MD00" },
    { "right, in small letters",
      send   = "MCU7AD0BB2A32ADE115807C3572FC302BA5ae4b45b17654321 Now is the time for ",
      expect = "MD00" },
    { "wrong",
      send   = "MCU7AD0BB2A32ADE115807C3572FC302BA5000000007654321 Now is the time for ",
      expect = "MD01" },
    { "MAC cut short",
      send   = "MCU7AD0BB2A32ADE115807C3572FC302BA51234",
      expect = "MD15" },
    { "MAC that is none",
      send   = "MCU7AD0BB2A32ADE115807C3572FC302BA5AE4B45BX7654321 Now is the time for ",
      expect = "MD15" },
    { "TAK parity",
      send   = "MCU37AAB8C9D4BD03AB807C3572FC302BA5AE4B45B17654321 Now is the time for ",
      expect = "MD10" },
    { "key block", lmk = "test-aes-kb",
      send   = "MCS10096M3TV00S00014BCEA50B373A5C35EE74A2D07750CEF019256B567BCE5E929"
            .. "4BF54FC7D246299F8C870DAFC5DA489AE4B45B17654321 Now is the time for ",
      expect = "MD00" },
    { "the LMK's identifier behind the text",
      send   = "MCS10096M3TV00S00014BCEA50B373A5C35EE74A2D07750CEF019256B567BCE5E929"
            .. "4BF54FC7D246299F8C870DAFC5DA489AE4B45B17654321 Now is the time for %01",
      expect = "MD00" },
    { "3DES key block LMK", lmk = "test-3des-kb",
      send   = "MCS00072M3TN00S00024648CCC79F124135DB199BAD7FD1FDFE59CC100E55CD0E367"
            .. "72B9D4DAE4B45B17654321 Now is the time for ",
      expect = "MD00" },
    { "key block, wrong", lmk = "test-aes-kb",
      send   = "MCS10096M3TN00S00013E644F50E269EC8EC491A727484E2844043FEAC58ADD94E5D"
            .. "6CC1560EC0F82EA38892802D502A453F1D30F687654321 Now is the time for ",
      expect = "MD01" },
    { "key block for generation", lmk = "test-aes-kb",
      send   = "MCS10096M3TG00S0001A95EF55EE18E2154E26E58D5B53F4889AA91D179EED61E083"
            .. "70944EAAFA65AC0535DF36F5A6B0B2DAE4B45B17654321 Now is the time for ",
      expect = "MDA8" },
  },
}
