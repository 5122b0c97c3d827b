#!/usr/bin/env python3
"""From start to end: ports, readiness, a worker that hangs, drain and signals."""
import os
import signal
import socket
import threading
import time

import harness as h


def ended(client):
    """Does the server say that nothing more comes, within a second?"""
    client.sock.settimeout(1 * h.SLOW)
    return client.closed()


@h.case("a port for the default LMK and one for each that is loaded, on IPv4 and IPv6")
def _():
    with h.Server("--lmk", "00=test-variant", "--lmk", "03=test-aes-kb") as s:
        answers = {}
        for lmk in (None, 0, 3):
            with s.tcp(lmk) as c:
                answers[lmk] = c.call(b"NC")
        h.equal(answers[0], answers[None])
        h.equal(answers[0][4:20], b"2686040000000000")
        h.ok(answers[3][4:20] != answers[0][4:20], "the port of LMK 03 answers for LMK 00")
        for port in (s.port + 2, s.port + 3):
            with socket.socket() as c:
                h.ok(c.connect_ex(("127.0.0.1", port)) != 0, "port %d is open" % port)
        try:
            with s.tcp(address="::1") as c:
                h.equal(c.call(b"NC"), answers[None])
        except OSError:
            with open("/proc/net/if_inet6") as f:
                h.ok("lo" not in f.read(), "::1 is up and not listened on")


@h.case("a port that is taken is exit 3, with its number")
def _():
    with socket.socket() as taken:
        port = h.free_port() + 1
        taken.bind(("127.0.0.1", port))
        taken.listen()
        for first in (port, port - 1):	# the default's, and the one of LMK 00
            with h.Server(port=first, ready=False) as s:
                h.equal(s.wait(), 3)
                h.ok("port %d" % port in s.log(), s.log()[-300:])


@h.case("pid file and ready line are there when all workers are")
def _():
    with h.Server(workers=3) as s:
        ready, = h.until("the ready line", lambda: s.events("ready"))
        h.equal(ready["pid"], s.pid)
        h.equal(len(s.events("worker-ready")), 3)
        with open(s.pid_file) as f:
            h.equal(f.read(), "%d\n" % s.pid)


@h.case("without admin socket and pid file there are none, and SIGHUP works")
def _():
    with h.Server(settings={"admin_socket": "none", "pid_file": "none"}) as s:
        h.equal(os.listdir(s.runtime), ["luahsm.sock"])
        s.hup()
        h.until("the reload", lambda: s.events("reloaded"))


@h.case("without the Unix socket TCP is served")
def _():
    with h.Server(settings={"socket": "none"}) as s, s.tcp() as c:
        h.equal(c.call(b"NC")[:4], b"ND00")
        h.ok(not os.path.exists(s.socket), "there is a socket")


@h.case("connections go to the worker with the fewest")
def _():
    with h.Server(workers=3) as s:
        h.until("nobody is connected", lambda: s.figures()["connections"] == 0)
        clients = [s.tcp() for _ in range(9)]
        for c in clients:
            c.call(b"NC")
        held = [w["connections"] for w in s.figures()["workers"]]
        h.equal(held, [3, 3, 3])
        for c in clients:
            c.close()


@h.case("a worker whose request never ends is killed at twice the deadline and replaced")
def _():
    with h.Server() as s:
        worker, = s.events("worker-ready")
        flood = socket.create_connection(("127.0.0.1", s.port))
        over = threading.Event()

        def run():
            try:
                while not over.is_set():
                    flood.sendall(h.frame(b"0000NC") * 1000)
                    flood.recv(1 << 20)
            except OSError:
                pass

        thread = threading.Thread(target=run)
        thread.start()
        # stopped in a request it looks like one that hangs; it may be between two
        for _ in range(50):
            os.kill(worker["pid"], signal.SIGSTOP)
            time.sleep(0.3 * h.SLOW)
            if s.events("worker-hung"):
                break
            os.kill(worker["pid"], signal.SIGCONT)
            time.sleep(0.01)
        over.set()
        flood.close()
        thread.join()
        hung, = s.events("worker-hung")
        h.equal(hung["pid"], worker["pid"])
        h.ok(200 <= hung["ms"] <= 260 * h.SLOW, "killed after %d ms" % hung["ms"])
        with s.tcp() as c:
            h.equal(c.call(b"NC")[:4], b"ND00")


