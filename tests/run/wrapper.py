#!/usr/bin/env python3
"sigstore-kms-luahsm against a fake daemon: the protocol, bad input, faults, starting a daemon."
import concurrent.futures
import hashlib
import json
import os
import random
import shutil
import socket
import stat
import subprocess
import tempfile
import time

import harness as h
import kms

sha224, sha256, sha384, sha512 = (lambda data, n=n: hashlib.new("sha" + n, data).digest()
                                  for n in ("224", "256", "384", "512"))
NOWHERE = dict(h.folders(tempfile.mkdtemp(prefix="luahsm-test-")), LUAHSM_AUTOSTART="0")
HASH = {4: sha224, 5: sha256, 6: sha384, 7: sha512}
# (name, signed with (key, version, hash, data), arguments of sign)
SIGN = [
    ("a digest", ("p256", 2, 5, sha256(b"m")), dict(digest=sha256(b"m"))),
    ("a digest wins over the message", ("p256", 2, 5, sha256(b"m")), dict(digest=sha256(b"m"), stdin=b"other")),
    ("a message", ("p256", 2, 5, sha256(b"hello")), dict(stdin=b"hello")),
    ("an empty message", ("p256", 2, 5, sha256(b"")), dict()),
    ("bytes of zero", ("p256", 2, 5, sha256(bytes(100000))), dict(stdin=bytes(100000))),
    ("a message, the client's hash", ("p256", 2, 7, sha512(b"m")), dict(stdin=b"m", hash=7)),
    ("a message, SHA-224", ("p256", 2, 4, sha224(b"m")), dict(stdin=b"m", hash_with=4)),
    ("a message, SHA-384", ("p256", 2, 6, sha384(b"m" * 200)), dict(stdin=b"m" * 200, hash_with=6)),
    ("no hash at all: the key's own", ("p384", 2, 6, sha384(b"m")), dict(key="p384", stdin=b"m", hash=0)),
    ("P-384 and 48 bytes, whatever the client's hash", ("p384", 2, 6, sha384(b"m")),
     dict(key="p384", digest=sha384(b"m"), hash=5)),
    ("P-521 and 64 bytes", ("p521", 2, 7, sha512(b"m")), dict(key="p521", digest=sha512(b"m"), hash=5)),
    ("RSA and 64 bytes", ("rsa", 2, 7, sha512(b"m")), dict(key="rsa", digest=sha512(b"m"))),
    ("Ed25519: the message", ("ed", 2, 0, b"the message"), dict(key="ed", stdin=b"the message")),
    ("Ed25519: the message, though a digest came", ("ed", 2, 0, b"m"),
     dict(key="ed", stdin=b"m", digest=sha512(b"m"))),
    ("Ed25519: the longest message", ("ed", 2, 0, b"x" * 32000), dict(key="ed", stdin=b"x" * 32000)),
    ("Ed25519ph: always SHA-512", ("edph", 2, 7, sha512(b"m")), dict(key="edph", stdin=b"m", hash=5)),
    ("version in the name", ("p256", 1, 5, sha256(b"m")), dict(key="luahsm://p256@1", stdin=b"m")),
    ("keyVersion", ("p256", 1, 5, sha256(b"m")), dict(version="1", stdin=b"m")),
]
# Arguments that cannot be understood: (name, argv, words of the message)
DEEP = "[" * 5000
BAD = [
    ("no arguments", [], ["two arguments"]),
    ("one argument", ["v1"], ["two arguments"]),
    ("three arguments", ["v1", "{}", "x"], ["two arguments"]),
    ("an empty document", ["v1", ""], ["not JSON"]),
    ("JSON cut short", ["v1", '{"methodName":'], ["not JSON"]),
    ("something behind the JSON", ["v1", "{} {}"], ["not JSON"]),
    ("an array", ["v1", "[]"], ["not a JSON object"]),
    ("nested without end", ["v1", DEEP], ["not JSON"]),
    ("no UTF-8", ["v1", b'{"methodName":"\xff"}'], ["not JSON"]),
    ("an unknown version", ["v2", "{}"], ["version", "v2"]),
    ("no method", ["v1", "{}"], ["methodName"]),
    ("an empty method", ["v1", '{"methodName":""}'], ["methodName"]),
    ("an unknown method", ["v1", '{"methodName":"eatKey"}'], ["unknown method", "eatKey"]),
    ("a method that is a number", ["v1", '{"methodName":7}'], ["methodName"]),
    ("initOptions that are a text", ["v1", '{"methodName":"publicKey","initOptions":"x"}'], ["initOptions"]),
]


