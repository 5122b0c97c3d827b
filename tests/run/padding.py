#!/usr/bin/env python3
"""What GI says of bytes that it has decrypted: in strict one answer for all that is wrong (threat A17).

Every ciphertext here is made by the openssl command for the public key that EI has answered with, so that
what stands inside is known: no padding at all, padding of another method, a block that is no key, a key of
another length, a weak one. The test profile tells them apart, strict does not.
"""
import os
import shutil
import subprocess
import tempfile

import harness as h
import unprivileged

TOP = unprivileged.become()
FOLDER = os.path.join(TOP, "few")
os.mkdir(FOLDER)
for code in ("EI", "GI", "NC"):
    shutil.copy(os.path.join(h.PLUGINS, code + ".lua"), FOLDER)
STRICT = {"lmk.vault": os.path.join(TOP, "lmk.vault"), "lmk.passphrase_file": os.path.join(TOP, "passphrase"),
          "strict.variant_lmk": "true", "address": "127.0.0.1"}
KEY = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")

# name, what openssl does to which bytes, how GI is asked, its answer in the test profile
CASES = (
    ("a key", "pkcs1", KEY, b"02", b"00"),
    ("no padding", "none", bytes(127) + b"\1", b"02", b"75"),
    ("padding of block type 1", "none", b"\0\1" + b"\xFF" * 109 + b"\0" + KEY, b"02", b"75"),
    ("padding of seven bytes", "none", b"\0\2" + b"\7" * 7 + b"\0" + bytes(118), b"02", b"75"),
    ("padding without an end", "none", b"\0\2" + b"\7" * 126, b"02", b"75"),
    ("a key of another length", "pkcs1", KEY + KEY[:8], b"02", b"02"),
    ("no key", "pkcs1", b"no key", b"02", b"02"),
    ("a key that stands for DER", "pkcs1", KEY, b"01", b"77"),
    ("DER cut short", "pkcs1", b"\x30\x12\x04\x10" + KEY[:8], b"01", b"77"),
)


class Openssl:
    """Encrypts for one public key."""

    def __init__(self, public):
        if not shutil.which("openssl"):
            h.skip("there is no openssl command")
        self.dir = tempfile.mkdtemp(prefix="luahsm-padding-", dir=TOP)
        with open(os.path.join(self.dir, "key.der"), "wb") as f:
            f.write(public)
        self.run("rsa", "-RSAPublicKey_in", "-inform", "DER", "-in", "key.der", "-pubout", "-out", "key.pem")

    def run(self, *args, data=b""):
        r = subprocess.run(["openssl", *args], cwd=self.dir, input=data, check=False, stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE, timeout=60 * h.SLOW)
        h.ok(r.returncode == 0, "openssl %s: %s" % (args, r.stderr.decode()))
        return r.stdout

    def encrypt(self, padding, data):
        return self.run("pkeyutl", "-encrypt", "-pubin", "-inkey", "key.pem", "-pkeyopt",
                        "rsa_padding_mode:" + padding, data=data)


def answers(client):
    """GI's error code for each case, after EI has made a pair of 1024 bits."""
    client.sock.settimeout(60 * h.SLOW)
    reply = client.call(b"EI1102402")
    h.equal(reply[:4], b"EJ00")
    n = 3 + reply[5] - 0x80 + int.from_bytes(reply[6:6 + reply[5] - 0x80], "big") - 1
    openssl, private, found = Openssl(reply[4:4 + n]), reply[4 + n:], {}
    for name, padding, clear, form, _ in CASES:
        data = openssl.encrypt(padding, clear)
        found[name] = client.call(b"GI01010600%04d" % len(data) + data + b";99" + private + b";1U1=" + form)[2:4]
    data = openssl.encrypt("pkcs1", KEY)
    found["PKCS#1 v1.5 for OAEP"] = client.call(b"GI0102010600;0600%04d" % len(data) + data + b";99" + private +
                                                b";1U1=02")[2:4]
    return found


@h.case("the test profile tells what was wrong inside")
def _():
    with h.Server(plugins=FOLDER) as s, s.tcp() as c:
        found = answers(c)
        h.equal(found, dict({case[0]: case[4] for case in CASES}, **{"PKCS#1 v1.5 for OAEP": b"75"}))


@h.case("strict has one answer for all of it")
def _():
    with open(STRICT["lmk.passphrase_file"], "w", encoding="utf-8") as f:
        f.write("correct horse battery staple\n")
    r = h.run("lmk", "generate", "--name", "own", "--scheme", "variant", "--passphrase-file",
              STRICT["lmk.passphrase_file"], "--vault", STRICT["lmk.vault"])
    h.equal(r.returncode, 0, r.stderr)
    with unprivileged.server(settings=STRICT, plugins=FOLDER) as s, s.tcp() as c:
        found = answers(c)
        h.equal(found.pop("a key"), b"00")
        h.equal(set(found.values()), {b"75"}, repr(found))


h.main()
