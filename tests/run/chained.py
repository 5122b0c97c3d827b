#!/usr/bin/env python3
"""Long messages in blocks: M0 and M2 against `openssl enc`, M6 and M8 against `openssl mac`.

The chaining value of each reply goes into the next request, as a host does it.
"""
import random
import shutil
import subprocess

import harness as h

DES = "0123456789ABCDEFFEDCBA9876543210"
DES_EDE3 = DES + DES[:16]
AES = "2B7E151628AED2A6ABF7158809CF4F3C"
DEK = b"00BUA5F7447E8D9068513B94C51EF06E64EF"          # DES under the variant LMK
TAK = b"003U7AD0BB2A32ADE115807C3572FC302BA5"
# AES in key blocks under the test LMK 01, by the shared rules for such blocks: usages 22 and M6.
ZEK = (b"FFFS1009622AN00S0001E727D9AA3B9202DBC26BB3F9977A6A066610DC5CC35"
       b"2D3DAB18291F6C89CE0E3F5B89E1292DF45A8")
MAC = (b"FFFS10096M6AN00S000108730304D21E079FED2EE0C3ED8EB4B64ED3AAD31B7"
       b"EABEB80930545028E67A572D66B5C46BDA1A2")
PIECE = 16 * 1024
FILE = random.Random(20).randbytes(1024 * 1024)
SHORT = FILE if h.FULL else FILE[:128 * 1024]


def openssl(*args, data):
    if not shutil.which("openssl"):
        h.skip("there is no openssl command")
    r = subprocess.run(["openssl", *args], input=data, check=False, stdout=subprocess.PIPE,
                       stderr=subprocess.PIPE, timeout=60 * h.SLOW)
    h.ok(r.returncode == 0, "openssl %s: %s" % (args, r.stderr.decode()))
    return r.stdout


CASES = []      # all of them on one server


def case(name):
    return lambda function: CASES.append((name, function))


def main():
    with h.Server("--lmk", "00=test-variant", "--lmk", "01=test-aes-kb") as s, s.tcp() as c:
        for name, function in CASES:
            h.attempt(name, lambda function=function: function(c))


@h.case("the server starts and stops")
def _():
    main()


def pieces(data):
    return [data[i:i + PIECE] for i in range(0, len(data), PIECE)]


def crypt(c, command, mode, key, iv, data, tail):
    """All of data in pieces, binary in and out."""
    done = []
    for piece in pieces(data):
        reply = c.call(command + mode + b"00" + key + (iv or b"") + b"%04X" % len(piece) + piece + tail)
        h.equal(reply[2:4], b"00")
        n = len(iv or b"")
        iv = reply[4:4 + n]
        h.equal(int(reply[4 + n:8 + n], 16), len(piece))
        done.append(reply[8 + n:])
    return b"".join(done)


def both_ways(c, cipher, key, hexkey, mode, iv, tail, data=SHORT):
    closed = crypt(c, b"M0", mode, key, iv, data, tail)
    options = ["-K", hexkey] + (["-iv", iv.decode()] if iv else [])
    h.ok(closed == openssl("enc", "-e", "-" + cipher, "-nopad", *options, data=data),
         "openssl encrypts to something else")
    h.ok(crypt(c, b"M2", mode, key, iv, closed, tail) == data, "M2 does not give the file back")


@case("a file of 1 MiB by M0 in CBC, triple DES, is what openssl makes of it; M2 opens it")
def _(c):
    both_ways(c, "des-ede3-cbc", DEK, DES_EDE3, b"01", b"1122334455667788", b"", FILE)


@case("the same in CFB64")
def _(c):
    both_ways(c, "des-ede3-cfb", DEK, DES_EDE3, b"03", b"1122334455667788", b"")


@case("the same in CFB8")
def _(c):
    both_ways(c, "des-ede3-cfb8", DEK, DES_EDE3, b"02", b"1122334455667788", b"")


@case("the same in CBC, AES, 1 MiB")
def _(c):
    both_ways(c, "aes-128-cbc", ZEK, AES, b"01", b"000102030405060708090A0B0C0D0E0F", b"%01", FILE)


@case("the same in CFB8, AES")
def _(c):
    both_ways(c, "aes-128-cfb8", ZEK, AES, b"02", b"000102030405060708090A0B0C0D0E0F", b"%01")


@case("the same in ECB, AES")
def _(c):
    both_ways(c, "aes-128-ecb", ZEK, AES, b"00", None, b"%01")


def chain(c, command, algorithm, padding, key, data, tail, mac=b""):
    """The MAC, 16H, over data in first, middle and last pieces; with mac, M8's verdict."""
    parts, iv = pieces(data), b""
    for i, piece in enumerate(parts):
        mode = b"3" if i == len(parts) - 1 else b"1" if i == 0 else b"2"
        reply = c.call(command + mode + b"01" + algorithm + padding + key + iv + b"%04X" % len(piece) +
                       piece + (mac if mode == b"3" else b"") + tail)
        iv = reply[4:]
        if mode != b"3":
            h.equal(reply[2:4], b"00")
    return reply[2:]


def same(c, algorithm, padding, key, data, tail, right):
    right = right[:8].hex().upper().encode()
    h.equal(chain(c, b"M6", algorithm, padding, key, data, tail), b"00" + right)
    h.equal(chain(c, b"M8", algorithm, padding, key, data, tail, right), b"00")
    h.equal(chain(c, b"M8", algorithm, padding, key, b"x" + data[1:], tail, right), b"01")


def cmac(cipher, hexkey, data):
    return openssl("mac", "-cipher", cipher, "-macopt", "hexkey:" + hexkey, "-binary", "CMAC", data=data)


@case("a MAC by M6 in blocks is that of openssl in one call: CMAC with AES")
def _(c):
    same(c, b"6", b"0", MAC, FILE, b"%01", cmac("AES-128-CBC", AES, FILE))


@case("CMAC with triple DES, the last block not whole")
def _(c):
    same(c, b"6", b"0", TAK, SHORT[:-5], b"", cmac("DES-EDE3-CBC", DES_EDE3, SHORT[:-5]))


@case("ISO 9797-1 algorithm 1: the last block of CBC, zeros behind the message")
def _(c):
    last = openssl("enc", "-e", "-des-ede3-cbc", "-nopad", "-K", DES_EDE3, "-iv", "0" * 16,
                   data=SHORT[:-5] + bytes(5))[-8:]
    same(c, b"1", b"1", TAK, SHORT[:-5], b"", last)


@case("ISO 9797-1 algorithm 3: single DES, the last block by both halves, padding 2")
def _(c):
    left, right = DES[:16], DES[16:]
    last = openssl("enc", "-e", "-des-ede3-cbc", "-nopad", "-K", left * 3, "-iv", "0" * 16,
                   data=SHORT[:-5] + b"\x80" + bytes(4))[-8:]
    last = openssl("enc", "-d", "-des-ede3", "-nopad", "-K", right * 3, data=last)
    last = openssl("enc", "-e", "-des-ede3", "-nopad", "-K", left * 3, data=last)
    same(c, b"3", b"2", TAK, SHORT[:-5], b"", last)


h.main()
