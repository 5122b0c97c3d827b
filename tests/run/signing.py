#!/usr/bin/env python3
"The signing commands from end to end: the wrapper, a real daemon, its keeper, store and log."
import base64
import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

import harness as h
import kms

CODES = ("Z0", "Z2", "Z4", "Z6", "Z8", "NC", "B2")
PLUGINS = tempfile.mkdtemp(prefix="luahsm-test-")
# What cosign and openssl sign with which digest.
DIGESTS = {"ecdsa-p256": "sha256", "ecdsa-p384": "sha384", "ecdsa-p521": "sha512", "rsa-2048": "sha256",
           "rsa-pss-2048": "sha256", "rsa-4096": "sha512", "ed25519": "", "ed25519ph": "sha512"}
SLOW_TO_MAKE = ("rsa-4096",)
MESSAGE = b"a message\n"


def plugins():
    for code in CODES:
        shutil.copy(os.path.join(h.PLUGINS, code + ".lua"), PLUGINS)


def server(*args, settings=None, **more):
    """A daemon with the signing commands and two others, on its Unix socket only."""
    return h.Server(*args, settings=settings, plugins=PLUGINS, **dict({"port": False}, **more))


def env(s):
    return dict(s.env, LUAHSM_SOCKET=s.socket, LUAHSM_AUTOSTART="0")


def create(s, name, algorithm="ecdsa-p256"):
    """The key's public key in PEM."""
    found = kms.call(env(s), "createKey", key=name, algorithm=algorithm, timeout=120)
    h.ok("createKey" in found, found)
    return base64.b64decode(found["createKey"]["publicKeyPEM"])


def sign(s, name, message=MESSAGE, **more):
    found = kms.sign(env(s), message, key=name, **more)
    h.ok("signMessage" in found, found)
    return base64.b64decode(found["signMessage"]["signature"])


def good(s, name, signature, message=MESSAGE, **more):
    return kms.verify(env(s), signature, message, key=name, **more) == {"verifySignature": {}}


def field(name):
    return b"%02X%s" % (len(name), name.encode())


def z4(name, message=MESSAGE, version=0):
    """Sign a SHA-256 digest, as a host command."""
    return b"Z4" + field(name) + b"%06d050020" % version + hashlib.sha256(message).digest()


def z8(mode, name, version=None):
    return b"Z8%d" % mode + field(name) + (b"%06d" % version if version is not None else b"")


def audit(s):
    """The log's records."""
    with open(os.path.join(s.dir, "data", "luahsm", "audit.log")) as f:
        return [json.loads(line) for line in f]


def openssl_agrees(pem, algorithm, signature):
    """Does openssl verify it? None: it can't say."""
    if algorithm == "ed25519ph" or not shutil.which("openssl"):
        return None
    with tempfile.TemporaryDirectory() as d:
        paths = [os.path.join(d, n) for n in ("pem", "signature", "message")]
        for path, data in zip(paths, (pem, signature, MESSAGE)):
            with open(path, "wb") as f:
                f.write(data)
        command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", paths[0], "-sigfile", paths[1], "-rawin",
                   "-in", paths[2]]
        if DIGESTS[algorithm]:
            command += ["-digest", DIGESTS[algorithm]]
        if "pss" in algorithm:
            command += ["-pkeyopt", "rsa_padding_mode:pss", "-pkeyopt", "rsa_pss_saltlen:digest"]
        return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


@h.case("each algorithm: create, public key, sign, verify; openssl agrees")
def _():
    with server(settings={"plugin.slow_ms": 600000}) as s:
        for algorithm, name in DIGESTS.items():
            if algorithm in SLOW_TO_MAKE and not h.FULL:
                continue
            pem = create(s, algorithm, algorithm)
            h.equal(create(s, algorithm, algorithm), pem, "the same key again")
            found = kms.call(env(s), "publicKey", key=algorithm)
            h.equal(base64.b64decode(found["publicKey"]["publicKeyPEM"]), pem)
            digest = hashlib.new(name, MESSAGE).digest() if name else None
            signature = sign(s, algorithm, digest=digest)
            h.ok(good(s, algorithm, signature), "%s: the message does not verify" % algorithm)
            h.ok(good(s, algorithm, signature, b"", digest=digest) or not name, "%s: nor the digest" % algorithm)
            h.ok(not good(s, algorithm, signature, b"another"), "%s: another message verifies" % algorithm)
            kms.error(kms.verify(env(s), b"bad signature", MESSAGE, key=algorithm), "invalid signature")
            h.ok(openssl_agrees(pem, algorithm, signature) is not False, "%s: openssl refuses it" % algorithm)


