#!/usr/bin/env python3
"""What a host sees of a server: framing, codes, LMK ports, its start and end, and what the log says of it."""
import json
import os
import random
import shutil
import signal
import socket
import tempfile
import threading
import time

import harness as h

NC = b"ND0026860400000000000007-E000"
KCV = {0: b"2686040000000000", 1: b"9D04A00000000000", 2: b"1651260000000000"}
TPK, ZPK = b"U1750CDFB0757D3B3994430636DBB281B", b"UBA0C82D683A300B310E32C91077B362C"
CA = b"CA" + TPK + ZPK + b"1221B97251DB63358D0101123456789012"
CB = b"CB000498AC254B71657ABD01"
PAN = b"4929123456789019"
ALL = bytes(range(256))


class Server(h.Server):
    """One with the plug-ins that are asked here: it starts sooner."""

    def __init__(self, *args, **more):
        with tempfile.TemporaryDirectory(prefix="luahsm-few-") as few:
            for code in ("B2", "CA", "NC"):
                shutil.copy(os.path.join(h.PLUGINS, code + ".lua"), few)
            # read at the start; who reloads needs a folder that stays
            super().__init__(*args, **dict({"plugins": few}, **more))


def echo(data):
    """A request of B2 and its reply."""
    return b"B2%04X%s" % (len(data), data), b"B300" + data


# --- framing ---------------------------------------------------------------

@h.case("NC over IPv4, IPv6 and the Unix socket")
def _():
    with Server() as s:
        with s.tcp() as a, s.unix() as b:
            h.equal([a.call(b"NC"), b.call(b"NC")], [NC, NC])
        try:
            c = s.tcp(address="::1")
        except OSError as e:
            if e.errno == 99:
                h.skip("this machine has no ::1")
            raise
        with c:
            h.equal(c.call(b"NC"), NC)


@h.case("message headers of every length and any bytes come back")
def _():
    for n in range(256) if h.FULL else (0, 1, 2, 3, 5, 64, 127, 254, 255):
        with Server(settings={"message.header_length": n}) as s, s.tcp() as a, s.unix() as b:
            for c in (a, b):
                for header in (b"\0" * n, b"\xff" * n, ALL[256 - n:], ALL[::-1][:n], (b"\0\2B2" * 64)[:n]):
                    h.equal(c.call(b"NC", header), NC, "header of %d" % n)
                    h.equal(c.call(b"ZX", header), b"ZY67", "header of %d" % n)


@h.case("64 requests in flight in one segment are answered in order")
def _():
    with Server() as s, s.tcp() as a, s.unix() as b:
        for c in (a, b):
            pairs = [echo(b"%d" % n * (1 + n % 50)) if n % 3 else (CA, CB) for n in range(64)]
            h.equal(c.pipeline([q for q, _ in pairs]), [r for _, r in pairs])


@h.case("a stream split at every byte, and into single bytes")
def _():
    request, reply = echo(b"\0\6\0\0\0\0ABCDEF\x19")
    stream = h.frame(b"hea1" + request) + h.frame(b"hea2" + b"NC") + h.frame(b"hea3" + request)
    want = h.frame(b"hea1" + reply) + h.frame(b"hea2" + NC) + h.frame(b"hea3" + reply)
    with Server() as s, s.tcp() as a, s.unix() as b:
        for c in (a, b):
            c.sock.settimeout(5)
            if c is a:
                c.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for cut in list(range(1, len(stream))) + [None]:
                for part in ((stream[:cut], stream[cut:]) if cut else [bytes([x]) for x in stream]):
                    c.raw(part)
                    time.sleep(0.001)
                h.equal(c.read(len(want)), want, "cut at %s" % cut)


@h.case("no message closes its connection, whatever it holds")
def _():
    rng = random.Random(7)
    codes = [name[:-4].encode() for name in os.listdir(h.PLUGINS) if name.endswith(".lua")]
    with h.Server() as s, s.tcp() as c:
        for _ in range(20000 if h.FULL else 2000):
            code = rng.choice(codes) if rng.random() < 0.8 else rng.randbytes(2)
            body = bytearray(rng.choice((CA[2:], b"", rng.randbytes(rng.randrange(200)), b"0" * rng.randrange(90))))
            for _ in range(rng.randrange(3)):
                if body:
                    body[rng.randrange(len(body))] = rng.randrange(256)
            reply = c.call(code + body[:rng.randrange(len(body) + 1)])
            h.equal(reply[:2], code[:1] + bytes([(code[1] + 1) % 256]), "reply code")
            h.ok(len(reply) >= 4, "a reply without an error code: %r" % reply)
        h.equal(c.call(b"NC"), NC)
        h.equal([e for e in s.events() if e["level"] == "error"], [])


