"""The wrapper as a client runs it, and a daemon that is none.

    with kms.Daemon() as d:
        kms.call(d.env, "publicKey", key="k1")

Daemon answers Z0, Z2, Z4 and Z6 with fixed keys: a signature is the SHA-256 of
what is signed. `do` replaces the answer to a request: a function of the
connection, for daemons that misbehave.
"""
import base64
import hashlib
import json
import os
import resource
import shutil
import socket
import struct
import subprocess
import tempfile
import threading
import time

import harness as h

WRAPPER = os.path.join(os.path.dirname(h.LUAHSM), "sigstore-kms-luahsm")
PEM = b"-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAAAAA\n-----END PUBLIC KEY-----\n"
# name: algorithm code
KEYS = {"p256": 1, "p384": 2, "p521": 3, "rsa": 11, "ed": 31, "edph": 32}
METHODS = {"defaultAlgorithm": 0, "supportedAlgorithms": 0, "createKey": 1, "publicKey": 1,
           "signMessage": 1, "verifySignature": 1}


def b64(data):
    return base64.b64encode(data).decode()


def signature(key, version, number, data):
    return hashlib.sha256(b"%s %d %d " % (key.encode(), version, number) + data).digest()


class Daemon:
    """A fake daemon on a socket of its own; `seen` has the requests it got."""

    def __init__(self, do=None, keys=None):
        self.dir = tempfile.mkdtemp(prefix="luahsm-test-")
        self.path = os.path.join(self.dir, "s")
        self.env = dict(h.folders(self.dir), LUAHSM_SOCKET=self.path, LUAHSM_AUTOSTART="0")
        self.keys = dict(KEYS if keys is None else keys)
        self.do, self.seen = do, []
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(self.path)
        self.listener.listen(64)
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join()
        shutil.rmtree(self.dir, ignore_errors=True)

    def serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.talk, args=(connection,), daemon=True).start()

    def talk(self, connection):
        with connection:
            connection.settimeout(30 * h.SLOW)
            try:
                if self.do:
                    self.do(connection)
                    return
                while True:
                    header, body = receive(connection)
                    self.seen.append(body)
                    connection.sendall(h.frame(header + answer(self.keys, body)))
            except (OSError, EOFError):
                pass


def read(connection, n):
    data = b""
    while len(data) < n:
        more = connection.recv(n - len(data))
        if not more:
            raise EOFError
        data += more
    return data


def receive(connection):
    """One request: (header, the rest)."""
    message = read(connection, struct.unpack(">H", read(connection, 2))[0])
    return message[:4], message[4:]


def answer(keys, body):
    """What the commands' pages say, with fixed keys."""
    if body[:2] == b"Z8":
        return b"Z9" + manage(keys, body[2:])
    command, size, at = body[:2], int(body[2:4], 16), 4
    name, at = body[at:at + size].decode(), at + size
    reply = command[:1] + bytes([command[1] + 1])

    def take(n):
        nonlocal at
        at += n
        return body[at - n:at]

    def counted():
        return take(int(take(4), 16))

    if command == b"Z0":
        code = int(take(2))
        if keys.setdefault(name, code) != code:
            return reply + b"32"
        return reply + b"00%02d0000010" % code + PEM
    if name not in keys:
        return reply + b"30"
    version = int(take(6))
    if version > 2:
        return reply + b"31"
    if command == b"Z2":
        return reply + b"00%02d%06d0" % (keys[name], version or 2) + PEM
    number = int(take(2))
    given = counted() if command == b"Z6" else None
    data = counted()
    h.equal(at, len(body), "bytes of the request")
    if (keys[name] == 31) != (number == 0):
        return reply + b"37"
    if keys[name] == 32 and number != 7:
        return reply + b"36"
    if given is None:
        return reply + b"00%06d" % (version or 2) + signature(name, version or 2, number, data)
    for v in (version,) if version else (2, 1):
        if given == signature(name, v, number, data):
            return reply + b"00%06d" % v
    return reply + b"01"


