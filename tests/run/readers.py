#!/usr/bin/env python3
"""Replies about the device, taken apart the way public client programs do it.

Each reader here goes by what is known of one client: fixed offsets, one recv of
4096 bytes, a header HEAD. What a reader can't digest ends it with an error.
"""
import os
import re
import shutil
import signal
import socket
import struct
import tempfile
import time

import harness as h

RECORD_END, LIST_END = b"\x14", b"\x15"
# The check values of the public LMKs, as NC tells them.
CHECK = {"test-variant": b"268604", "test-aes-kb": b"9D04A0", "test-3des-kb": b"165126"}


SERVED = "A0 B2 CA EI J2 J4 J6 J8 JI JK N0 NC NI NK NO Z2".split()
folder = tempfile.TemporaryDirectory(prefix="luahsm-readers-")
for code in SERVED:
    shutil.copy(os.path.join(h.PLUGINS, code + ".lua"), folder.name)


def server(*args, **more):
    """A server of these commands only, which starts sooner."""
    return h.Server(*args, plugins=folder.name, **more)


class Reader:
    """A client that sends one command and reads once."""

    def __init__(self, s, header=b"HEAD"):
        self.header = header
        self.sock = socket.create_connection(("127.0.0.1", s.port), 10 * h.SLOW)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.sock.close()

    def ask(self, body):
        """The reply from its error code on, whose length and response code are right."""
        self.sock.sendall(struct.pack(">H", len(self.header + body)) + self.header + body)
        data = self.sock.recv(4096)
        h.equal(struct.unpack(">H", data[:2])[0], len(data) - 2, "length of the reply")
        h.equal(data[2:2 + len(self.header)], self.header, "header")
        rest = data[2 + len(self.header):]
        h.equal(rest[:2], body[:1] + bytes([body[1] + 1]), "response code")
        return rest[2:]

    def data(self, body):
        rest = self.ask(body)
        h.equal(rest[:2], b"00", "error code of %r" % body)
        return rest[2:].decode("ascii")


class Cutter:
    """Takes fields off a text from the left."""

    def __init__(self, text):
        self.text = text

    def take(self, n):
        h.ok(len(self.text) >= n, "the reply ends too early")
        field, self.text = self.text[:n], self.text[n:]
        return field

    def number(self, n, base=10):
        return int(self.take(n), base)


def moment(cut):
    """YYMMDD and HHMMSS as seconds."""
    text = cut.take(12)
    h.ok(text.isdigit(), "a date of digits: " + text)
    parts = time.strptime("20" + text, "%Y%m%d%H%M%S")
    return time.mktime(parts)


def head(cut):
    """What J3 J5 J9 begin with: serial number, start, end, now."""
    serial = cut.take(12)
    h.ok(re.fullmatch("[!-~]{12}", serial), "serial number " + serial)
    start, end, now = moment(cut), moment(cut), moment(cut)
    h.ok(start <= end, "ends after it starts")
    h.equal(end, now, "end of collecting")
    h.ok(abs(now - time.mktime(time.gmtime())) < 60 * h.SLOW, "the clock is right")
    return serial, start, now


def read_load(text):
    """J3: head, seconds, groups of 17 to the end, delimiters skipped; the numbers."""
    cut = Cutter(text)
    _, start, now = head(cut)
    seconds = cut.number(10)
    h.ok(abs(now - start - seconds) <= 1, "seconds are those between start and now")
    periods = []
    while cut.text:
        low, high, count = cut.number(3), cut.number(3), cut.number(10)
        h.equal((low, high), (10 * len(periods), 10 * len(periods) + 10), "range")
        h.equal(cut.take(1), ";", "delimiter")
        periods.append(count)
    h.equal(len(periods), 10, "ranges")
    h.equal(sum(periods), seconds, "sum of the periods")
    return seconds, periods


def read_load_split(text):
    """The reader that ends a range at its delimiter and drops one without."""
    return [int(group[6:]) for group in text[58:].split(";")[:-1]]


def read_volumes(text):
    cut = Cutter(text)
    head(cut)
    cut.number(10)
    volumes = {}
    while cut.text:
        code = cut.take(2)
        h.ok(code not in volumes, code + " twice")
        volumes[code] = cut.number(12)
    h.equal(list(volumes), sorted(volumes), "order")
    return volumes