def signed(key, version, number, data):
    return {"signMessage": {"signature": kms.b64(kms.signature(key, version, number, data))}}


def add(name, function):
    h.case(name)(function)


# --- what needs no daemon --------------------------------------------------

@h.case("defaultAlgorithm and supportedAlgorithms answer with the daemon down")
def _():
    found = kms.call(NOWHERE, "defaultAlgorithm")
    h.equal(found, {"defaultAlgorithm": {"defaultAlgorithm": "ecdsa-p256"}})
    found = kms.call(NOWHERE, "supportedAlgorithms")["supportedAlgorithms"]["supportedAlgorithms"]
    h.equal(found[0], "ecdsa-p256")
    h.equal(set(found), {"ecdsa-p256", "ecdsa-p384", "ecdsa-p521", "rsa-2048", "rsa-3072", "rsa-4096",
                         "rsa-pss-2048", "rsa-pss-3072", "rsa-pss-4096", "ed25519", "ed25519ph"})


@h.case("they need neither a method object nor a key nor a deadline ahead")
def _():
    for document in ({"methodName": "defaultAlgorithm"},
                     {"methodName": "defaultAlgorithm", "defaultAlgorithm": None, "initOptions": None},
                     {"methodName": "defaultAlgorithm", "initOptions": {"ctxDeadline": kms.now(180)}}):
        found = kms.run(NOWHERE, "v1", json.dumps(document))
        h.equal(found, {"defaultAlgorithm": {"defaultAlgorithm": "ecdsa-p256"}})


for bad_name, argv, words in BAD:
    def check(argv=argv, words=words):
        kms.error(kms.run(NOWHERE, *argv), *words)
    add("refused: " + bad_name, check)


@h.case("a document of 100 KB is no trouble")
def _():
    found = kms.run(NOWHERE, "v1", json.dumps({"methodName": "defaultAlgorithm", "x": "y" * 100000}))
    h.equal(list(found), ["defaultAlgorithm"])


# (name, what to call, words of the message); the daemon is never asked
REFUSED = [
    ("protocol version", dict(method="publicKey", init={"protocolVersion": "v9"}), ["v9"]),
    ("no key", dict(method="publicKey", key=""), ["no name"]),
    ("only a scheme", dict(method="publicKey", key="luahsm://"), ["no name"]),
    ("a blank in the name", dict(method="publicKey", key="a b"), ["printable"]),
    ("a name too long", dict(method="publicKey", key="a" * 129), ["129 bytes"]),
    ("a version that is a word", dict(method="publicKey", version="new"), ["version"]),
    ("version 0", dict(method="publicKey", version="0"), ["version"]),
    ("two versions", dict(method="publicKey", key="k@1", version="2"), ["version 1", "2"]),
    ("unknown algorithm", dict(method="createKey", algorithm="any-algorithm"), ["any-algorithm", "rsa-pss-4096"]),
    ("a deadline that is none", dict(method="publicKey", init={"ctxDeadline": "soon"}), ["RFC 3339"]),
    ("a deadline that has passed", dict(method="publicKey", init={"ctxDeadline": kms.now(-1)}), ["deadline"]),
    ("the same in another zone", dict(method="publicKey", init={"ctxDeadline": "2020-01-01T02:00:00.5+14:00"}),
     ["deadline"]),
    ("a hash that is a text", dict(method="publicKey", hash="SHA256"), ["hashFunc"]),
    ("a digest that is no base64", dict(method="signMessage", signOptions={"messageOptions": {"digest": "!"}}),
     ["digest", "base64"]),
]
for bad_name, how, words in REFUSED:
    def check(how=how, words=words):
        with kms.Daemon() as d:
            how = dict(how)
            kms.error(kms.call(d.env, how.pop("method"), **how), *words)
            h.equal(d.seen, [])
    add("refused before the daemon is asked: " + bad_name, check)


