#!/usr/bin/env python3
"""Long data in chained blocks against the openssl command in one call."""
import os
import subprocess

import harness as h

# Under the published test LMK: 0123456789ABCDEFFEDCBA9876543210 as DEK and as TAK.
KEY = "0123456789ABCDEFFEDCBA9876543210"
DEK = b"UA5F7447E8D9068513B94C51EF06E64EF"
TAK = b"U7AD0BB2A32ADE115807C3572FC302BA5"
ZERO = b"0" * 16
SIZE = 1024 * 1024
PIECE = 16 * 1024


def openssl(*args, data):
    r = subprocess.run(["openssl", *args], input=data, stdout=subprocess.PIPE,
                       stderr=subprocess.PIPE, timeout=60, check=False)
    h.equal(r.returncode, 0, r.stderr.decode("latin-1"))
    return r.stdout


def pieces(data):
    return [data[i:i + PIECE] for i in range(0, len(data), PIECE)]


def crypt(client, command, mode, data):
    """M0 or M2 over data in binary pieces: all of the output."""
    iv, out = ZERO, b""
    for piece in pieces(data):
        reply = client.call(command + mode + b"0000B" + DEK + iv + b"%04X" % len(piece) + piece)
        h.equal(reply[2:4], b"00", "error code")
        iv, size = reply[4:20], int(reply[20:24], 16)
        h.equal(len(reply), 24 + size, "length of the reply")
        out += reply[24:]
    return out


def mac(client, algorithm, padding, data):
    """M6 over data in binary pieces: all of the MAC."""
    iv = b""
    parts = pieces(data)
    for i, piece in enumerate(parts):
        mode = b"1" if i == 0 else b"3" if i == len(parts) - 1 else b"2"
        reply = client.call(b"M6" + mode + b"01" + algorithm + padding + b"003" + TAK + iv +
                            b"%04X" % len(piece) + piece)
        h.equal(reply[2:4], b"00", "error code")
        iv = reply[4:]
    return iv.decode()


@h.case("1 MiB by M0 in chained blocks is what openssl enc makes, and M2 takes it back")
def _():
    data = os.urandom(SIZE)
    with h.Server() as s, s.tcp() as c:
        for mode, cipher in ((b"01", "-des-ede-cbc"), (b"02", "-des-ede3-cfb8"),
                             (b"03", "-des-ede-cfb")):
            key = KEY if "ede3" not in cipher else KEY + KEY[:16]
            want = openssl("enc", cipher, "-nopad", "-K", key, "-iv", "00" * 8, data=data)
            got = crypt(c, b"M0", mode, data)
            h.ok(got == want, "%s: the encrypted data differ" % cipher)
            h.ok(crypt(c, b"M2", mode, got) == data, "%s: the clear data differ" % cipher)


@h.case("a MAC by M6 in chained blocks, algorithm 1, is the last block of openssl enc")
def _():
    data = os.urandom(SIZE - 3)
    padded = data + b"\x80" + b"\0" * (-(len(data) + 1) % 8)
    want = openssl("enc", "-des-ede-cbc", "-nopad", "-K", KEY, "-iv", "00" * 8, data=padded)
    with h.Server() as s, s.tcp() as c:
        h.equal(mac(c, b"1", b"2", data), want[-8:].hex().upper(), "MAC")


@h.case("a CMAC by M6 in chained blocks is what openssl mac makes")
def _():
    with h.Server() as s, s.tcp() as c:
        for size in (SIZE, SIZE - 5):
            data = os.urandom(size)
            want = openssl("mac", "-cipher", "DES-EDE3-CBC", "-macopt",
                           "hexkey:" + KEY + KEY[:16], "CMAC", data=data)
            h.equal(mac(c, b"6", b"0", data), want.decode().strip(), "CMAC")


h.main()
