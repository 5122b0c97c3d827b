#!/usr/bin/env python3
"Signing keys on the command line with a real daemon: their life, the audit log, backups."
import json
import os
import re
import shutil
import tempfile

import harness as h
import kms

FEW = tempfile.mkdtemp(prefix="luahsm-test-")
for code in "NC", "Z0", "Z2", "Z4", "Z6", "Z8":
    shutil.copy(os.path.join(h.PLUGINS, code + ".lua"), FEW)


def server(**more):
    """Without a network, and with few plug-ins: it is up soon."""
    return h.Server(port=False, plugins=FEW, **more)


def settings(s):
    return {"LUAHSM_SOCKET": s.socket, "LUAHSM_AUTOSTART": "0"}


def cli(s, *arguments, status=0):
    r = s.cli(*arguments, env=settings(s))
    h.equal(r.returncode, status, "exit status of %s: %s%s" % (" ".join(arguments), r.stdout, r.stderr))
    return r.stdout if status == 0 else r.stderr


def key(s, *arguments, **more):
    return cli(s, "key", *arguments, **more)


def sign(s, name, message=b"m"):
    found = kms.call(dict(s.env, **settings(s)), "signMessage", message, key=name)
    return found


def verifies(s, name, signed, message=b"m"):
    found = kms.call(dict(s.env, **settings(s)), "verifySignature", message, key=name,
                     signature=signed["signMessage"]["signature"])
    return found == {"verifySignature": {}}


def data(s, name):
    return os.path.join(s.env["XDG_DATA_HOME"], "luahsm", name)


def secret_file(s, name, text):
    path = os.path.join(s.dir, name)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w") as f:
        f.write(text)
    return path


@h.case("a key's life: made, rotated, disabled, enabled, destroyed; old signatures verify")
def _():
    with server() as s:
        h.equal(key(s, "create", "k"), "k@1 ecdsa-p256 enabled\n")
        h.equal(key(s, "create", "k"), "k@1 ecdsa-p256 enabled\n")
        h.ok("exists" in key(s, "create", "k", "--algorithm", "ed25519", status=1), "no error")
        h.ok("exists" in key(s, "create", "k", "--strict-create", status=1), "no error")
        first = sign(s, "k")
        h.equal(key(s, "rotate", "k"), "k@2 ecdsa-p256 enabled\n")
        second = sign(s, "k")
        h.ok(key(s, "public", "k") == key(s, "public", "k@2") != key(s, "public", "k@1"), "public keys")
        key(s, "disable", "k@2")
        kms.error(sign(s, "k@2"), "disabled")
        h.ok(verifies(s, "k@2", second), "of a disabled version")
        key(s, "enable", "k@2")
        h.ok(verifies(s, "k@2", sign(s, "k@2")), "enabled again")
        key(s, "destroy", "k@2")
        kms.error(sign(s, "k@2"), "destroyed")
        h.ok("destroyed" in key(s, "enable", "k@2", status=1), "no error")
        h.ok(verifies(s, "k", first) and verifies(s, "k@1", sign(s, "k")), "version 1")
        h.equal([(e["version"], e["state"]) for e in json.loads(key(s, "show", "--json", "k"))],
                [(2, "destroyed"), (1, "enabled")])


@h.case("a list of more keys than a reply holds")
def _():
    with server() as s:
        names = ["%03d/%s" % (n, "x" * 124) for n in range(130)]
        for name in names:
            key(s, "create", name, "--algorithm", "ed25519")
        h.equal([e["name"] for e in json.loads(key(s, "list", "--json"))], names)


@h.case("the audit log: who did what; verified while the daemon works, and after its end")
def _():
    with server() as s:
        key(s, "create", "a")
        key(s, "create", "b")
        sign(s, "a")
        key(s, "rotate", "a")
        records = [json.loads(line) for line in cli(s, "audit", "show", "--json").splitlines()]
        done = [(r["operation"], r["key"], r["version"], r["result"], r["uid"]) for r in records]
        h.equal(done, [("create", "a", 1, "00", os.getuid()), ("create", "b", 1, "00", os.getuid()),
                       ("sign", "a", 1, "00", os.getuid()), ("rotate", "a", 2, "00", os.getuid())])
        h.equal(cli(s, "audit", "verify"), "%s: 4 records, all as they were written\n" % data(s, "audit.log"))
        shown = cli(s, "audit", "show", "--key", "a", "--last", "2").splitlines()
        h.equal([re.split(r"\s+", line.strip())[2:5] for line in shown],
                [["sign", "a@1", "00"], ["rotate", "a@2", "00"]])
        h.ok(records[2]["digest"] in shown[0], shown[0])
        s.stop()
        h.ok("4 records" in cli(s, "audit", "verify"), "after the end")
        with open(data(s, "audit.log"), "r+b") as f:
            text = f.read()
            f.seek(text.index(b'"key":"b"') + 7)
            f.write(b"c")
        h.ok("audit.log:2: this record was changed" in cli(s, "audit", "verify", status=1), "no error")
        with open(data(s, "audit.log"), "ab") as f:
            f.write(b"something else\n")
        h.ok("audit.log:5 is not a record" in cli(s, "audit", "show", status=1), "no error")