@h.case("a key is created once, however many ask for it at once")
def _():
    with server(workers=2) as s:
        made = []
        threads = [threading.Thread(target=lambda: made.append(create(s, "one"))) for _ in range(8)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        h.equal(len(set(made)), 1)
        h.equal(len(made), 8)
        kms.error(kms.call(env(s), "createKey", key="one", algorithm="ed25519"), "another algorithm")
        with s.unix() as c:
            h.equal(c.call(b"Z0" + field("one") + b"011")[:4], b"Z132", "strict")


@h.case("strict_create: a name that exists is an error")
def _():
    with server(settings={"store.strict_create": "true"}) as s:
        create(s, "one")
        found = kms.call(env(s), "createKey", key="one", algorithm="ecdsa-p256")
        kms.error(found, "exists")


@h.case("after a rotation the new version signs, and the old one still verifies, disabled ones too")
def _():
    with server() as s, s.unix() as c:
        create(s, "k")
        old = sign(s, "k")
        h.equal(c.call(z8(2, "k"))[:13], b"Z900" + b"01" + b"0000020")
        new = sign(s, "k")
        h.ok(good(s, "k", old) and good(s, "k", new), "one does not verify")
        h.equal(c.call(z4("k"))[:10], b"Z500000002")
        h.equal(c.call(z4("k", version=1))[:10], b"Z500000001")
        h.equal(c.call(z8(4, "k", 1)), b"Z900")
        h.ok(good(s, "k", old), "a disabled version does not verify")
        h.equal(c.call(z4("k", version=1)), b"Z534")
        h.equal(c.call(z8(5, "k", 1)), b"Z900")
        h.ok(not good(s, "k", old), "a destroyed version verifies")
        h.equal(c.call(b"Z2" + field("k") + b"000001"), b"Z334")
        entries = c.call(z8(1, "k", 0))
        h.equal(entries[4:6], b"02")
        h.equal([entries[i:i + 12] for i in (6, 28)], [b"01k010000020", b"01k010000012"])


@h.case("a disabled key refuses to sign at once, in every worker")
def _():
    with server(workers=2) as s:
        clients = [s.unix() for _ in range(4)]
        create(s, "k")
        for c in clients:
            h.equal(c.call(z4("k"))[:4], b"Z500")       # now each worker has the key open
        h.equal(clients[0].call(z8(4, "k", 0)), b"Z900")
        for c in clients:
            h.equal(c.call(z4("k")), b"Z534")
        h.equal(clients[1].call(z8(3, "k", 1)), b"Z900")
        for c in clients:
            h.equal(c.call(z4("k"))[:4], b"Z500")


@h.case("the log has every change and signature, with who and what, and verifies as a chain")
def _():
    with server() as s, s.unix() as c:
        create(s, "k")
        sign(s, "k", digest=hashlib.sha256(MESSAGE).digest())
        c.call(z8(2, "k"))
        c.call(z8(4, "k", 2))
        h.equal(c.call(z4("k", version=2)), b"Z534")
        found = audit(s)
        h.equal([r["operation"] for r in found], ["create", "sign", "rotate", "disable", "sign"])
        h.equal([r["seq"] for r in found], [1, 2, 3, 4, 5])
        h.equal({r["uid"] for r in found}, {os.geteuid()})
        h.equal(found[3]["pid"], os.getpid())
        h.equal(found[1]["digest"], hashlib.sha256(MESSAGE).hexdigest().upper())
        h.equal([(r["key"], r["version"], r["result"]) for r in found],
                [("k", 1, "00"), ("k", 1, "00"), ("k", 2, "00"), ("k", 2, "00"), ("k", 2, "34")])


@h.case("over TCP they answer 68, or what the setting allows: what the policy allows everybody")
def _():
    with server(port=None) as s, s.tcp() as c:
        for command in (b"Z0" + field("k") + b"010", z4("k"), z8(0, "")):
            h.equal(c.call(command)[2:4], b"68")
    with server(port=None, settings={"commands.local": "none", "store.policy": "read=*"}) as s:
        create(s, "k")
        with s.tcp() as c:
            h.equal(c.call(b"Z2" + field("k") + b"000000")[:6], b"Z30001")
            h.equal(c.call(z4("k")), b"Z535")
            h.equal(c.call(b"Z0" + field("new") + b"010"), b"Z135")
        h.equal([(r["peer"], r.get("uid")) for r in audit(s) if r["result"] == "35"], [("network", None)] * 2)


def as_user(uid, path, body):
    """The answer to a request of another user."""
    r, w = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.setgroups([])
            os.setuid(uid)
            with socket.socket(socket.AF_UNIX) as c:
                c.settimeout(30 * h.SLOW)
                c.connect(path)
                c.sendall(h.frame(b"0000" + body))
                os.write(w, kms.receive(c)[1])
        except Exception as e:
            os.write(w, type(e).__name__.encode())
        os._exit(0)
    os.close(w)
    with os.fdopen(r, "rb") as f:
        data = f.read()
    os.waitpid(pid, 0)
    return data


@h.case("policy: which users may do what, by the user at the other end of the socket")
def _():
    if os.geteuid() != 0:
        h.skip("only root can become somebody else")
    policy = "sign=1234;read=1234,5678"
    with server(settings={"store.policy": policy, "socket_users": "1234,5678"}) as s:
        for path in (s.dir, os.path.join(s.dir, "run")):
            os.chmod(path, 0o755)
        create(s, "k")
        with s.unix() as c:
            h.equal(c.call(z4("k")), b"Z535", "the server's own user, whom the policy does not name")
        h.equal(as_user(1234, s.socket, z4("k"))[:4], b"Z500")
        h.equal(as_user(5678, s.socket, z4("k")), b"Z535")
        h.equal(as_user(5678, s.socket, b"Z2" + field("k") + b"000000")[:4], b"Z300")
        h.equal(as_user(5678, s.socket, z8(2, "k")), b"Z935")
        h.equal(as_user(5678, s.socket, b"Z0" + field("new") + b"010"), b"Z135")
        h.ok(as_user(4321, s.socket, z4("k")) in (b"EOFError", b"ConnectionResetError", b"BrokenPipeError"),
             "a user who may not connect is answered")
        h.equal({r["uid"] for r in audit(s) if r["result"] == "35"}, {0, 5678})


@h.case("the wrapper starts the daemon beside it, once, and it opens no TCP port")
def _():
    top = tempfile.mkdtemp(prefix="luahsm-test-")
    build = os.path.join(top, "build")
    os.mkdir(build)
    for path in (h.LUAHSM, kms.WRAPPER):
        shutil.copy(path, build)
    shutil.copytree(PLUGINS, os.path.join(top, "plugins"))
    own = h.folders(top)
    wrapper = os.path.join(build, "sigstore-kms-luahsm")
    found, pid = [], None
    try:
        def start():
            found.append(kms.call(own, "createKey", key="k", algorithm="ecdsa-p256", wrapper=wrapper, cwd="/"))
        threads = [threading.Thread(target=start) for _ in range(4)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        with open(os.path.join(top, "run", "luahsm", "luahsm.pid")) as f:
            pid = int(f.read())
        h.equal(len(found), 4)
        h.equal(len({json.dumps(one) for one in found}), 1, "keys")
        h.ok("createKey" in found[0], found[0])
        with open("/proc/%d/cmdline" % pid) as f:
            h.ok("--port\x000\x00" in f.read(), "it opens a port")
        signature = kms.sign(own, MESSAGE, key="k", wrapper=wrapper)["signMessage"]["signature"]
        h.equal(kms.verify(own, base64.b64decode(signature), MESSAGE, key="k", wrapper=wrapper),
                {"verifySignature": {}})
    finally:
        if pid:
            os.kill(pid, signal.SIGTERM)
            h.until("the daemon's end", lambda: h.ended(pid))
        shutil.rmtree(top, ignore_errors=True)


@h.case("the keeper is replaced when it dies, and no request notices")
def _():
    with server(workers=2) as s:
        create(s, "k")
        stop, failed = threading.Event(), []

        def load():
            with s.unix() as c:
                while not stop.is_set():
                    reply = c.call(z4("k"))
                    if reply[:4] != b"Z500":
                        failed.append(reply)
        threads = [threading.Thread(target=load) for _ in range(4)]
        for t in threads:
            t.start()
        for _ in range(5):
            old = h.until("a keeper", s.keeper)
            time.sleep(0.1)     # so that it is no crash loop
            os.kill(old, signal.SIGKILL)
            h.until("the next keeper", lambda: s.keeper() not in (None, old))
        stop.set()
        for t in threads:
            t.join()
        h.equal(failed, [])
        h.equal(len(s.events("keeper-lost")), 5)
        signed = [r["seq"] for r in audit(s)]
        h.equal(signed, list(range(1, len(signed) + 1)), "the log goes on")


@h.case("a request that waits for the keeper holds up no other one; in the long form, has an end")
def _():
    with server() as s, s.unix(timeout=30) as c, s.unix() as other:
        create(s, "k")
        os.kill(s.keeper(), signal.SIGSTOP)
        c.send(b"Z2" + field("k") + b"000009")
        began = time.monotonic()
        for _ in range(100):
            h.equal(other.call(b"NC")[:4], b"ND00")
        h.ok(time.monotonic() - began < 8, "NC waited")
        if h.FULL:
            h.equal(c.receive()[1], b"Z338")
        os.kill(s.keeper(), signal.SIGCONT)
        if not h.FULL:
            h.equal(c.receive()[1], b"Z331")
        h.equal(c.call(z4("k"))[:4], b"Z500")


@h.case("SIGTERM: a signature under way is answered, and the keeper ends with the rest")
def _():
    with server() as s, s.unix() as c:
        create(s, "k")
        keeper = s.keeper()
        os.kill(keeper, signal.SIGSTOP)
        c.send(z4("k"))
        s.send_signal(signal.SIGTERM)
        h.until("the drain", lambda: s.events("drain"))
        os.kill(keeper, signal.SIGCONT)
        h.equal(c.receive()[1][:4], b"Z500")
        h.until("the keeper's end", lambda: h.ended(keeper))
        h.equal(s.wait(), 0)


plugins()
try:
    h.main()
finally:
    shutil.rmtree(PLUGINS, ignore_errors=True)
