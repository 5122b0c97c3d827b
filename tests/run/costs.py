#!/usr/bin/env python3
"""What hosts that misbehave cost the server and each other: memory, processor time, descriptors, waiting.

That they are served, closed or refused as they should be is in abuse.py.
"""
# alone
# timeout: 600
import os
import random
import re
import resource
import selectors
import socket
import struct
import threading
import time

import harness as h

NC = b"ND0026860400000000000007-E000"
ASK = h.frame(b"headNC")
REPLY = h.frame(b"head" + NC)


def pick(full, usual):
    return full if h.FULL else usual


def peak(pid, reset=False):
    """KiB: the most that was ever resident, from here on when reset."""
    if reset:
        with open("/proc/%d/clear_refs" % pid, "w") as f:
            f.write("5")
    with open("/proc/%d/status" % pid) as f:
        return int(re.search(r"VmHWM:\s+(\d+) kB", f.read()).group(1))


def cpu(pid):
    """Seconds of processor time so far."""
    with open("/proc/%d/stat" % pid) as f:
        fields = f.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def reset_on_close(sock):
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


class Clients:
    """Many connections, closed together."""

    def __init__(self, s, count):
        self.all = []
        for _ in range(count):
            self.all.append(socket.create_connection(("127.0.0.1", s.port), 10 * h.SLOW))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for sock in self.all:
            reset_on_close(sock)
            sock.close()


def latencies(c, count):
    """Milliseconds of so many calls, sorted."""
    found = []
    for _ in range(count):
        began = time.monotonic()
        h.equal(c.call(b"NC"), NC)
        found.append((time.monotonic() - began) * 1000)
    return sorted(found)


