#!/usr/bin/env python3
r"""What public clients of payShields send, and how they read: every tests/wire/clients/*.txt.

A file is a flow of one client, or of several:

    # The name of the case.
    @client pressure        who sends and reads (STYLES below), until the next @client
    @header STAT            instead of the client's own
    @server 00=test-aes-kb authorised=true
                            begins a case: LMKs and settings; `full`: only in the long form
    > EW060101{data#4}{data};99{private}
    < EX00{signature:L4}

In both, \xHH is a byte. In a request {name} is what a reply has given that name before, {name#4} its
length in four digits, {@name} one of CONSTANTS. In a reply {name:type} takes bytes and checks or names
them; types: 6H 6N 6A 6B (so many digits, characters, bytes), K (a key field), F (FFFF and a key block),
D (one DER element), L4 (four digits of length, and so many bytes), * (all the rest). A name that is
known already must read the same. `!` in place of `>` is a request on a connection of its own; `&` behind a
reply is the second one, of commands that print.

One case at the end counts the codes that clients use and no flow here has.
"""
import glob
import os
import re
import socket
import struct
import time

import harness as h

FOLDER = os.path.join(h.TREE, "tests", "wire", "clients")

# What public clients send, over all.
CODES = """A0 A4 A6 A8 B2 B8 BA BE BG BK BS BU BW CA CC CU CW CY DA DC DE DG DU EA EC EE EI EM EO EQ
EW EY FM FW FY G0 GI GK GM GO GQ GW IG J2 J4 J8 JA JC JE JG JK KQ KW LO M0 M2 M4 M6 M8 N0 NC NG NI NO
PA PE QE QK TA""".split()


def der(tag, *parts):
    body = b"".join(parts)
    return bytes([tag, len(body)]) + body


def credential(name, number):
    """issuer Name, serialNumber"""
    name = der(0x30, der(0x31, der(0x30, der(6, b"\x55\x04\x03"), der(12, name))))
    return der(0x30, name, der(2, bytes([number])))


CONSTANTS = {"kdh": credential(b"KDH", 1), "krd": credential(b"KRD", 2), "data": b"Hello World!",
             "nonce": bytes(range(0x21, 0x29))}


# --- how status replies are taken apart --------------------------------------

def split(text, *sizes):
    """Pieces of fixed lengths, and the rest."""
    parts = []
    for size in sizes:
        h.ok(len(text) >= size, "the reply ends early")
        parts.append(text[:size])
        text = text[size:]
    return parts, text


def loading(text):
    """J2: fixed places, then groups of 17 to the end; int() on every number."""
    (_, *numbers), rest = split(text, 12, 6, 6, 6, 6, 6, 6, 10)
    h.equal(len(rest) % 17, 0, "characters of the ranges")
    periods = [int(rest[i + 6:i + 16]) for i in range(0, len(rest), 17)]
    h.equal([int(rest[i:i + 3]) for i in range(0, len(rest), 17)], list(range(0, 100, 10)))
    h.equal(sum(periods), [int(n) for n in numbers][-1], "periods and seconds")


def volumes(text):
    """J4: the same head, then groups of 14."""
    (_, *numbers), rest = split(text, 12, 6, 6, 6, 6, 6, 6, 10)
    h.equal((len(rest) % 14, len(numbers)), (0, 7))
    counts = {rest[i:i + 2]: int(rest[i + 2:i + 14]) for i in range(0, len(rest), 14)}
    h.ok(all(n > 0 for n in counts.values()) and sorted(counts) == list(counts), repr(counts))


def health(text):
    """J8: 88 characters."""
    (_, *numbers), rest = split(text, 12, 6, 6, 6, 6, 6, 6, 10, 10, 7, 5, 8)
    h.equal((rest, [int(n) for n in numbers][-4:]), (b"", [0, 0, 0, 0]))


