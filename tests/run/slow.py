#!/usr/bin/env python3
"""Slow commands run in slow workers: in order, in nobody's way, through losses, reloads and drains."""
# alone
import json
import os
import shutil
import signal
import socket
import struct
import tempfile
import threading
import time

import harness as h

NC = b"ND0026860400000000000007-E000"
SECONDS, TURNS = (4, 5) if h.FULL else (1, 2)

# SL counts, so many thousands, and says which version of it did; SN is NC; SX never ends.
SL = """return {
  command = "SL", title = "Count", slow = true,
  request = { { "thousands", N(7) } },
  response = { { "thousands", N(7) }, { "version", N(1) } },
  handler = function (q, a)
    for _ = 1, num(q.thousands) do for _ = 1, 1000 do end end
    a.thousands = q.thousands
    a.version = %d
  end,
  vectors = { { "one", send = "SL0000001", expect = "SM000000001%d" },
              { "no number", send = "SLx", expect = "SM15" } },
}
"""
SX = """return {
  command = "SX", title = "Never ends", slow = true,
  request = {}, response = {},
  handler = function (q, a) while true do end end,
  vectors = { { "a byte too many", send = "SX0", expect = "SY15" } },
}
"""


class Slow(h.Server):
    """A server with slow commands. Its unit of slowness: n of them take about n ms."""

    rate = None

    def __init__(self, **more):
        self.folder = tempfile.mkdtemp(prefix="luahsm-plugins-")
        for code in ("NC", "B2", "CA", "EI"):
            shutil.copy(os.path.join(h.PLUGINS, code + ".lua"), self.folder)
        with open(os.path.join(h.PLUGINS, "NC.lua")) as f:
            text = f.read()
        for old, new in (('"NC"', '"SN"'), ('"ND"', '"SO"'), ("NC00", "SN00"), ("ND", "SO"), ("NC", "SN")):
            text = text.replace(old, new)
        self.write("SN", text.replace("  title", "  slow = true,\n  title", 1))
        self.write("SL", SL % (1, 1))
        self.write("SX", SX)
        super().__init__(plugins=self.folder, **more)
        if Slow.rate is None:
            self.calibrate()

    def __exit__(self, *a):
        try:
            return super().__exit__(*a)
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def write(self, code, text):
        path = os.path.join(self.folder, code + ".lua")
        with open(path + ".new", "w") as f:
            f.write(text)
        os.rename(path + ".new", path)

    def calibrate(self):
        with self.tcp() as c:
            c.call(b"SL0000001")
            began = time.monotonic()
            c.call(b"SL0020000")
            Slow.rate = 20000 / (time.monotonic() - began) / 1000

    def slow(self, ms):
        """A request that takes about so long, and its reply."""
        n = b"%07d" % max(1, min(9999999, ms * Slow.rate))
        return b"SL" + n, b"SM00" + n + b"1"

    def slow_pids(self):
        return [w["pid"] for w in self.figures()["slow_workers"]]

    def ticks(self):
        """Processor time that slow workers have used."""
        total = 0
        for pid in {e["pid"] for e in self.events("slow-worker-ready")} & set(self.children()):
            with open("/proc/%d/stat" % pid) as f:
                total += int(f.read().rpartition(")")[2].split()[11])
        return total

    def busy(self):
        """Is a slow worker at work?"""
        before = self.ticks()
        time.sleep(0.04)
        return self.ticks() > before


# --- order -----------------------------------------------------------------

@h.case("slow and fast requests of one connection are answered in order")
def _():
    with Slow() as s, s.tcp() as a, s.unix() as b:
        q, r = s.slow(5)
        for c in (a, b):
            h.equal(c.pipeline([q, b"NC", q, b"NC", b"NC", q]), [r, NC, r, NC, NC, r])
            h.equal(c.pipeline([b"NC", q] * 32), [NC, r] * 32)
            h.equal(c.pipeline([b"B20003abc"] * 20 + [q] * 3 + [b"ZX"]), [b"B300abc"] * 20 + [r] * 3 + [b"ZY67"])
        h.equal(len(s.slow_pids()), 1)


