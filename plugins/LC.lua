-- LC: is there a Diebold table in user storage?
--
-- What makes 256 bytes a table is not published. Here each value has to be there once, and
-- they stand in the clear: code 13 does not come.

return {
  command = "LC",
  title   = "Verify the Diebold table in user storage",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, project, low",

  request = {
    { "flag",  enum "K" },
    { "index", H(3)     },
  },

  response = {},

  errors = {
    [19] = "what is there is no Diebold table",
  },

  handler = function (q, a)
    userstore.table(q.index)
  end,

  -- In a proof there is a table at 3E0.
  vectors = {
    { "a table", send = "LCK3E0", expect = "LD00" },
    { "higher than a table may begin", send = "LCK3E1", expect = "LD21" },
    { "nothing there", send = "LCK100", expect = "LD12" },
    { "no index", send = "LC3E0", expect = "LD15" },
    { "bytes over", send = "LCK3E00", expect = "LD15" },
  },
}
