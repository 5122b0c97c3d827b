-- AS: make a CVK pair.
--
-- Scheme 0 or none at all: the two keys without a tag.

return {
  command = "AS",
  title   = "Generate a CVK pair",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, simulators",

  request = {
    keyoptions,
  },

  response = {
    { "cvk", cryptogram },
    { "kcv", H(6, 12) },
  },

  errors = {
    [26] = "a CVK pair is of double length",
  },

  handler = function (q, a)
    local scheme = key.newscheme(q.lmk_scheme, "P")
    local cvk

    if not key.same(scheme, "U") or (q.lmk_scheme and equal(q.lmk_scheme, "Z")) then
      fail(26)
    end
    cvk = key.random("CVK", scheme)
    a.cvk = key.wrap(cvk, scheme)
    a.kcv = key.kcvs(cvk, q.kcv_type)
  end,

  vectors = {
    { "scheme U", send = "AS;0U1", expect = "AT00UD6C58AB8FDD573452CEFA2BCC596D35B6E25FA" },
    { "without options", send = "AS", expect = "AT00E790FB34FAB36EB730F30A5B4E4E3CBF1B466"
          .. "0C4BA99" },
    { "key block", send = "AS%01", expect = "AT00S10096C0TN00S0001539D597D06CB2E800A83289"
          .. "8933DD3CD590E0CC208A2794AA8873"
            .. "10A15E10B8B1AF5489E7BE2506F1B4660C4BA99" },
    { "another length", send = "AS;0T1", expect = "AT26" },
    { "single length",  send = "AS;0Z1", expect = "AT26" },
    { "unknown scheme", send = "AS;0Q1", expect = "AT26" },
  },
}
