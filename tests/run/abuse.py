#!/usr/bin/env python3
# timeout: 600
"""What hosts do to a server, on purpose or not: N1 to N9 of the threat tables."""
import os
import random
import resource
import socket
import statistics
import struct
import threading
import time

import harness as h

NC = h.frame(b"0000NC")


def sockets(server, n):
    """n plain connections."""
    return [socket.create_connection(("127.0.0.1", server.port)) for _ in range(n)]


def close(all_of_them):
    for s in all_of_them:
        s.close()


def status(server, *path):
    value = server.figures()
    for key in path:
        value = value[key]
    return value


def p99(client, seconds):
    """Of calls one after the other for so long, in milliseconds."""
    times, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        start = time.perf_counter()
        client.call(b"NC")
        times.append(time.perf_counter() - start)
    return statistics.quantiles(times, n=100)[98] * 1000


@h.case("N1: slow hosts are closed after 5 and 10 s and slow nobody down")
def _():
    count = 5000 if h.FULL else 300
    with h.Server(settings={"limits.connections": count + 50}) as s, s.tcp() as normal:
        base = p99(normal, 1)
        start = time.monotonic()
        header, body = sockets(s, count // 2), sockets(s, count // 2)
        for c in header:
            c.sendall(b"\0")
        for c in body:
            c.sendall(b"\0\x100000N")
        loaded = p99(normal, 1)
        # two shared cores: a run of another program costs milliseconds
        h.ok(loaded <= max(2 * base, 10), "p99 %.2f ms, %.2f ms without them" % (loaded, base))
        for c, least in ((header[-1], 4.5), (body[-1], 9.5)):
            c.settimeout(20)
            h.equal(c.recv(1), b"")
            took = time.monotonic() - start
            h.ok(least < took < least + 3 * h.SLOW, "closed after %.1f s" % took)
        h.until("all slow ones are closed", lambda: status(s, "connections") == 1)
        close(header + body)


@h.case("N2: a length that can't be right closes, any other does not")
def _():
    random.seed(2)
    edges = [0, 1, 5, 6, 7, 255, 256, 32767, 32768, 32769, 65534, 65535]
    lengths = range(65536) if h.FULL else edges + random.sample(range(65536), 200)
    with h.Server(workers=2) as s:
        for n in lengths:
            right = 6 <= n <= 32768
            message = struct.pack(">H", n) + (b"0000B2" + b"0" * n)[:n]
            cut = random.randrange(len(message)) if right else 2
            with s.tcp() as c:
                c.raw(message[:cut])
                if right:
                    c.raw(message[cut:])
                    h.equal(c.receive()[1][:2], b"B3", "length %d" % n)
                else:
                    h.ok(c.closed(), "length %d was taken" % n)


@h.case("N3: a flood of pipelined requests takes no memory and is answered in order")
def _():
    count = 1000000 if h.FULL else 100000
    with h.Server() as s, s.tcp() as c:
        s.settle()
        c.pipeline([b"NC"] * 1000)
        before, most = s.memory("Rss"), 0
        flood = b"".join(h.frame(b"%04dNC" % (i % 10000)) for i in range(count))
        writer = threading.Thread(target=c.raw, args=(flood,))
        writer.start()
        for i in range(count):
            h.equal(c.receive()[0], b"%04d" % (i % 10000))
            if i % (count // 10) == 0:
                most = max(most, s.memory("Rss"))
        writer.join()
        h.ok(most - before <= 1024 * h.SLOW, "resident memory grew by %d KiB" % (most - before))


@h.case("N4: hosts that never read are not read, either")
def _():
    with h.Server() as s, s.tcp() as normal:
        s.settle()
        before = s.memory("Rss")
        deaf = sockets(s, 100)
        for c in deaf:
            c.setblocking(False)
        end = time.monotonic() + 3
        while time.monotonic() < end:
            for c in deaf:
                try:
                    c.send(NC * 1000)
                except BlockingIOError:
                    pass
        h.equal(normal.call(b"NC")[:4], b"ND00")
        grown = s.memory("Rss") - before
        h.ok(grown <= 50 * 1024 * h.SLOW, "resident memory grew by %d KiB" % grown)
        if h.FULL:
            h.until("they are closed", lambda: status(s, "connections") == 1, 40)
        close(deaf)


def cpu_seconds(pid):
    with open("/proc/%d/stat" % pid) as f:
        fields = f.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@h.case("N5: no descriptor left: no busy loop, and service when there are some again")
def _():
    with h.Server() as s, socket.socket(socket.AF_UNIX) as admin:
        s.settle()
        soft, hard = resource.prlimit(s.pid, resource.RLIMIT_NOFILE)
        taken = {int(fd) for fd in os.listdir("/proc/%d/fd" % s.pid)}
        held = min(set(range(1 + len(taken))) - taken)      # the next number it would be given
        resource.prlimit(s.pid, resource.RLIMIT_NOFILE, (held, hard))
        before = cpu_seconds(s.pid)
        waiting = sockets(s, 1000)
        admin.connect(os.path.join(s.runtime, "admin.sock"))
        admin.sendall(b"status\n")
        time.sleep(2)
        used = cpu_seconds(s.pid) - before
        resource.prlimit(s.pid, resource.RLIMIT_NOFILE, (soft, hard))
        close(waiting)
        h.ok(used <= 0.1 * h.SLOW, "%.2f s of CPU in 2 s" % used)
        h.ok(any("descriptor" in e["why"] for e in s.events("connection-refused")), s.log()[-500:])
        start = time.monotonic()
        s.wait_ready()
        took = time.monotonic() - start
        h.ok(took <= 1 * h.SLOW, "back after %.1f s" % took)
        admin.settimeout(10 * h.SLOW)
        h.equal(admin.recv(1), b"{", "of the status")


@h.case("N5: limits.connections above the limit on open files is exit 3 and says what to set")
def _():
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if os.geteuid() == 0 and hard >= 1 << 19:
        h.skip("root may raise the limit")
    with h.Server(settings={"limits.connections": hard}, ready=False) as s:
        h.equal(s.wait(), 3)
        for part in ("limits.connections", "ulimit -n", str(hard - 64)):
            h.ok(part in s.log(), s.log()[-500:])


@h.case("N6: connections over the limit are closed at once; the others do not notice")
def _():
    with h.Server(settings={"limits.connections": 50}) as s, s.tcp() as inside:
        inside.call(b"NC")
        h.until("nobody else is connected", lambda: status(s, "connections") == 1)
        many = sockets(s, 49 + 100)
        for c in many[-100:]:
            c.settimeout(5)
            h.equal(c.recv(1), b"")
        h.equal(inside.call(b"NC")[:4], b"ND00")
        h.ok(status(s, "refused") >= 100, "they are not counted")
        close(many)
        h.until("the closed ones are forgotten", lambda: status(s, "connections") == 1)
        with s.tcp() as again:
            h.equal(again.call(b"NC")[:4], b"ND00")


@h.case("N6: a limit per address leaves the Unix socket alone")
def _():
    with h.Server(settings={"limits.per_address": 3}) as s:
        h.until("nobody is connected", lambda: status(s, "connections") == 0)
        few = [s.tcp() for _ in range(3)]
        for c in few:
            c.call(b"NC")
        with s.tcp() as fourth, s.unix() as local:
            h.ok(fourth.closed(), "the fourth is served")
            h.equal(local.call(b"NC")[:4], b"ND00")
        close(few)


@h.case("N7: hosts that vanish at any stage are forgotten, and nothing dies")
def _():
    random.seed(7)
    reset = struct.pack("ii", 1, 0)
    with h.Server(workers=2) as s:
        for i in range(10000 if h.FULL else 2000):
            c = socket.create_connection(("127.0.0.1", s.port))
            sent = random.randrange(len(NC) * 50)
            c.sendall((NC * 50)[:sent])
            if i % 3 == 0 and sent >= len(NC):
                c.recv(10)
            if i % 2 == 0:
                c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
            c.close()
        h.until("all are forgotten", lambda: status(s, "connections") == 0)
        h.equal(status(s, "replaced"), 0, "workers lost")


@h.case("N8: a storm of connections holds up no host that is served")
def _():
    with h.Server() as s, s.tcp() as served:
        over = threading.Event()

        def storm():
            while not over.is_set():
                close(sockets(s, 10))
                time.sleep(0.02)	# 30,000 a minute

        thread = threading.Thread(target=storm)
        thread.start()
        try:
            slow = p99(served, 3)
        finally:
            over.set()
            thread.join()
        h.ok(slow < 20 * h.SLOW, "p99 %.1f ms" % slow)
        h.ok(status(s, "accepted") > 100, "there was no storm")


@h.case("N9: another user is refused at both Unix sockets, and named in the log")
def _():
    if os.geteuid() != 0:
        h.skip("needs root, to be somebody else")
    with h.Server() as s:
        os.chmod(s.dir, 0o755)
        os.chmod(os.path.join(s.dir, "run"), 0o755)
        h.equal(os.stat(s.runtime).st_mode & 0o777, 0o750, "folder")
        os.chmod(s.runtime, 0o755)
        for name in ("luahsm.sock", "admin.sock"):
            path = os.path.join(s.runtime, name)
            h.equal(os.stat(path).st_mode & 0o777, 0o600, name)
            os.chmod(path, 0o666)
            h.equal(as_nobody(path), b"", name)
        h.equal([e["uid"] for e in s.events("peer-refused")], [65534, 65534])


def as_nobody(path):
    """What user 65534 reads from the socket at path after a request."""
    readable, writable = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
            with socket.socket(socket.AF_UNIX) as c:
                c.settimeout(5)
                c.connect(path)
                try:
                    c.sendall(NC + b"status\n")
                    os.write(writable, c.recv(100))
                except (ConnectionResetError, BrokenPipeError):
                    pass
            os._exit(0)
        finally:
            os._exit(1)
    os.close(writable)
    h.equal(os.waitpid(pid, 0)[1], 0, "could not connect")
    with os.fdopen(readable, "rb") as f:
        return f.read()


@h.case("N9: a dead server's sockets are replaced, a living one's are not")
def _():
    with h.Server() as s:
        place = ["--socket", s.socket, "--set", "admin_socket=" + s.socket + ".admin"]
        with h.Server(*place, ready=False) as second:
            h.equal(second.wait(), 3)
            h.ok("another server answers" in second.log(), second.log()[-300:])
        with s.unix() as c:
            h.equal(c.call(b"NC")[:4], b"ND00")
        s.kill()
        h.ok(os.path.exists(s.socket), "a killed server can't clean up")
        with h.Server(*place) as third:
            third.socket = s.socket
            with third.unix() as c:
                h.equal(c.call(b"NC")[:4], b"ND00")
        s.status = -9


h.main()