@h.case("a digest of 10 bytes is an error for signing and for verifying, message or not")
def _():
    with kms.Daemon() as d:
        for stdin in (b"", b"m"):
            kms.error(kms.sign(d.env, stdin, digest=b"bad digest"), "bad digest")
            kms.error(kms.verify(d.env, b"bad signature", stdin, digest=b"bad digest"), "bad digest")
        kms.error(kms.sign(d.env, digest=bytes(20)), "bad digest")
        kms.error(kms.sign(d.env, digest=bytes(200)), "digest")
        kms.error(kms.sign(d.env, digest=bytes(32), hash_with=7), "do not fit hashFunc 7")
        h.equal(d.seen, [])


@h.case("a signature that is longer than any is no signature, however long the message")
def _():
    with kms.Daemon() as d:
        for n in (513, 3000):
            kms.error(kms.verify(d.env, bytes(n), b"m" * 32000, key="ed"), "invalid signature")
        h.equal(d.seen, [])
        kms.error(kms.verify(d.env, bytes(512), b"m" * 32000, key="ed"), "invalid signature")
        h.equal(len(d.seen), 2)


# --- what is forwarded -----------------------------------------------------

@h.case("createKey and publicKey answer with the PEM text in base64")
def _():
    with kms.Daemon() as d:
        want = kms.b64(kms.PEM)
        h.equal(kms.call(d.env, "createKey", key="luahsm://new", algorithm="ecdsa-sha2-384-nistp384"),
                {"createKey": {"publicKeyPEM": want}})
        h.equal(d.seen, [b"Z003new020"])
        h.equal(kms.call(d.env, "publicKey", key="new@2"), {"publicKey": {"publicKeyPEM": want}})
        h.equal(d.seen[1], b"Z203new000002")
        kms.error(kms.call(d.env, "createKey", key="new", algorithm="rsa-2048"), "new", "another algorithm")
        kms.error(kms.call(d.env, "createKey", key="new@3"), "leave out @3")


@h.case("a name may hold what a key reference may")
def _():
    with kms.Daemon(keys={"a/b:c?d=e@f": 1}) as d:
        h.equal(list(kms.call(d.env, "publicKey", key="luahsm://a/b:c?d=e@f")), ["publicKey"])
        kms.error(kms.call(d.env, "publicKey", key="x" * 128), "no key")


@h.case("a version in the call wins over the client's")
def _():
    with kms.Daemon() as d:
        kms.call(d.env, "publicKey", version="1", publicKeyOptions={"rpcOptions": {"keyVersion": "2"}})
        h.equal(d.seen, [b"Z204p256000002"])
        kms.error(kms.call(d.env, "publicKey", version="3"), "no such version")


for good_name, want, how in SIGN:
    def check(want=want, how=how):
        with kms.Daemon() as d:
            h.equal(kms.sign(d.env, **how), signed(*want))
    add("signed: " + good_name, check)

for good_name, what, how in SIGN:
    def check(what=what, how=how):
        with kms.Daemon() as d:
            good = kms.signature(*what)
            h.equal(kms.verify(d.env, good, **how), {"verifySignature": {}})
            kms.error(kms.verify(d.env, b"bad signature", **how), "invalid signature")
    add("verified: " + good_name, check)


@h.case("without a digest the key's own hash is tried first, then the client's")
def _():
    with kms.Daemon() as d:
        for number in (6, 5):
            good = kms.signature("p384", 1, number, HASH[number](b"m"))
            h.equal(kms.verify(d.env, good, b"m", key="p384", hash=5), {"verifySignature": {}})
        kms.error(kms.verify(d.env, good, b"m", key="p384", hash=7), "invalid signature")
        kms.error(kms.verify(d.env, good, b"m", key="p384", hash_with=6), "invalid signature")


