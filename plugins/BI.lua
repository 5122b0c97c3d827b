-- BI: make a base derivation key.
--
-- A check value comes with the options only.

return {
  command = "BI",
  title   = "Generate a BDK",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual",

  request = {
    keyoptions,
  },

  response = {
    { "bdk", cryptogram },
    { "kcv", optional(H(6, 16)) },
  },

  handler = function (q, a)
    local scheme = key.newscheme(q.lmk_scheme, "P")
    local bdk = key.random("BDK", scheme)

    if key.length(bdk) == 1 then
      fail(27)
    end
    a.bdk = key.wrap(bdk, scheme)
    if q.kcv_type then
      a.kcv = key.kcv(bdk, key.kcvdigits(q.kcv_type))
    end
  end,

  vectors = {
    { "scheme U", send = "BI;0U1", expect = "BJ00UA44D841E7A618CF7E8FC91DED29C28EA6E25FA" },
    { "without options", send = "BI", expect = "BJ00121B4C47052748B6FB258D7156526BF7" },
    { "triple length", send = "BI;0T0", expect = "BJ00T5FA6544DBC0E13380CFC94CE1C45155B2B"
          .. "7724ECA0A7520B55E0C70008B871E5" },
    { "key block", send = "BI%02", expect = "BJ00S00072B0TN00S0002EA2F61BFCF7F9FDAA94BA0B"
          .. "2D68DB6E6B0CAA3727F76F37A371A2"
            .. "386" },
    { "unknown scheme", send = "BI;0Q1", expect = "BJ26" },
    { "options cut short", send = "BI;0U", expect = "BJ15" },
  },
}
