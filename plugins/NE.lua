-- NE: make a key, give it under the LMK and print it in parts.
--
-- PROJECT: ^P ^Q ^R are the thirds of a key of triple length, ^P ^Q the halves of
-- others; ^T is the check value. Under a key block LMK what follows # describes the key.

return {
  command = "NE",
  title   = "Generate and print a key as split components",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, project",

  authorised = true,
  prints     = true,

  request = {
    { "type",       H(3) },
    { "scheme",     A(1) },
    { "fields",     printfields },
    { "attributes", attributes "generate" },
  },

  response = {
    { "key", cryptogram },
    { "kcv", H(6) },
  },

  errors = {
    [16] = "there is no printer",
    [18] = "no formatting data is loaded",
    [48] = "an AES key under a 3DES LMK",
  },

  handler = function (q, a)
    local new

    key.permit(q.type, "generate")
    new = key.random(q.type, q.scheme, q.attributes)
    printer.parts(new, q.fields)
    a.key = key.wrap(new, q.scheme)
    a.kcv = key.kcv(new, 6)
  end,

  -- The random source of a proof repeats itself.
  vectors = {
    { "ZPK", authorised = true,
      send   = "NE001UName;",
      expect = "NF00U6DD47A4EB961EF679E4F1F173E030F926E25FA" },
    { "TPK of three parts", authorised = true,
      send   = "NE002T",
      expect = "NF00T46D899938220CD317532B3F92E89B886C535214B715B49FD55E0C7" },
    { "ZPK of one part", authorised = true,
      send   = "NE001Z~",
      expect = "NF00242AB0E5E0D7F20D1B4660" },
    { "key block, AES", authorised = true,
      send   = "NEFFFS~%01#K0A3B00E00",
      expect = "NF00S10128K0AB00E00018D7CFC688B67183283D17EC8FC662700F92D9DE0BDB71E35309C26A"
            .. "73B767DD21A4A7CF4ABCB95240ACE2C966D51452E1DB97208B3D7DD16002938" },
    { "not authorised", send = "NE001UName;", expect = "NF17" },
    { "unknown key type", authorised = true, send = "NE0F0U", expect = "NF28" },
    { "X under the LMK", authorised = true, send = "NE001X", expect = "NF26" },
    { "key block, no attributes", authorised = true, send = "NEFFFS~%01", expect = "NF15" },
    { "AES under a 3DES LMK", authorised = true, send = "NEFFFS~%02#K0A1B00S00", expect = "NF48" },
  },
}