@h.case("weak and unknown hashes of a message are refused")
def _():
    with kms.Daemon() as d:
        for number in (1, 2, 3, 9, 19, 77):
            kms.error(kms.sign(d.env, b"m", hash=number), "hashFunc %d" % number)


@h.case("an Ed25519 key signs no bare digest and no long message")
def _():
    with kms.Daemon() as d:
        kms.error(kms.sign(d.env, key="ed", digest=sha512(b"m")), "signs messages")
        kms.error(kms.sign(d.env, b"other", key="ed", digest=sha512(b"m")), "signs messages")
        kms.error(kms.sign(d.env, b"x" * 32001, key="ed"), "32000")
        kms.error(kms.sign(d.env, key="edph", digest=sha256(b"m")), "bad digest")


@h.case("a long message takes constant memory")
def _():
    if h.WRAP or h.SLOW > 1:
        h.skip("sanitizers and valgrind reserve memory of their own")
    size = (2048 if h.FULL else 64) << 20
    with kms.Daemon() as d, tempfile.TemporaryFile() as f:
        f.truncate(size)
        found = kms.sign(d.env, f, limit=12 << 20)
        digest = hashlib.sha256()
        for _ in range(size >> 20):
            digest.update(bytes(1 << 20))
        h.equal(found, signed("p256", 2, 5, digest.digest()))


@h.case("standard input that is closed, or slow, is an error only where it is needed")
def _():
    with kms.Daemon() as d:
        h.equal(kms.sign(d.env, digest=sha256(b"m"), close=(0,)), signed("p256", 2, 5, sha256(b"m")))
        kms.error(kms.sign(d.env, close=(0,)), "standard input")
        reader, writer = os.pipe()
        kms.error(kms.sign(dict(d.env, LUAHSM_TIMEOUT="0.3"), stdin=reader), "deadline")
        h.equal(kms.sign(d.env, stdin=reader, digest=sha256(b"m")), signed("p256", 2, 5, sha256(b"m")))
        os.close(writer)
        os.close(reader)


@h.case("null is as good as missing, names may differ in case, base64 needs no padding")
def _():
    with kms.Daemon() as d:
        digest = kms.b64(sha256(b"m")).rstrip("=")
        document = {"INITOPTIONS": {"KeyResourceId": "p256", "protocolversion": "v1", "hashFunc": None,
                                    "ctxDeadline": None, "rpcOptions": None, "other": [1, {}]},
                    "methodname": "SIGNMESSAGE",
                    "signmessage": {"SignOptions": {"messageOptions": {"Digest": digest, "hashFunc": None}}}}
        h.equal(kms.run(d.env, "v1", json.dumps(document)), signed("p256", 2, 5, sha256(b"m")))
        for none in (None, ""):
            document = kms.request("signMessage", signOptions={"messageOptions": {"digest": none}})
            h.equal(kms.run(d.env, "v1", json.dumps(document), stdin=b"m"), signed("p256", 2, 5, sha256(b"m")))


@h.case("diagnostics go to standard error and only when asked for")
def _():
    with kms.Daemon() as d:
        for env, quiet in ({}, True), ({"DEBUG": "1"}, False), ({"LUAHSM_LOG_LEVEL": "debug"}, False):
            r = subprocess.run(h.WRAP + [kms.WRAPPER, "v1", json.dumps(kms.request("publicKey"))],
                               stdin=subprocess.DEVNULL, capture_output=True, check=False,
                               env=dict(h.ENVIRONMENT, **d.env, **env))
            kms.judge(r.returncode, r.stdout, r.stderr)
            h.equal(r.stderr == b"", quiet, str(env))


# --- the older dialect -----------------------------------------------------

def old(method, hash=5, **arguments):
    return json.dumps({"InitOptions": {"ProtocolVersion": "1", "KeyResourceID": "demo://p256", "HashFunc": hash},
                       "MethodArgs": {"MethodName": method, method: arguments}})