def p99(found):
    return found[len(found) * 99 // 100]


# --- N1 --------------------------------------------------------------------

class Dribble(threading.Thread):
    """A byte a second on each connection, as long as it is open; notes when each ended."""

    def __init__(self, socks, message):
        super().__init__(daemon=True)
        self.socks, self.message = socks, message
        self.began, self.ended, self.stopped = time.monotonic(), [], False

    def run(self):
        selector, due, at = selectors.DefaultSelector(), 0, 0
        for sock in self.socks:
            selector.register(sock, selectors.EVENT_READ)
        while not self.stopped and len(self.ended) < len(self.socks):
            now = time.monotonic() - self.began
            if now >= due:
                for key in list(selector.get_map().values()):
                    try:
                        key.fileobj.send(self.message[at:at + 1])
                    except OSError:
                        pass
                due, at = due + 1, at + 1
            for key, _ in selector.select(0.1):
                selector.unregister(key.fileobj)
                self.ended.append(time.monotonic() - self.began)
        selector.close()


@h.case("N1: a byte a second: closed after 5 or 10 s, and nobody waits for such hosts")
def _():
    count = pick(5000, 400)
    h.need_files(count + 200)
    with h.Server(settings={"limits.connections": count + 100}) as s, s.tcp() as c:
        base = min(p99(latencies(c, 1000)) for _ in range(3))
        with Clients(s, count // 2) as header, Clients(s, count // 2) as body:
            for sock in body.all:
                sock.sendall(b"\0\x64headNC")
            slow = [Dribble(header.all, b"\0\x64he"), Dribble(body.all, b"0" * 99)]
            for d in slow:
                d.start()
            busy = min(p99(latencies(c, 1000)) for _ in range(3))
            for d, least, most in ((slow[0], 4.9, 6.5), (slow[1], 9.9, 11.5)):
                d.join(20)
                h.equal(len(d.ended), count // 2, "connections closed")
                h.ok(min(d.ended) > least and max(d.ended) < most * h.SLOW,
                     "closed after %.1f to %.1f s" % (min(d.ended), max(d.ended)))
        h.equal(c.call(b"NC"), NC)
        h.equal(sum(e.get("why") == "message cut short" for e in s.events("timeout")), count)
        print("# p99 %.2f ms alone, %.2f ms among %d slow hosts" % (base, busy, count))
        h.ok(busy <= (2 * base if h.FULL else 50 * h.SLOW), "p99 %.2f ms against %.2f ms" % (busy, base))


# --- N3 --------------------------------------------------------------------

def take(sock, reply, count):
    """Read so many times the same reply and check each."""
    want, left = reply * (65536 // len(reply) + 2), len(reply) * count
    at = 0
    while left:
        got = sock.recv(min(left, 65536))
        h.ok(got, "closed with %d bytes to come" % left)
        h.ok(got == want[at:at + len(got)], "a wrong reply")
        at, left = (at + len(got)) % len(reply), left - len(got)


@h.case("N3: a flood in one write is answered within one MiB, and another host does not wait")
def _():
    count = pick(1000000, 100000) // h.SLOW
    with h.Server() as s, s.tcp(timeout=60) as c, s.tcp() as other:
        worker, = s.worker_pids()
        flood = threading.Thread(target=c.raw, args=(ASK * 20000,), daemon=True)
        flood.start()
        take(c.sock, REPLY, 20000)
        flood.join()
        before = peak(worker, True)
        flood = threading.Thread(target=c.raw, args=(b"".join(
            h.frame(b"%04XNC" % (n & 0xffff)) for n in range(count)),), daemon=True)
        flood.start()
        slowest, n = 0, 0
        while n < count:
            for _ in range(min(2000, count - n)):
                header, reply = c.receive()
                if header != b"%04X" % (n & 0xffff) or reply != NC:
                    raise h.Failed("reply %d: %r %r" % (n, header, reply))
                n += 1
            slowest = max(slowest, latencies(other, 1)[0])
        flood.join()
        grown = peak(worker) - before
        print("# %d requests; %d KiB more resident; another host waited %.1f ms at most" % (count, grown, slowest))
        h.ok(h.SLOW > 1 or grown <= 1024, "%d KiB more resident" % grown)
        h.ok(slowest < 200 * h.SLOW, "another host waited %.1f ms" % slowest)


# --- N4 --------------------------------------------------------------------

def moved(s, seconds):
    """Bytes that the worker sends in so many seconds."""
    before = s.figures()["workers"][0]["bytes_out"]
    time.sleep(seconds)
    return s.figures()["workers"][0]["bytes_out"] - before


@h.case("N4: hosts that never read cost little memory and no processor time")
def _():
    count = pick(100, 30)
    with h.Server() as s, s.tcp() as c:
        worker, = s.worker_pids()
        latencies(c, 100)
        before = peak(worker, True)
        with Clients(s, count) as deaf:
            quiet, sent = time.monotonic(), 0
            for sock in deaf.all:
                sock.setblocking(False)
            while time.monotonic() < quiet + 1:
                for sock in deaf.all:
                    try:
                        sent += sock.send(ASK * 4096)
                        quiet = time.monotonic()
                    except BlockingIOError:
                        pass
            began = time.monotonic()
            h.until("nothing moves any more", lambda: moved(s, 0.5) == 0, 30)
            grown = peak(worker) - before
            used = cpu(worker)
            slowest = latencies(c, 200)[-1]
            time.sleep(1)
            used = cpu(worker) - used
            print("# %d hosts sent %.1f MiB; %d KiB more resident" % (count, sent / 2**20, grown))
            h.ok(h.SLOW > 1 or grown <= 50 * 1024 * count // 100, "%d KiB more resident" % grown)
            h.ok(slowest < 200 * h.SLOW, "another host waited %.1f ms" % slowest)
            h.ok(used < 0.3 * h.SLOW, "%.2f s of processor time for hosts that are stuck" % used)
            if h.FULL:
                h.until("they are closed", lambda: len(s.events("timeout")) == count, 40)
                h.ok(time.monotonic() - began > 25, "closed before 30 s")
                h.equal({e["why"] for e in s.events("timeout")}, {"replies not taken"})
        h.until("their connections are forgotten", lambda: s.figures()["connections"] <= 1)


@h.case("N4: a host that was late gets every reply")
def _():
    with h.Server() as s, s.tcp(timeout=60) as c:
        count, text = 16000, b"x" * 1000
        flood = threading.Thread(target=c.raw, args=(h.frame(b"headB203E8" + text) * count,), daemon=True)
        flood.start()
        time.sleep(1)
        h.ok(flood.is_alive(), "the host could send all without reading")
        take(c.sock, h.frame(b"headB300" + text), count)
        flood.join(5)
        h.ok(not flood.is_alive(), "the host is stuck")


# --- N5, N6 ----------------------------------------------------------------

def descriptors(pid):
    return sorted(map(int, os.listdir("/proc/%d/fd" % pid)))


def limit_files(pid, count):
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (count, resource.prlimit(pid, resource.RLIMIT_NOFILE)[1]))


def connect_many(s, count):
    """Begin so many connections, without waiting for any."""
    socks = []
    for _ in range(count):
        sock = socket.socket()
        sock.setblocking(False)
        sock.connect_ex(("127.0.0.1", s.port))
        socks.append(sock)
    return socks


def back(s, seconds):
    """Until the server answers a new connection; fails when that takes longer."""
    began = time.monotonic()

    def answers():
        try:
            with s.tcp(timeout=2) as c:
                return c.call(b"NC") == NC
        except OSError:
            return False
    h.until("service is back", answers)
    took = time.monotonic() - began
    h.ok(took <= seconds * h.SLOW, "service came back after %.2f s" % took)


@h.case("N5: a worker without a descriptor closes what it can't take")
def _():
    with h.Server() as s, s.tcp() as c:
        h.equal(c.call(b"NC"), NC)
        if os.geteuid() != 0:
            h.skip("only root may set another process's limits here")
        worker, = s.worker_pids()
        before = resource.prlimit(worker, resource.RLIMIT_NOFILE)
        limit_files(worker, 64)
        socks = connect_many(s, pick(1000, 300))
        try:
            time.sleep(1)
            h.equal(c.call(b"NC"), NC)
            used = cpu(worker) + cpu(s.pid)
            time.sleep(1)
            used = cpu(worker) + cpu(s.pid) - used
            h.ok(used <= 0.05 * h.SLOW, "%.0f %% of a processor" % (100 * used))
            served = s.figures()["connections"]
            h.ok(10 <= served <= 64, "%d connections are served" % served)
        finally:
            resource.prlimit(worker, resource.RLIMIT_NOFILE, before)
            for sock in socks:
                sock.close()
        back(s, 1)
        h.equal(s.worker_pids(), [worker], "workers")
        h.ok(len(s.events("connection-closed")) <= 5, "a line for each connection")
        h.until("every connection is accounted for", lambda: s.figures()["connections"] == 1)


def open_ones(socks):
    """Those on which a request is answered; the rest must have been closed."""
    found = []
    for sock in socks:
        try:
            sock.sendall(ASK)
            if sock.recv(2):
                found.append(sock)
        except OSError:
            pass
    return found


@h.case("N6: the limit per address leaves other addresses alone")
def _():
    with h.Server(settings={"limits.per_address": 5}) as s:
        h.until("no connection is left", lambda: s.figures()["connections"] == 0)
        with Clients(s, 8) as many:
            h.equal(len(open_ones(many.all)), 5, "connections of one address")
            other = socket.create_connection(("127.0.0.1", s.port), 5, ("127.0.0.2", 0))
            h.equal(len(open_ones([other])), 1, "of another")
            other.close()
            local = [s.unix() for _ in range(8)]
            h.equal([c.call(b"NC") for c in local], [NC] * 8)
            for c in local:
                c.close()


# --- N7 --------------------------------------------------------------------

def vanish(s, rng, stage):
    """Connect, get as far as stage, and go, by a reset or an orderly close."""
    c = s.tcp() if rng.random() < 0.7 else s.unix()
    if stage == "half a message":
        c.raw(ASK[:rng.randrange(1, len(ASK))])
    elif stage == "a request":
        c.raw(ASK)
    elif stage == "a request and a half":
        c.raw(ASK + ASK[:rng.randrange(1, len(ASK))])
    elif stage == "many requests":
        c.raw(ASK * rng.randrange(2, 200))
    elif stage == "after a reply":
        c.raw(ASK * 3)
        c.read(len(REPLY))
    elif stage == "half closed":
        c.raw(ASK * 20)
        c.sock.shutdown(socket.SHUT_WR)
    elif stage == "stuck":
        c.sock.setblocking(False)
        try:
            while True:
                c.sock.send(ASK * 1000)
        except BlockingIOError:
            pass
    elif stage == "a bad length":
        c.raw(b"\0\0" + ASK)
    if rng.random() < 0.5 and c.sock.family != socket.AF_UNIX:
        reset_on_close(c.sock)
    c.close()


STAGES = ("connected", "half a message", "a request", "a request and a half", "many requests", "after a reply",
          "half closed", "stuck", "a bad length")


@h.case("N7: hosts that go away at every stage leave no connection and no descriptor behind")
def _():
    rng = random.Random(7)
    with h.Server(workers=2, settings={"limits.connections": 64}) as s, s.tcp() as c:
        s.settle()
        at_work, before = s.worker_pids(), None
        for n in range(pick(10000, 1800) // h.SLOW):
            vanish(s, rng, STAGES[n % len(STAGES)])
            if n % 50 == 0:
                h.equal(c.call(b"NC"), NC)
            if n == 200:
                before = [len(descriptors(pid)) for pid in s.pids()]
        h.equal(s.worker_pids(), at_work, "workers")
        h.until("every connection is gone but one", lambda: s.figures()["connections"] == 1)
        h.until("no descriptor is lost",
                lambda: sum(len(descriptors(pid)) for pid in s.pids()) <= sum(before))
        h.equal([e for e in s.events() if e["level"] == "error"], [])


h.main()
