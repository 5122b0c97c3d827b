#!/usr/bin/env python3
"""Hostile scripts against a running server: tests/lua/hostile.lua.

One worker serves every script as a plug-in of its own. While they are sent on
one connection, another client asks NC all the time. Each script ends in an
error reply within 150 ms, nobody waits longer than 200 ms, the worker that
started is the one that ends, and it holds at most 16 MiB more.

Where the machine itself stops for a while (a probe process that only sleeps
shows it), the time that it stopped is not counted.
"""
# alone
import multiprocessing
import os
import re
import shutil
import string
import tempfile
import threading
import time

import harness as h

SCRIPTS = os.path.join(h.TREE, "tests", "lua", "hostile.lua")
REPLY_MS = 150
WAIT_MS = 200
GROWN_KIB = 16 * 1024
# As threats, section 5 says; the plug-ins are named behind these.
CODES = [a + b for a in "XYZ" for b in string.ascii_uppercase if a + b != "ZZ"] + \
    ["W" + b for b in string.ascii_uppercase]

PLUGIN = """%s
return {
  command = "%s", title = "hostile", request = {}, response = {},
  errors = {}, handler = function (q, a)
%s
  end,
}
"""


def read_scripts():
    """[(name, kind, body)...]"""
    with open(SCRIPTS, encoding="ascii") as f:
        parts = re.split(r"^--- (.*)\n", f.read(), flags=re.M)[1:]
    found = []
    for title, body in zip(parts[::2], parts[1::2]):
        name, kind = re.match(r"(.*?)(?: \((file|survives)\))?$", title).groups()
        found.append((name, kind, body.strip()))
    return found


def chain():
    """A chain of fields ending in nil, as long as a file may be (L17)."""
    return "local x = {} x.x = x local y = x%s.y.z" % (".x" * 31000)


class Probe:
    """How long this machine made a sleeping process wait: a process of its own."""

    def __init__(self):
        self.worst = multiprocessing.Value("d", 0.0)
        self.process = multiprocessing.Process(target=self.run, daemon=True)
        self.process.start()

    def run(self):
        while True:
            start = time.monotonic()
            time.sleep(0.001)
            late = (time.monotonic() - start) * 1000 - 1
            with self.worst.get_lock():
                self.worst.value = max(self.worst.value, late)

    def take(self):
        """The longest wait since the last call, in ms."""
        with self.worst.get_lock():
            worst, self.worst.value = self.worst.value, 0.0
        return worst

    def stop(self):
        self.process.kill()
        self.process.join()


class Bystander(threading.Thread):
    """Sends NC all the time and keeps the longest wait."""

    def __init__(self, server):
        super().__init__(daemon=True)
        self.client = server.tcp()
        self.stopping = False
        self.failed = None
        self.worst = 0.0
        self.count = 0
        self.start()

    def run(self):
        try:
            while not self.stopping:
                start = time.monotonic()
                reply = self.client.call(b"NC")
                self.worst = max(self.worst, (time.monotonic() - start) * 1000)
                self.count += 1
                if reply[:4] != b"ND00":
                    raise h.Failed("NC got " + h.printable(reply))
                time.sleep(0.001)
        except Exception as e:
            self.failed = e

    def take(self):
        worst, self.worst = self.worst, 0.0
        return worst

    def stop(self):
        self.stopping = True
        self.join(10)
        self.client.close()
        if self.failed is not None:
            raise self.failed


def write(folder, code, text):
    with open(os.path.join(folder, code + ".lua"), "w", encoding="ascii") as f:
        f.write(text)


def folder_of(scripts):
    """A folder with NC and the scripts: {code: (name, kind)}."""
    folder = tempfile.mkdtemp(prefix="luahsm-hostile-")
    shutil.copy(os.path.join(h.PLUGINS, "NC.lua"), folder)
    served = {}
    for code, (name, kind, body) in zip(CODES, scripts):
        write(folder, code, PLUGIN % ("", code, body))
        served[code] = (name, kind)
    return folder, served


