-- LE: read user storage, from an index on: blocks, or, where it holds texts, one text and
-- its length.

return {
  command = "LE",
  title   = "Read data from user storage",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, project",

  request = {
    { "flag",  enum "KB"                                            },
    { "index", H(3)                                                 },
    { "count", H(2), max = 32, invalid = 21, when = { flag = "K" } },
  },

  response = {
    { "blocks", H(0, 1536), when = { flag = "K" } },
    { "length", N(4),       when = { flag = "B" } },
    { "data",   B(1, 1000), when = { flag = "B" } },
  },

  handler = function (q, a)
    if q.count then
      a.blocks = userstore.get(q.index, q.count)
    else
      local text = userstore.gettext(q.index)

      a.length = #text
      a.data   = text
    end
  end,

  -- In a proof the bytes 00 to FF are there from 3E0 on.
  vectors = {
    { "a block", send = "LEK3E001", expect = "LF000001020304050607" },
    { "two blocks", send = "LEK3FE02", expect = "LF00F0F1F2F3F4F5F6F7F8F9FAFBFCFDFEFF" },
    { "no blocks", send = "LEK00000", expect = "LF00" },
    { "nothing there", send = "LEK10001", expect = "LF12" },
    { "nothing behind the last one", send = "LEK3FF02", expect = "LF12" },
    { "past the end", send = "LEKFFF02", expect = "LF21" },
    { "33 blocks", send = "LEK00021", expect = "LF21" },
    { "a text, where there are blocks", send = "LEB000", expect = "LF15" },
    { "bytes over", send = "LEK3E0010", expect = "LF15" },
  },
}
