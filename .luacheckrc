-- What a plug-in may name: the sandbox's allow-list and nothing else.
std = {
  read_globals = {
    "assert", "ipairs", "next", "pairs", "select", "tonumber", "tostring", "type",
    math   = { fields = { "abs", "floor", "max", "min", "tointeger" } },
    string = { fields = { "byte", "char", "len", "lower", "sub", "upper" } },
    table  = { fields = { "concat", "insert", "remove", "unpack" } },
  },
}