@h.case("other connections of the worker are answered meanwhile")
def _():
    with Slow() as s, s.tcp() as a, s.tcp() as b:
        q, r = s.slow(500)
        sent, began = a.send(q), time.monotonic()
        h.equal([b.call(b"NC") for _ in range(100)], [NC] * 100)
        h.ok(time.monotonic() - began < 0.4 * h.SLOW, "NC waited for the slow request")
        h.equal(a.receive(), (sent, r))
        h.ok(time.monotonic() - began > 0.1, "the slow request was not slow")


@h.case("replies that come before a slow one are not held up by it")
def _():
    with Slow() as s, s.tcp() as c:
        q, r = s.slow(600)
        began = time.monotonic()
        heads = [c.send(b) for b in (b"NC", q, b"NC")]
        h.equal(c.receive(), (heads[0], NC))
        h.ok(time.monotonic() - began < 0.3 * h.SLOW, "NC waited for the slow request behind it")
        h.equal([c.receive(), c.receive()], [(heads[1], r), (heads[2], NC)])


@h.case("header, trailer, listener's LMK and refusals are as without slow workers")
def _():
    answers = []
    for n in (0, 1, 3):
        with Slow(settings={"slow_workers": n, "message.header_length": 6, "commands.disabled": "B2 SX"}) as s:
            h.equal(len(s.slow_pids()), n)
            got = []
            for c in (s.tcp(), s.tcp(0), s.tcp(1), s.tcp(2), s.unix()):
                with c:
                    got += [c.call(q, b"\0\xff\x19%\n" + b"x") for q in (
                        b"SN", b"SN%00", b"SN%01", b"SN%09", b"SN\x19trailer", b"SL0000001\x19\0\xff", b"SLx",
                        b"SL", b"SX", b"SL0000001" + b"x" * 30000)]
            answers.append(got)
    h.ok(answers[0] == answers[1] == answers[2], "answers differ: %s" % answers)
    h.equal(len(set(answers[0][0::10])), 3, "check values of three LMKs")


@h.case("several slow workers share the work of several workers")
def _():
    with Slow(workers=2, settings={"slow_workers": 3}) as s:
        q, r = s.slow(30)
        clients = [s.tcp() for _ in range(8)]
        for _ in range(6):
            sent = [c.send(q) for c in clients]
            h.equal([c.receive() for c in clients], [(head, r) for head in sent])
        rows = s.figures()["slow_workers"]
        h.ok(all(w["requests"] > 2 for w in rows), "requests: %s" % [w["requests"] for w in rows])
        h.equal([w["connections"] for w in rows], [3, 3, 3], "links: of two workers and the spare one")
        status = s.figures()
        h.equal(sum(status["commands"]["SL"].values()), sum(w["requests"] for w in rows), "counted once")
        for c in clients:
            c.close()


# --- losses ----------------------------------------------------------------

@h.case("a slow worker that is killed costs the request it had: 41; the next one is served")
def _():
    with Slow() as s, s.tcp() as a, s.tcp() as b, s.tcp() as c:
        q, r = s.slow(3000)
        short, answer = s.slow(5)
        first = a.send(q + b"\x19trailer")
        h.until("the slow worker works", s.busy)
        second, third = a.send(b"NC"), b.send(short)	# behind it, and waiting for the same slow worker
        old = s.slow_pids()
        os.kill(old[0], signal.SIGKILL)
        h.equal(a.receive(), (first, b"SM41\x19trailer"))
        h.equal(a.receive(), (second, NC))
        h.equal(b.receive(), (third, answer))
        h.equal(c.call(short), answer)
        h.ok(s.slow_pids() != old, "it was not replaced")
        h.equal(len(s.events("slow-worker-lost")), 1)


