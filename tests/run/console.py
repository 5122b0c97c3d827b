#!/usr/bin/env python3
"""The console: its commands under the test LMKs, and the authorised state in strict, with two officers."""
import json
import os
import re
import signal
import time

import harness as h
import unprivileged
from consoles import Session, console, said

CVK = "U9B4934384B19946B040CD702B4D58145"
ZMK = "U04A3A0285B653284CB52D0F5C1E3E835"
PVK = "U1750CDFB0757D3B3994430636DBB281B"
CLEAR = "0123456789ABCDEFFEDCBA9876543210"


def in_test_profile():
    def asking():
        said(server, ["V", "VT", "VR", "HELP", "LMK", "01", "V"], r"Check: 268604", r"02  3des-kb  test   165126",
             r"0007-E000, profile test", r"FK +form a key", r"HSM-01> Check: 9D04A0")
        said(server, ["XX", "LMK", "17"], "no command \"XX\"", "no LMK 17")
        said(server, ["QS"], r"console.officers")

    def not_authorised():
        for lines in (["GC", "2", "001"], ["EC", "001"], ["N"], ["CV"], ["PV"], ["ED"], ["LK"], ["GK", "A"]):
            said(server, lines, "Not authorised: (component.001|misc|admin).console")

    def authorised():
        """Without officers, which the test profile does not ask for."""
        text = said(server, ["A", "component", "misc.console.5", "", "VA",
                             "GC", "2", "001", "", "EC", "001", "", CLEAR,
                             "FK", "2", "002", "", "X", "2", CLEAR, "FEDCBA98765432100123456789ABCDEF"],
                    r"Authorised: component for 10 minutes", r"Authorised: misc.console for 5 minutes",
                    r"2 authorised", r"Clear component: [0-9A-F]{32}\n", r"Encrypted component: U[0-9A-F]{32}",
                    r"Key check value: 08D7B4", r"weak key", r"\*HSM-00>")
        h.equal(console(server, "VA").count("component"), 0, text)

    def values():
        said(server, ["A", "misc", "", "N", "0123456789ABCDEF", "0000000000000000", "$", CLEAR, "0000000000000000",
                      "T", CLEAR + "0123456789ABCDEF", "0000000000000000"],
             r"Encrypted: D5D44FF720683D0D", r"Encrypted: 08D7B4FB629D0885")
        with server.tcp() as c:
            table = console(server, "A", "misc", "", "ED", "0123456789012345")
            h.ok("Encrypted table: FD64FC3FAD504BB3\n" in table, table)
            made = c.call(b"A00402U").decode("ascii")
            key = made[4:37]
            by_host = c.call(("CW%s4123456789012345;8701101" % key).encode("ascii")).decode("ascii")
        said(server, ["A", "misc", "", "CV", key, "4123456789012345", "8701", "101"], "CVV: " + by_host[4:7])
        # openssl enc -des-ede of the data block is D5C9C8EAB701A06B
        said(server, ["A", "misc", "", "PV", PVK, "1234567890111234"], r"PVV: 5987")

    def host_commands():
        made = said(server, ["KG", "001", "U", ""], r"Key under LMK: U[0-9A-F]{32}\nKey check value: [0-9A-F]{6}\n")
        key, kcv = re.search(r"(U[0-9A-F]{32})\nKey check value: ([0-9A-F]{6})", made).groups()
        said(server, ["CK", "001", key, ""], "value: %s\n" % kcv)
        said(server, ["CK", "001", key, "0"], "value: %s[0-9A-F]{10}\n" % kcv)
        said(server, ["KE", "001", ZMK, key, "X", ""], "Error 17", "takes the activity export.001.host")
        said(server, ["IK", "001", ZMK, "XCB3AB49CD7EA8F0BFFDF2AA3461128F0", "U", ""], "value: 08D7B4\n")
        said(server, ["IK", "001", ZMK, "X80185DC300191639FFDF2AA3461128F0", "U", ""], "Error 01.*\n.*\n.*08D7B4\n")
        said(server, ["A", "export.001.host", "", "KG", "001", "U", ZMK, "X", "1"], "Key under ZMK: X[0-9A-F]{32}\nKey check")
        said(server, ["A", "export", "", "KE", "001", ZMK, key, "R", "", "P0B00S00", "B"],
             "Key under ZMK: RB0080P0TB00S0000[0-9A-F]{64}\nKey check value: %s\n" % kcv)
        made = said(server, ["A", "export", "", "LMK", "02", "KG", "", "52T2N00S00"], r"S0007252TN00S0002[0-9A-F]{56}")
        zmk = re.search(r"S0007252[0-9TNS]{9}[0-9A-F]{56}", made).group()
        said(server, ["A", "export", "", "LMK", "02", "KG", zmk, "R", "", "72T2N00E00", "", "B", "QUIT"],
             "Key under LMK: S0007272TN00E0002[0-9A-F]+\nKey under ZMK: RB0080P0TN00E0000[0-9A-F]{64}\nKey check")

    def one_after_the_other():
        """An activity ends with its session, whichever way that ends."""
        with server.tcp() as c:
            body = ("A8001%s%sX" % (ZMK, "U063A0E7C0F2124E56192A4510F395ED7")).encode("ascii")
            h.until("earlier sessions have ended", lambda: c.call(body)[2:4] == b"17")
            for end in ("close", "kill"):
                s = Session(server)
                s.type("A", "export.001.host.1", "", until="Authorised: export.001.host for 1 minutes")
                h.equal(c.call(body)[2:4], b"00")
                h.equal(c.call(b"A8002" + body[5:])[2:4], b"17", "another key type")
                if end == "kill":
                    s.process.kill()
                s.close()
                h.until("the session has ended", lambda: c.call(body)[2:4] == b"17")
            s = Session(server)
            s.type("A", "export.001.host.1", "", until="Authorised")
            h.equal(c.call(body)[2:4], b"00")
            h.equal(c.call(b"RA01001export.001.host;"), b"RB00001")
            h.equal(c.call(body)[2:4], b"17")
            s.close()

    def cancelled_meanwhile():
        """Commands look again when they are executed: here somebody cancels before the last line."""
        for last, value, *lines in (
                ("Key scheme", "", "GC", "2", "001"), ("Component", CLEAR, "EC", "001", "U"),
                ("Clear half 2", CLEAR[16:], "FK", "2", "001", "U", "H", CLEAR[:16]),
                ("Data", "0123456789ABCDEF", "$", CLEAR), ("Data block", "1234567890111234", "PV", PVK),
                ("Service code", "101", "CV", CVK, "4123456789012345", "8701"),
                ("Decimalisation table", "0123456789012345", "ED")):
            s = Session(server)
            s.type("A", "component", "misc", "", *lines, until=last + r"[^\n]*: $")
            said(server, ["C", ""], "Cancelled: 2")
            text = s.type(value, "V", until="Check: 268604")
            h.ok(re.search(r"Not authorised: (component.001|misc).console\n", text), "%s: %s" % (lines, text))
            h.ok(not re.search("value:|component:|crypted|CVV:|PVV:", text), "%s: %s" % (lines, text))
            s.close()

    def bad_activities():
        for activity in ("export.001.host.11", "", ".x", "export.001.printer"):
            h.ok("Authorised:" not in console(server, "A", activity, ""), activity)

    def records():
        r = server.cli("audit", "show", "--json")
        h.equal(r.returncode, 0, r.stderr)
        return [(x["operation"], x.get("key"), x["result"]) for x in map(json.loads, r.stdout.splitlines())]

    def failures_on_record():
        """What is about to be done is on record, and once more when it failed."""
        before = len(records())
        said(server, ["KE", "001", ZMK, "U063A0E7C0F2124E56192A4510F395ED7", "X", ""], "Error 17")
        said(server, ["KG", "001", "U", ""], "Key under LMK")
        h.equal(records()[before:], [("export-key", "001", "00"), ("export-key", "001", "17"),
                                     ("generate-key", "001", "00")])

    def no_room():
        said(server, ["A", *["misc.host.1"] * 16, ""] * 4 + ["A", "admin.host.2", ""], "No room for more")
        h.until("that session has ended", lambda: "0 authorised" in console(server, "VA"))
        last = records()[-2:]
        h.equal([x[:2] for x in last], [("authorise", "admin.host.2")] * 2)
        h.ok(last[0][2] == "00" != last[1][2], last)

    def open_consoles_end():
        """An orderly end waits neither for who is idle nor for who is in the middle of a command."""
        idle, busy = Session(server), Session(server)
        idle.type("VT", until=r"test-variant\n[^>]*HSM-00> ")
        busy.type("A", "component", "", "EC", "001", "U", until="Component: ")
        started = time.monotonic()
        server.stop()
        took = time.monotonic() - started
        h.ok(took < 4 or h.SLOW > 1, "it took %.1f s" % took)
        h.equal(server.events("drain-over"), [])
        for s in (idle, busy):
            s.until(r"\nThe server ends, and this session with it.\n$")
            s.close()
            h.equal(s.process.returncode, 0)

    with h.Server(plugins=h.PLUGINS) as server:
        h.attempt("what an HSM is", asking)
        h.attempt("nothing is authorised at first", not_authorised)
        h.attempt("components, once authorised", authorised)
        h.attempt("DES, CVV, PVV and tables", values)
        h.attempt("keys, by host commands", host_commands)
        h.attempt("what is authorised ends with its session", one_after_the_other)
        h.attempt("what is cancelled while one types", cancelled_meanwhile)
        h.attempt("what is no activity", bad_activities)
        h.attempt("failures of host commands are on record", failures_on_record)
        h.attempt("more activities than there is room for", no_room)
        h.attempt("an open console does not stop an orderly end", open_consoles_end)