def status(text):
    """JK: one reader splits at X'15 and X'14, the other finds X'14 behind each record."""
    (_, _, _, consoles, reserved, tamper, live, _, _), rest = split(text, 12, 6, 6, 4, 2, 1, 2, 2, 2)
    h.equal((reserved, tamper, len(consoles)), (b"00", b"1", 4))
    records = [record for record in rest.split(b"\x15")[0].split(b"\x14") if record]
    h.equal(len(records), int(live))
    h.ok(rest.split(b"\x15")[1].isdigit(), "behind the list")
    for record in records:
        _, comment = split(record, 2, 1, 2, 1, 1, 1)
        h.ok(comment and rest.index(record + b"\x14") >= 0, "a record without comment")


def network(text):
    """NI: eleven counters behind the records, converted without a check."""
    count, rest = int(text[:4]), text[4:]
    for _ in range(count):
        (protocol, port, _, _, _, _), rest = split(rest, 1, 4, 8, 4, 1, 8)
        h.ok(protocol in b"01" and int(port, 16), "a record")
    counters, rest = split(rest, 16, 16, *[8] * 9)
    h.equal((rest, len([int(n, 16) for n in counters])), (b"", 11))


HABITS = {b"J2": loading, b"J4": volumes, b"J8": health, b"JK": status, b"NI": network}


# --- clients ---------------------------------------------------------------

class Style:
    """A client that keeps its connection and reads once per reply."""
    header = b"HEAD"
    most = 4096         # bytes of one recv()

    def __init__(self, server):
        self.server, self.sock = server, None

    def connect(self):
        self.close()
        self.sock = socket.create_connection(("127.0.0.1", self.server.port), 60 * h.SLOW)

    def close(self):
        if self.sock is not None:
            self.sock.close()
        self.sock = None

    def next_header(self):
        return self.header

    def ask(self, requests):
        return [self.one(request) for request in requests]

    def one(self, request):
        if self.sock is None:
            self.connect()
        header = self.next_header()
        self.sock.sendall(h.frame(header + request))
        return self.read(self.sock.recv(self.most), header, request)

    def read(self, data, header, request):
        h.ok(len(data) > 2, "the server closed the connection")
        h.equal(struct.unpack(">H", data[:2])[0], len(data) - 2, "length bytes and what one read gives")
        h.equal(data[2:2 + len(header)], header, "header")
        reply = data[2 + len(header):]
        if request[:2] in HABITS:
            HABITS[request[:2]](reply.split(b"\x19CHECK")[0][4:])
        return reply


class Pressure(Style):
    """PayShieldPressureTest: the reply as ASCII, other bytes replaced; reply code by its second letter."""

    def read(self, data, header, request):
        reply = super().read(data, header, request)
        text = data[2:].decode("ascii", "replace")
        h.equal(len(text), len(data) - 2, "characters of the text")
        h.equal(text[len(header):len(header) + 2], chr(request[0]) + chr(request[1] + 1), "reply code")
        return reply


class PayshieldTest(Style):
    """Payshield_test.py: whatever is above 02 ends the run."""
    header = b"STAT"

    def read(self, data, header, request):
        reply = super().read(data, header, request)
        h.ok(int(data[8:10]) <= 2, "%r ends the run" % reply[:4])
        return reply


class Samples(Style):
    """The samples of a cloud service: a connection for each command."""
    header = b"0000"

    def one(self, request):
        self.connect()
        self.sock.settimeout(8 * h.SLOW if b"EI" not in request[:2] else 60 * h.SLOW)
        return super().one(request)


class Rest(Style):
    """payshield-rest-api: the error code at a fixed place."""

    def read(self, data, header, request):
        reply = super().read(data, header, request)
        h.equal(reply[:2], request[:1] + bytes([request[1] + 1]), "reply code")
        return reply


class CryptoClient(Style):
    """payshield-crypto-client."""
    header = b"0000"


