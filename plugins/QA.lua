-- QA: load answers to solicitation mailers into the batch.
--
-- PROJECT: only "account, reference number entries" was seen: their number, 2N, stands in
-- front. A wrong entry is told, and none of its message is loaded.

local entry   = "401234567890987820200545"
local five    = entry .. entry .. entry .. entry .. entry

return {
  command = "QA",
  title   = "Load solicitation data",
  version = "1.0.0",
  author  = "luahsm",
  sources = "recalled, project, low",

  request = {
    { "count",   N(2), min = 1, max = 32 },
    { "entries", list("count", { "account", N(12) }, { "reference", N(12) }) },
  },

  response = {},

  errors = {
    [30] = "a reference number is not that of its account",
  },

  handler = function (q, a)
    for i = 1, #q.entries do
      local e = q.entries[i]

      if not equal(lmkpin.reference(e.account), e.reference) then
        fail(30)
      end
    end
    printer.batch(#q.entries, false)
  end,

  vectors = {
    { "one",  send = "QA01" .. entry, expect = "QB00" },
    { "five", send = "QA05" .. five,  expect = "QB00" },
    { "another account's", send = "QA02" .. entry .. "401234567891987820200545",
      expect = "QB30" },
    { "none",      send = "QA00",                    expect = "QB15" },
    { "too many",  send = "QA33",                    expect = "QB15" },
    { "cut short", send = "QA02" .. entry,           expect = "QB15" },
  },
}