def worker_of(server):
    """The worker: the child that holds most."""
    return max(server.children(), key=lambda pid: h.memory(pid, "Rss"))


def judge(server, code, kind, client, bystander, probe):
    """Send one script: an error reply in time, for it and for the bystander."""
    probe.take()
    bystander.take()
    start = time.monotonic()
    reply = client.call(code.encode())
    took = (time.monotonic() - start) * 1000
    wanted = (b"41", b"00") if kind == "survives" else (b"41",)
    h.ok(reply[2:4] in wanted, "answered " + h.printable(reply))
    late = probe.take()
    h.ok(took <= (REPLY_MS + late) * h.SLOW, "took %.0f ms" % took)
    time.sleep(0.005)
    waited = bystander.take()
    h.ok(waited <= (WAIT_MS + late) * h.SLOW, "another client waited %.0f ms" % waited)


def held(grown):
    if h.SLOW != 1:
        h.skip("sanitizers and valgrind hold what is freed")
    h.ok(grown <= GROWN_KIB, "%d KiB more" % grown)
    print("# %d KiB more" % grown)


def hostile():
    scripts = [s for s in read_scripts() if s[1] != "file"]
    folder, served = folder_of(scripts)
    try:
        with h.Server(plugins=folder, workers=1) as server:
            with server.tcp() as client:
                probe, bystander = Probe(), Bystander(server)
                try:
                    worker = worker_of(server)
                    children = sorted(server.children())
                    before = h.memory(worker, "Rss")
                    for turn in ("", ", again"):
                        for code, (name, kind) in served.items():
                            h.attempt(name + turn, lambda code=code, kind=kind: judge(
                                server, code, kind, client, bystander, probe))
                    h.attempt("the worker that started is the one that ends", lambda: h.equal(
                        sorted(server.children()), children))
                    grown = h.memory(worker, "Rss") - before
                    h.attempt("the worker holds at most 16 MiB more", lambda: held(grown))
                    h.attempt("other clients were served", lambda: h.ok(
                        bystander.count > 100, "only %d times" % bystander.count))
                finally:
                    probe.stop()
                    bystander.stop()
    finally:
        shutil.rmtree(folder)


def refused(server, folder, body):
    """A file that must not load: reload says why and the old set stays."""
    write(folder, "XX", body)
    try:
        r = server.cli("reload")
        h.equal(r.returncode, 1, "luahsm reload")
        h.ok("XX.lua" in r.stdout + r.stderr, "no word of XX.lua: " + r.stdout + r.stderr)
        with server.tcp() as client:
            h.equal(client.call(b"NC")[:4], b"ND00")
            h.equal(client.call(b"XX"), b"XY67")
    finally:
        os.unlink(os.path.join(folder, "XX.lua"))


def files():
    """What must be refused before it is served."""
    rest = PLUGIN % ("", "XX", "")
    found = [(name, body + "\n" + rest) for name, kind, body in read_scripts() if kind == "file"]
    found += [
        ("L1: a compiled chunk", "\x1bLua" + rest),
        ("L16: parentheses 30000 deep", "local x = " + "(" * 30000 + rest),
        ("L16: tables 30000 deep", "local x = " + "{" * 30000 + rest),
        ("L17: a chain of fields as long as a file", PLUGIN % ("", "XX", chain())),
        ("a file of more than 64 KiB", rest + "--" + "x" * 65536),
    ]
    return found


def refuse_all():
    folder, _ = folder_of([])
    try:
        with h.Server(plugins=folder, workers=1) as server:
            for name, body in files():
                h.attempt("refused at reload: " + name,
                          lambda body=body: refused(server, folder, body))
    finally:
        shutil.rmtree(folder)


@h.case("hostile scripts against a server")
def _():
    hostile()


@h.case("hostile files against a server")
def _():
    refuse_all()


h.main()
