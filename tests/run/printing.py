#!/usr/bin/env python3
"""Printing commands: the document in the spool folder, then the second reply."""
import os
import re
import shutil
import stat
import tempfile
import time

import harness as h

TMK = b"U1750CDFB0757D3B3994430636DBB281B"
AUTHORISED = {"authorised": "true"}
# Few plug-ins: a server proves all of its own when it starts.
FOLDER = tempfile.TemporaryDirectory()
CODES = ("A2", "B2", "GY", "LI", "NC", "NE", "NG", "OA", "OC", "OE", "PA", "PC", "PE", "PG", "QA", "QC", "TA")


def server(settings, **more):
    return h.Server(settings=settings, plugins=FOLDER.name, **more)


def spool(s, name="data/luahsm/spool"):
    return os.path.join(s.dir, name)


def documents(s, code=""):
    """The texts of a command, oldest first; there must be no other files."""
    folder = spool(s)
    names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
    texts = []
    for name in names:
        h.ok(re.fullmatch(r"\d{8}-\d{6}-\d{6}-[A-Z0-9]{2}\.txt", name), "a file is named %s" % name)
        path = os.path.join(folder, name)
        h.equal(stat.S_IMODE(os.stat(path).st_mode), 0o600, name)
        if name[-6:-4].startswith(code):
            with open(path, encoding="ascii") as f:
                texts.append(f.read())
    return texts


def both(c, body):
    """The two replies to a request, without headers, which must come back in both."""
    header = c.send(body)
    replies = [c.receive(), c.receive()]
    h.equal([r[0] for r in replies], [header, header], "message headers")
    return replies[0][1], replies[1][1]


@h.case("a component is printed, then the second reply comes; what is printed is what was given")
def _():
    with server(AUTHORISED) as s, s.tcp() as c:
        h.equal(c.call(b"A20002U"), b"A318", "before any formatting data")
        h.equal(c.call(b"PA>L>003^0>Lcomponent: ^P, check value ^T>L"), b"PB00")
        parts = []
        for name in (b"Alice", b"Bob"):
            first, second = both(c, b"A20002U" + name + b";")
            h.equal((first[:5], second), (b"A300U", b"AZ00"))
            lines = documents(s)[-1].split("\n")
            h.equal(lines[1], "   " + name.decode())
            clear, kcv = re.fullmatch(r"component: ([0-9A-F]{32}), check value ([0-9A-F]{6})", lines[2]).groups()
            h.equal(kcv.encode(), first[-6:])
            h.ok(clear not in s.log(), "the log has the component")
            parts.append((int(clear, 16), first[4:37]))
        key = c.call(b"GY2" + parts[0][1] + parts[1][1] + b";0U1")
        # The same key by hand: what is on paper, put together, with odd parity.
        summed = "%032X" % (parts[0][0] ^ parts[1][0])
        r = h.run("keys", "import", "--type", "000", "--key", summed, "--force-parity")
        h.ok("key          %s\n" % key[4:37].decode() in r.stdout, "%s, %s" % (key, r.stdout))
        h.equal(len(documents(s)), 2)
        h.equal(os.stat(spool(s)).st_mode & 0o777, 0o700, "the folder's mode")


@h.case("both replies stand where their request stood, with header and trailer")
def _():
    with server(AUTHORISED) as s, s.tcp() as c:
        h.equal(c.call(b"PAkey ^P>L"), b"PB00")
        sent = [c.header() for _ in range(5)]
        bodies = [b"NC", b"TA" + TMK + b"one;two;", b"B20003abc", b"OE\x19trailer", b"NC"]
        c.raw(b"".join(h.frame(a + b) for a, b in zip(sent, bodies)))
        got = [c.receive() for _ in range(7)]
        h.equal([x[0] for x in got], [sent[i] for i in (0, 1, 1, 2, 3, 3, 4)], "headers")
        h.equal([x[1][:4] for x in got], [b"ND00", b"TB00", b"TZ00", b"B300", b"OF00", b"OZ00", b"ND00"])
        h.equal((got[4][1][-8:], got[5][1]), (b"\x19trailer", b"OZ00\x19trailer"))
        h.equal(len(documents(s)), 2)


@h.case("a printed TMK is the clear key of the manual's example")
def _():
    with server(AUTHORISED) as s, s.tcp() as c:
        clear = "0123456789ABCDEF" "FEDCBA9876543210"
        r = h.run("keys", "import", "--type", "002", "--key", clear)
        field = re.search(r"^key +(\S+)$", r.stdout, re.M).group(1).encode()
        h.equal(c.call(b"PA^P/^Q/^R/^T>L"), b"PB00")
        h.equal(both(c, b"TA" + field + b"~%00"), (b"TB00", b"TZ00"))
        h.equal(documents(s), ["0123456789ABCDEF/FEDCBA9876543210//08D7B4\n"])


@h.case("an error in the first reply: no document, and no second reply")
def _():
    with server(AUTHORISED) as s, s.tcp() as c:
        h.equal(c.call(b"PA^P"), b"PB00")
        for body, reply in ((b"A20F0U", b"A328"), (b"NE001Q", b"NF26"), (b"TAU1750CDF80757D3B3994430636DBB281B", b"TB10"),
                            (b"OC|0", b"OD15")):
            h.equal(c.call(body), reply)
        h.equal(c.call(b"NC")[:4], b"ND00")
        h.ok(not os.path.exists(spool(s)) and not documents(s), "something was printed")
    with server({}) as s, s.tcp() as c:
        h.equal(c.call(b"PA^P"), b"PB00")
        h.equal((c.call(b"A20002U"), c.call(b"OE"), c.call(b"NC")[:4]), (b"A317", b"OF17", b"ND00"))