@h.case("what overlaps, trails or is not in the field's alphabet is 15")
def _():
    block = b"21B97251DB63358D"
    bad = {
        "a byte more": CA + b" ", "a byte less": CA[:-1], "a delimiter more": CA + b";",
        "lower case in a key": CA.replace(TPK, TPK.replace(b"CDFB", b"cdfb")),
        "lower case in a block": CA.replace(block, block.lower()),
        "a sign": CA.replace(b"123456789012", b"+23456789012"),
        "a minus": CA.replace(b"123456789012", b"-23456789012"),
        "a space in front": CA.replace(b"123456789012", b" 23456789012"),
        "a space behind": CA[:-1] + b" ", "NUL": CA[:-1] + b"\0", "a line feed": CA + b"\n",
        "0x": CA.replace(block, b"0x" + block[2:]), "a digit that is not ASCII": CA[:-1] + b"\xb2",
        "half an LMK": CA + b"%0", "an LMK in letters": CA + b"%0A", "bytes behind an LMK": CA + b"%00x",
        "two LMKs": CA + b"%00%00", "a long trailer": CA + b"\x19" + b"t" * 33,
        "a length in lower case": b"B2000ax123456789", "a signed length": b"B2+00512345",
    }
    with Server() as s, s.tcp() as c:
        h.equal(c.call(CA), CB)
        h.equal(c.call(CA + b"%00\x19tail"), CB + b"\x19tail")
        for name, request in bad.items():
            h.equal(c.call(request)[2:4], b"15", name)


# --- which plug-in, which LMK ----------------------------------------------

@h.case("an unknown code is 67, a disabled one 68, both with the trailer")
def _():
    with Server(settings={"commands.disabled": "CA BQ"}) as s, s.tcp() as c:
        for request, reply in ((b"ZX", b"ZY67"), (b"ZX1234\x19end", b"ZY67\x19end"), (b"\0\xff", b"\0\x0067"),
                               (b"nc", b"nd67"), (CA, b"CB68"), (b"BQ\x19t", b"BR68\x19t"), (b"NC", NC)):
            h.equal(c.call(request), reply, "reply to %r" % request)
    with Server(settings={"message.unknown": "ZZ"}) as s, s.tcp() as c:
        h.equal([c.call(b"ZX\x19t"), c.call(b"BQ"), c.call(b"NC")], [b"ZZ00\x19t", b"BR68", NC])


@h.case("%nn and ports choose the LMK: A2 for another port's, 13 for none")
def _():
    with Server() as s:
        for port in (None, 0, 1, 2):
            with s.tcp(lmk=port) as c:
                h.equal(c.call(b"NC")[4:20], KCV[port or 0], "port of LMK %s" % port)
                for lmk in range(20):
                    want = b"13" if lmk not in KCV else b"00" if port in (None, lmk) else b"A2"
                    reply = c.call(b"NC%%%02d" % lmk)
                    h.equal(reply[2:4], want, "%%%02d on the port of LMK %s" % (lmk, port))
                    if want == b"00":
                        h.equal(reply[4:20], KCV[lmk], "%%%02d" % lmk)
        with s.unix() as c:
            h.equal([c.call(b"NC%%%02d" % n)[4:20] for n in KCV], list(KCV.values()), "Unix socket")


@h.case("--lmk replaces the set: its ports open and no others")
def _():
    with Server("--lmk", "03=test-aes-kb", "--set", "lmk.default=03") as s:
        with s.tcp() as a, s.tcp(lmk=3) as b:
            h.equal([a.call(b"NC")[4:20], b.call(b"NC%03")[4:20], a.call(b"NC%00")],
                    [KCV[1], KCV[1], b"ND13"])
        try:
            s.tcp(lmk=0).close()
        except ConnectionRefusedError:
            return
        raise h.Failed("the port of LMK 00 is open and it is not loaded")


# --- start -----------------------------------------------------------------

def is_judge(pid):
    with open("/proc/%d/cmdline" % pid, "rb") as f:
        return b"\0judge\0" in f.read()


