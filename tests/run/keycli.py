#!/usr/bin/env python3
"luahsm key: what it asks a daemon, what it prints, how it fails."
import json
import tempfile

import harness as h
import kms

NOWHERE = dict(h.folders(tempfile.mkdtemp(prefix="luahsm-test-")), LUAHSM_AUTOSTART="0")


def key(d, *arguments, status=0, env=None):
    r = h.run("key", *arguments, env=dict(d.env if d else NOWHERE, **(env or {})))
    h.equal(r.returncode, status, "exit status: %s%s" % (r.stdout, r.stderr))
    h.equal(r.stderr == "", status == 0, "standard error %r" % r.stderr)
    return r.stdout if status == 0 else r.stderr


# (arguments, the last request, what is printed)
ASKED = [
    (("create", "new"), b"Z003new010", "new@1 ecdsa-p256 enabled\n"),
    (("create", "--strict-create", "--algorithm", "rsa-3072", "a/b"), b"Z003a/b121", "a/b@1 rsa-3072 enabled\n"),
    (("create", "new", "--algorithm=ecdsa-sha2-384-nistp384"), b"Z003new020", "new@1 ecdsa-p384 enabled\n"),
    (("public", "p256"), b"Z204p256000000", kms.PEM.decode()),
    (("public", "luahsm://p256@1"), b"Z204p256000001", kms.PEM.decode()),
    (("public", "p256", "--version", "2"), b"Z204p256000002", kms.PEM.decode()),
    (("rotate", "p256"), b"Z8204p256", "p256@3 ecdsa-p256 enabled\n"),
]
MISTAKES = [
    ("no command", (), "usage: luahsm key COMMAND"),
    ("an unknown command", ("creat",), 'did you mean "create"?'),
    ("no name", ("create",), "the name of one key"),
    ("two names", ("create", "a", "b"), "the name of one key"),
    ("an empty name", ("show", ""), "no name"),
    ("a blank in a name", ("show", "a b"), "printable"),
    ("a new key with a version", ("create", "a@2"), "without version"),
    ("another version", ("show", "a@2", "--version", "3"), "not version 3"),
    ("a version that is none", ("show", "a", "--version", "0"), '--version can\'t be "0"'),
    ("an algorithm that is none", ("create", "a", "--algorithm", "dsa"), "rsa-pss-4096"),
    ("destroying all versions", ("destroy", "a"), "a@1"),
    ("a name for a list", ("list", "a"), "only options"),
    ("an unknown option", ("list", "--jsn"), "did you mean --json?"),
]
FAILURES = [
    ("no such key", ("show", "none"), "there is no key none"),
    ("no such version", ("public", "p256@9"), "key p256 has no such version"),
    ("a key with another algorithm", ("create", "p256", "--algorithm", "ed25519"), "key p256 exists already"),
    ("a state that does not change", ("enable", "p256@1"), "disabled or destroyed"),
]

for arguments, asked, printed in ASKED:
    def check(arguments=arguments, asked=asked, printed=printed):
        with kms.Daemon() as d:
            h.equal(key(d, *arguments), printed)
            h.equal(d.seen[-1], asked)
    h.case("asked: " + " ".join(arguments))(check)

for name, arguments, words in MISTAKES:
    def check(arguments=arguments, words=words):
        h.ok(words in key(None, *arguments, status=2), "no %r" % words)
    h.case("a mistake: " + name)(check)

for name, arguments, words in FAILURES:
    def check(arguments=arguments, words=words):
        with kms.Daemon() as d:
            h.ok(words in key(d, *arguments, status=1), "no %r" % words)
    h.case("a failure: " + name)(check)


@h.case("list asks until there are no more, and has all keys in order")
def _():
    with kms.Daemon() as d:
        lines = key(d, "list").splitlines()
        h.equal([line.split()[0] for line in lines], ["NAME"] + sorted(kms.KEYS))
        h.equal(lines[-1].split(), ["rsa", "2", "rsa-2048", "enabled", "2023-11-14T22:13:20Z"])
        found = json.loads(key(d, "list", "--json"))
        h.equal([one["name"] for one in found], sorted(kms.KEYS))
        h.equal(found[0], {"name": "ed", "version": 2, "algorithm": "ed25519", "state": "enabled",
                           "created": "2023-11-14T22:13:20Z"})
    with kms.Daemon(keys={}) as d:
        h.equal(json.loads(key(d, "list", "--json")), [])


@h.case("a daemon whose list has no end is an error")
def _():
    def endless(connection):
        while True:
            header, _ = kms.receive(connection)
            connection.sendall(h.frame(header + b"Z9000101a0100000101700000000"))
    with kms.Daemon(endless) as d:
        h.ok("no end" in key(d, "list", status=1), "no error")


@h.case("show has all versions, or the one that is named")
def _():
    with kms.Daemon() as d:
        h.equal([line.split()[:4] for line in key(d, "show", "p256").splitlines()[1:]],
                [["p256", "2", "ecdsa-p256", "enabled"], ["p256", "1", "ecdsa-p256", "disabled"]])
        found = json.loads(key(d, "show", "--json", "p256@1"))
        h.equal([(one["version"], one["state"]) for one in found], [(1, "disabled")])


@h.case("enable, disable and destroy do it, and show it")
def _():
    with kms.Daemon() as d:
        for command, mode in ("enable", b"3"), ("disable", b"4"), ("destroy", b"5"):
            h.ok("p256" in key(d, command, "p256@2"), "nothing is shown")
            h.equal(d.seen[-2:], [b"Z8" + mode + b"04p256000002", b"Z8104p256000002"])
        key(d, "disable", "p256")
        h.equal(d.seen[-2], b"Z8404p256000000")


@h.case("--json has the public key of a key that was made")
def _():
    with kms.Daemon() as d:
        want = {"version": 1, "algorithm": "ecdsa-p256", "state": "enabled", "publicKeyPEM": kms.PEM.decode()}
        h.equal(json.loads(key(d, "create", "--json", "x")), dict(want, name="x"))
        h.equal(json.loads(key(d, "rotate", "--json", "x")), dict(want, name="x", version=3))
        h.equal(json.loads(key(d, "public", "--json", "x")), dict(want, name="x", version=2))


@h.case("--socket wins over LUAHSM_SOCKET; nobody there is an error that names the socket")
def _():
    with kms.Daemon() as d:
        key(d, "public", "p256", "--socket", d.path, env={"LUAHSM_SOCKET": "/none"})
        said = key(d, "public", "p256", "--socket", d.path + "x", status=1)
        h.ok(said.startswith("luahsm: cannot connect to %sx: " % d.path), said)


@h.case("a daemon that answers nothing is given up after LUAHSM_TIMEOUT")
def _():
    def silent(connection):
        connection.recv(1000)
        connection.recv(1)
    with kms.Daemon(silent) as d:
        h.ok("deadline" in key(d, "list", status=1, env={"LUAHSM_TIMEOUT": "0.3"}), "no error")


h.main()
