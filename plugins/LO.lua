-- LO: take a decimalisation table from under the old LMK, in key change
-- storage, under the live one.

return {
  command = "LO",
  title   = "Translate a decimalisation table from old to new LMK",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, captures",

  request = {
    { "table", dtab "old" },
  },

  response = {
    { "table", dtab },
  },

  errors = {
    [25] = "the table is no good one",
    [33] = "key change storage is empty",
  },

  handler = function (q, a)
    a.table = lmkpin.sealtable(q.table)
  end,

  vectors = {
    { "a table", send = "LO59DAAE6874AAA4C4", expect = "LP00FD64FC3FAD504BB3" },
    { "one digit only", send = "LOB85F4E27E6EE0ED1", expect = "LP25" },
    { "under the live LMK", send = "LOFD64FC3FAD504BB3", expect = "LP25" },
    { "cut short", send = "LO59DAAE6874AAA4C", expect = "LP15" },
    { "to an AES LMK", lmk = "test-aes-kb", send = "LO59DAAE6874AAA4C4",
      expect = "LP00L9E05DD31B77CBF85FAD39159218E2A71" },
    { "to a 3DES LMK", lmk = "test-3des-kb", send = "LO59DAAE6874AAA4C4",
      expect = "LP005E9E0D903DB10293" },
    { "table in the form of an AES LMK",
      send = "LOL9E05DD31B77CBF85FAD39159218E2A71", expect = "LP25" },
  },
}
