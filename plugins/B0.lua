-- B0: write a key under the LMK in another scheme.

return {
  command = "B0",
  title   = "Translate a key scheme",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, vectors",

  authorised = true,

  request = {
    { "type",   H(3) },
    { "key",    cryptogram "BDK" },
    { "scheme", scheme, invalid = 26 },
  },

  response = {
    { "key", cryptogram },
  },

  errors = {
    [10] = "the key has bad parity",
    [26] = "the scheme is for another length",
  },

  handler = function (q, a)
    local it = key.open(q.key, q.type, 10)

    if not key.same(key.scheme(q.key), q.scheme) then
      fail(26)
    end
    a.key = key.wrap(it, q.scheme)
  end,

  vectors = {
    { "X to U", authorised = true,
      send   = "B0001X8B4ECCAE01B4B17AAC951121A98DB14EU",
      expect = "B100U063A0E7C0F2124E56192A4510F395ED7" },
    { "no tag to U", authorised = true,
      send   = "B04020A61E674E88C6A7EEABC38C2B2BB492FU",
      expect = "B100U9B4934384B19946B040CD702B4D58145" },
    { "Y to T", authorised = true,
      send   = "B0008Y4EEEA9AF1FD7FD2D4924D14392FF02184EEEA9AF1FD7FD2DT",
      expect = "B100TA310113AEC73E079BBD18DAB8C8DFBAB820FAF0EB0E9FAA2" },
    { "parity", authorised = true,
      send   = "B0001X99E355EA49E01A06AC951121A98DB14EU",
      expect = "B110" },
    { "scheme of another length", authorised = true,
      send   = "B0001X8B4ECCAE01B4B17AAC951121A98DB14ET",
      expect = "B126" },
    { "unknown scheme", authorised = true,
      send   = "B0001X8B4ECCAE01B4B17AAC951121A98DB14EQ",
      expect = "B126" },
    { "unknown type", authorised = true,
      send   = "B0F0FX8B4ECCAE01B4B17AAC951121A98DB14EU",
      expect = "B128" },
    { "not authorised", send = "B0001X8B4ECCAE01B4B17AAC951121A98DB14EU", expect = "B117" },
  },
}
