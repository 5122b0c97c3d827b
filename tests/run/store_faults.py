#!/usr/bin/env python3
"The key store and the audit log of a running daemon when something goes wrong with process, disk or file."
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

import harness as h

CODES = ("Z0", "Z2", "Z4", "Z6", "Z8", "NC")
TOP = tempfile.mkdtemp(prefix="luahsm-test-")
PLUGINS = os.path.join(TOP, "plugins")
DIGEST = b"\xA5" * 32
seed = random.randrange(1 << 32)
chance = random.Random(seed)


def plugins():
    os.mkdir(PLUGINS)
    for code in CODES:
        shutil.copy(os.path.join(h.PLUGINS, code + ".lua"), PLUGINS)


class Data:
    """A data folder that outlives its daemons, and what they have acknowledged."""

    def __init__(self):
        self.dir = tempfile.mkdtemp(dir=TOP)
        self.path = os.path.join(self.dir, "luahsm")
        self.keys = {}          # name: the newest version's PEM
        self.signatures = []    # (name, signature)
        self.unsure = set()     # names whose rotation was not answered

    def server(self, **more):
        return h.Server(plugins=PLUGINS, env=dict({"XDG_DATA_HOME": self.dir}, **more.pop("env", {})),
                        **dict({"port": False}, **more))

    def file(self, name="keys.db"):
        return os.path.join(self.path, name)

    def records(self):
        with open(self.file("audit.log")) as f:
            return [json.loads(line) for line in f]


def field(name):
    return b"%02X%s" % (len(name), name.encode())


def create(c, name):
    return c.call(b"Z0" + field(name) + b"010")


def public(c, name):
    return c.call(b"Z2" + field(name) + b"000000")


def sign(c, name):
    return c.call(b"Z4" + field(name) + b"000000050020" + DIGEST)


def verify(c, name, signature):
    return c.call(b"Z6" + field(name) + b"00000005%04X" % len(signature) + signature + b"0020" + DIGEST)


def fill(s, data, count=5):
    """Some keys, each with a signature."""
    with s.unix() as c:
        for i in range(count):
            name = "key%d" % i
            reply = create(c, name)
            h.equal(reply[:4], b"Z100")
            data.keys[name] = reply[13:]
            reply = sign(c, name)
            h.equal(reply[:4], b"Z500")
            data.signatures.append((name, reply[10:]))


def whole(s, data, some=None):
    """
    Every key that was acknowledged is there, with its own public key, and verifies what it has signed; or some of
    them, and the newest.
    """
    names = list(data.keys)
    if some:
        names = chance.sample(names, min(some, len(names))) + names[-some:]
    with s.unix(timeout=60) as c:
        for name in names:
            pem = data.keys[name]
            reply = public(c, name)
            h.equal(reply[:4], b"Z300", "%s (seed %d)" % (name, seed))
            if name not in data.unsure:
                h.equal(reply[13:], pem, "%s (seed %d)" % (name, seed))
        for name, signature in chance.sample(data.signatures, min(some or 1000000, len(data.signatures))):
            h.equal(verify(c, name, signature)[:4], b"Z700", "%s (seed %d)" % (name, seed))


def only_ours(s, data):
    """Whatever is answered, it is no wrong key: the number of keys that can still be used."""
    good = 0
    with s.unix(timeout=30) as c:
        for name, pem in data.keys.items():
            reply = public(c, name)
            if reply[:4] == b"Z300":
                h.equal(reply[13:], pem, "%s (seed %d)" % (name, seed))
                good += 1
            else:
                h.ok(reply in (b"Z338", b"Z330", b"Z331"), "%s: %r (seed %d)" % (name, reply, seed))
            reply = sign(c, name)
            if reply[:4] == b"Z500":
                h.equal(verify(c, name, reply[10:])[:4], b"Z700")
        h.equal(c.call(b"NC")[:4], b"ND00", "payment")
    return good


def says(s, *words):
    """The log names the cause."""
    h.until("the log says " + " or ".join(words),
            lambda: any(word in s.log() for word in words), 5)


def next_keeper(s):
    """Have the keeper replaced; the new one opens the store at its first question."""
    old = h.until("a keeper", s.keeper)
    os.kill(old, 9)
    h.until("the next keeper", lambda: s.keeper() not in (None, old))
    time.sleep(0.06)        # one that lived for less counts as a crash loop


def forget(s):
    """Have the workers replaced, and what they have in mind with them."""
    old = s.children()
    for pid in old:
        os.kill(pid, 9)
    h.until("other workers", lambda: s.children() and not set(old) & set(s.children()))
    time.sleep(0.06)