def read_health(text):
    h.equal(len(text), 88, "length of J9")
    cut = Cutter(text)
    head(cut)
    return [cut.number(n) for n in (10, 10, 7, 5, 8)]


def read_status(text):
    """JL: fixed fields, then LMKs split at X'15 and X'14; the reader that ignores empty pieces."""
    cut = Cutter(text)
    cut.take(12)
    moment(cut)
    console, manager, port_1, port_2, _, _, tamper = cut.take(7)
    h.equal(tamper, "1", "tamper")
    h.ok(console in "0123" and manager in "0123" and port_1 in "0123" and port_2 in "0123", "codes")
    loaded, test, old = cut.number(2), cut.number(2), cut.number(2)
    pieces = cut.text.split("\x15")
    h.equal(len(pieces), 2, "ends of the list")
    records = [piece for piece in pieces[0].split("\x14") if piece]
    h.equal(len(records), loaded, "records")
    h.equal(len(pieces[1]), 2, "what is behind the list")
    fraud, attack = (int(digit) for digit in pieces[1])
    return {"console": console, "port": port_1, "test": test, "old": old, "records": records, "fraud": fraud,
            "attack": attack}


def read_records(text):
    """The reader that goes from X'14 to X'14, and fails when a record has none."""
    rest, records = text[37:], []
    for _ in range(int(text[31:33])):
        at = rest.index("\x14")
        record = rest[:at]
        h.ok(record[2] in "01" and record[3:5].isdigit() and record[5] in "VK" and record[6] in "012" and
             record[7] in "LT", "record " + record)
        records.append((int(record[:2]), record[2:8], record[8:]))
        rest = rest[at + 1:]
    h.equal(rest[0], "\x15", "behind the last record")
    return records


def selected(client):
    """Which record has the check value of plain NC? One NC%nn per record number."""
    default = client.data(b"NC")[:6]
    for i in range(len(read_records(client.data(b"JK")))):
        if client.data(b"NC%%%02d" % i)[:6] == default:
            return i
    return None


@h.case("J2: the periods sum up to the seconds, and load shows")
def _():
    with server() as s, Reader(s) as c:
        h.until("three seconds", lambda: read_load(c.data(b"J2"))[0] >= 3)
        text = c.data(b"J2")
        h.equal(read_load_split(text), read_load(text)[1], "both readers")
        h.equal(len(text), 58 + 170, "length of J3")
        h.equal(c.ask(b"J2\x19HSM-Manager")[-12:], b"\x19HSM-Manager", "trailer")
        h.equal(c.ask(b"J2extra"), b"15", "bytes over")

        def loaded():
            r = s.cli("bench", "--mix", "CA", "--port", s.port, "--duration", 2.5)
            h.equal(r.returncode, 0, r.stderr)
            return sum(read_load(c.data(b"J2"))[1][1:]) > 0
        h.until("a second of more than 10 %", loaded, 60)
        h.equal(c.ask(b"J6"), b"00", "J6")
        seconds, periods = read_load(c.data(b"J2"))
        h.ok(seconds < 3 * h.SLOW and sum(periods[1:]) <= seconds, "J6 begins anew")


@h.case("J4: the counts are the requests sent, whatever was answered")
def _():
    sent = {"A0": 2, "B2": 7, "CA": 1, "EI": 1, "J2": 3, "NC": 5, "NK": 1, "NO": 2}
    with server(workers=2) as s, Reader(s) as c, s.unix() as u:
        c.ask(b"J6")
        for i in range(5):
            if i % 2:
                c.data(b"NC")
            else:
                u.call(b"NC")
        h.equal(c.ask(b"A0?"), b"15")
        h.equal(u.call(b"A00002U")[:4], b"A100")
        u.pipeline([b"B20005hello"] * 5)
        h.equal(u.call(b"CA"), b"CB15")
        h.equal(u.call(b"EI2051201")[:4], b"EJ00")      # a slow worker's
        for _ in range(3):
            c.data(b"J2")
        # what is in a chain counts, too
        h.equal(c.ask(b"NK0020011B20005hello0010B20004abcd")[:12], b"000200" + b"09B300")
        c.data(b"NO00")
        c.data(b"NO01")
        h.equal(c.ask(b"ZZ"), b"67")                    # nobody's command
        volumes = read_volumes(c.data(b"J4"))
        h.equal(volumes.pop("J4"), 1, "J4 itself")
        h.equal(volumes, sent)
        h.equal(read_volumes(c.data(b"J4"))["J4"], 2)


