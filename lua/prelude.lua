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
                        "list", "by" } do
  types[kind] = maker(kind)
end

-- The option group that the older key commands share: after ";" the key
-- scheme under the ZMK or TMK, the key scheme under the LMK, and the type of
-- the check value. All three come, or none.
types.keyoptions = types.optional(";",
  { "zmk_scheme", types.A(1) },
  { "lmk_scheme", types.A(1) },
  { "kcv_type",   types.A(1) })