@h.case("formatting data are the server's: loaded and added to on any connection, of any worker")
def _():
    with server(AUTHORISED, workers=2) as s:
        with s.tcp() as a, s.tcp() as b, s.unix() as c:
            h.equal(a.call(b"PC^P"), b"PD18")
            h.equal((a.call(b"PAkey "), b.call(b"PC^P")), (b"PB00", b"PD00"))
            h.equal(a.call(b"PC" + 300 * b"x"), b"PD15")
            for one in (a, b, c):
                h.equal(both(one, b"TA" + TMK)[1], b"TZ00")
                h.equal(documents(s)[-1][:20], documents(s)[0][:20])
            h.ok(documents(s)[0].startswith("key "), documents(s))


@h.case("a printer that is not ready: 16 in the second reply; none at all: 16 in the first")
def _():
    with server(AUTHORISED) as s, s.tcp() as c:
        h.equal(c.call(b"PA^P"), b"PB00")
        os.makedirs(os.path.dirname(spool(s)), exist_ok=True)
        with open(spool(s), "w") as f:
            f.write("no folder")
        first, second = both(c, b"OE|0U0")
        h.equal((first[:5], second), (b"OF00U", b"OZ16"))
        h.until("the log tells", lambda: s.events("print-failed"))
        os.unlink(spool(s))
        h.equal(both(c, b"OE|0U0")[1], b"OZ00")
    with server(dict(AUTHORISED, **{"print.spool": "none"})) as s, s.tcp() as c:
        h.equal((c.call(b"PA^P"), c.call(b"OE"), c.call(b"NC")[:4]), (b"PB00", b"OF16", b"ND00"))


@h.case("a PIN mailer: PIN, words and reference number; PG knows the check value")
def _():
    with server(AUTHORISED) as s, s.tcp() as c:
        shown = c.call(b"NG40123456789099697")
        h.equal(shown, b"NH001234F987820200545")
        h.equal(c.call(b"PA^0: ^P|^W|^Q>L"), b"PB00")
        first, second = both(c, b"PEB40123456789099697A Name;~%00")
        h.equal((first[:4], first[-12:], second), (b"PF00", b"987820200545", b"PZ00"))
        h.equal(c.call(b"PG40123456789099697" + first[4:]), b"PH00")
        h.equal(c.call(b"PG40123456789099697" + first[4:-1] + b"6"), b"PH01")
        h.equal(c.call(b"LI4ZERO3ONE3TWO5THREE4FOUR4FIVE3SIX5SEVEN5EIGHT4NINE"), b"LJ00")
        h.equal(both(c, b"PEC40123456789099697A Name;")[1], b"PZ00")
        h.equal(both(c, b"OAA401234567890A Name;"), (b"OB00987820200545", b"OZ00"))
        h.equal(sorted(documents(s)), ["A Name: 1234|1234|987820200545\n", "A Name: 1234|ONE TWO THREE FOUR|\n",
                                       "A Name: ||987820200545\n"])


@h.case("solicitation: answers are counted over requests and connections, until the batch ends")
def _():
    with server({}, workers=2) as s, s.tcp() as a, s.tcp() as b:
        entry = b"401234567890987820200545"
        h.equal(b.call(b"QC01" + entry), b"QD31")
        for c in (a, b, a):
            h.equal(c.call(b"QA08" + 8 * entry), b"QB00")
        h.equal(b.call(b"QA01401234567891987820200545"), b"QB30")
        h.equal((b.call(b"QC01" + entry), b.call(b"QC24" + 24 * entry)), (b"QD00", b"QD31"))


@h.case("luahsm send waits for the second reply, and says what it is")
def _():
    with server(AUTHORISED) as s:
        h.equal(s.cli("send", "--socket", s.socket, "PA^P").returncode, 0)
        r = s.cli("send", "--socket", s.socket, "--plugin-dir", FOLDER.name, "OE|0U0")
        h.equal(r.returncode, 0, r.stderr)
        h.ok(re.match(r"OF00U[0-9A-F]{32}\n", r.stdout) and "\nOZ00\n" in r.stdout, r.stdout)
        os.rename(spool(s), spool(s) + "-old")
        open(spool(s), "w").close()
        r = s.cli("send", "--socket", s.socket, "--plugin-dir", FOLDER.name, "OE|0U0")
        h.equal((r.returncode, "\nOZ16\n" in r.stdout), (5, True), r.stdout)


@h.case("documents of one second and of many workers get names of their own")
def _():
    with server(AUTHORISED, workers=2) as s, s.tcp() as a, s.tcp() as b:
        h.equal(a.call(b"PA^0>L"), b"PB00")
        began = time.time()
        for i in range(20):
            for c in (a, b):
                second = both(c, b"OE%d;" % i)[1]
                h.equal(second, b"OZ00", str(s.events("print-failed")))
        h.equal(s.events("print-failed"), [])
        h.equal(sorted(int(t) for t in documents(s, "OE")), sorted(2 * list(range(20))))
        h.ok(time.time() - began < 20 * h.SLOW, "too slow")


for code in CODES:
    shutil.copy(os.path.join(h.PLUGINS, code + ".lua"), FOLDER.name)
h.main()
