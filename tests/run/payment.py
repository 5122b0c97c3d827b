"""The algorithms of PIN and card commands once more, written from the standards and not from the sources.

Tests find with it what a reply should have been. The ciphers are libcrypto's, through ctypes; keys of DES are
8, 16 or 24 bytes. Nothing here judges a request: see explain.py.
"""
import ctypes
import ctypes.util
import functools
import hashlib
import struct

crypto = ctypes.CDLL(ctypes.util.find_library("crypto"))
for name in ("EVP_CIPHER_CTX_new", "EVP_des_ede3_ecb", "EVP_aes_128_ecb", "EVP_aes_192_ecb", "EVP_aes_256_ecb"):
    getattr(crypto, name).restype = ctypes.c_void_p

# The published test LMK: pairs 00-01 to 38-39.
LMK = [bytes.fromhex(pair) for pair in """
01010101010101017902CD1FD36EF8BA 20202020202020203131313131313131 40404040404040405151515151515151
61616161616161617070707070707070 80808080808080809191919191919191 A1A1A1A1A1A1A1A1B0B0B0B0B0B0B0B0
C1C1010101010101D0D0010101010101 E0E0010101010101F1F1010101010101 1C587F1C13924FEF0101010101010101
01010101010101010101010101010101 02020202020202020404040404040404 07070707070707071010101010101010
13131313131313131515151515151515 16161616161616161919191919191919 1A1A1A1A1A1A1A1A1C1C1C1C1C1C1C1C
23232323232323232525252525252525 26262626262626262929292929292929 2A2A2A2A2A2A2A2A2C2C2C2C2C2C2C2C
2F2F2F2F2F2F2F2F3131313131313131 01010101010101010101010101010101""".split()]
PAIR_OF = {0x00: 2, 0x01: 3, 0x02: 7, 0x03: 8, 0x04: 9, 0x05: 10, 0x06: 11, 0x07: 12, 0x08: 13, 0x09: 14,
           0x0A: 15, 0x0B: 16, 0x0C: 17, 0x0D: 18, 0x0E: 19}
VARIANT = bytes.fromhex("00A65A6ADE2B50749CFA")
# The two others: a 3DES and an AES key block LMK.
LMK_3DES = bytes.fromhex("0123456789ABCDEF8080808080808080FEDCBA9876543210")
LMK_AES = bytes.fromhex("9B71333A13F9FAE72F9D0E2DAB4AD6784718012F9244033F3F26A2DE0C8AA11A")
SCHEME = {"U": bytes.fromhex("A65A"), "T": bytes.fromhex("6ADE2B")}


# --- ciphers ---------------------------------------------------------------

@functools.lru_cache(maxsize=4096)
def context(key, aes, way):
    """One of libcrypto's, for a whole key: it is kept, as keys come again."""
    if aes:
        cipher = getattr(crypto, "EVP_aes_%d_ecb" % (8 * len(key)))()
    else:
        cipher, key = crypto.EVP_des_ede3_ecb(), {8: key * 3, 16: key + key[:8], 24: key}[len(key)]
    ctx = ctypes.c_void_p(crypto.EVP_CIPHER_CTX_new())
    assert crypto.EVP_CipherInit_ex(ctx, ctypes.c_void_p(cipher), None, key, None, way)
    crypto.EVP_CIPHER_CTX_set_padding(ctx, 0)
    return ctx


def ecb(key, data, aes, way):
    out, n = ctypes.create_string_buffer(len(data) + 16), ctypes.c_int()
    assert crypto.EVP_CipherUpdate(context(key, aes, way), out, ctypes.byref(n), data, len(data))
    return out.raw[:n.value]


def encrypt(key, data, aes=False):
    return ecb(key, data, aes, 1)


def decrypt(key, data, aes=False):
    return ecb(key, data, aes, 0)


def cbc_decrypt(key, iv, data, aes):
    n = len(iv)
    previous = iv + data[:-n]
    return xor(decrypt(key, data, aes), previous)