@h.case("dialect 1: the demonstration's command line, answered with capitals")
def _():
    with kms.Daemon() as d:
        h.equal(kms.run(d.env, "1", old("PublicKey", 4, PublicKeyOptions={})),
                {"PublicKey": {"PublicKeyPEM": kms.b64(kms.PEM)}})
        h.equal(kms.run(d.env, "1", old("DefaultAlgorithm")),
                {"DefaultAlgorithm": {"DefaultAlgorithm": "ecdsa-p256"}})
        h.equal(kms.run(d.env, "1", old("CreateKey", Algorithm="ecdsa-p256")),
                {"CreateKey": {"PublicKeyPEM": kms.b64(kms.PEM)}})
        good = kms.signature("p256", 2, 5, sha256(b"m"))
        found = kms.run(d.env, "1", old("SignMessage"), stdin=b"m")
        h.equal(found, {"SignMessage": {"Signature": kms.b64(good)}})
        found = kms.run(d.env, "1", old("VerifySignature", Signature=kms.b64(good)), stdin=b"m")
        h.equal(found, {"VerifySignature": {}})


@h.case("dialect 1: errors have a capital too, and versions may be mixed")
def _():
    h.equal(list(kms.run(NOWHERE, "1", "{")), ["ErrorMessage"])
    h.equal(list(kms.run(NOWHERE, "v1", old("EatKey"))), ["ErrorMessage"])
    h.equal(list(kms.run(NOWHERE, "1", json.dumps(kms.request("eatKey")))), ["errorMessage"])


@h.case("dialect 1: hash 4 is SHA-224, and SHA-256 if LUAHSM_HASH4 says so")
def _():
    with kms.Daemon() as d:
        for env, number in ({}, 4), ({"LUAHSM_HASH4": "sha256"}, 5):
            good = kms.signature("p256", 2, number, HASH[number](b"m"))
            found = kms.run(dict(d.env, **env), "1", old("SignMessage", 4), stdin=b"m")
            h.equal(found, {"SignMessage": {"Signature": kms.b64(good)}})
        found = kms.sign(dict(d.env, LUAHSM_HASH4="sha256"), b"m", hash=4)
        h.equal(found, signed("p256", 2, 4, sha224(b"m")))


# --- daemons that misbehave ------------------------------------------------

def reply(data):
    """A daemon that answers whatever is asked with these bytes."""
    def do(connection):
        kms.receive(connection)
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        connection.recv(1)
    return do


def coded(code):
    def do(connection):
        header, body = kms.receive(connection)
        connection.sendall(h.frame(header + b"Z" + bytes([body[1] + 1]) + code))
    return do


FAULTS = [
    ("closes at once", lambda c: None, ["daemon"]),
    ("closes after the request", kms.receive, ["without an answer"]),
    ("half a length", reply(b"\0"), ["without an answer"]),
    ("half an answer", reply(b"\0\x20KMS1Z300"), ["without an answer"]),
    ("an empty message", reply(b"\0\0"), ["no message"]),
    ("another header", reply(h.frame(b"XXXXZ30001000001 ")), ["not one to our question"]),
    ("another command", reply(h.frame(b"KMS1Z10001000001 ")), ["not one to our question"]),
    ("1 MiB of garbage", reply(random.Random(1).randbytes(1 << 20)), ["answer"]),
    ("1 MiB of FF", reply(b"\xff" * (1 << 20)), ["answer"]),
    ("a key without PEM", reply(h.frame(b"KMS1Z300010000010" + b"x" * 200)), ["not a public key"]),
    ("a key of an unknown algorithm", reply(h.frame(b"KMS1Z300990000010" + kms.PEM)), ["not a public key"]),
    ("nothing behind 00", reply(h.frame(b"KMS1Z300")), ["not a public key"]),
    ("no signature", reply(h.frame(b"KMS1Z500000001")), ["not that of a signing command"]),
    ("error 30", coded(b"30"), ["no key p256"]),
    ("error 34", coded(b"34"), ["disabled"]),
    ("error 35", coded(b"35"), ["may not"]),
    ("error 38", coded(b"38"), ["store"]),
    ("error 39", coded(b"39"), ["audit"]),
    ("error 67", coded(b"67"), ["plug-ins"]),
    ("another error", coded(b"41"), ["error 41"]),
]
for bad_name, do, words in FAULTS:
    def check(do=do, words=words):
        with kms.Daemon(do) as d:
            if "signing" in words[0]:
                kms.error(kms.sign(d.env, digest=sha256(b"m")), *words)
            else:
                kms.error(kms.call(d.env, "publicKey"), *words)
    add("a daemon that misbehaves: " + bad_name, check)


