#!/usr/bin/env python3
"""Requests per second of many commands, with one worker, beside their bare cryptography.

    tests/bench_commands.py [--build DIR] [--seconds N] [--only CA,A0] [--rate]

Requests are vectors of the plug-ins, or are made of replies of the server. "bare" is
what libcrypto takes for the same work on its own, in the same run: a key and a block
for each part of a key, for each block of data, and so on, as the command's page needs
them; the work is in ROWS. The engine keeps opened keys, so it may well be faster than
that where key fields repeat: a ratio below 1. Near 1 cryptography is the limit, far
above it the rest of the path is. Trust the ratios, not the figures.

The last rows say what creating 4096-bit RSA keys all the time does to the others: the
latency of CA at half the requests that one worker can do.
"""
import argparse
import json
import os
import subprocess
import sys
import threading

TREE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
MOST_SECONDS = 3        # of a row
TURNS = 3               # of the last rows
BARE_SECONDS = 0.3

# An AES key block of a double-length key: 32 bytes decrypted, 48 and one block of its MAC,
# which has two keys of its own.
BLOCK = "1*aes256:32,1*aes256:64"
SIZES = (64, 1024, 16384)

# title, command, the vector's name (its first one under that LMK without), LMK, work.
# des3:8 is a key (of two parts) and a block; U keys are two of those.
ROWS = [
    ("A0, variant", "A0", "ZPK", None, "3*des3:8"),
    ("A0, AES block", "A0", "key block", 1, BLOCK + ",1*des3:8"),
    ("A6, variant", "A6", "ZPK, scheme X", None, "5*des3:8,1*des3:16"),
    ("A6, AES block", "A6", "", 1, "1*des3:8,1*aes256:32,1*aes256:64," + BLOCK + "," + BLOCK),
    ("A8, variant", "A8", "ZPK, scheme X", None, "5*des3:8,1*des3:16"),
    ("A8, AES block", "A8", "", 1, "1*des3:8,1*aes256:32,1*aes256:64," + BLOCK + "," + BLOCK),
    ("BU, variant", "BU", "ZPK by code", None, "3*des3:8"),
    ("BU, AES block", "BU", "", 1, BLOCK + ",1*aes128:32"),
    ("CA, variant", "CA", "format 01 to format 01", None, "6*des3:8"),
    ("CA, AES block", "CA", "", 1, BLOCK + "," + BLOCK + ",2*des3:8"),
    ("CC", "CC", "", None, "6*des3:8"),
    ("CI", "CI", "format 01 to format 01", None, "10*des3:8"),
    ("G0, 3DES DUKPT", "G0", "format 01 to format 01", None, "10*des3:8"),
    ("G0, AES DUKPT", "G0", "AES-128 BDK to AES ZPK, format 48", 1, BLOCK + "," + BLOCK + ",7*aes128:16"),
    ("DC", "DC", "", None, "4*des3:8,1*des3:16"),
    ("EC", "EC", "", None, "4*des3:8,1*des3:16"),
    ("CW", "CW", "", None, "4*des3:8"),
    ("CY", "CY", "", None, "4*des3:8"),
    ("JA", "JA", "four digits", None, "1*des3:160"),
    ("KQ", "KQ", "Mastercard with ARPC", None, "2*des3:8,2*des3:8,2*des3:8,1*des3:56,2*des3:8"),
]