def cmac(key, data):
    """Of AES: NIST SP 800-38B."""
    def double(block):
        n = int.from_bytes(block, "big") << 1
        return ((n & (1 << 128) - 1) ^ (0x87 if n >> 128 else 0)).to_bytes(16, "big")

    sub = double(encrypt(key, bytes(16), True))
    if not data or len(data) % 16:
        data, sub = data + b"\x80" + bytes(-(len(data) + 1) % 16), double(sub)
    data = data[:-16] + xor(data[-16:], sub)
    state = bytes(16)
    for i in range(0, len(data), 16):
        state = encrypt(key, xor(state, data[i:i + 16]), True)
    return state


def xor(a, b):
    return bytes(x ^ y for x, y in zip(a, b))


def odd(key):
    return all(bin(byte).count("1") % 2 for byte in key)


def fix_parity(key):
    return bytes(b & 0xFE | (bin(b >> 1).count("1") % 2 == 0) for b in key)


# --- keys under the LMK ----------------------------------------------------

def field_length(text):
    """Characters of the key field that text starts with (not of a key block)."""
    return {"U": 33, "X": 33, "T": 49, "Y": 49}.get(text[:1], 16)


def lmk_pair(kind, scheme="", part=0):
    """The pair for a key type code, with its variants."""
    pair = bytearray(LMK[PAIR_OF[kind & 0xFF]])
    pair[0] ^= VARIANT[kind >> 8]
    if scheme in SCHEME:
        pair[8] ^= SCHEME[scheme][part]
    return bytes(pair)


def open_key(kind, field):
    """The clear key of a field: 16H, a bare 32H pair, or a tag and digits."""
    scheme, digits = (field[0], field[1:]) if field[0] in "UXTY" else ("", field)
    parts = [bytes.fromhex(digits[i:i + 16]) for i in range(0, len(digits), 16)]
    return b"".join(decrypt(lmk_pair(kind, scheme, i), part) for i, part in enumerate(parts))


def seal_key(kind, key, scheme="U"):
    tag = {8: "", 16: "U", 24: "T"}[len(key)]
    parts = [key[i:i + 8] for i in range(0, len(key), 8)]
    return tag + "".join(encrypt(lmk_pair(kind, tag, i), p).hex().upper() for i, p in enumerate(parts))


def open_table(field):
    """The digits of an encrypted decimalisation table."""
    return decrypt(lmk_pair(0x104), bytes.fromhex(field)).hex()


# --- key block LMKs --------------------------------------------------------

def lmk_part(lmk, use):
    """A key of a 3DES or AES LMK for one use: of key blocks, PINs or tables."""
    mask, number = {"encrypt": (0x45, 0), "mac": (0x4D, 1), "pins": (0x50, 3), "tables": (0x58, 4)}[use]
    if lmk == LMK_3DES:
        return bytes(b ^ mask for b in lmk)
    return b"".join(cmac(lmk, bytes([i, 0, number, 0, 0, 4, 1, 0])) for i in (1, 2))


