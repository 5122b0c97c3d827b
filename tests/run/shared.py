#!/usr/bin/env python3
"Two daemons with one key store in a PostgreSQL server: what one does to a key counts for the other at once."
import glob
import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time

import harness as h

CODES = ("Z0", "Z2", "Z4", "Z6", "Z8", "NC")
TOP = tempfile.mkdtemp(prefix="luahsm-test-")
PLUGINS = os.path.join(TOP, "plugins")
DIGEST = hashlib.sha256(b"a message\n").digest()


class Postgres:
    """A server of our own in a temporary folder, on a Unix socket only."""

    def __init__(self):
        found = sorted(glob.glob("/usr/lib/postgresql/*/bin/postgres"))
        if h.WRAP:
            h.skip("not under valgrind")
        if not found:
            h.skip("no PostgreSQL server is installed")
        self.bin = os.path.dirname(found[-1])
        self.dir = tempfile.mkdtemp(prefix="luahsm-pg-")
        self.user = None
        if os.geteuid() == 0:       # the server refuses root
            self.user = next((u.pw_name for u in pwd.getpwall() if u.pw_name == "postgres"), "nobody")
            shutil.chown(self.dir, self.user)
        self.data = os.path.join(self.dir, "data")
        self.url = "postgresql://luahsm@/postgres?host=" + self.dir
        self.process = None

    def start_program(self, name, *args):
        become = {"user": self.user, "group": pwd.getpwnam(self.user).pw_gid, "extra_groups": []} if self.user else {}
        return subprocess.Popen([os.path.join(self.bin, name), *args], cwd="/", stdin=subprocess.DEVNULL,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **become)

    def make(self):
        if self.start_program("initdb", "-D", self.data, "-N", "-A", "trust", "-U", "luahsm", "--no-locale",
                              "-E", "UTF8").wait(120) != 0:
            self.remove()
            h.skip("initdb failed")

    def remove(self):
        self.stop()
        shutil.rmtree(self.dir, ignore_errors=True)

    def start(self):
        self.process = self.start_program("postgres", "-D", self.data, "-F", "-c", "listen_addresses=",
                                          "-c", "unix_socket_directories=" + self.dir)
        h.until("the server is ready", self.ready, 60)

    def ready(self):
        try:
            with open(os.path.join(self.data, "postmaster.pid"), encoding="ascii") as f:
                return "ready" in f.read()
        except FileNotFoundError:
            return False

    def stop(self):
        """As `pg_ctl stop -m fast`: who is connected is thrown out."""
        if self.process:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(60)
            self.process = None

    def backends(self):
        return [pid for pid, parent, _, _ in h.processes() if self.process and parent == self.process.pid]


def plugins():
    os.mkdir(PLUGINS)
    for code in CODES:
        shutil.copy(os.path.join(h.PLUGINS, code + ".lua"), PLUGINS)


made = []


def server():
    """The one for all cases: making it takes longer than they do."""
    if not made:
        pg = Postgres()
        pg.make()
        made.append(pg)
    if not made[0].process:
        made[0].start()
    return made[0]


class Daemons:
    """Two of them, with one master key and each its own log."""

    def __init__(self, pg):
        self.all = []
        key = os.path.join(TOP, "master.key")
        for _ in range(2):
            self.all.append(h.Server(plugins=PLUGINS, port=False, settings={
                "store.keys": pg.url, "store.key_file": key}))
            with self.all[-1].unix(timeout=30) as c:      # the first one makes store and key
                h.equal(c.call(b"Z80" + b"00")[:4], b"Z900")

    def __enter__(self):
        return self.all

    def __exit__(self, kind, value, trace):
        for s in self.all:
            s.__exit__(kind, value, trace)


def field(name):
    return b"%02X%s" % (len(name), name.encode())


def create(c, name):
    reply = c.call(b"Z0" + field(name) + b"010")
    h.equal(reply[:4], b"Z100")


def sign(c, name):
    return c.call(b"Z4" + field(name) + b"000000050020" + DIGEST)


def signs(c, name, version):
    """Its signature with that version."""
    reply = sign(c, name)
    h.equal(reply[:10], b"Z500%06d" % version)
    return reply[10:]


def verify(c, name, signature):
    return c.call(b"Z6" + field(name) + b"00000005%04X" % len(signature) + signature + b"0020" + DIGEST)


def state(c, name, mode, version=0):
    h.equal(c.call(b"Z8%d" % mode + field(name) + b"%06d" % version)[:4], b"Z900")


@h.case("disabled, destroyed or rotated by one daemon: the other one knows before it signs again")
def _():
    with Daemons(server()) as (one, two), one.unix(timeout=30) as a, two.unix(timeout=30) as b:
        create(a, "k")
        signs(a, "k", 1)                        # now it has the key open
        for _ in range(10):
            state(b, "k", 4)
            h.equal(sign(a, "k"), b"Z534", "disabled")
            state(b, "k", 3)
            signs(a, "k", 1)
        h.equal(b.call(b"Z82" + field("k"))[:13], b"Z900010000020")
        made = signs(a, "k", 2)
        state(b, "k", 5, 2)
        signs(a, "k", 1)
        h.equal(len([s for s in (one, two) if s.keeper()]), 2)
        # what is only read is looked up again within a second
        h.until("a destroyed version verifies nothing", lambda: verify(a, "k", made)[:4] != b"Z700")


@h.case("the server goes: keys that are open still sign; it comes back: so does the rest, and what changed counts")
def _():
    pg = server()
    with Daemons(pg) as (one, two), one.unix(timeout=60) as a, two.unix(timeout=60) as b:
        create(a, "k2")
        create(a, "other")
        signs(a, "k2", 1)
        pg.stop()
        for _ in range(20):
            signs(a, "k2", 1)
        h.equal(sign(a, "other"), b"Z538", "a key that was not open")
        h.equal(a.call(b"Z0" + field("new2") + b"010"), b"Z138")
        h.equal(sign(b, "k2"), b"Z538", "nor here")
        h.equal(a.call(b"NC")[:4], b"ND00")
        pg.start()
        h.until("the other one has it again", lambda: b.call(b"Z84" + field("k2") + b"000000") == b"Z900", 60)
        h.until("refused", lambda: sign(a, "k2") == b"Z534", 60)
        state(b, "k2", 3)
        signs(a, "k2", 1)
        signs(a, "other", 1)
        create(a, "new2")
        h.equal(len(one.events("keeper-lost") + two.events("keeper-lost")), 0)
        h.equal(len([e for e in one.events("key-store") if "again" in e.get("what", "")]), 1)


@h.case("a server that says nothing any more is given up, and keys that are open sign meanwhile")
def _():
    pg = server()
    with Daemons(pg) as (one, _), one.unix(timeout=60) as a:
        create(a, "k3")
        signs(a, "k3", 1)
        stopped = pg.backends() + [pg.process.pid]
        for pid in stopped:
            os.kill(pid, signal.SIGSTOP)
        began = time.monotonic()
        for _ in range(5):
            signs(a, "k3", 1)
        h.ok(time.monotonic() - began < 30 * h.SLOW, "it was waited for")
        for pid in stopped:
            os.kill(pid, signal.SIGCONT)
        h.until("it is there again", lambda: a.call(b"Z0" + field("new3") + b"010")[:4] == b"Z100", 60)
        h.equal(len(one.events("keeper-lost")), 0)


plugins()
try:
    h.main()
finally:
    for server_made in made:
        server_made.remove()
    shutil.rmtree(TOP, ignore_errors=True)