def secret_file(path, text):
    with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="ascii") as f:
        f.write(text + "\n")
    return os.path.abspath(path)


def in_strict(top):
    env = h.folders(top)
    passphrase = secret_file("passphrase", "of the vault")

    def lmk(*args):
        r = h.run("lmk", *args, "--passphrase-file", passphrase, env=env)
        h.equal(r.returncode, 0, r.stderr)
        return r.stdout

    def two_officers():
        with server.tcp() as c:
            made = c.call(b"A00FFFS#72T2B00S00").decode("ascii")
            zmk = c.call(b"A00FFFS#K0T2B00N00").decode("ascii")
            h.equal((made[2:4], zmk[2:4]), ("00", "00"))
            body = ("A8FFF%s%sR!B" % (zmk[4:-6], made[4:-6])).encode("ascii")
            clear = b"BA1234F123456789012"
            s = Session(server)
            for who in (["alice", "sesame", "alice", "sesame"], ["alice", "sesame", "bob", "wrong"],
                        ["alice", "wrong"], ["carol", "sesame"]):
                s.type("A", "command.ba", "", *who, until="It takes two|Wrong name")
                h.equal(c.call(clear)[2:4], b"17", who)
            s.type("A", "all", until="one activity after the other")
            s.type("A", "command.ba.host.1", "", "alice", "sesame", "bob", "open",
                   until="Authorised: command.ba.host for 1 minutes")
            h.ok(b"BB17" == c.call(clear)[:4], "pin.clear is off in strict")
            s.type("A", "component.001.console", "", "bob", "open", "alice", "sesame", until="Authorised")
            s.type("C", "", until="Cancelled: 2")
            s.close()
            return body

    def device():
        """Counts are reset by officers only; comments are told with their blanks."""
        with server.tcp() as c:
            for code in (b"J6", b"JI"):
                h.equal(c.call(code)[2:], b"17", code)
            s = Session(server)
            s.type("A", "misc.host", "", "alice", "sesame", "bob", "open", until="Authorised")
            for code in (b"J6", b"JI"):
                h.equal(c.call(code)[2:], b"00", code)
            told = c.call(b"JK")
            s.close()
            h.ok(b"00101K2LAcme, the first one\x14\x1500" in told, told)

    def vault_commands():
        s = Session(server)
        s.type("A", "admin.console", "", "alice", "sesame", "bob", "open", until="Authorised")
        text = s.type("GK", "A", until=r"Check: [0-9A-F]{6}\n")
        value, check = re.search(r"([0-9A-F]{64})\n.*Check: ([0-9A-F]{6})", text, re.S).groups()
        text = s.type("GK", "A", until=r"Check: [0-9A-F]{6}\n")
        second, check2 = re.search(r"([0-9A-F]{64})\n.*Check: ([0-9A-F]{6})", text, re.S).groups()
        head = ["LO", "of the vault", "older", "00", "A", "2"]
        s.type(*head, value, check, second, "000000", until="a digit is wrong")
        s.type(*head, value, check, value, check, until="there twice")
        s.type("LO", "not it", until="wrong passphrase")
        s.type(*head, value, check, second, check2, until=r"Check: [0-9A-F]{6}; it is served")
        h.ok("old   live   aes-kb" in lmk("check", "older"), "stored")
        s.type("DM", "of the vault", "older", until="no such LMK")
        s.type("DO", "of the vault", "older", until="Deleted")
        h.ok("older" not in lmk("check"), "deleted")
        s.close()

    def table_on_record():
        s = Session(server)
        s.type("A", "misc.console", "", "alice", "sesame", "bob", "open", until="Authorised")
        s.type("ED", "0123456789012345", until="Encrypted table: L?[0-9A-F]{32}\n")
        s.close()

    def keeper_lost():
        """A session that was open when the keeper was lost says what to do."""
        s, keeper = Session(server), server.keeper()
        s.type("VT", until="acme")
        os.kill(keeper, signal.SIGKILL)
        h.until("another keeper is there", lambda: server.keeper() not in (None, keeper))
        s.type("A", "misc.console", "", "alice", "sesame", "bob", "open", "N",
               until="QUIT, and begin another one(.|\n)*Not auth")
        s.close()
        s = Session(server)
        s.type("A", "misc.console", "", "alice", "sesame", "bob", "open", until="Authorised")
        s.close()

    def on_record():
        r = h.run("audit", "verify", env=env)
        h.equal(r.returncode, 0, r.stderr)
        records = [json.loads(line) for line in h.run("audit", "show", "--json", env=env).stdout.splitlines()]
        seen = [(x["operation"], x.get("key"), x["result"]) for x in records]
        for what in (("authorise", None, "17"), ("authorise", "alice", "17"), ("authorise", "bob", "17"),
                     ("authorise", "command.ba.host.1 alice bob", "00"),
                     ("cancel", "all", "00"), ("show-lmk-part", None, "00"), ("store-lmk", "older", "00"),
                     ("delete-lmk", "older", "00"), ("encrypt-table", None, "00")):
            h.ok(what in seen, "no %s in %s" % (what, seen))
        h.equal({x["uid"] for x in records}, {os.geteuid()})

    def log_is_clean():
        for word in ("sesame", "of the vault"):
            h.ok(word not in server.log(), word)
        h.equal(len(server.events("authorised")), 6)

    lmk("generate", "--name", "acme", "--comment", "Acme, the first one")
    lmk("officer", "alice", secret_file("a", "sesame"))
    with_one = unprivileged.server("--passphrase-file", passphrase, env=env)
    with with_one as server:
        h.attempt("one officer is not enough", lambda: said(
            server, ["A", "export", ""], "It takes 2 officers, and the vault has 1"))
    lmk("officer", "bob", secret_file("b", "open"))
    with unprivileged.server("--passphrase-file", passphrase, env=env) as server:
        h.attempt("strict: two officers, one class, a time", two_officers)
        h.attempt("strict: J6 and JI, JK's comment", device)
        h.attempt("strict: LMKs go to the vault", vault_commands)
        h.attempt("strict: a table is encrypted with a record", table_on_record)
        h.attempt("strict: a keeper that is lost", keeper_lost)
        h.attempt("strict: what was done is in the audit log", on_record)
        h.attempt("strict: no passphrase in the log", log_is_clean)


def main():
    top = unprivileged.become("A0", "A6", "A8", "BA", "BU", "CW", "J6", "JI", "JK", "NC", "RA")
    in_test_profile()
    in_strict(top)
    h.finish()


main()