def manage(keys, body):
    """Z8: every key has two versions; a list comes two keys at a time."""
    mode, size = int(body[:1]), int(body[1:3], 16)
    name, rest = body[3:3 + size].decode(), body[3 + size:]

    def entry(key, version):
        return b"%02X%s%02d%06d%d%010d" % (len(key), key.encode(), keys[key], version, 2 - version, 1700000000)

    if mode == 0:
        found = [key for key in sorted(keys) if key > name][:2]
        return b"00%02d" % len(found) + b"".join(entry(key, 2) for key in found)
    if name not in keys:
        return b"30"
    if mode == 2:
        return b"00%02d0000030" % keys[name] + PEM
    version = int(rest)
    if version > 2:
        return b"31"
    if mode == 1:
        versions = (version,) if version else (2, 1)
        return b"00%02d" % len(versions) + b"".join(entry(name, v) for v in versions)
    return b"34" if mode == 3 and version == 1 else b"00"


def request(method, key="luahsm://p256", hash=5, version=None, capitals=False, init=None, **arguments):
    """The JSON document of a call."""
    rpc = {"keyVersion": version} if version else {}
    document = {"initOptions": dict({"protocolVersion": "v1", "keyResourceID": key, "hashFunc": hash,
                                     "rpcOptions": rpc}, **(init or {})), "methodName": method}
    if METHODS.get(method, 1):
        document[method] = arguments
    return document


def run(env, *arguments, stdin=b"", wrapper=None, limit=None, timeout=60, close=(), cwd=None):
    """Run the wrapper and return its answer, having checked that it is one."""
    def prepare():
        if limit:
            resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        for fd in close:
            os.close(fd)

    process = subprocess.Popen(
        h.WRAP + [wrapper or WRAPPER, *arguments], stdin=subprocess.PIPE if isinstance(stdin, bytes) else stdin,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=dict(h.ENVIRONMENT, **env), cwd=cwd,
        preexec_fn=prepare if limit or close else None)
    out, err = process.communicate(stdin if isinstance(stdin, bytes) else None, timeout * h.SLOW)
    return judge(process.returncode, out, err)


def judge(status, out, err):
    h.ok(status in (0, 1), "ended with %d: %s" % (status, err[-300:]))
    h.ok(not h.DEFECT.search(err.decode("latin-1")), err.decode("latin-1")[:500])
    h.ok(out.endswith(b"\n") and out.count(b"\n") == 1, "not one line: %r" % out[:200])
    found = json.loads(out)
    h.ok(isinstance(found, dict) and len(found) == 1, "not one member: %r" % found)
    failed = found.get("errorMessage", found.get("ErrorMessage"))
    h.equal(status, 1 if failed else 0, "exit status of %r: " % found)
    return found


def call(env, method, stdin=b"", **more):
    """A call in dialect v1; its answer."""
    how = {k: more.pop(k) for k in ("wrapper", "limit", "timeout", "close", "cwd") if k in more}
    return run(env, "v1", json.dumps(request(method, **more)), stdin=stdin, **how)


def sign(env, stdin=b"", digest=None, hash_with=None, **more):
    options = {} if digest is None else {"digest": b64(digest)}
    if hash_with is not None:
        options["hashFunc"] = hash_with
    return call(env, "signMessage", stdin, signOptions={"rpcOptions": {}, "messageOptions": options}, **more)


def verify(env, given, stdin=b"", digest=None, hash_with=None, **more):
    options = {} if digest is None else {"digest": b64(digest)}
    if hash_with is not None:
        options["hashFunc"] = hash_with
    return call(env, "verifySignature", stdin, signature=b64(given),
                verifyOptions={"rpcOptions": {}, "messageOptions": options}, **more)


def error(found, *words):
    text = found.get("errorMessage", "")
    for word in words:
        h.ok(word.lower() in text.lower(), "no %r in %r" % (word, found))


def now(offset=0.0):
    """A time as a client writes it."""
    t = time.time() + offset
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(t)) + (".%09dZ" % int(t % 1 * 1e9))