@h.case("J4: requests that wait for the keeper, and for its successor, count once each")
def _():
    with server() as s, Reader(s) as c:
        keeper = h.until("a keeper", s.keeper)
        clients = [s.unix(timeout=30) for _ in range(40)]    # more than are asked at a time
        os.kill(keeper, signal.SIGSTOP)
        for client in clients:
            client.send(b"Z206nobody000000")
        h.until("all requests", lambda: read_volumes(c.data(b"J4")).get("Z2", 0) >= len(clients))
        os.kill(keeper, signal.SIGKILL)
        h.equal({client.receive()[1] for client in clients}, {b"Z330"})
        h.equal(read_volumes(c.data(b"J4"))["Z2"], len(clients))
        for client in clients:
            client.close()


@h.case("J4: a worker's death and a reload take no counts back")
def _():
    with server(workers=2) as s:
        with Reader(s) as c:
            for _ in range(4):
                c.data(b"NC")
            before = read_volumes(c.data(b"J4"))
        for pid in s.worker_pids():
            os.kill(pid, signal.SIGKILL)
        h.until("new workers", lambda: len(s.events("worker-lost")) >= 2)
        h.equal(s.cli("reload").returncode, 0)
        with Reader(s) as c:
            after = read_volumes(c.data(b"J4"))
            h.ok(all(after[code] >= n for code, n in before.items()), "%s, then %s" % (before, after))
            h.equal(after["J4"], before["J4"] + 1)
            seconds, _ = read_load(c.data(b"J2"))
            h.until("the next second", lambda: read_load(c.data(b"J2"))[0] > seconds)


@h.case("J8: 88 characters of numbers, and JI begins anew")
def _():
    with server(settings={"message.serial": "S0246378732H"}) as s, Reader(s) as c:
        text = c.data(b"J8")
        h.equal(text[:12], "S0246378732H", "the serial number that was set")
        h.equal(read_health(text)[1:], [0, 0, 0, 0])
        h.equal(c.data(b"J2")[:12], text[:12])
        h.equal(c.ask(b"JI"), b"00")
        h.equal(read_health(c.data(b"J8")), [0, 0, 0, 0, 0])
        h.equal(c.ask(b"J80"), b"15")


@h.case("J8: starts are counted from run to run, and from JI on; those that fail are not")
def _():
    with tempfile.TemporaryDirectory(prefix="luahsm-test-") as top:
        bad = os.path.join(top, "plugins")
        os.mkdir(bad)
        with open(os.path.join(bad, "X1.lua"), "w") as f:
            f.write("return {}\n")
        for want in (0, 1, 1):
            with h.Server(plugins=bad, ready=False, settings={"store.health": os.path.join(top, "health")}) as s:
                h.equal(s.wait(), 3)
            with server(settings={"store.health": os.path.join(top, "health")}) as s, Reader(s) as c:
                h.equal(read_health(c.data(b"J8")), [want, 0, 0, 0, 0])
                if want:
                    h.equal(c.ask(b"JI"), b"00")
                    h.equal(read_health(c.data(b"J8")), [0, 0, 0, 0, 0])


def check_status(names, default):
    arguments = ["--lmk=%02d=%s" % pair for pair in enumerate(names)]
    with server(*arguments, settings={"lmk.default": default}, port=h.free_port(len(names) + 1)) as s, \
            Reader(s) as c:
        text = c.data(b"JK")
        status = read_status(text)
        h.equal((status["test"], status["old"], status["console"], status["port"]), (len(names), 0, "1", "1"))
        h.equal((status["fraud"], status["attack"]), (0, 0))
        records = read_records(text)
        h.equal([(i, comment) for i, _, comment in records], list(enumerate(names)))
        for i, fields, comment in records:
            kind = {"test-variant": "V0", "test-3des-kb": "K1", "test-aes-kb": "K2"}[comment]
            h.equal(fields, "000" + kind + "T", "record %d" % i)
        found = selected(c)
        h.equal(c.data(b"NC")[:6].encode(), CHECK[names[default]])
        h.equal(names[found], names[default], "the LMK that a client takes for the default one")


@h.case("JK: one LMK")
def _():
    check_status(["test-variant"], 0)