def first_worker(s):
    """Stop a worker that is being started, before it is ready; its pid, or None: too late."""
    judge = None
    while True:
        h.ok(s.process.poll() is None, "the server ended: " + s.log()[-300:])
        for pid in s.children():
            try:
                if judge is None and is_judge(pid):
                    judge = pid
                if judge in (None, pid):
                    continue
                os.kill(pid, signal.SIGSTOP)
            except OSError:
                continue
            if not s.events("worker-ready"):
                return pid
            os.kill(pid, signal.SIGCONT)
            return None
        if s.events("ready"):
            return None


@h.case("a reload asked for while workers start is answered when they are ready")
def _():
    for _ in range(20):
        with h.Server(ready=False) as s:
            worker = first_worker(s)
            if worker is None:
                s.wait_ready()
                continue
            asked = threading.Thread(target=lambda: done.append(s.cli("reload", timeout=8)), daemon=True)
            done = []
            asked.start()
            time.sleep(0.5 * h.SLOW)
            h.equal(done, [], "answered before a worker was ready")
            os.kill(worker, signal.SIGCONT)
            s.wait_ready()
            asked.join(8 * h.SLOW)
            h.ok(done, "never answered")
            h.equal(done[0].returncode, 0, done[0].stderr)
            return
    h.skip("a worker was always ready before it could be stopped")


@h.case("a signal at any moment of the start ends it, with nothing left running")
def _():
    began, count = time.monotonic(), 40 if h.FULL else 12
    h.Server(workers=2).__exit__(None, None, None)
    took = time.monotonic() - began
    for n in range(count):
        with h.Server(workers=2, ready=False) as s:
            time.sleep(took * n / count)
            s.send_signal(signal.SIGTERM)
            # before signals are taken over the default action ends it
            h.ok(s.wait() in (0, -signal.SIGTERM), "at %d of %d: status %s" % (n, count, s.status))
            h.until("no process is left", lambda: not s.pids(), 2)


# --- the end ---------------------------------------------------------------

def ends(s, number=signal.SIGTERM):
    """Send the signal; the seconds until the server has ended with status 0."""
    began = time.monotonic()
    s.send_signal(number)
    h.equal(s.wait(), 0)
    return time.monotonic() - began


@h.case("SIGTERM and SIGINT: what was sent is answered, then an orderly close and exit 0")
def _():
    for number in (signal.SIGTERM, signal.SIGINT):
        with Server(workers=2) as s:
            hosts = [s.tcp() for _ in range(8)] + [s.unix() for _ in range(8)]
            idle = s.tcp()
            for c in hosts:
                c.call(b"NC")       # by now a worker has it
            at_work = s.children()
            for pid in at_work:         # they find it all at once: requests and the order to end
                os.kill(pid, signal.SIGSTOP)
            for c in hosts:
                c.raw(h.frame(b"1234NC") * 64)
            began = time.monotonic()
            s.send_signal(number)
            h.until("it drains", lambda: s.events("drain"))
            time.sleep(0.05)
            for pid in at_work:
                os.kill(pid, signal.SIGCONT)
            h.equal(s.wait(), 0)
            took = time.monotonic() - began
            for c in hosts:
                h.equal(c.read(64 * (2 + 4 + len(NC))), h.frame(b"1234" + NC) * 64, "replies")
                h.equal(c.sock.recv(1), b"", "behind the replies")
                c.close()
            h.equal(idle.sock.recv(1), b"", "on an idle connection")
            idle.close()
            h.ok(took < 2 * h.SLOW, "took %.1f s" % took)
            h.ok(not os.path.exists(s.socket) and not os.path.exists(s.pid_file), "files are left")
            h.equal([e["status"] for e in s.events("stopped")], [0])


class Caller(threading.Thread):
    """One request after the other until the server closes; how that was."""

    def __init__(self, server):
        super().__init__(daemon=True)
        self.client, self.answers, self.end = server.tcp(), 0, None
        self.client.call(b"NC")

    def run(self):
        n = 0
        try:
            while self.end is None:
                request, reply = echo(b"%d" % n)
                if self.client.call(request) != reply:
                    self.end = "a wrong answer"
                self.answers, n = self.answers + 1, n + 1
        except ConnectionResetError:
            self.end = "reset"
        except (ConnectionError, OSError) as e:
            self.end = "closed" if "closed by the server after 0 of 2" in str(e) else str(e)
        finally:
            self.client.close()


@h.case("a restart under load: every answer right, every end an orderly one, the next server serves")
def _():
    port = h.free_port()
    for _ in range(10 if h.FULL else 3):
        with Server(workers=2, port=port) as s:
            callers = [Caller(s) for _ in range(10)]
            for c in callers:
                c.start()
            time.sleep(0.3)
            h.ok(ends(s) < 2 * h.SLOW, "the drain took too long")
            for c in callers:
                c.join(5)
                h.ok(c.end == "closed" or c.end == "[Errno 32] Broken pipe", "an end: %s" % c.end)
                h.ok(c.answers > 5, "only %d answers" % c.answers)