def open_block(lmk, field):
    """(Usage, algorithm, clear key, mode) of a key block under an LMK, None where its authenticator is wrong."""
    header, aes = field[1:17], field[1] == "1"
    if aes != (lmk == LMK_AES) or header[12:14] != "00":
        return None
    size = 16 if aes else 8
    data, mac = bytes.fromhex(field[17:-size]), bytes.fromhex(field[-size:])
    if aes:
        right = cmac(lmk_part(lmk, "mac"), header.encode() + data)[:8]
    else:
        right, whole = bytes(8), header.encode() + data
        for i in range(0, len(whole), 8):
            right = encrypt(lmk_part(lmk, "mac"), xor(right, whole[i:i + 8]))
        right = right[:4]
    if mac != right:
        return None
    clear = cbc_decrypt(lmk_part(lmk, "encrypt"), header[:size].encode(), data, aes)
    return header[5:7], header[7], clear[2:2 + int.from_bytes(clear[:2], "big") // 8], header[8]


def open_block_table(lmk, text):
    """A table's digits under such an LMK: 16H, or L and 32H with zeros behind the table."""
    clear = decrypt(lmk_part(lmk, "tables"), bytes.fromhex(text[-32:]), lmk == LMK_AES).hex()
    return clear[:16] if clear[16:].strip("0") == "" else None


def aes_lmk_pin(text, account):
    """J and 32H: length, PIN and F, the account, zeros."""
    clear = decrypt(lmk_part(LMK_AES, "pins"), bytes.fromhex(text[1:]), True).hex().upper()
    n = int(clear[0], 16)
    good = clear[1 + n:] == "F" * (13 - n) + right_account(account) + "0" * 6
    return clear[1:1 + n] if good and 4 <= n <= 12 and clear[1:1 + n].isdigit() else None


# --- PIN blocks ------------------------------------------------------------

def right_account(account):
    """The 12 digits in front of the check digit: of 12N, or of the 18 characters with the whole PAN."""
    return account if len(account) == 12 else account.lstrip("F")[:-1][-12:].zfill(12)


def left_account(account):
    return (account if len(account) == 12 else account.lstrip("F"))[:12].zfill(12)


def block_pin(block, form, account):
    """The PIN of a clear block, None where it holds none."""
    if form in ("01", "47"):
        block = xor(block, bytes.fromhex("0000" + right_account(account)))
    elif form == "04":
        block = xor(block, bytes.fromhex("0000" + left_account(account)))
    text = block.hex().upper()
    if form == "03":
        pin, fill = text.rstrip("F"), "F"
    elif form == "02":
        if not text.isdigit() or text[0] not in "456":
            return None
        return text[1:1 + int(text[0])]
    else:
        n = int(text[1], 16)
        pin, fill = text[2:2 + n], {"47": "ABCDEF", "05": "0123456789ABCDEF"}.get(form, "F")
        if text[0] != {"05": "1", "47": "3"}.get(form, "0") or any(c not in fill for c in text[2 + n:]):
            return None
    return pin if pin.isdigit() and 4 <= len(pin) <= 12 else None


def block_4_pin(key, block, pan):
    """The PIN of an encrypted block of ISO format 4, None where it holds none."""
    field = ("%d" % max(len(pan) - 12, 0) + pan.zfill(12)).ljust(32, "0")
    text = decrypt(key, xor(decrypt(key, block, True), bytes.fromhex(field)), True).hex().upper()
    n = int(text[1], 16)
    good = text[0] == "4" and 4 <= n <= 12 and text[2:2 + n].isdigit() and text[2 + n:16] == "A" * (14 - n)
    return text[2:2 + n] if good else None


def pin_block(pin, account):
    """A clear block of ISO format 0."""
    return xor(bytes.fromhex(("0%X%s" % (len(pin), pin)).ljust(16, "F")), bytes.fromhex("0000" + account))


# --- what PINs are verified with -------------------------------------------

def decimalise(text, most):
    """Digits first, then letters as 0 to 5."""
    digits = [c for c in text.upper() if c.isdigit()]
    digits += [str(ord(c) - ord("A")) for c in text.upper() if not c.isdigit()]
    return "".join(digits[:most])


def pvv(pvk, pin, account, pvki):
    return decimalise(encrypt(pvk, bytes.fromhex(right_account(account)[1:] + pvki + pin[:4])).hex(), 4)


def natural_pin(pvk, length, account, table, validation):
    if validation[0] == "P":
        block = validation[1:]
    else:
        block = validation.replace("N", right_account(account)[-5:])
    return "".join(table[int(c, 16)] for c in encrypt(pvk, bytes.fromhex(block)).hex())[:length]


def add_offset(pin, offset):
    return "".join(str((int(a) + int(b)) % 10) for a, b in zip(pin, offset))


def lmk_pin(text, account, key=LMK[1]):
    """The PIN under LMK pair 02-03, the project's method: a Feistel cipher of ten rounds over digits."""
    half = (len(text) + 1) // 2
    # After an even number of rounds the parts stand as they began.
    a, b = text[:half], text[half:]
    for r in range(9, -1, -1):
        # b was made of the part that is wanted, a stood beside it
        x = encrypt(key, bytes([r, len(text)]) + bytes.fromhex(right_account(account)))
        y = encrypt(key, (int.from_bytes(x, "big") ^ int(a)).to_bytes(8, "big"))
        m = 10 ** len(b)
        a, b = ("%0*d" % (len(b), (int(b) - int.from_bytes(y, "big")) % m)), a
    plain = (a + b).lstrip("0")
    return plain[1:] if plain[:1] == "1" and 4 <= len(plain) - 1 <= 12 else None


# --- card values -----------------------------------------------------------

def cvv(cvk, data, digits=3):
    """data: PAN, expiry and service code as one text."""
    data = data.ljust(32, "0")
    first = encrypt(cvk[:8], bytes.fromhex(data[:16]))
    return decimalise(encrypt(cvk, xor(first, bytes.fromhex(data[16:]))).hex(), digits)


def card_key(master, pan, psn, option):
    digits = pan + psn
    if option == "B" and len(pan) > 16:
        packed = bytes.fromhex(digits.rjust(len(digits) + len(digits) % 2, "0"))
        block = decimalise(hashlib.sha1(packed).hexdigest(), 16)
    else:
        block = digits[-16:].rjust(16, "0")
    block = bytes.fromhex(block)
    return fix_parity(encrypt(master, block) + encrypt(master, xor(block, b"\xFF" * 8)))


def retail_mac(key, data):
    """ISO 9797-1 algorithm 3 over whole blocks."""
    state = bytes(8)
    for i in range(0, len(data), 8):
        state = encrypt(key[:8], xor(state, data[i:i + 8]))
    return encrypt(key[:8], decrypt(key[8:16], state))


def zero_padded(data):
    return data + bytes(-len(data) % 8) if data else bytes(8)


def cvc3(master, option, pan, psn, track, un, atc):
    key = card_key(master, pan, psn, option)
    padded = track + b"\x80"
    iv = retail_mac(key, padded + bytes(-len(padded) % 8))[-2:]
    code = encrypt(key, iv + bytes.fromhex(un) + atc.to_bytes(2, "big"))[-2:]
    return "%05d" % int.from_bytes(code, "big")


# --- DUKPT -----------------------------------------------------------------

MASK = bytes.fromhex("C0C0C0C000000000") * 2
COUNTER = (1 << 21) - 1


def dukpt_key(bdk, ksn):
    """The key of a transaction, ANSI X9.24-1; ksn: hexadecimal digits, right-justified behind F."""
    number = int(ksn.rjust(20, "F"), 16)
    base = ((number & ~COUNTER) >> 16).to_bytes(8, "big")
    key = encrypt(bdk, base) + encrypt(xor(bdk, MASK), base)
    register = (number & ~COUNTER) & ((1 << 64) - 1)
    for bit in range(20, -1, -1):
        if number & (1 << bit):
            register |= 1 << bit
            r = register.to_bytes(8, "big")
            halves = [xor(encrypt(k[:8], xor(r, k[8:])), k[8:]) for k in (xor(key, MASK), key)]
            key = halves[0] + halves[1]
    return key


def dukpt_pin_key(bdk, ksn):
    return xor(dukpt_key(bdk, ksn), bytes.fromhex("00000000000000FF") * 2)


def dukpt_mac_key(bdk, ksn):
    return xor(dukpt_key(bdk, ksn), bytes.fromhex("000000000000FF00") * 2)


def dukpt_aes_key(bdk, ksn, usage, kind, bits):
    """ANSI X9.24-3: the key of a use; ksn: 24 hexadecimal digits, kind: the code of its algorithm."""
    def derive(key, usage, kind, bits, data):
        made = b"".join(encrypt(key, struct.pack(">BBHHH", 1, i, usage, kind, bits) + data, True) for i in (1, 2))
        return made[:bits // 8]

    ksn, own = bytes.fromhex(ksn), (len(bdk) // 8, 8 * len(bdk))
    key, counter = derive(bdk, 0x8001, *own, ksn[:8]), int.from_bytes(ksn[8:], "big")
    partial = 0
    for bit in range(31, -1, -1):
        if counter >> bit & 1:
            partial |= 1 << bit
            key = derive(key, 0x8000, *own, ksn[4:8] + partial.to_bytes(4, "big"))
    return derive(key, usage, kind, bits, ksn[4:])