@h.case("one process more than workers waits to take a lost one's place, and is not seen")
def _():
    with h.Server(workers=2, settings={"slow_workers": 0}) as s:
        h.until("the spare one", lambda: len(s.children()) == 3)
        known = [e["pid"] for e in s.events("worker-ready")]
        spare, = set(s.children()) - set(known)
        h.equal(len(s.figures()["workers"]), 2)
        h.equal(s.cli("reload").returncode, 0)      # by now it has built everything
        os.kill(known[0], signal.SIGKILL)
        ready = h.until("it takes over", lambda: [
            e for e in s.events("worker-ready") if e["pid"] == spare])
        h.ok(ready[0]["ms"] <= 5 * h.SLOW, "after %d ms" % ready[0]["ms"])
        pids = s.worker_pids()
        h.equal(sorted(pids), sorted([known[1], spare]))
        h.until("the next spare one", lambda: len(s.children()) == 3)


@h.case("all workers killed at once: hosts wait, and are answered")
def _():
    with h.Server(workers=2, settings={"slow_workers": 0}) as s:
        h.until("the spare one", lambda: len(s.children()) == 3)
        for pid in s.children():
            os.kill(pid, signal.SIGKILL)
        # before that a connection may still be given to one of the dying
        h.until("their ends are known", lambda: len(s.events("worker-lost")) == 3)
        with s.tcp() as c:
            h.equal(c.call(b"NC")[:4], b"ND00")
        s.hup()
        h.until("the reload", lambda: s.events("reloaded"))
        h.equal(len(s.figures()["workers"]), 2)


@h.case("SIGTERM: what was sent is answered, idle connections end, exit 0 at once")
def _():
    with h.Server(workers=2) as s:
        s.settle()      # one that starts reads no message, and would be waited for
        idle, busy = s.tcp(), s.unix()
        for c in (idle, busy):
            c.call(b"NC")
        busy.raw(b"\0\x060001")		# a message on its way
        time.sleep(0.1)
        start = time.monotonic()
        s.send_signal(signal.SIGTERM)
        h.ok(ended(idle), "the idle connection is not closed")
        with socket.socket() as late:
            h.ok(late.connect_ex(("127.0.0.1", s.port)) != 0, "new connections are taken")
        busy.raw(b"NC")
        h.equal(busy.receive()[1][:4], b"ND00")
        h.ok(ended(busy), "the busy connection is not closed")
        h.equal(s.wait(), 0)
        h.ok(time.monotonic() - start < 3 * h.SLOW, "the drain took its full time")


@h.case("no reply is lost to a drain: hosts get all their answers and then an end")
def _():
    with h.Server(workers=2) as s:
        hosts = [s.tcp() for _ in range(10)]
        wrong = []

        def talk(c):
            sent = got = 0
            try:
                while True:
                    c.send(b"NC")
                    sent += 1
                    c.receive()
                    got += 1
            except OSError as e:
                # the last request may come too late to be read; none may be half answered
                if sent - got > 1 or " 0 of 2 " not in str(e) and "closed" in str(e):
                    wrong.append("%d sent, %d answered: %s" % (sent, got, e))

        threads = [threading.Thread(target=talk, args=(c,)) for c in hosts]
        for t in threads:
            t.start()
        time.sleep(0.3)
        s.send_signal(signal.SIGTERM)
        h.equal(s.wait(), 0)
        for t in threads:
            t.join()
        h.equal(wrong, [])


@h.case("a drain has an end: connections that stay busy are cut off")
def _():
    with h.Server(settings={"drain_ms": 500}) as s, s.tcp() as c:
        c.raw(b"\0\x06")
        time.sleep(0.1)
        start = time.monotonic()
        s.send_signal(signal.SIGINT)
        h.equal(s.wait(), 0)
        took = time.monotonic() - start
        h.ok(0.4 < took < 2 * h.SLOW, "took %.1f s" % took)


@h.case("a second signal ends it at once")
def _():
    with h.Server() as s, s.tcp() as c:
        c.raw(b"\0\x06")
        time.sleep(0.1)
        s.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        h.equal(s.process.poll(), None)
        start = time.monotonic()
        s.send_signal(signal.SIGTERM)
        h.equal(s.wait(), 0)
        h.ok(time.monotonic() - start < 0.5 * h.SLOW, "not at once")


@h.case("signals that reach the whole group mean nothing to workers")
def _():
    with h.Server() as s, s.tcp() as c:
        for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
            for pid in s.children():
                os.kill(pid, number)
        time.sleep(0.1)
        h.equal(c.call(b"NC")[:4], b"ND00")


@h.case("a storm of SIGHUP is a few reloads, and no request waits for it")
def _():
    with h.Server() as s, s.tcp() as c:
        for _ in range(500):
            s.hup()
        h.equal(c.call(b"NC")[:4], b"ND00")
        r = s.cli("reload")
        h.equal(r.returncode, 0, r.stderr)
        h.ok(len(s.events("reloaded")) < 100, "%d reloads" % len(s.events("reloaded")))


h.main()