def arguments():
    parser = argparse.ArgumentParser(description="Requests per second beside bare cryptography.")
    parser.add_argument("--build", default=os.path.join(TREE, "build"))
    parser.add_argument("--seconds", type=float, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--rate", action="store_true", help="the rows of CA's latency only")
    return parser.parse_args()


class Missing(Exception):
    """No plug-in has such a vector."""


def vectors(h, code):
    """Of one plug-in: (name, LMK of %nn or the listener, request as text) that end in 00."""
    r = h.run("plugin", "vectors", os.path.join(h.PLUGINS, code + ".lua"))
    name = lmk = request = None
    for line in r.stdout.splitlines():
        if line.startswith("# "):
            name, lmk = line[2:].partition(": ")[2], None
        elif line.startswith("@ lmk "):
            lmk = int(line[6:])
        elif line.startswith("> "):
            request = line[2:]
            if "%0" in request:
                lmk = int(request.split("%0")[-1][:1])
        elif line.startswith("< ") and line[4:6] == "00":
            yield name, lmk, request


def find_vector(h, code, name, lmk):
    """Its request, which names the LMK at its end unless it does so itself."""
    for found, under, request in vectors(h, code):
        if under == lmk and (found == name if name else True):
            return request if lmk is None or "%%%02d" % lmk in request else "%s%%%02d" % (request, lmk)
    raise Missing()


def block_key(c, usage):
    reply = c.call(b"A00FFFS%01#" + usage)
    if reply[:4] != b"A100":
        raise Missing()
    n = int(reply[6:10])
    return reply[4:5 + n]


def moved_key(c):
    """A6 and A8 between key blocks, whose keys the server makes."""
    zmk, key = block_key(c, b"K0T2B00S00"), block_key(c, b"72T2N00E00")
    export = b"A8FFF" + zmk + key + b"S%01"
    reply = c.call(export)
    if reply[:4] != b"A900":
        raise Missing()
    n = int(reply[6:10])
    return export, b"A6FFF" + zmk + reply[4:5 + n] + b"S%01"


def rsa_signature(c):
    """EW with a key of 2048 bits that EI makes."""
    reply = c.call(b"EI2204802")
    n = 4 + int.from_bytes(reply[6:8], "big")
    return b"EW0601010020message to be signed;99" + reply[4 + n:]


def text(h, request):
    return h.printable(request) if isinstance(request, bytes) else request


def rows(h, c):
    """(title, request, work) of every row; None for a request that cannot be made."""
    for title, code, name, lmk, work in ROWS:
        try:
            if code in ("A6", "A8") and lmk == 1:
                request = text(h, moved_key(c)[code == "A6"])
            else:
                request = find_vector(h, code, name, lmk)
        except Missing:
            request = None
        yield title, request, work
    for n in SIZES:
        yield "M6, %d B" % n, "M602131003U7AD0BB2A32ADE115807C3572FC302BA5%04X" % n + n * "x", \
            "2*des3:8,1*des3:%d,2*des3:8" % n
    for n in SIZES:
        yield "M0, %d B" % n, "M0010000BUA5F7447E8D9068513B94C51EF06E64EF0000000000000000%04X" % n + n * "x", \
            "2*des3:8,1*des3:%d" % n
    yield "EW, 2048 bits", text(h, rsa_signature(c)), "1*sha256:20,1*rsa:2048"


def bench(h, s, *more, request=None, mix=None, seconds=1.0):
    what = ["--request", request] if request else ["--mix", mix]
    r = s.cli("bench", "--json", "--port", s.port, "--duration", seconds, *what, *more, timeout=seconds + 60)
    if r.returncode != 0:
        sys.exit("luahsm bench %s: %s%s" % (what[1][:60], r.stdout, r.stderr))
    return json.loads(r.stdout)


def bare(h, work):
    r = h.run("bench", "--json", "--duration", BARE_SECONDS, "--bare", work)
    if r.returncode != 0:
        sys.exit(r.stderr)
    return json.loads(r.stdout)["nanoseconds"]


def table(h, s, options):
    print("%-16s %10s %11s %11s %6s" % ("command", "requests/s", "us/request", "us bare", "ratio"))
    with s.tcp() as c:
        for title, request, work in rows(h, c):
            if options.only and title.split(",")[0] not in options.only.split(","):
                continue
            if request is None:
                print("%-16s no plug-in has such a vector" % title)
                continue
            reply = c.call(h.octets(request))[2:4]
            h.ok(reply == b"00", "%s answers %s" % (title, reply))
            rate = bench(h, s, "--connections", 8, request=request,
                         seconds=min(options.seconds, MOST_SECONDS))["requests_per_second"]
            alone = bare(h, work)
            print("%-16s %10.0f %11.2f %11.2f %6.2f" % (title, rate, 1e6 / rate, alone / 1000,
                                                        1e9 / rate / alone), flush=True)


def make_keys(h, s, stop, made):
    with s.tcp(timeout=120) as c:
        while not stop.is_set():
            h.equal(c.call(b"EI2409602")[:4], b"EJ00")
            made.append(1)


def latency(h, s, options):
    """p99 of CA at half of what one worker can do, without and with new 4096-bit keys: the best
    of some turns each, since nobody has the machine alone."""
    seconds = min(max(options.seconds, 2), MOST_SECONDS)
    most = bench(h, s, mix="CA", seconds=seconds)["requests_per_second"]

    def p99():
        return bench(h, s, "--rate", int(most / 2), "--connections", 8, mix="CA",
                     seconds=seconds)["latency_ns"]["p99"] / 1e6

    without, beside, made = [], [], []
    for _ in range(TURNS):
        without.append(p99())
        stop = threading.Event()
        thread = threading.Thread(target=make_keys, args=(h, s, stop, made))
        thread.start()
        try:
            beside.append(p99())
        finally:
            stop.set()
            thread.join()
    a, b = min(without), min(beside)
    print("CA at %d/s: p99 %.2f ms, and %.2f ms while EI makes 4096-bit keys (%d of them): %.2f times" % (
        most / 2, a, b, len(made), b / a))


def main():
    options = arguments()
    os.environ["LUAHSM"] = os.path.join(os.path.abspath(options.build), "luahsm")
    sys.path.insert(0, os.path.join(TREE, "tests", "run"))
    import harness as h

    with h.Server(workers=1, settings={"authorised": "true"}) as s:
        try:
            if not options.rate:
                table(h, s, options)
            if not options.only:
                latency(h, s, options)
        except subprocess.TimeoutExpired as e:
            sys.exit(str(e))


main()
