#!/usr/bin/env python3
"""Requests of every kind on one connection, while all that could go wrong around them does."""
import hashlib
import os
import random
import shutil
import signal
import tempfile
import threading
import time

import harness as h

DEPTH, HOSTS, WORKERS = 64, 6, 2
SECONDS = 40 if h.FULL else 3
KEY = b"05storm"
Z4 = b"Z4" + KEY + b"000000050020" + hashlib.sha256(b"storm").digest()
EI = b"EI2051201"


class Host(threading.Thread):
    """One connection at a time, on which it sends DEPTH requests and checks their replies, again and again."""

    def __init__(self, s, stop):
        super().__init__(daemon=True)
        self.s, self.stop = s, stop
        self.replies = self.lost = self.cut = 0
        self.wrong = []

    def requests(self):
        """Plain ones, some of the keeper's, a few slow ones; each echo is unlike all others."""
        for i in range(DEPTH):
            kind = random.random()
            if kind < 0.05:
                yield EI
            elif kind < 0.3:
                yield Z4
            else:
                yield b"B20010%08X%08X" % (self.replies + i, id(self) & 0xFFFFFFFF)

    def judge(self, request, reply):
        if request == EI:
            self.cut += reply == b"EJ41"
            right = reply[:4] in (b"EJ00", b"EJ41")
        elif request == Z4:
            right = reply[:4] == b"Z500"
        else:
            right = reply == b"B300" + request[6:]
        if not right:
            self.wrong.append((request, reply))

    def talk(self):
        with self.s.unix(timeout=60) as c:
            while not self.stop.is_set() and not self.wrong:
                requests = list(self.requests())
                for request, reply in zip(requests, c.pipeline(requests)):
                    self.judge(request, reply)
                    self.replies += 1

    def run(self):
        while not self.stop.is_set() and not self.wrong:
            try:
                self.talk()
            except (ConnectionError, BrokenPipeError):
                self.lost += 1
            except Exception as e:      # a header out of order, nothing for a minute
                self.wrong.append(repr(e))


def create(s):
    with s.unix() as c:
        h.equal(c.call(b"Z0" + KEY + b"010")[:4], b"Z100")


def server():
    s = h.Server(workers=WORKERS, settings={"limits.connections": 100, "drain_ms": 60000})
    s.settle()
    create(s)
    return s


def descriptors(pid):
    return len(os.listdir("/proc/%d/fd" % pid))


def at_rest(pids):
    """The descriptors of each, when they have not changed for a while."""
    counts = [descriptors(pid) for pid in pids]
    time.sleep(0.5)
    return counts if counts == [descriptors(pid) for pid in pids] else None


def storm(s, harm):
    """HOSTS at work while harm() is done again and again; what they say of it."""
    stop = threading.Event()
    hosts = [Host(s, stop) for _ in range(HOSTS)]
    for host in hosts:
        host.start()
    end = time.monotonic() + SECONDS * min(h.SLOW, 4)
    done = 0
    while time.monotonic() < end or done < 4:
        harm()
        done += 1
        time.sleep(0.3)
    stop.set()
    for host in hosts:
        host.join(90)
        h.ok(not host.is_alive(), "a host waits for ever")
    h.equal([w for host in hosts for w in host.wrong], [])
    h.ok(all(host.replies >= DEPTH for host in hosts), "a host that got nothing")
    print("# %d replies, %d harmed, %d connections lost, %d slow requests cut off" % (
        sum(host.replies for host in hosts), done, sum(host.lost for host in hosts),
        sum(host.cut for host in hosts)))
    return sum(host.lost for host in hosts), sum(host.cut for host in hosts)


def slow_pid(s):
    return h.until("a slow worker", lambda: s.events("slow-worker-ready"))[-1]["pid"]


@h.case("reloads, and the deaths of slow workers and keepers: no reply is lost, wrong or out of order")
def _():
    with server() as s:
        living = [s.pid] + [e["pid"] for e in s.events("worker-ready")]
        before = h.until("nobody is connected", lambda: at_rest(living))
        kinds = [lambda: s.hup(), lambda: s.hup(),
                 lambda: os.kill(h.until("a keeper", s.keeper), signal.SIGKILL),
                 lambda: kill(slow_pid(s))]
        turn = iter(range(1 << 30))
        lost, cut = storm(s, lambda: kinds[next(turn) % len(kinds)]())
        h.equal(lost, 0, "connections lost")
        # each worker may have one request at the slow worker that dies; the log comes later than replies
        h.until("as many deaths as explain %d slow requests cut off" % cut,
                lambda: cut <= WORKERS * len(s.events("slow-worker-lost")))
        h.equal(s.events("worker-lost"), [])
        s.settle()
        h.until("no descriptor too many", lambda: all(
            descriptors(pid) <= n for pid, n in zip(living, before)))


def kill(pid):
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