@h.case("killed again and again under load: every request has an answer, its own or 41")
def _():
    with Slow(workers=2, settings={"slow_workers": 2}) as s:
        q, r = s.slow(8)
        counts, stop, wrong = {r: 0, b"SM41": 0, NC: 0}, threading.Event(), []

        def host():
            try:
                with s.tcp() as c:
                    while not stop.is_set():
                        for got in c.pipeline([b"NC", q, q, b"NC"]):
                            counts[got] += 1
            except Exception as e:
                wrong.append(repr(e))
        threads = [threading.Thread(target=host) for _ in range(6)]
        for t in threads:
            t.start()
        for _ in range(20 if h.FULL else 6):
            time.sleep(0.2)
            for pid in s.slow_pids()[:1]:
                os.kill(pid, signal.SIGKILL)
        stop.set()
        for t in threads:
            t.join(20 * h.SLOW)
        h.ok(not wrong, "%s" % wrong)
        h.ok(counts[r] > 20 and counts[b"SM41"] > 0, "%s" % counts)
        h.equal(counts[NC], counts[r] + counts[b"SM41"])


@h.case("a worker that is killed while its request is away is nobody else's loss")
def _():
    with Slow() as s:
        q, r = s.slow(800)
        with s.tcp() as a:
            a.send(q)
            h.until("the slow worker works", s.busy)
            os.kill(s.figures()["workers"][0]["pid"], signal.SIGKILL)
            h.ok(a.closed(), "the connection outlived its worker")
        with s.tcp() as b:
            h.equal(b.call(q), r)
        h.equal(len(s.events("slow-worker-lost")), 0)


@h.case("a host that goes while its request is away leaves nothing; one that ends its side gets the reply")
def _():
    with Slow() as s:
        q, r = s.slow(300)
        for connect in (s.tcp, s.unix):
            with connect() as a:		# ends in order
                a.send(q)
            with connect() as b:		# a reset
                b.send(q)
                b.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            with connect() as c:		# behind those two
                sent = c.send(b"NC"), c.send(q)
                c.sock.shutdown(socket.SHUT_WR)
                h.equal([c.receive(), c.receive()], [(sent[0], NC), (sent[1], r)])
                h.ok(c.closed(), "not closed")
            h.until("no connection is left", lambda: s.figures()["connections"] == 0)
        with s.tcp() as d:
            h.equal(d.call(q), r)


@h.case("a handler over plugin.slow_ms is stopped: 41, and the slow worker lives")
def _():
    with Slow(settings={"plugin.slow_ms": 400}) as s, s.tcp() as a, s.tcp() as b:
        pids, began = s.slow_pids(), time.monotonic()
        sent = a.send(b"SX")
        h.equal([b.call(b"NC") for _ in range(20)], [NC] * 20)
        h.equal(a.receive(), (sent, b"SY41"))
        took = time.monotonic() - began
        h.ok(0.3 < took < 0.8 * h.SLOW, "after %.2f s" % took)
        h.equal(s.slow_pids(), pids)
        h.equal(s.figures()["slow_workers"][0]["scripts_lost"], 1)


@h.case("a slow worker that hangs is killed at twice plugin.slow_ms and replaced")
def _():
    with Slow(settings={"plugin.slow_ms": 2000}) as s, s.tcp() as a:
        pids = s.slow_pids()
        sent = a.send(b"SX")
        h.until("it works", s.busy)
        os.kill(pids[0], signal.SIGSTOP)
        h.equal(a.receive(), (sent, b"SY41"))
        h.equal(len(s.events("slow-worker-hung")), 1)
        q, r = s.slow(5)
        h.equal(a.call(q), r)
        h.ok(s.slow_pids() != pids, "not replaced")


@h.case("without slow workers the watchdog gives slow commands their time")
def _():
    with Slow(settings={"slow_workers": 0, "plugin.slow_ms": 5000}) as s, s.tcp() as a:
        q, r = s.slow(700)
        h.equal(a.call(q), r)
        h.equal(s.events("worker-hung"), [])


# --- reload and drain ------------------------------------------------------

@h.case("a reload does not wait for a slow request, and requests after it get the new plug-in")
def _():
    with Slow() as s, s.tcp() as a, s.tcp() as b:
        q, r = s.slow(2500)
        sent, began = a.send(q), time.monotonic()
        h.until("the slow worker works", s.busy)
        s.write("SL", SL % (2, 2))
        done = s.cli("reload")
        h.equal(done.returncode, 0, done.stdout + done.stderr)
        h.ok(time.monotonic() - began < 2 * h.SLOW, "the reload waited")
        new = b.send(b"SL0000001")
        h.equal(a.receive(), (sent, r))
        h.equal(b.receive(), (new, b"SM0000000012"))
        os.unlink(os.path.join(s.folder, "SL.lua"))
        h.equal(s.cli("reload").returncode, 0)
        h.equal(b.call(b"SL0000001"), b"SM67")


