"""The algorithms of PIN and card commands once more, written from the standards and not from the sources.

Tests find with it what a reply should have been. The ciphers are libcrypto's, through ctypes; keys of DES are
8, 16 or 24 bytes. Nothing here judges a request: see explain.py.
"""
import ctypes
import ctypes.util
import functools

crypto = ctypes.CDLL(ctypes.util.find_library("crypto"))
for name in ("EVP_CIPHER_CTX_new", "EVP_des_ede3_ecb"):
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
SCHEME = {"U": bytes.fromhex("A65A"), "T": bytes.fromhex("6ADE2B")}


# --- ciphers ---------------------------------------------------------------

@functools.lru_cache(maxsize=4096)
def context(key, encrypt):
    """One of libcrypto's, for a whole DES key: it is kept, as keys come again."""
    key = {8: key * 3, 16: key + key[:8], 24: key}[len(key)]
    ctx = ctypes.c_void_p(crypto.EVP_CIPHER_CTX_new())
    assert crypto.EVP_CipherInit_ex(ctx, ctypes.c_void_p(crypto.EVP_des_ede3_ecb()), None, key, None, int(encrypt))
    crypto.EVP_CIPHER_CTX_set_padding(ctx, 0)
    return ctx


def ecb(key, data, encrypt):
    out, n = ctypes.create_string_buffer(len(data) + 8), ctypes.c_int()
    assert crypto.EVP_CipherUpdate(context(key, encrypt), out, ctypes.byref(n), data, len(data))
    return out.raw[:n.value]


def encrypt(key, data):
    return ecb(key, data, True)


def decrypt(key, data):
    return ecb(key, data, False)


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


def lmk_pin(text, account):
    """The PIN under LMK pair 02-03, the project's method: a Feistel cipher of ten rounds over digits."""
    half = (len(text) + 1) // 2
    # After an even number of rounds the parts stand as they began.
    a, b = text[:half], text[half:]
    for r in range(9, -1, -1):
        # b was made of the part that is wanted, a stood beside it
        x = encrypt(LMK[1], bytes([r, len(text)]) + bytes.fromhex(right_account(account)))
        y = encrypt(LMK[1], (int.from_bytes(x, "big") ^ int(a)).to_bytes(8, "big"))
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
    import hashlib
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