def busy(s, data, stop, number):
    """Create, rotate and sign until the daemon is gone; note what was acknowledged."""
    mine, count = [], 0
    try:
        with s.unix(timeout=30) as c:
            while not stop.is_set():
                name = "k%d-%d-%d" % (number, len(data.keys), count)
                count += 1
                reply = create(c, name)
                h.ok(reply[:4] in (b"Z100", b"Z138"), reply)
                if reply[:4] == b"Z100":
                    data.keys[name] = reply[13:]
                    mine.append(name)
                for name in mine[-1:]:
                    reply = sign(c, name)
                    h.ok(reply[:4] in (b"Z500", b"Z538"), reply)
                    if reply[:4] == b"Z500":
                        data.signatures.append((name, reply[10:]))
                    data.unsure.add(name)
                    reply = c.call(b"Z82" + field(name))
                    h.ok(reply[:4] in (b"Z900", b"Z938"), reply)
                    if reply[:4] == b"Z900":
                        data.keys[name] = reply[13:]
                        data.unsure.discard(name)
    except (ConnectionError, TimeoutError, OSError):
        pass


def cycle(data, daemons):
    """One life of a daemon whose keeper, or which itself, is killed while it works."""
    failed = []
    s = data.server(workers=2)
    try:
        whole(s, data, 20)
        stop = threading.Event()

        def work(number):
            try:
                busy(s, data, stop, number)
            except h.Failed as e:
                failed.append(e)
        threads = [threading.Thread(target=work, args=(i,)) for i in range(3)]
        for t in threads:
            t.start()
        kills = 0
        for _ in range(4):
            time.sleep(chance.uniform(0.06, 0.2))
            if daemons and chance.random() < 0.3:
                break
            keeper = s.keeper()
            if keeper:
                os.kill(keeper, 9)
                kills += 1
        if not daemons:
            stop.set()
            for t in threads:
                t.join()
            whole(s, data, 20)
            return kills
        s.kill()
        stop.set()
        for t in threads:
            t.join()
        return kills + 1
    except BaseException:
        sys.stderr.write("the server's log, its end:\n%s\n" % s.log()[-3000:])
        raise
    finally:
        s.kill()
        shutil.rmtree(s.dir, ignore_errors=True)
        h.equal(failed, [])


@h.case("keeper or daemon killed in the middle of work: no acknowledged key is lost")
def _():
    data, kills, wanted = Data(), 0, 1000 if h.FULL else 20
    while kills < wanted:
        kills += cycle(data, daemons=chance.random() < 0.7)
    with data.server() as s:
        whole(s, data)
        found = data.records()
    h.equal([r["seq"] for r in found], list(range(1, len(found) + 1)), "the log's numbers")
    # what was made when the keeper was killed is recorded by the next one
    made = {r["key"] for r in found if r["operation"] in ("create", "recover") and r["result"] == "00"}
    h.ok(set(data.keys) <= made, "keys that are not in the log: %s" % (set(data.keys) - made))
    signed = sum(r["operation"] == "sign" and r["result"] == "00" for r in found)
    h.ok(signed >= len(data.signatures), "%d signatures, %d in the log" % (len(data.signatures), signed))
    print("# %d kills, %d keys, %d signatures, seed %d" % (kills, len(data.keys), len(data.signatures), seed))


class Small:
    """A file system of so many KiB at a folder, for root."""

    def __init__(self, path, kib):
        self.path = path
        if os.geteuid() != 0 or not shutil.which("mount"):
            h.skip("only root can mount a small file system")
        os.makedirs(path, mode=0o700, exist_ok=True)
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=%dk,mode=700" % kib, "none", path],
                          stderr=subprocess.DEVNULL).returncode != 0:
            h.skip("mount is not allowed here")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        subprocess.run(["umount", "-l", self.path], check=False)

    def remount(self, how):
        subprocess.run(["mount", "-o", "remount," + how, self.path], check=True)

    def stuff(self):
        """Use up what room there is."""
        fd = os.open(os.path.join(self.path, "stuffing"), os.O_WRONLY | os.O_CREAT)
        try:
            while os.write(fd, b"x" * 1024):
                pass
        except OSError:
            pass
        finally:
            os.close(fd)

    def relieve(self):
        os.unlink(os.path.join(self.path, "stuffing"))


@h.case("a full disk: nothing is signed or made that is not recorded, and with room it goes on")
def _():
    data = Data()
    with Small(data.path, 1024) as disk, data.server() as s:
        fill(s, data)
        disk.stuff()
        with s.unix(timeout=30) as c:
            replies = {sign(c, "key0")[:4] for _ in range(50)} | {create(c, "new%d" % i)[:4] for i in range(20)}
            h.ok(replies <= {b"Z500", b"Z539", b"Z538", b"Z100", b"Z139", b"Z138"}, replies)
            h.ok(b"Z539" in replies, "a signature without a record: %s" % replies)
            h.equal(c.call(b"NC")[:4], b"ND00", "payment")
        says(s, "No space", "no space", "could not be written")
        disk.relieve()
        with s.unix(timeout=30) as c:
            h.until("signatures again", lambda: sign(c, "key0")[:4] == b"Z500")
            h.until("new keys again", lambda: create(c, "later")[:4] == b"Z100")
        whole(s, data)
        found = data.records()
        h.equal([r["seq"] for r in found], list(range(1, len(found) + 1)), "the log's numbers")