class Codec(Style):
    """ut-codec-payshield: headers counted up, several requests under way, matched by header."""

    def __init__(self, server):
        super().__init__(server)
        self.number = 0

    def next_header(self):
        self.number += 1
        return b"%04d" % self.number

    def ask(self, requests):
        if self.sock is None:
            self.connect()
        headers = [self.next_header() for _ in requests]
        self.sock.sendall(b"".join(h.frame(a + r) for a, r in zip(headers, requests)))
        client, found = h.Client(self.sock), {}
        for _ in headers:
            got, reply = client.receive()
            found[got] = reply
        return [found[header] for header in headers]

    def second(self):
        header, reply = h.Client(self.sock).receive()
        h.equal(header, b"%04d" % self.number, "header of the second reply")
        return reply


class Manager(Style):
    """The HSM manager of one file: a trailer on each request; the reply is cut at the trailer's text."""

    def one(self, request):
        reply = super().one(request + b"\x19CHECK")
        h.ok(reply.endswith(b"\x19CHECK"), "the trailer did not come back: %r" % reply)
        return reply.split(b"\x19CHECK")[0]


STYLES = {"pressure": Pressure, "payshield_test": PayshieldTest, "samples": Samples, "rest": Rest,
          "crypto": CryptoClient, "codec": Codec, "manager": Manager}


# --- flows -----------------------------------------------------------------

def fill(text, names):
    """The bytes of a request."""
    def one(m):
        name, digits = m.group(1), m.group(2)
        value = CONSTANTS[name[1:]] if name[0] == "@" else names[name]
        if digits:
            value = b"%0*d" % (int(digits), len(value))
        return "".join("\\x%02X" % byte for byte in value)
    return h.octets(re.sub(r"\{(@?\w+)(?:#(\d))?\}", one, text))


def needs(text):
    return set(re.findall(r"\{(\w+)(?:#\d)?\}", text))


def key_length(data):
    if data[:1] in (b"S", b"R"):
        return 1 + int(data[2:6])
    return {b"U": 33, b"X": 33, b"T": 49, b"Y": 49}.get(data[:1], 16)


def der_length(data):
    n, head = data[1], 2
    if n & 0x80:
        head += n & 0x7F
        n = int.from_bytes(data[2:head], "big")
    return head + n


def take(kind, data):
    """(what the name gets, bytes it takes)"""
    if kind == "*":
        return data, len(data)
    if kind == "K":
        return data[:key_length(data)], key_length(data)
    if kind == "F":
        h.equal(data[:5], b"FFFFS", "a key block behind its length")
        n = 4 + key_length(data[4:])
        return data[:n], n
    if kind == "D":
        return data[:der_length(data)], der_length(data)
    if kind[0] == "L":
        w = int(kind[1:])
        n = w + int(data[:w])
        return data[w:n], n
    n, letter = int(kind[:-1]), kind[-1]
    allowed = {"H": rb"[0-9A-F]*", "N": rb"[0-9]*", "A": rb"[ -~]*", "B": rb"[\x00-\xFF]*"}[letter]
    h.ok(len(data) >= n and re.fullmatch(allowed, data[:n], re.S), "no %s in %r" % (kind, data))
    return data[:n], n


def match(pattern, reply, names):
    """Check a reply, and remember what it names."""
    at = 0
    for text, name, kind in re.findall(r"([^{]+)|\{(\w*):?([^}]*)\}", pattern):
        if text:
            want = h.octets(text)
            h.equal(reply[at:at + len(want)], want, "reply at %d" % at)
            at += len(want)
            continue
        if kind:
            value, n = take(kind, reply[at:])
            h.ok(len(reply) >= at + n, "the reply ends inside %s: %r" % (name or kind, reply))
        else:
            value, n = names[name], len(names[name])
            h.equal(reply[at:at + n], value, name)
        if name:
            h.equal(value, names.setdefault(name, value), name)
        at += n
    h.equal(reply[at:], b"", "behind the last field")


