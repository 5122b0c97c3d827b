#!/usr/bin/env python3
"""Attacks on keys over the host interface, A6 to A16 of the threat tables.

Each works against a server of the test profile, where a device's legacy behaviour allows it, and fails against a
strict one. The strict server has two LMKs of its own, variant as 00 (strict.variant_lmk) and AES as 01; what its
commands need is authorised at its console, so that it is the rule that refuses, not the missing officer.
"""
import os
import random
import re

import harness as h
import unprivileged
from consoles import Session

DICE = random.Random(1)
ACTIVITIES = ["export", "import", "command.gy", "component"]


def hexes(n):
    return "".join(DICE.choice("0123456789ABCDEF") for _ in range(n))


class Hsm:
    """A connection to one server, and its LMKs: what ends a command."""

    def __init__(self, server, variant, block):
        self.c, self.variant, self.block = server.tcp(), variant, block

    def code(self, body, lmk=""):
        """The reply's error code."""
        return self.c.call((body + lmk).encode("ascii")).decode("ascii")[2:4]

    def data(self, body, lmk=""):
        """What comes behind a code that must be 00 or 01."""
        reply = self.c.call((body + lmk).encode("ascii")).decode("ascii")
        h.ok(reply[2:4] in ("00", "01"), "%s%s answered %s" % (body, lmk, reply))
        return reply[4:]

    def make(self, key_type, scheme="U"):
        """A key of a type under the variant LMK."""
        return self.data("A00%s%s" % (key_type, scheme), self.variant)[:-6]

    def make_block(self, attributes):
        """A key block under the AES LMK."""
        return self.data("A00FFFS%s#%s" % (self.block, attributes))[:-6]


def works(code):
    h.equal(code, "00", "the attack's last step")


def refused(code, *codes):
    h.ok(code in codes, "the last step answered %s, not %s" % (code, " or ".join(codes)))


# --- the attacks: each takes the test server and the strict one -------------

def a6(test, strict):
    "A6: a PIN verification key is used to give out another key"
    works(test.code("A8001;1%s%sX" % (test.make("002"), test.make("001")), test.variant))
    pvk, zpk = strict.make("002"), strict.make("001")
    refused(strict.code("A8001;1%s%sR%s&P0B00S00!B" % (pvk, zpk, strict.variant)), "10", "BB", "A6")
    pvk, zpk = strict.make_block("V2T2N00N00"), strict.make_block("72T2N00S00")
    refused(strict.code("A8FFF%s%sR%s!B" % (pvk, zpk, strict.block)), "BB", "A6")


def a7(test, strict):
    "A7: a PIN key comes back as a data key"
    zmk = test.zmk
    wrapped = test.data("A8001%s%sX" % (zmk, test.make("001")), test.variant)[:-6]
    works(test.code("A600B%s%sU" % (zmk, wrapped), test.variant))
    zmk = strict.zmk_block
    zpk = strict.make_block("72T2N00S00")
    wrapped = strict.data("A8FFF%s%sR%s!B" % (zmk, zpk, strict.block))[:-6]
    refused(strict.code("A6FFF%s%sS%s#2100" % (zmk, wrapped, strict.block)), "A6")
    works(strict.code("A6FFF%s%sS%s" % (zmk, wrapped, strict.block)))
    zmk = strict.zmk
    wrapped = strict.data("A8001%s%sR%s&P0B00S00!B" % (zmk, strict.make("001"), strict.variant))[:-6]
    refused(strict.code("A600B%s%sU" % (zmk, wrapped), strict.variant), "A6")


def a8(test, strict):
    "A8: a component twice leaves the key to one person"
    mine, other = test.component(), test.component()
    works(test.code("GY3%s%s%s" % (other, other, mine), test.variant))
    mine, other = strict.component(), strict.component()
    refused(strict.code("GY3%s%s%s" % (other, other, mine), strict.variant), "B5")
    refused(strict.code("GY2%s%s" % (mine, mine), strict.variant), "B5")
    works(strict.code("GY2%s%s" % (mine, other), strict.variant))


