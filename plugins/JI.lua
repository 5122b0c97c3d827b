-- JI: forget what J8 tells, and begin to count anew. Strict wants the authorised state.

return {
  command = "JI",
  title   = "Reset health check counts",
  version = "1.0.0",
  author  = "luahsm",
  sources = "clients, project",

  request  = {},
  response = {},

  handler = function (q, a)
    device.resethealth()
  end,

  vectors = {
    { "reset",      send = "JI",  expect = "JJ00" },
    { "bytes over", send = "JI0", expect = "JJ15" },
  },
}