@h.case("a drain waits for the replies of slow workers")
def _():
    with Slow(workers=2, settings={"slow_workers": 2, "drain_ms": 60000}) as s:
        q, r = s.slow(200)
        clients = [s.tcp(timeout=60) for _ in range(4)] + [s.unix(timeout=60) for _ in range(2)]
        sent = [(c.send(b"NC"), c.send(q), c.send(b"NC")) for c in clients]
        h.until("the slow workers work", s.busy)
        s.send_signal(signal.SIGTERM)
        for c, (one, two, three) in zip(clients, sent):
            h.equal([c.receive() for _ in range(3)], [(one, NC), (two, r), (three, NC)])
            h.ok(c.closed(), "not closed")
            c.close()
        h.equal(s.wait(60), 0)
        h.equal(s.events("drain-over"), [])


@h.case("a drain has an end, whatever slow workers do")
def _():
    with Slow(settings={"drain_ms": 500}) as s, s.tcp() as a:
        a.send(b"SX")
        h.until("the slow worker works", s.busy)
        began = time.monotonic()
        s.send_signal(signal.SIGTERM)
        h.equal(s.wait(), 0)
        h.ok(time.monotonic() - began < 2 * h.SLOW, "it took too long")
        h.equal(len(s.events("drain-over")), 1)


# --- in nobody's way -------------------------------------------------------

class Flood:
    """Hosts that send a slow request as soon as the last one is answered, until the end of the with."""

    def __init__(self, server, request, reply):
        self.server, self.request, self.reply = server, request, reply
        self.clients = [server.tcp(timeout=120) for _ in range(3)]
        self.threads = [threading.Thread(target=self.host, args=(c,)) for c in self.clients]
        self.wrong = []

    def host(self, c):
        try:
            while True:
                got = c.call(self.request)
                if not got.startswith(self.reply):
                    self.wrong.append(got)
        except (OSError, h.Failed):
            pass            # closed below

    def __enter__(self):
        for t in self.threads:
            t.start()
        h.until("the slow worker works", self.server.busy)
        self.ticks = self.server.ticks()

    def __exit__(self, *_):
        worked = self.server.ticks() - self.ticks
        for c in self.clients:
            c.sock.shutdown(socket.SHUT_RDWR)
            c.close()
        for t in self.threads:
            t.join(10)
        h.ok(worked and not self.wrong, "%d ticks of work, wrong: %s" % (worked, self.wrong))


def bench(s, code, *more):
    r = s.cli("bench", "--json", "--mix", code, "--port", s.port, "--connections", 20, "--duration", SECONDS, *more)
    h.equal(r.returncode, 0, r.stdout + r.stderr)
    return json.loads(r.stdout)


def compare(s, code, request, reply):
    """p99 in ms at half the capacity without and with a flood of the request: the best of some turns
    each, since nobody has the machine alone."""
    rate = int(bench(s, code)["requests_per_second"] / 2)
    without, during = [], []
    for _ in range(TURNS):
        without.append(bench(s, code, "--rate", rate)["latency_ns"]["p99"] / 1e6)
        with Flood(s, request, reply):
            during.append(bench(s, code, "--rate", rate)["latency_ns"]["p99"] / 1e6)
    a, b = min(without), min(during)
    print("# %s at %d/s among %s: p99 %.3f ms without, %.3f ms with" % (code, rate, request[:6].decode(), a, b))
    return a, b


@h.case("p99 of NC and CA at half the capacity, one worker: at most doubled by slow requests all the time")
def _():
    if h.SLOW > 1:
        h.skip("a load that sanitizers would distort")
    with Slow() as s:
        floods = [s.slow(100)]
        if h.FULL:
            floods.append((b"EI0409601", b"EJ00"))
        for code in ("NC", "CA"):
            for request, reply in floods:
                a, b = compare(s, code, request, reply)
                h.ok(b <= 2 * a or not h.FULL, "%s: p99 %.3f ms without, %.3f ms with" % (code, a, b))


h.main()