@h.case("a daemon that never answers: the deadline, and the client's if it is nearer")
def _():
    with kms.Daemon(lambda c: c.recv(1 << 16) and c.recv(1)) as d:
        for env, init in ({"LUAHSM_TIMEOUT": "0.5"}, {}), ({}, {"ctxDeadline": kms.now(0.7 * h.SLOW)}):
            started = time.monotonic()
            kms.error(kms.call(dict(d.env, **env), "publicKey", init=init), "deadline")
            h.ok(time.monotonic() - started < 3 * h.SLOW, "it took too long")
        kms.error(kms.call(dict(d.env, LUAHSM_TIMEOUT="soon"), "publicKey"), "LUAHSM_TIMEOUT")


@h.case("a daemon that takes no more connections: the deadline, too")
def _():
    with tempfile.TemporaryDirectory(prefix="luahsm-test-") as top, socket.socket(socket.AF_UNIX) as listener:
        path, waiting = os.path.join(top, "s"), []
        listener.bind(path)
        listener.listen(0)
        try:
            while True:
                waiting.append(socket.socket(socket.AF_UNIX))
                waiting[-1].setblocking(False)
                waiting[-1].connect(path)
        except BlockingIOError:
            pass
        env = dict(NOWHERE, LUAHSM_SOCKET=path, LUAHSM_TIMEOUT="0.5")
        kms.error(kms.call(env, "publicKey"), "no more connections", "deadline")
        for s in waiting:
            s.close()


@h.case("an answer is written whole to a pipe that is full and does not block")
def _():
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    filled = 0
    try:
        while True:
            filled += os.write(writer, b" " * 1000)
    except BlockingIOError:
        pass
    document = json.dumps({"initOptions": {"protocolVersion": "v1"}, "methodName": "defaultAlgorithm"})
    with subprocess.Popen([kms.WRAPPER, "v1", document], stdin=subprocess.DEVNULL, stdout=writer,
                          env=dict(h.ENVIRONMENT, **NOWHERE)) as p:
        os.close(writer)
        h.until("it waits", lambda: p.poll() is not None or
                [state for pid, _, _, state in h.processes() if pid == p.pid] == ["S"])
        with os.fdopen(reader, "rb") as f:
            data = f.read()
        h.equal(p.wait(), 0)
    h.equal(json.loads(data[filled:]), {"defaultAlgorithm": {"defaultAlgorithm": "ecdsa-p256"}})


@h.case("no daemon: the message has the path and what to do")
def _():
    path = os.path.join(NOWHERE["XDG_RUNTIME_DIR"], "luahsm", "luahsm.sock")
    kms.error(kms.call(NOWHERE, "publicKey"), "cannot connect", path, "luahsm serve")
    kms.error(kms.call(dict(NOWHERE, LUAHSM_SOCKET="/nowhere/s"), "publicKey"), "cannot connect", "/nowhere/s")
    kms.error(kms.call(dict(NOWHERE, LUAHSM_SOCKET="/x" * 100), "publicKey"), "too long")


@h.case("whatever the document is: one answer, never a signal")
def _():
    rng = random.Random(7)
    good = json.dumps(kms.request("signMessage", signOptions={"messageOptions": {"digest": kms.b64(bytes(32))}},
                                  init={"ctxDeadline": "2035-01-01T00:00:00+01:00"})).encode()
    with kms.Daemon() as d:
        for _ in range(40 if h.SLOW > 1 else 400):
            bad = bytearray(good)
            for _ in range(rng.randrange(1, 4)):
                at = rng.randrange(len(bad))
                bad[at:at + rng.randrange(3)] = bytes(rng.choice(b'{}[]":,0-9truenull\\u/\x01\x80\xff~')
                                                      for _ in range(rng.randrange(3)))
            kms.run(d.env, "v1", bytes(bad[:rng.randrange(1, len(bad) + 1)] if rng.random() < .3 else bad))