@h.case("a limit on the size of files is a full disk, too, and kills nobody")
def _():
    data = Data()
    with data.server() as s:
        fill(s, data)
    size = os.path.getsize(data.file())
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (max(size, 40000), before[1]))
    try:
        s = data.server()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    with s:
        with s.unix(timeout=30) as c:
            replies = [create(c, "new%d" % i)[:4] for i in range(200)]
            h.ok(b"Z138" in replies or b"Z139" in replies, "200 keys fit")
            h.ok(set(replies) <= {b"Z100", b"Z138", b"Z139"}, set(replies))
        keeper = s.events("keeper-lost")
        h.equal(keeper, [])
        whole(s, data)


@h.case("a folder that becomes read-only: keys are read, and changes and signatures refused")
def _():
    data = Data()
    with Small(data.path, 1024) as disk:
        with data.server() as s:
            fill(s, data)
        disk.remount("ro")
        with data.server() as s:
            with s.unix(timeout=30) as c:
                h.equal(create(c, "new"), b"Z138")
                h.equal(sign(c, "key0"), b"Z538")
                h.equal(c.call(b"NC")[:4], b"ND00", "payment")
            says(s, "cannot be written", "Read-only")
            disk.remount("rw")
            time.sleep(1.1)     # the keeper tries again after a second
            whole(s, data)


@h.case("a folder that can't be made: payment is served, signing answers 38 and the log says why")
def _():
    data = Data()
    with data.server(env={"XDG_DATA_HOME": "/proc/luahsm-test"}) as s, s.unix() as c:
        h.equal(c.call(b"NC")[:4], b"ND00")
        h.equal(create(c, "k"), b"Z138")
        says(s, "/proc/luahsm-test")
        h.equal(c.call(b"NC")[:4], b"ND00")


def started(pid):
    """When a process was, in ticks."""
    with open("/proc/%d/stat" % pid, encoding="utf-8") as f:
        return int(f.read().rpartition(")")[2].split()[19])


def damaged(s, data, good, bad):
    """
    Put a damaged store before a new keeper and a worker with nothing in mind; how many keys can be used still. The
    worker is the spare one, which is the younger of two: were it killed, too, that would be a crash loop.
    """
    keeper = h.until("a keeper", s.keeper)
    h.until("worker and spare", lambda: len(s.children()) == 2)
    worker = min(s.children(), key=started)
    os.kill(keeper, signal.SIGSTOP)     # no change while the file is exchanged
    with open(data.file(), "wb") as f:
        f.write(bad)
    for pid in (keeper, worker):
        os.kill(pid, signal.SIGKILL)
    h.until("the next keeper and worker", lambda: s.keeper() not in (None, keeper) and worker not in s.children())
    time.sleep(0.06)        # those that lived for less count as a crash loop
    count = only_ours(s, data)
    with open(data.file(), "wb") as f:
        f.write(good)
    return count


def store(data):
    with open(data.file(), "rb") as f:
        return f.read()


@h.case("flipped bits: a key that was damaged is refused, no wrong key is used")
def _():
    data, refused, flips = Data(), 0, 10000 if h.FULL else 25
    with data.server(settings={"slow_workers": 0}) as s:
        fill(s, data)
        good = store(data)
        for _ in range(flips):
            bad = bytearray(good)
            bit = chance.randrange(8 * len(bad))
            bad[bit // 8] ^= 1 << bit % 8
            refused += damaged(s, data, good, bad) < len(data.keys)
        next_keeper(s)
        whole(s, data)
        print("# %d flips, %d with keys that were refused, seed %d" % (flips, refused, seed))


@h.case("a truncated store is refused by name, and whole again when the file is")
def _():
    data = Data()
    with data.server(settings={"slow_workers": 0}) as s:
        fill(s, data)
        good = store(data)
        for n in (0, 1, 4096, len(good) // 2, len(good) - 1):
            h.equal(damaged(s, data, good, good[:n]), 0, "keys of the first %d bytes" % n)
        says(s, "keys.db")
        next_keeper(s)
        whole(s, data)


@h.case("an older store in place of the newer one is noticed")
def _():
    data = Data()
    with data.server() as s:
        fill(s, data, 2)
        old = store(data)
        fill(s, data, 4)
        next_keeper(s)
        whole(s, data)
        rows = len(data.records())
        with open(data.file(), "wb") as f:
            f.write(old)
        next_keeper(s)
        forget(s)
        # the store is whole in itself; the log has newer epochs
        with s.unix() as c:
            h.equal(public(c, "key3"), b"Z330")
            h.equal(public(c, "key1")[13:], data.keys["key1"])
        h.equal(len(data.records()), rows)
        says(s, "older than its log")


@h.case("a second daemon on the same store is refused by name, and serves payment")
def _():
    data = Data()
    with data.server() as s, data.server() as other:
        fill(s, data)
        with other.unix() as c:
            h.equal(public(c, "key0"), b"Z338")
            h.equal(sign(c, "key0"), b"Z538")
            h.equal(c.call(b"NC")[:4], b"ND00")
        says(other, "another process has it open")
        whole(s, data)
        h.equal(s.stop(), 0)
        time.sleep(1.1)         # the other one tries again after a second
        whole(other, data)


plugins()
try:
    h.main()
finally:
    shutil.rmtree(TOP, ignore_errors=True)
