-- prelude: the field types that a plug-in's table is written with.
--
-- Each makes a plain table that C reads once, when the plug-in is loaded; no
-- request touches them. A type that needs no argument may be written without
-- a call: { "format", pinformat }.

local types = ...

local function maker(kind)
  return function (...)
    return { kind = kind, ... }
  end
end

for _, kind in ipairs { "N", "H", "A", "B", "enum", "mark", "pinformat",
                        "account", "cryptogram", "secret", "optional",
                        "list", "by", "sealed", "lpin", "clearpin", "dtab", "validation",
                        "offset", "ksn", "pan", "pinlist", "iv", "lmkiv", "der", "rsapublic",
                        "rsaprivate", "keyblob", "authdata", "oaep", "exponent", "subject",
                        "rsacheck", "chain", "printfields", "blocks" } do
  types[kind] = maker(kind)
end

-- How a key field is written: its tag, and Z or 0 for none.
types.scheme = types.enum "0ZUTXYSRV"

-- The option group that the older key commands share: after ";" the key
-- scheme under the ZMK or TMK, the key scheme under the LMK, and the type of
-- the check value. All three come, or none.
types.keyoptions = types.optional(";",
  { "zmk_scheme", types.scheme, invalid = 26 },
  { "lmk_scheme", types.scheme, invalid = 26 },
  { "kcv_type",   types.A(1) })

-- A PIN key whose type comes first: { "type", pinkeytype },
-- { "key", pinkey "type" }. 002 and 70D both mean a TPK.
types.pinkeytype = types.enum("001", "002", "70D", "FFF")

function types.pinkey(field)
  return types.by(field, {
    ["002"] = types.key "TPK",
    ["70D"] = types.key "TPK",
    ["FFF"] = types.key "block",
    types.key "ZPK",
  })
end

-- The same for the key of a MAC or of data, whose type comes first. A BDK
-- stands for the key of one transaction.
types.mackeytype  = types.enum("003", "008", "FFF")
types.datakeytype = types.enum("00A", "00B", "30B", "009", "609", "809", "909", "FFF")

function types.mackey(field)
  return types.by(field, {
    ["008"] = types.key "ZAK",
    ["FFF"] = types.key "block",
    types.key "TAK",
  })
end

function types.datakey(field)
  return types.by(field, {
    ["00B"] = types.key "DEK",
    ["30B"] = types.key "TEK",
    ["009"] = types.key "BDK",
    ["609"] = types.key "BDK-2",
    ["809"] = types.key "BDK-3",
    ["909"] = types.key "BDK-4",
    ["FFF"] = types.key "block",
    types.key "ZEK",
  })
end

-- Attributes of a key block that is to be made, after their mark: which field
-- group is meant tells the command's purpose. The letters are in attributes.h.
local forms = {
  generate = { "#", "uamvxb" },      -- A0
  form     = { "#", "vb" },          -- A4
  import   = { "#", "u[mvx]b" },     -- A6: the short form for a key block
  migrate  = { "#", "umvxb" },       -- BW, and the older commands
  export   = { "&", "x|umvxb" },     -- A0, A8
  public   = { "#", "mvxb" },        -- EO, FY
  outside  = { "&", "umvxb" },       -- B8
  hmac     = { "#", "vxb" },         -- L0
  derive   = { nil, "uamvxb" },      -- IG: always there
}

function types.attributes(name)
  local form = forms[name]

  if not form[1] then
    return { kind = "attributes", form[2] }
  end
  return types.optional(form[1], { kind = "attributes", form[2] })
end

-- The version of an R block, for export.
types.blockversion = types.optional("!", types.enum "ABCD")
