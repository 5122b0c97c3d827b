-- ME: check a MAC over text and make the one under another terminal's key.
-- See MA, also for what a % and two digits at the end are.

return {
  command = "ME",
  title   = "Verify and translate a MAC, text data",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, vectors",

  request = {
    { "from", key "TAK", parity = 10 },
    { "to",   key "TAK", parity = 11 },
    { "mac",  A(8) },
    { "data", A() },
  },

  response = {
    { "mac", H(8) },
  },

  errors = {
    [01] = "the MAC is wrong",
    [10] = "the source TAK has bad parity",
    [11] = "the destination TAK has bad parity",
  },

  handler = function (q, a)
    mac.verify(q.from, 3, 1, q.data, q.mac)
    a.mac = sub(mac.make(q.to, 3, 1, q.data), 1, 8)
  end,

  vectors = {
    { "single to double length",
      send   = "ME74385088A93CEAD5U7AD0BB2A32ADE115807C3572FC302BA5F1D30F687654321 Now is "
            .. "the time for ",
      expect = "MF00AE4B45B1" },
    { "wrong",
      send   = "MEU7AD0BB2A32ADE115807C3572FC302BA5U3C3D55072DCE0C7CBC0BBFBA86D54211FFFFFF"
            .. "FF7654321 Now is the time for ",
      expect = "MF01" },
    { "source TAK parity",
      send   = "MEU37AAB8C9D4BD03AB807C3572FC302BA5U7AD0BB2A32ADE115807C3572FC302BA5F1D30F"
            .. "687654321 Now is the time for ",
      expect = "MF10" },
    { "destination TAK parity",
      send   = "MEU7AD0BB2A32ADE115807C3572FC302BA5U37AAB8C9D4BD03AB807C3572FC302BA5F1D30F"
            .. "687654321 Now is the time for ",
      expect = "MF11" },
    { "key blocks", lmk = "test-aes-kb",
      send   = "MES10064M1DV00S0001C1EA36B0CC8988D53C7FDE7A9C784A3412B824D12CC5AD9AS"
            .. "10096M3TG00S0001A95EF55EE18E2154E26E58D5B53F4889AC401880325DDEE254283"
            .. "602EA183A4ADE3691048F54A013F1D30F687654321 Now is the time for ",
      expect = "MF00AE4B45B1" },
    { "the LMK's identifier behind the text",
      send   = "MES10064M1DV00S0001C1EA36B0CC8988D53C7FDE7A9C784A3412B824D12CC5AD9AS"
            .. "10096M3TG00S0001A95EF55EE18E2154E26E58D5B53F4889AC401880325DDEE254283"
            .. "602EA183A4ADE3691048F54A013F1D30F687654321 Now is the time for %01",
      expect = "MF00AE4B45B1" },
    { "3DES key block LMK", lmk = "test-3des-kb",
      send   = "MES00056M1DN00S00029FDE63CC3356618448DBA3CE245B8FE2CCEFCEE1S00072M3T"
            .. "N00S00024648CCC79F124135DB199BAD7FD1FDFEA36515545E7078D87DBCBF96F1D30"
            .. "F687654321 Now is the time for ",
      expect = "MF00AE4B45B1" },
    { "destination key block for verification", lmk = "test-aes-kb",
      send   = "MES10064M1DV00S00012C08A5FCF4CE58EF268DF39D1EDF12ECD7EBEF8A949DBA82S"
            .. "10096M3TV00S00014BCEA50B373A5C35EE74A2D07750CEF0A3698E3BCE45044D0CA6A"
            .. "317A66DD8D2ACDC9B0FA0AFBA56F1D30F687654321 Now is the time for ",
      expect = "MFA8" },
  },
}