@h.case("the deaths of workers among reloads cost the connections that they had, and nothing else")
def _():
    with server() as s:
        before = descriptors(s.pid)

        def harm():
            s.hup()
            kill(random.choice(s.events("worker-ready")[-WORKERS:])["pid"])
        lost, _ = storm(s, harm)
        h.until("dead workers that had the %d connections that were lost" % lost,
                lambda: lost <= sum(e["connections"] for e in s.events("worker-lost")))
        s.settle()
        h.until("no descriptor too many", lambda: descriptors(s.pid) <= before)


@h.case("SIGTERM: all that was sent is answered, whoever answers it, and then it ends")
def _():
    with server() as s:
        clients = [s.unix(timeout=60) for _ in range(HOSTS)]
        for c in clients:
            c.call(b"NC")
        mixed = [EI, Z4, b"B20004abcd", Z4, Z4, b"NC"] + [Z4, b"NC"] * 8
        sent = [[c.send(body) for body in mixed] for c in clients]
        s.send_signal(signal.SIGTERM)
        for c, headers in zip(clients, sent):
            for body, header in zip(mixed, headers):
                got, reply = c.receive()
                h.equal(got, header, "message header")
                h.equal(reply[:4], {b"E": b"EJ00", b"Z": b"Z500", b"B": b"B300", b"N": b"ND00"}[body[:1]])
            h.ok(c.closed(), "more than was asked for")
            c.close()
        h.equal(s.wait(), 0)


@h.case("SIGTERM, and the keeper dies: what waits for it is told so at once")
def _():
    with server() as s, s.unix(timeout=60) as c:
        keeper = s.keeper()
        os.kill(keeper, signal.SIGSTOP)
        c.send(b"Z2" + KEY + b"000000")
        c.send(b"NC")
        s.send_signal(signal.SIGTERM)
        h.until("the drain", lambda: s.events("drain"))
        kill(keeper)
        began = time.monotonic()
        h.equal(c.receive()[1], b"Z338")
        h.ok(time.monotonic() - began < 8, "as late as without a drain")
        h.equal(c.receive()[1][:4], b"ND00")
        h.equal(s.wait(), 0)
        h.equal(s.events("drain-over"), [])


@h.case("a server that is stopped as a whole, in a request, goes on as if nothing had been")
def _():
    with tempfile.TemporaryDirectory() as plugins:
        shutil.copy(os.path.join(h.PLUGINS, "NC.lua"), plugins)
        with open(os.path.join(plugins, "SX.lua"), "w") as f:
            f.write('return { command = "SX", reply = "SY", title = "long", request = {}, response = {},\n'
                    'handler = function (q, a) while true do end end }\n')
        with h.Server(plugins=plugins, settings={"plugin.deadline_ms": 1500}) as s, s.tcp() as c, s.tcp() as idle:
            idle.call(b"NC")
            s.settle()
            sent = c.send(b"SX")
            time.sleep(0.2)
            # the supervisor is the first that stops and that goes on: it may count what it sees in
            # between against a request, of which 3 seconds would be too many
            all_of_it = sorted(s.pids(), key=lambda pid: pid != s.pid)
            for number, seconds in ((signal.SIGSTOP, 4), (signal.SIGCONT, 0)):
                for pid in all_of_it:
                    os.kill(pid, number)
                time.sleep(seconds)
            h.equal(c.receive(), (sent, b"SY41"))
            for client in (c, idle):
                h.equal(client.call(b"NC")[:4], b"ND00")
            h.equal(s.events("worker-hung"), [])


@h.case("a worker that hangs where no request is, is replaced; those that have nothing to do are not")
def _():
    with h.Server(workers=2) as s:
        s.settle()
        pids = [e["pid"] for e in s.events("worker-ready")]
        clients = [s.tcp(timeout=60) for _ in range(8)]
        for c in clients:
            c.call(b"NC")
        time.sleep(0.1)
        os.kill(pids[0], signal.SIGSTOP)
        hung = h.until("it is found", lambda: s.events("worker-hung"), 40)
        h.equal([(e["pid"], e["in"]) for e in hung], [(pids[0], "the event loop")])
        gone = 0
        for c in clients:
            try:
                h.equal(c.call(b"NC")[:4], b"ND00")
            except ConnectionError:
                gone += 1
        lost = h.until("its death is noted", lambda: s.events("worker-lost"))
        h.ok(0 < gone < len(clients), "%d of %d connections are gone" % (gone, len(clients)))
        h.ok(gone <= lost[0]["connections"], "%d connections are gone, it had %d" % (gone, lost[0]["connections"]))
        with s.tcp() as c:
            h.equal(c.call(b"NC")[:4], b"ND00")
        h.equal(len(s.events("worker-lost")), 1)
        h.equal(s.events("slow-worker-lost") + s.events("keeper-lost"), [])


h.main()
