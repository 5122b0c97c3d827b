-- A2: make a component of a key, give it under the LMK and print it.
--
-- ^P is the component, ^T its check value. PROJECT: under a key block LMK what
-- follows # describes the key, and its version is the component's number, 01 to 09.

return {
  command = "A2",
  title   = "Generate and print a component",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, clients",

  authorised = true,
  prints     = true,

  request = {
    { "type",       H(3) },
    { "check",      optional(enum "12") },
    { "scheme",     A(1) },
    { "fields",     printfields },
    { "attributes", attributes "generate" },
  },

  response = {
    { "component", cryptogram },
    { "kcv",       H(6), when = { check = "2" } },
  },

  errors = {
    [16] = "there is no printer",
    [18] = "no formatting data is loaded",
    [48] = "an AES key under a 3DES LMK",
  },

  handler = function (q, a)
    local part

    key.permit(q.type, "generate")
    part = key.newpart(q.type, q.scheme, q.attributes)
    printer.key(part, q.fields)
    a.component = key.wrap(part, q.scheme)
    if q.check and num(q.check) == 2 then
      a.kcv = key.kcv(part, 6)
    end
  end,

  -- The random source of a proof repeats itself.
  vectors = {
    { "ZMK, with a check value", authorised = true,
      send   = "A20002U",
      expect = "A300U977E0A71434EA775359032980C49B6FD6E25FA" },
    { "ZMK of one part", authorised = true, send = "A20001Z", expect = "A300A13B867C2C240B38" },
    { "print fields", authorised = true,
      send   = "A2001UName;Street;",
      expect = "A300UD42C345E1A81FCA07BB759D47668C3F1" },
    { "key block, first component", authorised = true,
      send   = "A2FFF2SName~%01#72T2N01S00",
      expect = "A300S1009672TNc1S000103A9D15D72B1AF4C590481A8EE1BBE3D1DBEAF5243E296BD066526B"
            .. "A7A273A1FCF843DDF0D110F0A6E25FA" },
    { "key block, no component number", authorised = true,
      send   = "A2FFFS~%01#72T2N00S00",
      expect = "A3A9" },
    { "key block, no attributes", authorised = true, send = "A2FFFS~%01", expect = "A315" },
    { "not authorised", send = "A20002U", expect = "A317" },
    { "unknown key type", authorised = true, send = "A20F0U", expect = "A328" },
    { "unknown scheme", authorised = true, send = "A2001Q", expect = "A326" },
    { "17 print fields", authorised = true,
      send   = "A2001U1;2;3;4;5;6;7;8;9;0;1;2;3;4;5;6;7",
      expect = "A315" },
    { "AES under a 3DES LMK", authorised = true, send = "A2FFFS~%02#K0A1B01S00", expect = "A348" },
  },
}