class Flow:
    """One case: a server and steps (client, header, fresh connection, request, reply, second reply)."""

    def __init__(self, name, words):
        self.name, self.steps = name, []
        pairs = [word.split("=") for word in words if "=" in word]
        self.lmks = tuple(word for word in words if word[:2].isdigit())
        self.settings = tuple((k, v) for k, v in pairs if not k.isdigit())
        self.full = "full" in words

    def play(self, server):
        missing = {step[3][:2] for step in self.steps} - {name[:2] for name in os.listdir(h.PLUGINS)}
        if missing:
            h.skip("not served: " + " ".join(sorted(missing)))
        clients, names = {}, {}
        steps = list(self.steps)
        while steps:
            client = clients.setdefault(steps[0][0], STYLES[steps[0][0]](server))
            n = 1
            while isinstance(client, Codec) and n < len(steps) and steps[n][0] == steps[0][0] and \
                    not steps[n][2] and not steps[n - 1][5] and needs(steps[n][3]) <= set(names):
                n += 1
            self.ask(client, steps[:n], names)
            steps = steps[n:]
        for client in clients.values():
            client.close()

    def ask(self, client, steps, names):
        if steps[0][1]:
            client.header = steps[0][1]
        if steps[0][2]:
            client.close()
        replies = client.ask([fill(step[3], names) for step in steps])
        for step, reply in zip(steps, replies):
            try:
                match(step[4], reply, names)
            except h.Failed as e:
                raise h.Failed("%s: %s; it is %s" % (step[3][:60], e, h.printable(reply)[:200])) from None
        if steps[-1][5]:
            match(steps[-1][5], client.second(), names)

    def codes(self):
        return {step[3][:2] for step in self.steps if step[4][2:4] != "67"}


def read(path):
    flows, name, client, header = [], None, None, None
    stem = os.path.basename(path)[:-4]
    with open(path, encoding="latin-1") as f:
        for line in f.read().split("\n"):
            word, _, rest = line.partition(" ")
            if word == "#":
                name = rest
            elif word == "@client":
                client, header = rest, None
            elif word == "@header":
                header = rest.encode()
            elif word == "@server":
                flows.append(Flow("%s: %s" % (stem, name), rest.split()))
            elif word in (">", "!"):
                flows[-1].steps.append([client, header, word == "!", rest, None, None])
            elif word in ("<", "&"):
                flows[-1].steps[-1][4 if word == "<" else 5] = rest
            elif line:
                raise SystemExit("%s: %s" % (path, line))
    return flows


@h.case("a client that frames nothing is dropped without harm")
def _():
    with h.Server() as server:
        for text in (b"VR\r", b"NETSTAT\r"):
            with socket.create_connection(("127.0.0.1", server.port), 10 * h.SLOW) as sock:
                sock.sendall(text)
                sock.settimeout(2)
                started = time.monotonic()
                try:
                    h.equal(sock.recv(4096), b"")
                except socket.timeout:
                    h.ok(time.monotonic() - started < 60, "waited too long")
        with server.tcp() as c:
            h.equal(c.call(b"B20005hello"), b"B300hello")


@h.case("every code that public clients send has a flow")
def _():
    flows = [flow for path in glob.glob(os.path.join(FOLDER, "*.txt")) for flow in read(path)]
    served = set().union(*(flow.codes() for flow in flows))
    have = {name[:2] for name in os.listdir(h.PLUGINS)}
    missing = sorted(set(CODES) & have - served)
    h.equal(missing, [], "served, and in no flow")


def together(flows):
    """Flows of one server, one after the other."""
    options = [option for lmk in flows[0].lmks for option in ("--lmk", lmk)]
    with h.Server(*options, settings=dict(flows[0].settings)) as server:
        for flow in flows:
            h.attempt(flow.name, lambda flow=flow: flow.play(server))


def main():
    servers = {}
    for path in sorted(glob.glob(os.path.join(FOLDER, "*.txt"))):
        for flow in read(path):
            if flow.full and not h.FULL:
                h.report("skipped", flow.name, "only in the long form")
            else:
                servers.setdefault((flow.lmks, flow.settings), []).append(flow)
    for flows in servers.values():
        h.attempt("a server for %s starts and stops" % flows[0].name,
                  lambda flows=flows: together(flows))
    h.main()


main()
