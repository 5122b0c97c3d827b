-- What a plug-in may name: the sandbox's allow-list, the field types and the
-- primitives of luahsm-plugin(7), and nothing else.
std = {
  read_globals = {
    "assert", "ipairs", "next", "pairs", "select", "tonumber", "tostring", "type",
    math   = { fields = { "abs", "floor", "max", "min", "tointeger" } },
    string = { fields = { "byte", "char", "len", "lower", "sub", "upper" } },
    table  = { fields = { "concat", "insert", "remove", "unpack" } },

    "N", "H", "A", "B", "enum", "mark", "pinformat", "account", "cryptogram",
    "secret", "optional", "list", "by", "keyoptions", "mackeytype", "mackey",
    "datakeytype", "datakey", "lpin", "clearpin", "dtab",
    "validation", "offset", "ksn", "pan", "pinlist", "iv", "lmkiv", "pinkeytype", "pinkey", "scheme", "der",
    "rsapublic", "rsaprivate", "keyblob", "authdata", "oaep", "rsacheck", "exponent", "subject",
    "attributes", "blockversion", "chain",

    "fail", "num", "text", "equal", "random", "authorised", "cancel", "check_value",
    "firmware", "sockets", "compliance", "log", "reveal", "join", "sub", "hex", "decode", "encode", "hash",
    key      = { fields = { "random", "open", "wrap", "export", "import", "ikey", "odd",
                            "fix", "zero", "kcv", "length", "scheme", "lmkscheme",
                            "kcvdigits", "permit", "bare", "change", "eraseold", "form",
                            "generate", "halves", "join", "kcvs", "migrate", "newscheme",
                            "old", "part", "same", "sized" } },
    pinblock = { fields = { "open", "seal" } },
    pin      = { fields = { "pvv", "offset", "derive", "random", "permit" } },
    lmkpin   = { fields = { "open", "seal", "reference", "old", "sealtable" } },
    verify   = { fields = { "pvv", "offset", "lmkpin", "cvv", "permit", "failed" } },
    dukpt    = { fields = { "derive", "verify" } },
    cvv      = { fields = { "make", "dcvv", "cvc3", "matches" } },
    csc      = { fields = { "make", "verdict" } },
    emv      = { fields = { "card", "session", "visa", "tree", "cryptogram", "arpc",
                            "arpc2", "mac", "code", "counters" } },
    emvscript = { fields = { "mac", "conceal", "open", "pinblock" } },
    mac      = { fields = { "make", "verify", "chain", "sealiv", "openiv", "counted" } },
    cipher   = { fields = { "encrypt", "decrypt", "translate", "next" } },
    hmac     = { fields = { "make", "verify", "random", "import", "export", "change" } },
    rsa      = { fields = { "generate", "public", "vouch", "check", "remac", "store",
                            "move", "sign", "verify", "type", "wrap", "unwrap", "iv" } },
    ecc      = { fields = { "generate", "public", "derive" } },
    tr34     = { fields = { "envelope", "attributes" } },
    csr      = { fields = { "make" } },
    device   = { fields = { "serial", "now", "date", "clock", "load", "volumes", "health",
                            "resetload", "resethealth", "console", "hostport", "lmks",
                            "alarms", "connections", "counters", "chain" } },
    endpoint = { fields = { "ask", "answer" } },
  },
}
-- Every handler is function (q, a), whether it uses both or not.
unused_args = false