@h.case("JK: three LMKs, the second one the default")
def _():
    check_status(["test-variant", "test-aes-kb", "test-3des-kb"], 1)


@h.case("JK: twenty LMKs")
def _():
    check_status((["test-aes-kb", "test-3des-kb", "test-variant"] * 7)[:20], 2)


@h.case("JK: an authorised server with an old LMK and no TCP")
def _():
    with server(settings={"authorised": "true", "lmk.old": "sim-old"}, port=False) as s, s.unix() as c:
        reply = c.call(b"JK")
        h.equal(reply[:4], b"JL00")
        status = read_status(reply[4:].decode("ascii"))
        h.equal((status["old"], status["port"]), (1, "3"))
        h.ok(all(record[2:5] == "101" for record in status["records"]), "authorised records")


@h.case("NI: records of the connections, and eleven hexadecimal counters")
def _():
    with server(workers=2) as s, Reader(s) as c, Reader(s) as other, s.unix() as u:
        u.call(b"NC")
        other.data(b"NC")

        def read():
            cut = Cutter(c.data(b"NI11"))
            records = []
            for _ in range(cut.number(4)):
                protocol, port = cut.take(1), cut.number(4, 16)
                address, peer = cut.number(8, 16), cut.number(4, 16)
                records.append((protocol, port, address, peer, cut.take(1)))
                h.ok(cut.number(8, 16) < 600, "seconds of a connection")
            counters = [cut.number(n, 16) for n in [16, 16] + [8] * 9]
            h.equal(cut.text, "", "rest")
            return records, counters
        records, counters = h.until("the three connections", lambda: len(read()[0]) == 3 and read())
        for sock in (c.sock, other.sock):
            h.ok(("0", s.port, 0x7F000001, sock.getsockname()[1], "0") in records, "a record of each client")
        h.ok(("0", 0, 0, 0, "0") in records, "a record of the Unix socket's")
        h.ok(counters[0] > 0 and counters[1] > 0 and counters[2] >= 3 and counters[3] >= 3, "counters")
        h.equal(counters[4:8] + counters[10:], [0, 0, 0, 0, 0])
        h.equal(len(c.data(b"NI10")), 4 + 26 * 3)
        h.equal((c.ask(b"NI12"), c.ask(b"NI3"), c.ask(b"NI21")), (b"82", b"15", b"01"))


@h.case("NI: very many connections still fit into one read")
def _():
    with server() as s:
        many = [s.tcp() for _ in range(140)]
        with Reader(s) as c:
            h.until("as many as are told of", lambda: c.data(b"NI11")[:4] == "0128")
            h.equal(len(c.data(b"NI11")), 4 + 128 * 26 + 104)
        for client in many:
            client.close()


def read_wide(reply, header):
    """The reader that takes 22 bytes behind length and header as mode 00, more as the wide form."""
    width = 2 if len(reply) - header <= 22 else 4
    rest = reply[header + 4:]
    return int(rest[2:2 + width]), rest[2 + width:11 + width]


@h.case("NO: both widths of the number of sockets, by all three readers")
def _():
    for wide, limit in (("false", 99), ("true", 4096)):
        with server(settings={"message.sockets_wide": wide}) as s, Reader(s) as c:
            text = c.data(b"NO00")
            h.equal(len(text), 18 if wide == "false" else 20)
            h.equal(text[:2], "31", "32K and TCP")
            reply = b"HEADNP00" + text.encode()
            h.equal(read_wide(reply, 4), (limit, b"0007-E000"))
            if wide == "false":
                h.equal((text[2:4], text[4:13]), ("99", "0007-E000"), "the reader of 2N")
            h.equal(len(c.data(b"NO01")), 11)
            h.equal(c.ask(b"NO02"), b"15")
    with server() as s, Reader(s, b"0000") as c:
        h.equal(len(c.data(b"NO00")), 18)


@h.case("N0: random bytes and nothing else")
def _():
    with server() as s, Reader(s) as c:
        values = set()
        for n in (1, 8, 256):
            rest = c.ask(b"N0%03d" % n)
            h.equal((rest[:2], len(rest)), (b"00", 2 + n))
            values.add(rest[2:])
        values.add(c.ask(b"N0008")[2:])
        h.equal(len(values), 4, "different values")
        h.equal((c.ask(b"N0000"), c.ask(b"N0257"), c.ask(b"N08")), (b"01", b"01", b"15"))


h.main()