# --- signals ---------------------------------------------------------------

def storm(s, numbers, seconds):
    """A thousand signals a second."""
    sent, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        for number in numbers:
            s.send_signal(number)
            sent += 1
        time.sleep(len(numbers) / 1000)
    return sent


@h.case("a thousand SIGHUP and SIGCHLD a second: every request answered, no process too many")
def _():
    with h.Server(workers=2) as s:
        callers = [Caller(s) for _ in range(4)]
        s.settle()
        before = sorted(s.children())
        for c in callers:
            c.start()
        sent = storm(s, (signal.SIGHUP, signal.SIGCHLD), 20 if h.FULL else 2)
        time.sleep(0.2)
        r = s.cli("reload")
        h.equal(r.returncode, 0, r.stderr)
        for c in callers:
            h.ok(c.is_alive() and c.answers > 50, "a caller: %s after %d answers" % (c.end, c.answers))
        h.until("the same workers as before, and no judge", lambda: sorted(s.children()) == before)
        for c in callers:
            c.end = "enough"
            c.join(5)
        print("# %d signals, %d reloads" % (sent, len(s.events("reloaded"))))


# --- the log ---------------------------------------------------------------

TELLTALE = """return {
  command = "TT", title = "Logs all it can",
  errors = { [10] = "TPK parity", [20] = "no PIN", [23] = "format", [24] = "PIN length" },
  request = { { "pan", N(16) }, { "tpk", key "TPK" }, { "block", H(16) }, { "pin", secret(N(4)) }, { "rest", B() } },
  response = {},
  handler = function (q, a)
    log("seen", q.pan, q.tpk, q.pin, pinblock.open(q.tpk, q.block, "01", "123456789012"), q.rest)
  end,
}
"""


@h.case("log lines: one event each, JSON with time, level and role; no PAN, no PIN, no key")
def _():
    with h.Server(settings={"log.trace": "true", "log.level": "trace"}) as s:
        plugins = os.path.join(s.dir, "plugins")
        os.mkdir(plugins)
        for name in os.listdir(h.PLUGINS):
            os.symlink(os.path.join(h.PLUGINS, name), os.path.join(plugins, name))
        with open(os.path.join(plugins, "TT.lua"), "w") as f:
            f.write(TELLTALE)
        with h.Server(plugins=plugins, settings=s.settings) as t, t.tcp() as c:
            rest = b'"\n{"event":"forged"}\r\0\xff\x1b[31m'
            reply = c.call(b"TT" + PAN + TPK + b"21B97251DB63358D" + b"7391" + rest)
            h.equal(reply, b"TU00", t.log()[-500:])
            c.call(CA.replace(b"123456789012", PAN[3:15])[:-1])
            c.call(b"CA" + PAN * 9)
            c.call(PAN)
            c.raw(b"\xff\xff" + PAN)
            h.ok(c.closed(), "a frame too long does not close")
            h.until("the refused frame is logged", lambda: t.events("frame-refused"))
            log = t.log()
            lines = [line for line in log.splitlines() if line and not line.startswith("luahsm: warning")]
            for line in lines:
                try:
                    event = json.loads(line)
                except ValueError:
                    raise h.Failed("no JSON: %r" % line) from None
                for key in ("time", "level", "role", "event"):
                    h.ok(key in event, "no %s in %s" % (key, line))
                h.ok(event["event"] != "forged", "a message wrote a line of its own")
            h.ok("492912******9019" in log, "the masked PAN is nowhere")
            seen = t.events("script")[0]["text"]
            h.ok("<key " in seen and seen.count("<secret>") == 2, "a key and PINs as placeholders: " + seen)
            for word in (PAN, b"7391", TPK[1:], ZPK[1:]):
                h.ok(word.decode() not in log, "%s is in the log" % word.decode())
            h.ok(all(" " <= x <= "~" or x == "\n" for x in log), "a byte that is not printable ASCII")


@h.case("on a terminal: text, one line per event")
def _():
    with Server(settings={"log.json": "false"}) as s:
        s.stop()
        lines = [line for line in s.log().splitlines() if " supervisor" in line]
        h.ok(len(lines) >= 3, s.log())
        for line in lines:
            h.ok(line[:4].isdigit() and "Z " in line and not line.startswith("{"), line)


h.main()
