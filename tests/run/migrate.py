#!/usr/bin/env python3
"""From one LMK to the next: keys and PINs under the old one, brought over by BW and BG out of key change storage."""
import os
import shutil
import tempfile

import harness as h

ACCOUNT = "123456789012"
TOP = tempfile.mkdtemp(prefix="luahsm-test-")
PASSPHRASE = os.path.join(TOP, "passphrase")
with open(os.open(PASSPHRASE, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="ascii") as secret:
    secret.write("correct horse battery staple\n")


# The commands that are needed here, and nothing else to prove at each start.
FOLDER = os.path.join(TOP, "few")
os.mkdir(FOLDER)
for code in ("A0", "BG", "BS", "BU", "BW", "JA", "JG", "NC"):
    shutil.copy(os.path.join(h.PLUGINS, code + ".lua"), FOLDER)


class Vault:
    def __init__(self, name):
        self.options = ["--vault", os.path.join(TOP, name), "--passphrase-file", PASSPHRASE]

    def lmk(self, *args):
        r = h.run("lmk", *args, *self.options)
        h.equal(r.returncode, 0, "%s: %s" % (args, r.stderr))
        return r.stdout

    def serve(self):
        return h.Server(*self.options, settings={"profile": "test", "authorised": "true"}, plugins=FOLDER)


def data(c, body):
    reply = c.call(body.encode("ascii")).decode("ascii")
    h.equal(reply[2:4], "00", "%s: %s" % (body, reply))
    return reply[4:]


def under_the_old(vault):
    """A key with its check value, and a PIN, as the host has them."""
    with vault.serve() as s, s.tcp() as c:
        key, pin = data(c, "A00001U"), data(c, "JA" + ACCOUNT + "04")
        zpk = data(c, "A00001U")[:33]
        block = data(c, "JG%s01%s%s" % (zpk, ACCOUNT, pin))
        return {"key": key[:33], "kcv": key[33:], "pin": pin, "zpk": zpk, "block": block}


@h.case("variant to variant: BW brings keys over, BG PINs, until BS")
def _():
    vault = Vault("variant")
    vault.lmk("generate", "--name", "first", "--scheme", "variant")
    held = under_the_old(vault)
    vault.lmk("generate", "--name", "second", "--scheme", "variant", "--new")
    with vault.serve() as s, s.tcp() as c:
        h.equal(c.call(("BWFF1%s;001" % held["key"]).encode("ascii")), b"BX33", "a new one is not the old one")
    vault.lmk("change", "second")
    table = vault.lmk("check").splitlines()
    h.ok(table[1].split()[1] == "old" and table[2].split()[1] == "live", table)
    with vault.serve() as s, s.tcp() as c:
        moved = data(c, "BWFF1%s;001;0U0!11" % held["key"])
        h.equal(moved[33:], held["kcv"])
        h.ok(moved[:33] != held["key"], "the key is under the same LMK")
        pin = data(c, "BG" + ACCOUNT + held["pin"])
        zpk = data(c, "BWFF1%s;001;0U0" % held["zpk"])[:33]
        h.equal(data(c, "JG%s01%s%s" % (zpk, ACCOUNT, pin)), held["block"], "the PIN in a block")
        h.equal(c.call(b"BS"), b"BT00")
        h.equal(c.call(("BWFF1%s;001" % held["key"]).encode("ascii")), b"BX33")


@h.case("variant to AES: the old LMK comes out of its backup, keys become key blocks")
def _():
    first, second = Vault("first"), Vault("second")
    first.lmk("generate", "--name", "first", "--scheme", "variant")
    held = under_the_old(first)
    shares = os.path.join(TOP, "share")
    first.lmk("components", "--of", "first", "--count", "3", "--needed", "2", "--out", shares)
    second.lmk("generate", "--name", "second")
    second.lmk("form", "--name", "first", "--old", shares + "-3", shares + "-1")
    with second.serve() as s, s.tcp() as c:
        moved = data(c, "BWFF1%s;001#72B00S00!11" % held["key"])
        h.equal((moved[0], moved[-6:]), ("S", held["kcv"]))
        h.equal(data(c, "BUFFF%s;FFF" % moved[:-6])[:6], held["kcv"])


@h.case("two LMKs, each with an old one of its own")
def _():
    vault = Vault("two")
    held = {}
    for number in ("00", "01"):
        vault.lmk("generate", "--name", "first" + number, "--id", number, "--scheme", "variant")
    with vault.serve() as s, s.tcp() as c:
        for number in ("00", "01"):
            held[number] = data(c, "A00001U%" + number)
    for number in held:
        vault.lmk("generate", "--name", "second" + number, "--id", number, "--scheme", "variant", "--new")
        vault.lmk("change", "second" + number)
    with vault.serve() as s, s.tcp() as c:
        for number, key in held.items():
            body = "BWFF1%s;001;0U0%%%s!11" % (key[:33], number)
            h.equal(data(c, body)[33:], key[33:])
            h.ok(c.call(body.replace("%" + number, "%01" if number == "00" else "%00").encode("ascii"))[2:4] != b"00",
                 "under the other's old LMK")
        h.equal(c.call(b"BS%01"), b"BT00")
        for number, code in (("01", b"33"), ("00", b"00")):
            body = "BWFF1%s;001%%%s" % (held[number][:33], number)
            h.equal(c.call(body.encode("ascii"))[2:4], code)


@h.case("keys of type 002, which terminals and PINs share")
def _():
    vault = Vault("types")
    vault.lmk("generate", "--name", "first", "--scheme", "variant")
    with vault.serve() as s, s.tcp() as c:
        tpk = data(c, "A00002U")
    vault.lmk("generate", "--name", "second", "--scheme", "variant", "--new")
    vault.lmk("change", "second")
    with vault.serve() as s, s.tcp() as c:
        moved = data(c, "BWFF1%s;002;0U0!11" % tpk[:33])
        h.equal(moved[33:], tpk[33:])
        h.equal(data(c, "BUFF1%s;002" % moved[:33])[:6], tpk[33:])


try:
    for name, function in h.cases:
        h.attempt(name, function)
finally:
    shutil.rmtree(TOP)
h.finish()
