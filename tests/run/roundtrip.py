#!/usr/bin/env python3
"""Keys from one luahsm to another: exported with A8 in every form, imported with A6 under other LMKs, same check value.

Both have vaults of their own, with an LMK of each kind: 00 variant, 01 AES, 02 triple DES. All they share is the
clear value of a ZMK and of an AES ZMK, which `luahsm keys import` puts under each LMK.
"""
import os
import shutil
import tempfile

import harness as h

LMKS = {"variant": "00", "aes-kb": "01", "3des-kb": "02"}
ODD = [b for b in range(256) if bin(b).count("1") % 2]


class Side:
    """A vault with three LMKs, and ZMKs under them."""

    def __init__(self, top, name):
        self.vault, self.passphrase = os.path.join(top, name), os.path.join(top, name + "-passphrase")
        with open(os.open(self.passphrase, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="ascii") as f:
            f.write("passphrase of %s\n" % name)
        self.options = ["--set", "lmk.vault=" + self.vault, "--set", "lmk.passphrase_file=" + self.passphrase]
        self.few = os.path.join(top, name + "-plugins")
        os.mkdir(self.few)
        for code in ("A0", "A6", "A8", "BU", "NC"):     # and nothing else to prove
            shutil.copy(os.path.join(h.PLUGINS, code + ".lua"), self.few)
        self.check = {}
        for scheme, number in LMKS.items():
            made = self.cli("lmk", "generate", "--name", "own-" + scheme, "--id", number, "--scheme", scheme)
            self.check[scheme] = made.splitlines()[1].split()[4]

    def cli(self, *args):
        r = h.run(*args, *self.options)
        h.equal(r.returncode, 0, "%s: %s%s" % (args, r.stdout, r.stderr))
        return r.stdout

    def under(self, clear, scheme, attributes):
        """A clear key under one of the LMKs."""
        how = ["--type", "000"] if scheme == "variant" else ["--scheme", "S", "--attributes", attributes]
        out = self.cli("keys", "import", "--set", "profile=test", "--lmk", "own-" + scheme, "--key", clear, *how)
        return next(line.split()[1] for line in out.splitlines() if line.startswith("key   "))

    def server(self):
        return h.Server(*self.options, settings={"profile": "test", "authorised": "true"}, plugins=self.few)


def zmks():
    """Clear values: double length with odd parity, and AES-256."""
    return ("".join("%02X" % ODD[b % len(ODD)] for b in os.urandom(16)), os.urandom(32).hex().upper())


def call(c, body):
    reply = c.call(body.encode("ascii")).decode("ascii")
    h.ok(reply[2:4] in ("00", "01"), "%s answered %s" % (body, reply))
    return reply[4:]


def split(reply):
    """The key field and the check value behind it."""
    return reply[:-6], reply[-6:]


# From which LMK, as what, under which ZMK, and what A8 has behind %nn.
EXPORTS = [
    ("variant", "X", "zmk", ""),
    ("variant", "U", "zmk", ""),
    ("variant", "R", "zmk", "&P0B00S00!B"),
    ("3des-kb", "X", "zmk", ""),
    ("3des-kb", "U", "zmk", ""),
    ("3des-kb", "S", "zmk", ""),
    ("3des-kb", "R", "zmk", "!B"),
    ("aes-kb", "X", "zmk", ""),
    ("aes-kb", "U", "zmk", ""),
    ("aes-kb", "S", "zmk", ""),
    ("aes-kb", "R", "zmk", "!B"),
    ("aes-kb", "R", "aes", "!D"),
    ("aes-kb", "S", "aes", ""),
]


def imports(form, wrapped_under):
    """Under which LMKs of the other side it may go, and what A6 has behind %nn."""
    if wrapped_under == "aes":
        return [("aes-kb", "")]
    blocks = [(scheme, "#72B00S00" if form in "XU" else "") for scheme in ("3des-kb", "aes-kb")]
    return blocks if form == "S" else [("variant", "")] + blocks


def main():
    top = tempfile.mkdtemp(prefix="luahsm-test-")
    try:
        one, two = Side(top, "one"), Side(top, "two")
        h.attempt("LMKs of one's own differ", lambda: h.equal(
            len({*one.check.values(), *two.check.values()}), 6, "%s %s" % (one.check, two.check)))
        clear = dict(zip(("zmk", "aes"), zmks()))
        attributes = {"zmk": "K0T2B00N00", "aes": "K0A3B00N00"}
        keys = {(side, kind, scheme): side.under(clear[kind], scheme, attributes[kind])
                for side in (one, two) for kind in clear for scheme in LMKS
                if kind == "zmk" or scheme == "aes-kb"}
        with one.server() as a, two.server() as b, a.tcp() as from_one, b.tcp() as to_two:
            for export in EXPORTS:
                h.attempt("%s LMK, %s under %s: the other luahsm has the same key" % export[:3],
                          lambda: there(from_one, to_two, (one, two), keys, export))
    finally:
        shutil.rmtree(top)
    h.finish()


def there(from_one, to_two, sides, keys, export):
    scheme, form, kind, behind = export
    one, two = sides
    number = "%" + LMKS[scheme]
    made = "A00001U" + number if scheme == "variant" else "A00FFFS%s#72T2B00S00" % number
    key, kcv = split(call(from_one, made))
    type_code = "001" if scheme == "variant" else "FFF"
    wrapped, told = split(call(from_one, "A8" + type_code + keys[one, kind, scheme] + key + form + number + behind))
    h.equal(told, kcv, "check value of A8")
    h.equal(wrapped[0], form)
    for target, attributes in imports(form, kind):
        type_code = "001" if target == "variant" else "FFF"
        tag = "U" if target == "variant" else "S"
        mine, told = split(call(to_two, "A6" + type_code + keys[two, kind, target] + wrapped + tag + "%" +
                                LMKS[target] + attributes))
        h.equal(told, kcv, "check value of A6 under " + target)
        h.ok(mine != key, "the LMKs are the same")
        flag = "1" if target == "variant" else "F"
        h.equal(call(to_two, "BUFF%s%s;%s%%%s" % (flag, mine, type_code, LMKS[target]))[:6], kcv,
                "check value of BU under " + target)


main()
