-- BS: empty key change storage.

return {
  command = "BS",
  title   = "Erase the key change storage",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, captures",

  request = {},

  response = {},

  handler = function (q, a)
    key.eraseold()
  end,

  vectors = {
    { "empties it", send = "BS", expect = "BT00" },
    { "bytes over", send = "BS0", expect = "BT15" },
  },
}
