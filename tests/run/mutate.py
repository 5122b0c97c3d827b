#!/usr/bin/env python3
# timeout: 3600
"""Requests that are nearly right: vectors of all plug-ins, changed at random and sent as fast as they are answered.

No worker dies or hangs, no handler fails, every reply has the code of its request. No clear PIN is in a reply of a
command that gives none. Where a command that verifies says yes to a changed request, judge.py says so, too.
"""
import multiprocessing
import random
import re
import struct
import time

import harness as h
import judge
import payment

COUNT = 10000000 if h.FULL else 50000
PROCESSES = 2 if h.FULL else 1
BATCH, BATCH_BYTES = 200, 48000
VERIFYING = 4       # times as often as others
# What takes milliseconds, one request in so many; and seconds, so many times less often.
RARE, RARELY = ["EK", "EW", "EY", "GI", "GK", "L0", "EO", "EQ", "B8", "QE", "FY", "IG"], 4000
SLOW, SLOWLY = ["EI"], 20
CLEAR = {"NG", "M2", "LE"}    # a clear PIN; data that hosts have encrypted or stored, 1234 among it
# What is printed is answered twice; these are not served here, and whatever comes with their codes is 68.
DISABLED = "A2 NE OC OE TA PE PG OA LI QA QC BQ CE CG CO EG GA GS"
SETTINGS = {"authorised": "true", "commands.disabled": DISABLED}
LONG_PIN = "739148205166"
CONTROLS = ["5678", "3471", "6092", "8145", "2763", "9058", "4720", "7316"]


# --- seeds -----------------------------------------------------------------

def vectors():
    """[request...] of all vectors; those for the listener of another LMK name that LMK."""
    r = h.run("plugin", "vectors", h.PLUGINS)
    h.equal(r.returncode, 0, r.stderr)
    found, lmk = [], b""
    for line in r.stdout.splitlines():
        if line.startswith("#"):
            lmk = b""
        elif line.startswith("@ lmk "):
            lmk = b"%" + line[6:].encode()
        elif line.startswith("> "):
            head, mark, tail = h.octets(line[2:].replace("\\\\", "\\x5C")).partition(b"\x19")
            found.append(head + lmk + mark + tail)
    return found


def with_long_pins(requests):
    """Those whose PIN block can be made anew, with a PIN that no reply holds by chance."""
    found = []
    for request in requests:
        text = request.decode("latin-1")
        spot = {"CA": (0x002, r"12([0-9A-F]{16})01(?:01|47)([0-9]{12})$"),
                "CC": (0x001, r"12([0-9A-F]{16})01(?:01|47)([0-9]{12})$"),
                "BC": (0x002, r"([0-9A-F]{16})01([0-9]{12})[0-9]{5}$"),
                "BE": (0x001, r"([0-9A-F]{16})01([0-9]{12})[0-9]{5}$"),
                "DC": (0x002, r"([0-9A-F]{16})01([0-9]{12})[0-9]{5}$"),
                "EC": (0x001, r"([0-9A-F]{16})01([0-9]{12})[0-9]{5}$"),
                "JC": (0x002, r"([0-9A-F]{16})01([0-9]{12})$"),
                "JE": (0x001, r"([0-9A-F]{16})01([0-9]{12})$")}.get(text[:2])
        field = re.match("..(U[0-9A-F]{32})", text)
        place = spot and field and re.search(spot[1], text)
        if not place:
            continue
        block = payment.encrypt(payment.open_key(spot[0], field[1]), payment.pin_block(LONG_PIN, place[2]))
        found.append((text[:place.start(1)] + block.hex().upper() + text[place.end(1):]).encode("latin-1"))
    return found


# --- changes ---------------------------------------------------------------

DIGITS, HEX = b"0123456789", b"0123456789ABCDEF"


def alike(dice, byte):
    """Another character of its kind, so that the field stays what it is."""
    kind = DIGITS if byte in DIGITS else HEX if byte in HEX else None
    return dice.choice(kind) if kind else dice.getrandbits(8)


