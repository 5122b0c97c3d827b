-- J6: forget what J2 and J4 tell, and begin to count anew. Strict wants the authorised
-- state.

return {
  command = "J6",
  title   = "Reset utilization statistics",
  version = "1.0.0",
  author  = "luahsm",
  sources = "clients, project",

  request  = {},
  response = {},

  handler = function (q, a)
    device.resetload()
  end,

  vectors = {
    { "reset",      send = "J6",  expect = "J700" },
    { "bytes over", send = "J60", expect = "J715" },
  },
}