def a9(test, strict):
    "A9: halves of two keys make a third"
    one, two = test.make("001"), test.make("001")
    works(test.code("BUFF1%s;001" % (one[:17] + two[17:]), test.variant))
    one, two = strict.make_block("72T2N00S00"), strict.make_block("72T2N00S00")
    for cut in (49, 65, 81):
        refused(strict.code("BUFFF%s;FFF" % (one[:cut] + two[cut:]), strict.block), "A4", "A5", "B1", "10")
    refused(strict.code("A6001%sX%sU" % (strict.zmk, hexes(32)), strict.variant), "26")


def a10(test, strict):
    "A10: a random cryptogram is taken for a key"
    tries = 4000
    h.ok("00" in [test.code("BUFF0%s;001" % hexes(16), test.variant) for _ in range(tries)], "none in %d" % tries)
    block = strict.make_block("72T2N00S00")
    for _ in range(tries // 10):
        guess = block[:17] + hexes(len(block) - 17)
        h.ok(strict.code("BUFFF%s;FFF" % guess, strict.block) != "00", guess)


def a11(test, strict):
    "A11: sixteen digits of a check value verify guesses"
    kcv = test.data("BUFF1%s;001" % test.make("001"), test.variant)
    h.ok(len(kcv) == 16 and kcv[6:] != "0" * 10, kcv)
    h.equal(strict.data("BUFF1%s;001" % strict.make("001"), strict.variant)[6:], "0" * 10)
    h.equal(strict.data("BUFFF%s;FFF" % strict.make_block("72T2N00S00"), strict.block)[6:].strip("0"), "")


def a12(test, strict):
    "A12: single DES, and a strong key under a weaker one"
    works(test.code("A00001Z", test.variant))
    refused(strict.code("A00001Z", strict.variant), "27")
    refused(strict.code("A00FFFS%s#72D1N00S00" % strict.block), "27", "A7")
    aes, zmk = strict.make_block("21A3N00E00"), strict.zmk_block
    for scheme in ("R%s!B", "S%s"):
        code = strict.code(("A8FFF%s%s" + scheme) % (zmk, aes, strict.block))
        h.ok(code != "00", "an AES key left under triple DES")


def a13(test, strict):
    "A13: a key leaves under a weak ZMK, or one that may not leave"
    works(test.code("A8001%s%sX" % (test.weak, test.make("001")), test.variant))
    refused(strict.code("A8001%s%sR%s&P0B00S00!B" % (strict.weak, strict.make("001"), strict.variant)), "BB")
    refused(strict.code("A8FFF%s%sR%s!B" % (strict.zmk_block, strict.make_block("72T2N00N00"), strict.block)), "AA")
    refused(test.code("A8FFF%s%sR%s!B" % (test.zmk_block, test.make_block("72T2N00N00"), test.block)), "AA")


def a14(test, strict):
    "A14: every character of a key block's header counts"
    for hsm in (test, strict):
        block = hsm.make_block("72T2N00N00")
        works(hsm.code("BUFFF%s;FFF" % block, hsm.block))
        for at in range(1, 17):
            other = DICE.choice([x for x in "0123456789ABCDEFNSTX" if x != block[at]])
            code = hsm.code("BUFFF%s;FFF" % (block[:at] + other + block[at + 1:]), hsm.block)
            h.ok(code != "00", "character %d made %s" % (at, other))


def a15(test, strict):
    "A15: a key encryption key decrypts data"
    kek = test.make("107")
    wrapped = test.data("A8107%s%sX" % (test.zmk, kek), test.variant)[:-6]
    key = test.data("A600B%s%sU" % (test.zmk, wrapped), test.variant)[:-6]
    works(test.code("M20011" + "00B" + key + "0010" + hexes(16), test.variant))
    kek = strict.make_block("K0T2B00E00")
    refused(strict.code("M20011" + "FFF" + kek + "0010" + hexes(16), strict.block), "A6")


def a16(test, strict):
    "A16: a MAC key makes what it should only verify"
    message = "0010" + hexes(16)
    works(test.code("M601031003" + test.make("003") + message, test.variant))
    verify, make = strict.make_block("M3T2V00N00"), strict.make_block("M3T2G00N00")
    works(strict.code("M601031FFF" + make + message, strict.block))
    refused(strict.code("M601031FFF" + verify + message, strict.block), "A8")
    refused(strict.code("M801031FFF" + make + message + hexes(8), strict.block), "A8")


ATTACKS = [a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16]

# --- servers ---------------------------------------------------------------


def cli(*args, env):
    r = h.run(*args, env=env)
    h.equal(r.returncode, 0, "%s: %s" % (args, r.stderr))
    return r.stdout


def imported(options, env, *more):
    out = cli("keys", "import", *options, *more, env=env)
    return re.search("^key  +([A-Z0-9]+)$", out, re.M).group(1)


def prepare(hsm, session, options, variant, block, env):
    """Keys that both sides of an exchange know, a weak one, and components of the attacker's and of others."""
    hsm.zmk = imported(options + ["--lmk", variant], env, "--type", "000", "--key", "0123456789ABCDEFFEDCBA9876543210")
    hsm.weak = imported(options + ["--lmk", variant], env, "--type", "000", "--key", "0123456789ABCDEF0123456789ABCDEF")
    hsm.zmk_block = imported(options + ["--lmk", block], env, "--attributes", "K0T2B00N00", "--scheme", "S", "--key",
                             "0123456789ABCDEFFEDCBA9876543210")

    def component():
        text = session.type("EC", "000", "U", hexes(32), until="check value: [0-9A-F]{6}\n")
        return re.search(r"component: (U[0-9A-F]{32})", text).group(1)
    hsm.component = component


def strict_server(top, env):
    passphrase = os.path.join(top, "passphrase")
    with open(passphrase, "w", encoding="ascii") as f:
        f.write("correct horse battery staple\n")
    vault = ["--passphrase-file", passphrase]
    cli("lmk", "generate", "--name", "own-variant", "--id", "00", "--scheme", "variant", *vault, env=env)
    cli("lmk", "generate", "--name", "own-aes", "--id", "01", *vault, env=env)
    options = ["--set", "profile=strict", "--set", "port=0", "--set", "strict.variant_lmk=true",
               "--set", "lmk.passphrase_file=" + passphrase]
    with h.Server(settings={"profile": "strict", "address": "127.0.0.1"}, plugins=h.PLUGINS, env=env, ready=False,
                  *vault) as s:
        h.attempt("A9, A10: strict serves no variant LMK unless told to", lambda: (
            h.equal(s.wait(), 3), h.ok("strict.variant_lmk" in s.log(), s.log())))
    server = unprivileged.server(*vault, settings={"strict.variant_lmk": "true", "console.officers": "0"}, env=env)
    return server, options


def authorise(server):
    session = Session(server)
    session.type("A", *ACTIVITIES, "", until="Authorised: %s for" % ACTIVITIES[-1])
    return session


def main():
    top = unprivileged.become("A0", "A6", "A8", "BU", "GY", "M2", "M6", "M8", "NC")
    env = h.folders(top)
    server, options = strict_server(top, env)
    with server, h.Server(settings={"authorised": "true"}, plugins=h.PLUGINS) as legacy:
        strict, test = Hsm(server, "%00", "%01"), Hsm(legacy, "%00", "%01")
        h.attempt("A8: no key from components without officers", lambda: h.equal(
            strict.code("GY2U%sU%s" % (hexes(32), hexes(32)), "%00"), "17"))
        sessions = authorise(server), authorise(legacy)
        prepare(strict, sessions[0], options, "own-variant", "own-aes", env)
        prepare(test, sessions[1], [], "test-variant", "test-aes-kb", legacy.env)
        for attack in ATTACKS:
            h.attempt(attack.__doc__, lambda attack=attack: attack(test, strict))
        for session in sessions:
            session.close()
    h.finish()


main()
