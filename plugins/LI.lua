-- LI: load the words that a PIN is printed in.
--
-- Ten texts, for the digits 0 to 9: each its length, 1H (0 means 16), and so many
-- characters. They are the server's, for all connections, until it ends.

return {
  command = "LI",
  title   = "Load PIN text strings",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual",

  request = {
    { "texts", B() },
  },

  response = {},

  handler = function (q, a)
    printer.words(q.texts)
  end,

  vectors = {
    { "English", send = "LI4ZERO3ONE3TWO5THREE4FOUR4FIVE3SIX5SEVEN5EIGHT4NINE",
      expect = "LJ00" },
    { "one of 16", send = "LI0SIXTEEN LETTERS.3ONE3TWO5THREE4FOUR4FIVE3SIX5SEVEN5EIGHT4NINE",
      expect = "LJ00" },
    { "nine texts", send = "LI4ZERO3ONE3TWO5THREE4FOUR4FIVE3SIX5SEVEN5EIGHT",
      expect = "LJ15" },
    { "the last cut short", send = "LI4ZERO3ONE3TWO5THREE4FOUR4FIVE3SIX5SEVEN5EIGHT4NIN",
      expect = "LJ15" },
    { "a length that is none", send = "LIGZERO", expect = "LJ15" },
    { "nothing", send = "LI", expect = "LJ15" },
  },
}