# --- starting a daemon -----------------------------------------------------

LUAHSM = """#!/usr/bin/env python3
import os, sys
sys.path.insert(0, %r)
os.environ["LUAHSM"] = %r
with open(%r, "a") as f:
    f.write("%%s %%s\\n" %% (os.getcwd(), " ".join(sys.argv[1:])))
print("the daemon's log", flush=True)
%s
import signal, socket, threading
import kms
d = kms.Daemon.__new__(kms.Daemon)
d.keys, d.do, d.seen = dict(kms.KEYS), None, []
d.listener = socket.socket(socket.AF_UNIX)
d.listener.bind(sys.argv[5])
d.listener.listen(64)
threading.Timer(60, lambda: os._exit(0)).start()
d.serve()
"""


class Place:
    """A folder with the wrapper and, beside it, a luahsm that is a script."""

    def __init__(self, first="", name="luahsm"):
        self.dir = tempfile.mkdtemp(prefix="luahsm-test-")
        self.started = os.path.join(self.dir, "started")
        self.wrapper = os.path.join(self.dir, "bin", "sigstore-kms-luahsm")
        self.script = os.path.join(self.dir, "bin", name)
        os.mkdir(os.path.dirname(self.wrapper))
        shutil.copy(kms.WRAPPER, self.wrapper)
        with open(self.script, "w", encoding="ascii") as f:
            f.write(LUAHSM % (os.path.dirname(os.path.abspath(__file__)), h.LUAHSM, self.started, first))
        os.chmod(self.script, 0o755)
        self.env = h.folders(self.dir)
        self.runtime = os.path.join(self.env["XDG_RUNTIME_DIR"], "luahsm")
        self.log = os.path.join(self.env["XDG_STATE_HOME"], "luahsm", "luahsm.log")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        end = time.monotonic() + 10
        while self.pids() and time.monotonic() < end:
            for pid in self.pids():
                os.kill(pid, 9)
            time.sleep(0.01)
        shutil.rmtree(self.dir, ignore_errors=True)

    def pids(self):
        found = []
        for pid, _, _, state in h.processes():
            try:
                with open("/proc/%d/cmdline" % pid, "rb") as f:
                    if self.script.encode() in f.read() and state != "Z":
                        found.append(pid)
            except OSError:
                continue
        return found

    def starts(self):
        if not os.path.exists(self.started):
            return []
        with open(self.started, encoding="ascii") as f:
            return f.read().splitlines()


@h.case("a daemon is started where none answers: no TCP, its own folder, its log in the state folder")
def _():
    with Place() as p:
        os.mkdir(os.path.join(p.dir, "checkout"))
        found = kms.call(p.env, "publicKey", wrapper=p.wrapper, cwd=os.path.join(p.dir, "checkout"))
        h.equal(list(found), ["publicKey"])
        sock = os.path.join(p.runtime, "luahsm.sock")
        h.equal(p.starts(), ["%s serve --port 0 --socket %s" % (p.runtime, sock)])
        with open(p.log, encoding="ascii") as f:
            h.equal(f.read(), "the daemon's log\n")
        h.equal(stat.S_IMODE(os.stat(p.log).st_mode), 0o600)
        h.equal(list(kms.call(p.env, "publicKey", wrapper=p.wrapper)), ["publicKey"])
        h.equal(len(p.starts()), 1)
        fds = os.listdir("/proc/%d/fd" % p.pids()[0])
        h.ok(len(fds) <= 5, "the daemon inherited descriptors: %s" % fds)


@h.case("20 calls at once start one daemon, and all are answered")
def _():
    with Place(first="import time; time.sleep(0.3)") as p:
        with concurrent.futures.ThreadPoolExecutor(20) as pool:
            found = list(pool.map(lambda _: kms.sign(p.env, b"m", wrapper=p.wrapper), range(20)))
        h.equal(found, [signed("p256", 2, 5, sha256(b"m"))] * 20)
        h.equal(len(p.starts()), 1)


