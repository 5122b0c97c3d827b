-- Z8: list, describe, rotate, enable, disable and destroy signing keys.

local listed  = { "0", "1" }

return {
  command = "Z8",
  title   = "Manage signing keys",
  version = "1.0.0",
  author  = "luahsm",
  sources = "project",
  may_be_slow = true,

  request = {
    { "mode",    enum "012345" },
    { "size",    H(2), max = 128 },
    { "name",    A "size" },
    { "version", N(6), when = { mode = { "1", "3", "4", "5" } } },
  },

  response = {
    { "count",     N(2), when = { mode = listed } },
    { "entries",   B(),  when = { mode = listed } },
    { "algorithm", N(2), when = { mode = "2" } },
    { "version",   N(6), when = { mode = "2" } },
    { "state",     N(1), when = { mode = "2" } },
    { "public",    B(),  when = { mode = "2" } },
  },

  errors = {
    [30] = "there is no key of this name",
    [31] = "the key has no such version",
    [34] = "the version is destroyed",
    [35] = "this user may not do this with this key",
    [38] = "the key store cannot be reached",
    [39] = "the audit record could not be written",
  },

  handler = function (q, a)
    local mode = num(q.mode)

    if mode < 2 then
      local it = mode == 0 and sign.list(q.name) or sign.describe(q.name, q.version)

      a.count   = sub(it, 1, 2)
      a.entries = sub(it, 3)
    elseif mode == 2 then
      local it = sign.rotate(q.name)

      a.algorithm = sub(it, 1, 2)
      a.version   = sub(it, 3, 8)
      a.state     = sub(it, 9, 9)
      a.public    = sub(it, 10)
    else
      sign.state(q.name, q.version, mode - 3)
    end
  end,

  -- Keys test/... are made for proofs, in 2023; the rotated one is as random as a proof allows.
  vectors = {
    { "list, from a name on",
      send   = { mode = "0", size = "0E", name = "test/ed25519ph" },
      expect = { code = 00, count = "01", entries = "09test/p2560100000201700000000" } },
    { "list, at the end", like = 1, send = { size = "09", name = "test/p256" },
      expect = { code = 00, count = "00", entries = "" } },
    { "describe all versions",
      send   = { mode = "1", size = "09", name = "test/p256", version = "000000" },
      expect = { code = 00, count = "02",
                 entries = "09test/p256010000020170000000009test/p2560100000101700000000" } },
    { "describe one", like = 3, send = { version = "000001" },
      expect = { code = 00, count = "01", entries = "09test/p2560100000101700000000" } },
    { "rotate",
      send   = { mode = "2", size = "0C", name = "test/ed25519" },
      expect = { code = 00, algorithm = "31", version = "000002", state = "0",
                 public = "-----BEGIN PUBLIC KEY-----\n"
                       .. "MCowBQYDK2VwAyEAXIj2nIXRxm4zCjQKPKB8A4IRfiAjn4ptOsxoNPbTkJs=\n"
                       .. "-----END PUBLIC KEY-----\n" } },
    { "enable",
      send   = { mode = "3", size = "0C", name = "test/ed25519", version = "000001" },
      expect = { code = 00 } },
    { "disable", like = 6, send = { mode = "4" }, expect = { code = 00 } },
    { "destroy", like = 6, send = { mode = "5" }, expect = { code = 00 } },
    { "destroyed already", like = 8, send = { size = "0E", name = "test/destroyed" },
      expect = { code = 34 } },
    { "another user's",  like = 8, send = { name = "test/foreign" }, expect = { code = 35 } },
    { "no such version", like = 8, send = { version = "000002" },    expect = { code = 31 } },
    { "no such key",     send = "Z8209test/none", expect = "Z930" },
    { "no name",         send = "Z8200",          expect = "Z915" },
    { "no such mode",    send = "Z8900",          expect = "Z915" },
  },
}