@h.case("a backup, made beside a daemon at work, comes back on an empty store and signs as before")
def _():
    with server() as s, server() as other:
        for name, algorithm in ("p", "ecdsa-p256"), ("r", "rsa-2048"), ("e", "ed25519"):
            key(s, "create", name, "--algorithm", algorithm)
        old = sign(s, "p")
        key(s, "rotate", "p")
        key(s, "create", "gone")
        key(s, "rotate", "gone")
        key(s, "destroy", "gone@1")
        word, file = secret_file(s, "word", "correct horse\n"), os.path.join(s.dir, "keys.backup")
        h.equal(key(s, "backup", "--passphrase-file", word, file), file + ": 6 versions of keys\n")
        h.equal(os.stat(file).st_mode & 0o777, 0o600)
        h.ok("already" in key(s, "backup", "--passphrase-file", word, file, status=1), "it is replaced")
        key(s, "create", "later")

        key(other, "list")
        h.ok("one daemon at a time" in key(other, "restore", "--passphrase-file", word, file, status=1), "no error")
        other.stop()
        for name in os.listdir(data(other, "")):
            os.unlink(data(other, name))
        h.equal(key(other, "restore", "--passphrase-file", word, file), data(other, "keys.db") + ": 6 versions of keys\n")
        h.equal(key(other, "restore", "--passphrase-file", word, file),
                data(other, "keys.db") + ": 0 versions of keys, 6 were there already\n")
        h.ok("6 records" in cli(other, "audit", "verify"), "restoring is recorded")
        h.equal(sorted(os.listdir(data(other, ""))), ["audit.log", "keys.db", "master.key"])
        moved = dict(s.env, XDG_DATA_HOME=other.env["XDG_DATA_HOME"])
        before = {name: key(s, "public", name) for name in ("p@1", "p@2", "r", "e", "gone@2")}
        with server(env={"XDG_DATA_HOME": moved["XDG_DATA_HOME"]}) as again:
            h.equal({name: key(again, "public", name) for name in before}, before)
            h.ok(verifies(again, "p", old), "an old signature")
            for name in "p", "r", "e":
                h.ok(verifies(s, name, sign(again, name)), "a new signature by %s, for the first daemon" % name)
            kms.error(sign(again, "gone@1"), "destroyed")
            kms.error(sign(again, "later"), "no key")


@h.case("a backup is refused: another passphrase, a flipped bit, a cut, another key of a name")
def _():
    with server() as s:
        key(s, "create", "k")
        word, file = secret_file(s, "word", "correct horse"), os.path.join(s.dir, "keys.backup")
        key(s, "backup", "--passphrase-file", word, file)
        s.stop()
        wrong = secret_file(s, "wrong", "incorrect horse")
        h.ok("another master key" in key(s, "restore", "--passphrase-file", wrong, file, status=1), "no error")
        with open(file, "rb") as f:
            good = f.read()
        at = good.index(b"-----BEGIN") if b"-----BEGIN" in good else good.rindex(b"k\x01" if b"k\x01" in good else b"k")
        for name, bad in ("flipped", good[:at] + bytes([good[at] ^ 1]) + good[at + 1:]), ("cut", good[:4096]):
            with open(file + name, "wb") as f:
                f.write(bad)
            os.chmod(file + name, 0o600)
            h.ok(key(s, "restore", "--passphrase-file", word, file + name, status=1), "no error")
        for name in os.listdir(data(s, "")):
            os.unlink(data(s, name))
        with server(env={"XDG_DATA_HOME": s.env["XDG_DATA_HOME"]}) as fresh:
            key(fresh, "create", "k")
            fresh.stop()
            said = key(fresh, "restore", "--passphrase-file", word, file, status=1)
            h.ok("another key k" in said, said)


MISTAKES = [
    ("no file", ("key", "backup", "--passphrase-file", "x"), 2, "one file"),
    ("no passphrase", ("key", "backup", "x"), 2, "--passphrase-file"),
    ("a passphrase that is not there", ("key", "restore", "--passphrase-file", "none", "/dev/null"), 1, "none: No such"),
    ("a backup that is not there", ("key", "restore", "--passphrase-file", "none", "nothing"), 1, "nothing: No such"),
    ("no key store", ("key", "backup", "--passphrase-file", "x", "y", "--set", "store.keys=none"), 3, "store.keys"),
    ("no audit log", ("audit", "show"), 1, "audit.log: No such"),
    ("no store to verify by", ("audit", "verify"), 1, "master.key: No such"),
    ("a word too many", ("audit", "show", "k"), 2, "only options"),
    ("a number that is none", ("audit", "show", "--last", "x"), 2, "--last"),
]


@h.case("mistakes and what is missing are named")
def _():
    top = tempfile.mkdtemp(prefix="luahsm-test-")
    env = h.folders(top)
    for name, arguments, status, words in MISTAKES:
        r = h.run(*arguments, env=env, cwd=top)
        h.equal(r.returncode, status, "%s: %s%s" % (name, r.stdout, r.stderr))
        h.ok(words in r.stderr, "%s: no %r in %r" % (name, words, r.stderr))
    shutil.rmtree(top)


try:
    h.main()
finally:
    shutil.rmtree(FEW)
