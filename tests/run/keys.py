"""Clear keys for tests: under the test LMK, and to encrypt with outside of the server."""
import ctypes
import ctypes.util
import re

import harness as h


def encrypt(key, block):
    """3DES of one block by libcrypto, in this process: the server must not know what is coming."""
    lib = ctypes.CDLL(ctypes.util.find_library("crypto"))
    lib.EVP_CIPHER_CTX_new.restype = lib.EVP_des_ede3_ecb.restype = ctypes.c_void_p
    context = ctypes.c_void_p(lib.EVP_CIPHER_CTX_new())
    out, n = ctypes.create_string_buffer(32), ctypes.c_int()
    lib.EVP_EncryptInit_ex(context, ctypes.c_void_p(lib.EVP_des_ede3_ecb()), None, key + key[:8], None)
    lib.EVP_CIPHER_CTX_set_padding(context, 0)
    lib.EVP_EncryptUpdate(context, out, ctypes.byref(n), block, len(block))
    lib.EVP_CIPHER_CTX_free(context)
    return out.raw[:n.value]


def under_lmk(key, kind):
    """A clear key as a key of that type under the test LMK."""
    r = h.run("keys", "import", "--type", kind, "--scheme", "U", "--clear-key", key.hex().upper())
    h.equal(r.returncode, 0, r.stderr)
    return re.search(r"\bU[0-9A-F]{32}\b", r.stdout).group().encode()
