-- LA: load user storage, from an index on: blocks of one key each, as long as the setting
-- key.storage says, or, where it holds texts, one text.

return {
  command = "LA",
  title   = "Load data to user storage",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, clients",

  request = {
    { "flag",   enum "KB"                                                },
    { "index",  H(3)                                                     },
    { "count",  H(2), max = 32, invalid = 21,    when = { flag = "K" }   },
    { "blocks", blocks "count",                  when = { flag = "K" }   },
    { "length", N(4), min = 1,                   when = { flag = "B" }   },
    { "data",   B "length",                      when = { flag = "B" }   },
  },

  response = {},

  handler = function (q, a)
    if q.blocks then
      userstore.put(q.index, q.count, q.blocks)
    else
      userstore.puttext(q.index, q.data)
    end
  end,

  vectors = {
    { "a block", send = "LAK000010123456789ABCDEF", expect = "LB00" },
    { "two blocks", send = "LAKFFE020123456789ABCDEFFEDCBA9876543210", expect = "LB00" },
    { "no blocks", send = "LAK00000", expect = "LB00" },
    { "past the end", send = "LAKFFF020123456789ABCDEFFEDCBA9876543210", expect = "LB21" },
    { "33 blocks", send = "LAK00021", expect = "LB21" },
    { "fewer than the count says", send = "LAK000020123456789ABCDEF", expect = "LB15" },
    { "no digits", send = "LAK000010123456789ABCDEG", expect = "LB15" },
    { "bytes over", send = "LAK000010123456789ABCDEF0", expect = "LB15" },
    { "a text, where there are blocks", send = "LAB0000004TEXT", expect = "LB15" },
  },
}