@h.case("LUAHSM_AUTOSTART=0 forbids it")
def _():
    with Place() as p:
        env = dict(p.env, LUAHSM_AUTOSTART="0")
        kms.error(kms.call(env, "publicKey", wrapper=p.wrapper), "cannot connect", "LUAHSM_AUTOSTART=0")
        h.equal(p.starts(), [])


@h.case("a daemon that ends instead of answering: its status and its log are named")
def _():
    with Place(first="sys.exit(3)") as p:
        kms.error(kms.call(p.env, "publicKey", wrapper=p.wrapper), "exit status 3", p.log)


@h.case("a daemon that does not come up in time: the deadline, and its log")
def _():
    with Place(first="import time; time.sleep(60)") as p:
        kms.error(kms.call(dict(p.env, LUAHSM_TIMEOUT="1"), "publicKey", wrapper=p.wrapper), "deadline", p.log)


@h.case("a luahsm on PATH is started if none is beside the wrapper, but never from a relative folder")
def _():
    with Place() as p, Place(name="elsewhere") as q:
        env = dict(q.env, PATH="bin:.::" + os.path.dirname(p.script) + ":" + os.environ["PATH"])
        h.equal(list(kms.call(env, "publicKey", wrapper=q.wrapper)), ["publicKey"])
        h.equal(len(p.starts()), 1)
    with Place(name="elsewhere") as q:
        os.rename(q.script, os.path.join(q.dir, "luahsm"))
        env = dict(q.env, PATH=".:bin:" + ":".join(d for d in os.environ["PATH"].split(":")
                                                   if not os.path.exists(os.path.join(d, "luahsm"))))
        found = kms.call(env, "publicKey", wrapper=q.wrapper, cwd=q.dir)
        kms.error(found, "no luahsm to start")
        h.equal(q.starts(), [])


@h.case("a socket that a dead daemon left is no obstacle")
def _():
    with Place() as p:
        os.mkdir(p.runtime, 0o700)
        sock = os.path.join(p.runtime, "luahsm.sock")
        with socket.socket(socket.AF_UNIX) as s:
            s.bind(sock)
        kms.error(kms.call(dict(p.env, LUAHSM_AUTOSTART="0"), "publicKey", wrapper=p.wrapper), "refused")
        kms.error(kms.call(p.env, "publicKey", wrapper=p.wrapper), "did not start")
        h.equal(len(p.starts()), 1)


@h.case("a folder that is another user's is refused")
def _():
    if os.geteuid() != 0:
        h.skip("only root can make such a folder")
    with Place() as p:
        os.mkdir(p.runtime, 0o700)
        os.chown(p.runtime, 12345, 12345)
        kms.error(kms.call(p.env, "publicKey", wrapper=p.wrapper), "another user")
        h.equal(p.starts(), [])


@h.case("a daemon of another user is not believed on our own socket")
def _():
    if os.geteuid() != 0:
        h.skip("only root can become somebody else")
    # the peer is who listens, not who made the socket
    script = ("import os, socket, sys\ns = socket.socket(socket.AF_UNIX)\ns.bind(sys.argv[1])\n"
              "os.setuid(12345)\ns.listen(5)\nprint('ready', flush=True)\ns.accept()\n")
    with Place() as p:
        os.mkdir(p.runtime, 0o700)
        process = subprocess.Popen(["python3", "-c", script, os.path.join(p.runtime, "luahsm.sock")],
                                   stdout=subprocess.PIPE)
        try:
            h.equal(process.stdout.readline(), b"ready\n")
            kms.error(kms.call(p.env, "publicKey", wrapper=p.wrapper), "cannot connect", "not permitted")
        finally:
            process.kill()
            process.wait()
            process.stdout.close()


h.attempt("the wrapper has been built", lambda: h.ok(os.path.exists(kms.WRAPPER), kms.WRAPPER))
try:
    h.main()
finally:
    shutil.rmtree(os.path.dirname(NOWHERE["XDG_RUNTIME_DIR"]), ignore_errors=True)