def change(dice, request, others):
    """One change of a request."""
    how, at = dice.getrandbits(4), 2 + int(dice.random() * (len(request) - 2))
    if at >= len(request):
        return request + bytes([dice.getrandbits(8)])
    if how < 9:
        return request[:at] + bytes([alike(dice, request[at])]) + request[at + 1:]
    if how == 9:
        return request[:at] + bytes([dice.getrandbits(8)]) + request[at + 1:]
    if how == 10:
        return request[:at] + request[at + 1:]
    if how == 11:
        return request[:at] + bytes([alike(dice, request[at])]) + request[at:]
    if how == 12:
        return request[:at]
    if how == 13:
        return request + dice.choice((b"%00", b"%01", b"%02", b"\x19tail", b"%00\x19t", request[at:]))
    if how == 14:
        return request[:at] + dice.choice(others)[at:]
    other = 2 + int(dice.random() * (len(request) - 2))
    n = 1 + dice.getrandbits(3)
    return request[:at] + request[other:other + n] + request[at + n:]


class Requests:
    """An endless stream of them."""

    def __init__(self, seeds, dice):
        self.dice, self.by_code = dice, {}
        for seed in seeds:
            self.by_code.setdefault(seed[:2].decode(), []).append(seed)
        self.often = [code for code in self.by_code if code not in RARE + SLOW]
        self.often += [code for code in self.often if code in judge.COMMANDS] * (VERIFYING - 1)
        self.rare = [code for code in self.by_code if code in RARE] * SLOWLY + SLOW

    def next(self):
        dice = self.dice
        codes = self.rare if self.rare and dice.random() * RARELY < 1 else self.often
        seeds = self.by_code[codes[int(dice.random() * len(codes))]]
        seed = seeds[int(dice.random() * len(seeds))]
        request = change(dice, seed, seeds)
        while dice.getrandbits(2) == 0:
            request = change(dice, request, seeds)
        return seed, request

    def batch(self, most):
        """[(seed, request)...] that fit into what sockets hold, so that nobody waits for the other."""
        found, size = [], 0
        while len(found) < most and size < BATCH_BYTES:
            found.append(self.next())
            size += len(found[-1][1]) + 6
        return found


# --- replies ---------------------------------------------------------------

class Findings:
    """What one process has seen; sums of them are sums."""

    def __init__(self):
        self.count = self.yes = self.unchanged = 0
        self.bad = []
        self.hits, self.chance = {}, {}

    def add(self, other):
        self.count += other.count
        self.yes += other.yes
        self.unchanged += other.unchanged
        self.bad += other.bad
        for mine, its in ((self.hits, other.hits), (self.chance, other.chance)):
            for code, n in its.items():
                mine[code] = mine.get(code, 0) + n

    def fault(self, what, request, reply):
        if len(self.bad) < 20:
            self.bad.append("%s: %s -> %s" % (what, h.printable(request), h.printable(reply)))

    def look(self, seed, request, reply):
        self.count += 1
        code = request[:2].decode("latin-1")
        if len(reply) < 4 or reply[0] != request[0] or reply[1] != request[1] + 1 and reply[:2] != b"ZZ":
            self.fault("not its reply", request, reply)
        elif reply[2:4] == b"41":
            self.fault("a handler failed", request, reply)
        elif reply[2:4] in (b"00", b"02") and code in judge.COMMANDS:
            self.judge(seed, request, reply)
        if code not in CLEAR and len(reply) > 7:
            self.look_for_pins(code, request, reply)

    def judge(self, seed, request, reply):
        self.yes += 1
        self.unchanged += request == seed
        try:
            if not judge.right(request):
                self.fault("yes to what is wrong", request, reply)
        except judge.Unread as e:
            self.fault("yes to what can't be read (%s)" % e, request, reply)

    def look_for_pins(self, code, request, reply):
        """A long PIN can't be there by chance; one of four digits, only as often as other numbers."""
        text = reply[4:].decode("latin-1")
        if LONG_PIN in text:
            self.fault("a clear PIN", request, reply)
        if "1234" in text and b"1234" not in request:
            self.hits[code] = self.hits.get(code, 0) + 1
        for number in CONTROLS:
            if number in text and number.encode() not in request:
                self.chance[code] = self.chance.get(code, 0) + 1


