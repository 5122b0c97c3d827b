-- K0: decrypt the off-line counters of a chip card.
--
-- PROJECT: only the fields were seen. The key is taken from the EMV2000 tree
-- with a zero IV; the block is the amount in 12 digits, the number of
-- transactions, and a byte 80.

local zeros = "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"

return {
  command = "K0",
  title   = "Decrypt an encrypted counter",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, project, low",

  request = {
    { "scheme",   enum "0",    invalid = 05 },
    { "mk_ac",    key "MK-AC", parity  = 10 },
    { "pan_psn",  B(8) },
    { "tree",     enum "01",   invalid = 52 },
    { "atc",      B(2) },
    { "counters", B(8) },
  },

  response = {
    { "counters", B(7) },
  },

  errors = {
    [01] = "what was decrypted are no counters",
    [05] = "unknown scheme",
    [10] = "MK-AC has bad parity",
    [52] = "unknown form of the tree",
  },

  handler = function (q, a)
    local card = emv.card(q.mk_ac, q.pan_psn)

    a.counters = emv.counters(emv.tree(card, zeros, q.atc, q.tree), q.counters)
  end,

  vectors = {
    { "tree of two branches",
      send   = "K00U7475636CC30B93B493CF5EA53799EBCC4Vx\x90\x124V\x000\x00\x1C~~Wn\xA9\xB9"
            .. "h\x89",
      expect = "K100\x00\x00\x00\x01#E\x07" },
    { "tree of four branches",
      send   = "K00U7475636CC30B93B493CF5EA53799EBCC4Vx\x90\x124V\x001\x00\x1C\xDB\xC6`"
            .. "\xF9\xB2V\x84\x0B",
      expect = "K100\x00\x00\x00\x01#E\x07" },
    { "no counters inside",
      send   = "K00U7475636CC30B93B493CF5EA53799EBCC4Vx\x90\x124V\x000\x00\x1C\xFD\x88b"
            .. "\x81\xC7P\x14\xB9",
      expect = "K101" },
    { "an amount that is no number",
      send   = "K00U7475636CC30B93B493CF5EA53799EBCC4Vx\x90\x124V\x000\x00\x1C\xB9\xB2\xC0"
            .. "\x8E\x84s\x8A7",
      expect = "K101" },
    { "MK-AC parity",
      send   = "K00UE0C392A6F84F5D8E93CF5EA53799EBCC4Vx\x90\x124V\x000\x00\x1C\x00\x00\x00"
            .. "\x00\x00\x00\x00\x00",
      expect = "K110" },
    { "unknown form of the tree",
      send   = "K00U7475636CC30B93B493CF5EA53799EBCC4Vx\x90\x124V\x002",
      expect = "K152" },
    { "unknown scheme", send = "K01", expect = "K105" },
    { "tree of two branches, key block",
      send   = "K00S10096E0TN00S00012A6E03853AF880EA625CAC9AEECA23B0927C09DA5DBCDA75"
            .. "8506122F8DFDA51279C5164CCD327D004Vx\x90\x124V\x000\x00\x1C~~Wn\xA9"
            .. "\xB9h\x89%01",
      expect = "K100\x00\x00\x00\x01#E\x07" },
    { "tree of four branches, 3DES key block LMK",
      send   = "K00S00072E0TN00S0002861C6969DE95866727183EF46E12712D518769AB6B7367B7"
            .. "8207D2704Vx\x90\x124V\x001\x00\x1C\xDB\xC6`\xF9\xB2V\x84\x0B%02",
      expect = "K100\x00\x00\x00\x01#E\x07" },
    { "MK-SMI for counters, key block",
      send   = "K00S10096E2TN00S00012AA97949F13BD8A92A486C5291F96EF91751676E1EDD27BA"
            .. "03422CFD67C251FCEDB50480AD562B974Vx\x90\x124V\x000\x00\x1C~~Wn\xA9"
            .. "\xB9h\x89%01",
      expect = "K1A6" },
  },
}
