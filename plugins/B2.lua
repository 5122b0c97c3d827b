-- B2: send the data back, to show that the link works.

return {
  command = "B2",
  reply   = "B3",
  title   = "Echo test",
  version = "1.0.0",
  author  = "luahsm",
  sources = "clients, vectors",

  request = {
    { "length", H(4)                   },
    { "data",   B "length", short = 80 },
  },

  response = {
    { "data", B() },
  },

  errors = {
    [80] = "fewer bytes than the length says",
  },

  handler = function (q, a)
    a.data = q.data
  end,

  vectors = {
    { "five bytes",   send = "B20005hello",  expect = "B300hello" },
    { "no bytes",     send = "B20000",       expect = "B300"      },
    { "cut short",    send = "B20009hello",  expect = "B380"      },
    { "bytes over",   send = "B20004hello",  expect = "B315"      },
    { "not a length", send = "B2000ghello",  expect = "B315"      },
    { "trailer",      send = "B20005hello\025T", expect = "B300hello\025T" },
  },
}
