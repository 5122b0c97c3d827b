#!/usr/bin/env python3
"""A worker that is killed costs its own connections and nothing else."""
# alone
import os
import selectors
import signal
import statistics
import struct
import time

import harness as h

KILLS, REPLIES = (20, 1000000) if h.FULL else (8, 60000)
WORKERS, CONNECTIONS, DEPTH, HEADER = 4, 40, 16, 8
READY_MS = 20


class Host:
    """One connection of the load: DEPTH requests under way, each with a header of its own."""

    serial = 0

    def __init__(self, server):
        self.client = server.tcp()
        self.client.sock.setblocking(False)
        self.sent, self.buffer, self.replies = [], b"", 0
        self.refill()

    def refill(self):
        frames = []
        while len(self.sent) < DEPTH:
            Host.serial += 1
            header = b"%0*X" % (HEADER, Host.serial)
            self.sent.append(header)
            frames.append(h.frame(header + b"NC"))
        self.client.sock.sendall(b"".join(frames))

    def readable(self):
        """Take what came. False: the connection is gone."""
        try:
            more = self.client.sock.recv(65536)
        except BlockingIOError:
            return True
        except ConnectionResetError:
            return False
        if not more:
            return False
        self.buffer += more
        while len(self.buffer) >= 2:
            n = 2 + struct.unpack(">H", self.buffer[:2])[0]
            if len(self.buffer) < n:
                break
            reply, self.buffer = self.buffer[2:n], self.buffer[n:]
            want = self.sent.pop(0) + b"ND0026860400000000000007-E000"
            h.equal(reply, want, "a reply")
            self.replies += 1
        try:
            self.refill()
        except (BrokenPipeError, ConnectionResetError):
            return False
        return True


class Load:
    """All the hosts; a lost one is replaced."""

    def __init__(self, server):
        self.server, self.selector = server, selectors.DefaultSelector()
        self.lost = self.replies = 0
        for _ in range(CONNECTIONS):
            self.add()

    def add(self):
        host = Host(self.server)
        self.selector.register(host.client.sock, selectors.EVENT_READ, host)

    def run(self, done):
        """Serve sockets until done() is true."""
        while not done():
            for key, _ in self.selector.select(0.02):
                host, before = key.data, key.data.replies
                try:
                    alive = host.readable()
                finally:
                    self.replies += host.replies - before
                if not alive:
                    self.selector.unregister(key.fileobj)
                    host.client.close()
                    self.lost += 1
                    self.add()

    def close(self):
        for key in list(self.selector.get_map().values()):
            key.data.client.close()


def ready_pids(s):
    return {e["pid"] for e in s.events("worker-ready")}


def kill_one(s, load, number):
    """Kill one worker; (milliseconds until its successor was ready, connections lost, it had)."""
    row = [w for w in s.figures()["workers"] if w["pid"]][number % WORKERS]
    known, lost = ready_pids(s), load.lost
    began, size = time.monotonic(), os.path.getsize(s.log_file)
    os.kill(row["pid"], signal.SIGKILL)
    ready = None
    while ready is None and time.monotonic() < began + 5:
        if os.path.getsize(s.log_file) != size and ready_pids(s) - known:
            ready = (time.monotonic() - began) * 1000
        time.sleep(0.0005)
    h.ok(ready is not None, "no new worker within 5 s")
    settle = time.monotonic() + 0.3
    load.run(lambda: time.monotonic() > settle)
    return ready, load.lost - lost, row["connections"]


@h.case("each worker killed in turn: the others' connections go on, every reply is right")
def _():
    if h.SLOW > 1:
        h.skip("a load that sanitizers would distort")
    with h.Server(workers=WORKERS, settings={"message.header_length": HEADER}) as s:
        load = Load(s)
        times = []
        try:
            for n in range(KILLS):
                pause = time.monotonic() + 0.3
                load.run(lambda: time.monotonic() > pause)
                ready, lost, had = kill_one(s, load, n)
                # One connection of the status command's count may just have come or gone.
                h.ok(abs(lost - had) <= 1, "kill %d: %d connections lost, the worker had %d" % (n, lost, had))
                times.append(ready)
            load.run(lambda: load.replies >= REPLIES)
        finally:
            load.close()
        median = statistics.median(times)
        print("# %d kills, ready again after %.1f ms (median), %.1f ms (most); %d right replies"
              % (KILLS, median, max(times), load.replies))
        if h.FULL:
            h.ok(median <= READY_MS, "median %.1f ms" % median)


@h.case("the supervisor's end takes the workers along")
def _():
    s = h.Server(workers=2)
    try:
        os.kill(s.pid, signal.SIGKILL)
        s.process.wait(5)
        h.until("no process is left", lambda: not s.pids(), 5)
    finally:
        s.kill()


h.main()