def read_all(sock, buffer, count, found):
    """So many messages to the list found; returns what is left in the buffer."""
    at = 0
    while len(found) < count:
        while len(buffer) - at >= 2:
            n = struct.unpack_from(">H", buffer, at)[0]
            if len(buffer) - at < 2 + n:
                break
            found.append(buffer[at + 2:at + 2 + n])
            at += 2 + n
        if len(found) < count:
            more = sock.recv(1 << 18)
            if not more:
                raise ConnectionError("closed by the server")
            buffer, at = buffer[at:] + more, 0
    return buffer[at:]


def send_many(client, seeds, seed, count):
    """Send so many changed requests over one connection and look at each reply."""
    stream, findings, buffer = Requests(seeds, random.Random(seed)), Findings(), b""
    while findings.count < count and not findings.bad:
        batch = stream.batch(min(BATCH, count - findings.count))
        replies = []
        try:
            client.raw(b"".join(h.frame(b"head" + request) for _, request in batch))
            buffer = read_all(client.sock, buffer, len(batch), replies)
        except OSError as e:
            findings.fault("%s: %s" % (type(e).__name__, e), batch[min(len(replies), len(batch) - 1)][1], b"")
        for (start, request), reply in zip(batch, replies):
            if reply[:4] != b"head":
                findings.fault("another header", request, reply)
            findings.look(start, request, reply[4:])
    return findings


def in_process(port, seeds, seed, count, queue):
    # Somebody's key pair may have to be made first, by a process that gives way to everybody.
    with h.Client(h.socket.create_connection(("127.0.0.1", port), 120 * h.SLOW)) as client:
        queue.put(send_many(client, seeds, seed, count))


def run(server, seeds):
    """All of it, by processes of equal shares; the sum of what they found."""
    context, total = multiprocessing.get_context("fork"), Findings()
    queue = context.Queue()
    workers = [context.Process(target=in_process, args=(server.port, seeds, 1000 + i, COUNT // PROCESSES, queue))
               for i in range(PROCESSES)]
    for worker in workers:
        worker.start()
    for _ in workers:
        total.add(queue.get())
    for worker in workers:
        worker.join()
    return total


@h.case("judge.py agrees with every vector")
def _():
    for request in vectors():
        if request[:2].decode() in judge.COMMANDS:
            with_reply.setdefault(request, None)
    h.ok(len(with_reply) > 100, "%d vectors" % len(with_reply))
    with h.Server(settings=SETTINGS) as s, s.tcp() as c:
        for request, reply in zip(with_reply, c.pipeline(list(with_reply))):
            try:
                good = judge.right(request)
            except judge.Unread:
                good = False
            h.equal(good, reply[2:4] in (b"00", b"02"), h.printable(request))


with_reply = {}


@h.case("%d changed requests: no crash, no clear PIN, every yes explained" % COUNT)
def _():
    seeds = vectors()
    long_pins = with_long_pins(seeds)
    h.ok(len({seed[:2] for seed in long_pins}) > 5, "long PINs for %s" % {seed[:2] for seed in long_pins})
    with h.Server(settings=SETTINGS, workers=PROCESSES) as s:
        start = time.monotonic()
        found = run(s, seeds + long_pins)
        took = time.monotonic() - start
        print("  %d requests, %.0f a second; %d yeses, %d of them to requests changed back" %
              (found.count, found.count / took, found.yes, found.unchanged), flush=True)
        h.ok(not found.bad, "; ".join(found.bad[:5]))
        h.ok(found.count >= COUNT // PROCESSES * PROCESSES, "%d requests" % found.count)
        h.ok(found.yes > COUNT / 1000, "only %d yeses" % found.yes)
        for code, n in found.hits.items():
            chance = found.chance.get(code, 0) / len(CONTROLS)
            h.ok(n <= 20 + 3 * chance, "1234 is in %d replies of %s, other numbers in %.1f" % (n, code, chance))
        for event in ("script-failed", "reply-unfit", "code-not-listed", "worker-lost", "worker-hung", "slow-worker-lost"):
            h.ok(not s.events(event), "%s: %s" % (event, s.events(event)[:2]))
        with s.tcp() as c:
            h.equal(c.call(b"NC")[:4], b"ND00")


h.main()
