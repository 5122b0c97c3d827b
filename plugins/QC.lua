-- QC: load the last answers to solicitation mailers, and end the batch.
--
-- PROJECT: as QA. A batch of fewer than 25 answers is refused (31), since it would tell who
-- has answered.

local entry   = "401234567890987820200545"
local five    = entry .. entry .. entry .. entry .. entry

local few     = 25

return {
  command = "QC",
  title   = "Final load of solicitation data",
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
    [31] = "the batch has too few entries",
  },

  handler = function (q, a)
    for i = 1, #q.entries do
      local e = q.entries[i]

      if not equal(lmkpin.reference(e.account), e.reference) then
        fail(30)
      end
    end
    if printer.batch(#q.entries, true) < few then
      fail(31)
    end
  end,

  vectors = {
    { "25", send = "QC25" .. five .. five .. five .. five .. five, expect = "QD00" },
    { "five alone", send = "QC05" .. five, expect = "QD31" },
    { "another account's", send = "QC01401234567891987820200545", expect = "QD30" },
    { "none",      send = "QC00",          expect = "QD15" },
    { "cut short", send = "QC02" .. entry, expect = "QD15" },
  },
}
