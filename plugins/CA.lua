-- CA: re-encrypt a PIN block, from a terminal's key to a zone key or to the
-- key of a DUKPT transaction.
--
-- A flag in front of the destination key tells which BDK it is; without one it
-- is a ZPK.

local bdks = { "*", "~" }

return {
  command = "CA",
  reply   = "CB",
  title   = "Translate a PIN from TPK to ZPK encryption",
  version = "1.0.0",
  author  = "luahsm",
  sources = "manual, clients",

  request = {
    { "tpk",        key "TPK",  parity  = 10                  },
    { "to_flag",    optional(enum "*~")                       },
    { "to_key",     by("to_flag", { ["*"] = key "BDK", ["~"] = key "BDK-2",
                                    key "ZPK" }), parity = 11 },
    { "descriptor", H(3),             when = { to_flag = bdks } },
    { "ksn",        ksn("descriptor", "to_key"), when = { to_flag = bdks } },
    { "maximum",    N(2),             equals  = 12            },
    { "block",      sealed "tpk"                              },
    { "from",       pinformat,        invalid = 23            },
    { "to",         pinformat,        invalid = 23            },
    { "account",    account("from", "to")                     },
  },

  response = {
    { "length",  N(2)      },
    { "block",   sealed    },
    { "format",  pinformat },
  },

  errors = {
    [10] = "TPK has bad parity",
    [11] = "the destination key has bad parity",
    [20] = "the decrypted block holds no PIN",
    [23] = "unknown PIN block format",
    [24] = "PIN is shorter than 4 or longer than 12 digits, or does not fit",
  },

  handler = function (q, a)
    local to     = q.to_flag and dukpt.derive(q.to_key, q.ksn, "pin") or q.to_key
    local secret = pinblock.open(q.tpk, q.block, q.from, q.account, nil, q.to)

    a.length = #secret
    a.block  = pinblock.seal(to, secret, q.to, q.account)
    a.format = q.to
  end,

  -- Keys are under the published test LMK; the PIN is 1234.
  vectors = {
    { "format 01 to format 01",
      send   = { tpk     = "U1750CDFB0757D3B3994430636DBB281B",
                 to_key  = "UBA0C82D683A300B310E32C91077B362C",
                 maximum = "12",
                 block   = "21B97251DB63358D",
                 from    = "01",
                 to      = "01",
                 account = "123456789012" },
      expect = { code = 00, length = "04", block = "98AC254B71657ABD", format = "01" } },

    { "TPK parity",         like = 1, send = { tpk = "U1750CDF80757D3B3994430636DBB281B" },
                            expect = { code = 10 } },
    { "ZPK parity",         like = 1, send = { to_key = "UBA0C820683A300B310E32C91077B362C" },
                            expect = { code = 11 } },
    { "maximum is not 12",  like = 1, send = { maximum = "04" },
                            expect = { code = 15 } },
    { "account has letter", like = 1, send = { account = "12345678901X" },
                            expect = { code = 15 } },
    { "wrong account",      like = 1, send = { account = "999999999999" },
                            expect = { code = 20 } },
    { "format of no command", like = 1, send = { to = "34" },
                            expect = { code = 23 } },
    { "to a BDK-1", like = 1,
      send   = { to_flag = "*", to_key = "U8E3D3E2FD5919657F05A1AA90D32A014", descriptor = "A05",
                 ksn = "FFFF9876543210E00001" },
      expect = { code = 00, length = "04",
                 block = "7B088E2BD17127FD", format = "01" } },
    { "to a BDK-2", like = 1,
      send   = { to_flag = "~", to_key = "U805EED74C7C113A0911C110A917DAB12", descriptor = "605",
                 ksn = "9876543210E00003" },
      expect = { code = 00, length = "04",
                 block = "7861A328804B3B2A", format = "01" } },
    { "format 04 to 04",
      send   = "CAU8463435FC4B4DAA0C49025272C29B12CU1EF828AA8F6B80EB83E19FBC373F3A85"
            .. "121FC252C76DF228B40404FF2283400000123456",
      expect = "CB00058FC36E989ED7CE7504" },
    { "format 05 to 01",
      send   = "CAU8463435FC4B4DAA0C49025272C29B12CU1EF828AA8F6B80EB83E19FBC373F3A85"
            .. "12C169464CE2FADAEF0501000025321987",
      expect = "CB00040D0070FD68564A8E01" },

    -- Key blocks under the published test LMKs.
    { "under an AES LMK", like = 1, lmk = "test-aes-kb",
      send   = { tpk = "S1009671TN00S0001797031ECFDE7A7E75B4CC326E9D4D9AD"
                     .. "A12C895AC0BDB9A774B42EE9400978DFD33FA45F67F48F2D",
                 to_key = "S1009672TN00S0001DCC889FCFA9915A4CCB7BFADB1BE34AF"
                        .. "8B63190763EBDDD3CC48F8E9F1A798BFA10C7F63175A94DD",
                 block = "37F7D90F789DC083" },
      expect = { code = 00, length = "04", block = "0EF63F5C5EC06372", format = "01" } },
    { "under a 3DES LMK", like = 1, lmk = "test-3des-kb",
      send   = { tpk = "S0007271TN00S0002024C46A6104750ADF3AE"
                     .. "9C25B80D7FBAC672C127F67C3F41F9E23EE9",
                 to_key = "S0007272TN00S0002DDADDD566852C9C1AF37"
                        .. "C43C6963097EBB07070FA8F1BA1029D5DE57",
                 block = "37F7D90F789DC083" },
      expect = { code = 00, length = "04", block = "0EF63F5C5EC06372", format = "01" } },
    { "AES to AES, format 48", like = 1, lmk = "test-aes-kb",
      send   = { tpk = "S1009671AN00S00010C285EAE5193487A4476E86A64707A8E"
                     .. "E09CC901DC6DECC717CFBC5F5CCE84B7C69EEF0C9314B79F",
                 to_key = "S1012872AN00S0001A0C2C1FEBB16A5C01C8027171DBB278A0EEF5FE2667CD506"
                        .. "7C0D150A8CD4AA787F3A0B936A3D39D42213D18EB4C7D1DB902A26E649B1FBA9",
                 block = "B1417ECA9DC4DEB7D66744705BB8C992", from = "48", to = "48",
                 account = "1234567890128;" },
      expect = { code = 00, length = "04", block = "58780E87B85F0EE20F7B5EC06916DB88",
                 format = "48" } },
    { "AES to DES, format 48 to 01", like = 1, lmk = "test-aes-kb",
      send   = {
        tpk = "S1009671AN00S00010C285EAE5193487A4476E86A64707A8E"
                     .. "E09CC901DC6DECC717CFBC5F5CCE84B7C69EEF0C9314B79F",
        to_key = "S1009672TN00S0001DCC889FCFA9915A4CCB7BFADB1BE34AF"
                        .. "8B63190763EBDDD3CC48F8E9F1A798BFA10C7F63175A94DD",
        block = "B1417ECA9DC4DEB7D66744705BB8C992", from = "48", account = "1234567890128;" },
      expect = { code = 00, length = "04", block = "0EF63F5C5EC06372", format = "01" } },
    { "DES to AES, format 01 to 48", like = 1, lmk = "test-aes-kb",
      send   = { tpk = "S1009671TN00S0001797031ECFDE7A7E75B4CC326E9D4D9AD"
                     .. "A12C895AC0BDB9A774B42EE9400978DFD33FA45F67F48F2D",
                 to_key = "S1009672AN00S000116B059402A9B4C46629F57F834BEEDE2"
                        .. "2661E22D8A5E263520EC816641B2C2E3E8451A6E8466E30D",
                 block = "37F7D90F789DC083", to = "48", account = "1234567890128;" },
      expect = { code = 00, length = "04", block = "384E8FD0BF9673C374C9293EE314CD8D",
                 format = "48" } },
    { "to a BDK-2 in a key block", like = 1, lmk = "test-aes-kb",
      send   = { tpk = "S1009671TN00S0001797031ECFDE7A7E75B4CC326E9D4D9AD"
                     .. "A12C895AC0BDB9A774B42EE9400978DFD33FA45F67F48F2D",
                 to_flag = "~",
                 to_key = "S1009641TX00S0001953A4466CB16AF3EC5D76EDBF8D13797"
                        .. "193D3D62E653CA91905FA5848D75C44F0CE19B1C7B128331",
                 descriptor = "A05", ksn = "FFFF9876543210E00001", block = "37F7D90F789DC083" },
      expect = { code = 00, length = "04", block = "7B088E2BD17127FD", format = "01" } },
    { "to an AES BDK-1", like = 1, lmk = "test-aes-kb",
      send   = { tpk = "S1009671TN00S0001797031ECFDE7A7E75B4CC326E9D4D9AD"
                     .. "A12C895AC0BDB9A774B42EE9400978DFD33FA45F67F48F2D",
                 to_flag = "*",
                 to_key = "S10096B0AX00S00017A3DC4B3BC6EB0E09C7D7ADBDE3B8244"
                        .. "4B43868F53BA8668C2E7B963956A517619F3CECABF5E5D90",
                 descriptor = "808", ksn = "123456789012345600000001", block = "37F7D90F789DC083",
                 to = "48", account = "1234567890128;" },
      expect = { code = 00, length = "04", block = "E7F36DB9256E902F788B13E85C8CD0A1",
                 format = "48" } },
    { "BDK-2 said to be a BDK-1", like = 1, lmk = "test-aes-kb",
      send   = { tpk = "S1009671TN00S0001797031ECFDE7A7E75B4CC326E9D4D9AD"
                     .. "A12C895AC0BDB9A774B42EE9400978DFD33FA45F67F48F2D",
                 to_flag = "*",
                 to_key = "S1009641TX00S0001953A4466CB16AF3EC5D76EDBF8D13797"
                        .. "193D3D62E653CA91905FA5848D75C44F0CE19B1C7B128331",
                 descriptor = "A05", ksn = "FFFF9876543210E00001", block = "37F7D90F789DC083" },
      expect = { code = "A6" } },
    { "ZPK that decrypts only", like = 1, lmk = "test-aes-kb",
      send   = { tpk = "S1009671TN00S0001797031ECFDE7A7E75B4CC326E9D4D9AD"
                     .. "A12C895AC0BDB9A774B42EE9400978DFD33FA45F67F48F2D",
                 to_key = "S1009672TD00S000127611854BE612BA8744F80090D3CF80C"
                        .. "BEA8B2C23944ECED8F9E7689FDA26C9388B03C729EC12848",
                 block = "37F7D90F789DC083" },
      expect = { code = "A8" } },
    { "format 48 under a DES key", like = 1, lmk = "test-aes-kb",
      send   = { tpk = "S1009671TN00S0001797031ECFDE7A7E75B4CC326E9D4D9AD"
                     .. "A12C895AC0BDB9A774B42EE9400978DFD33FA45F67F48F2D",
                 to_key = "S1009672TN00S0001DCC889FCFA9915A4CCB7BFADB1BE34AF"
                        .. "8B63190763EBDDD3CC48F8E9F1A798BFA10C7F63175A94DD",
                 block = "37F7D90F789DC083", to = "48", account = "1234567890128;" },
      expect = { code = 23 } },
    { "format 48 under a DES key, 12 digits", like = 1, send = { from = "48" },
      expect = { code = 23 } },
    { "format 48 without the whole PAN", like = 1, lmk = "test-aes-kb",
      send   = { tpk = "S1009671TN00S0001797031ECFDE7A7E75B4CC326E9D4D9AD"
                     .. "A12C895AC0BDB9A774B42EE9400978DFD33FA45F67F48F2D",
                 to_key = "S1009672AN00S000116B059402A9B4C46629F57F834BEEDE2"
                        .. "2661E22D8A5E263520EC816641B2C2E3E8451A6E8466E30D",
                 block = "37F7D90F789DC083", to = "48" },
      expect = { code = 15 } },
    { "TPK where a ZPK belongs", like = 1, lmk = "test-aes-kb",
      send   = { tpk = "S1009671TN00S0001797031ECFDE7A7E75B4CC326E9D4D9AD"
                     .. "A12C895AC0BDB9A774B42EE9400978DFD33FA45F67F48F2D",
                 to_key = "S1009671TN00S0001797031ECFDE7A7E75B4CC326E9D4D9AD"
                        .. "A12C895AC0BDB9A774B42EE9400978DFD33FA45F67F48F2D",
                 block = "37F7D90F789DC083" },
      expect = { code = "A6" } },
    { "key block under another LMK", like = 1, lmk = "test-aes-kb",
      send   = { tpk = "S0007271TN00S0002024C46A6104750ADF3AE"
                     .. "9C25B80D7FBAC672C127F67C3F41F9E23EE9",
                 to_key = "S0007272TN00S0002DDADDD566852C9C1AF37"
                        .. "C43C6963097EBB07070FA8F1BA1029D5DE57",
                 block = "37F7D90F789DC083" },
      expect = { code = "A1" } },
  },
}
