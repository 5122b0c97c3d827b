#!/usr/bin/env python3
"""What the subcommands print, and the exit status of each outcome."""
import json
import os
import re
import socket
import subprocess
import tempfile

import harness as h

COMMANDS = ["serve", "send", "explain", "status", "reload", "plugin", "pinblock", "keys", "bench",
            "config", "version"]
LEVELS = [[c] for c in COMMANDS] + [["config", c] for c in ("check", "show", "list")] + \
    [["keys", c] for c in ("generate", "import", "check")] + [[]]
PAN = "4111111111111111"


def expect(r, status, holds=None, where="stderr"):
    """The exit status, and a text in what was printed."""
    h.equal(r.returncode, status, "exit status, after %r" % (r.stderr or r.stdout)[-300:])
    if holds is not None:
        h.ok(holds in getattr(r, where), "%r is not in %r" % (holds, getattr(r, where)[-400:]))
    return r


@h.case("every level has its help, on stdout, with exit status 0")
def _():
    for level in LEVELS:
        r = expect(h.run(*level, "--help"), 0, "usage: luahsm", "stdout")
        h.equal(r.stderr, "", " ".join(level))


@h.case("every level refuses what it does not know: 2, and where help is")
def _():
    for level in LEVELS:
        r = expect(h.run(*level, "--nonsense"), 2, "--help")
        h.equal(r.stdout, "", " ".join(level))


@h.case("a mistyped command or option is put right")
def _():
    expect(h.run("serv"), 2, 'did you mean "serve"?')
    expect(h.run("keys", "genrate"), 2, 'did you mean "generate"?')
    expect(h.run("send", "--prot", "1", "NC"), 2, "did you mean --port?")
    expect(h.run("send", "--hex=1", "NC"), 2, "--hex takes no value")
    expect(h.run("send", "NC", "--count"), 2, "--count needs a value")
    expect(h.run("send", "-x", "NC"), 2, "there is no option -x")
    expect(h.run("keys", "import", "--type", "002", "--clear", "0123456789ABCDEF"), 2,
           "give the key itself with --key")
    expect(h.run(), 2, "usage: luahsm")


@h.case("version names what it was built with")
def _():
    r = expect(h.run("version"), 0, "OpenSSL", "stdout")
    h.ok(r.stdout.startswith("luahsm "), r.stdout)
    h.equal(h.run("--version").stdout, r.stdout)
    expect(h.run("version", "x"), 2, "only options are taken")


# --- configuration ---------------------------------------------------------

def config_run(*args, text=None, env=None):
    with tempfile.TemporaryDirectory() as top:
        env = dict(h.folders(top), **(env or {}))
        if text is not None:
            os.mkdir(os.path.join(env["XDG_CONFIG_HOME"], "luahsm"))
            with open(os.path.join(env["XDG_CONFIG_HOME"], "luahsm", "luahsm.conf"), "w") as f:
                f.write(text)
        return h.run(*args, env=env)


@h.case("flag over environment over file over default, each with its origin")
def _():
    text = "return {\n  port = 1600,\n  message = { header_length = 8 },\n}\n"
    r = expect(config_run("config", "show", "--origin", "--set", "pin.length=6",
                          text=text, env={"LUAHSM_PORT": "1700"}), 0)
    shown = dict(line.split(" = ", 1) for line in r.stdout.splitlines())
    h.equal(shown["port"], "1700\t# environment LUAHSM_PORT")
    h.ok(re.fullmatch(r"8\t# .*/luahsm\.conf:3", shown["message.header_length"]),
         shown["message.header_length"])
    h.equal(shown["pin.length"], "6\t# command line")
    h.equal(shown["plugin.deadline_ms"], "100\t# default")


@h.case("what is wrong with the configuration is one line and exit status 3")
def _():
    rows = [
        (["--set", "prot=1"], None, 'did you mean "port"?'),
        (["--set", "workers=0"], None, "a number from 1 to 64"),
        (["--port", "70000"], None, "a number from 0 to 65535"),
        (["--lmk", "20=test-variant"], None, "00 to 19"),
        (["--lmk", "00=mine"], None, "test-variant or test-aes-kb or test-3des-kb"),
        (["--config", "/none.conf"], None, "no such configuration file"),
        ([], "return {\n  prot = 1 }", 'luahsm.conf:2: there is no setting "prot"'),
        ([], "return {\n\n  port = = 1 }", "luahsm.conf:3: unexpected symbol"),
        (["--profile", "strict"], None, "address: strict"),
        (["--profile", "strict", "--port", "0", "--lmk", "00=test-aes-kb"], None, "strict refuses test-aes-kb"),
        (["--profile", "strict", "--port", "0", "--set", "pin.lmk_method=plain0"], None, "plain0"),
        (["--profile", "strict", "--port", "0", "--set", "authorised=true"], None, "authorised"),
    ]
    for args, text, holds in rows:
        for command in (["config", "check"], ["serve"]):
            r = expect(config_run(*command, *args, text=text), 3, holds)
            h.equal(r.stderr.count("\n"), 1, "lines for %s" % args)


@h.case("every setting of the list is in the environment and in show")
def _():
    r = expect(h.run("config", "list"), 0)
    names = re.findall(r"^(\S+)$", r.stdout, re.M)
    h.ok(len(names) >= 35, "only %d settings" % len(names))
    shown = expect(h.run("config", "show"), 0).stdout
    for name in names:
        h.ok(("\n" + shown).find("\n%s = " % name.replace("ID", "00")) >= 0, name + " is not shown")


@h.case("no plug-in folder: exit status 3 with its name")
def _():
    expect(config_run("serve", "--plugin-dir", "/none", "--port", "0"), 3, "/none: no such file")
    expect(h.run("plugin", "doc", "--plugin-dir", "/none", "NC"), 3, "/none: no such file")
    expect(h.run("plugin", "test", "MISSING.lua"), 3, "MISSING.lua: no such file")


# --- clients ---------------------------------------------------------------

@h.case("without a server: exit status 4 and a hint")
def _():
    port = h.free_port()
    for args in (["send", "--port", port, "NC"], ["send", "--socket", "/none/x", "NC"],
                 ["status", "--admin-socket", "/none/x"], ["reload", "--admin-socket", "/none/x"],
                 ["bench", "--port", port]):
        expect(h.run(*args), 4, "is `luahsm serve` running?")


@h.case("send: reply, fields, meaning and exit status")
def _():
    with h.Server() as s:
        def send(*args, **more):
            return s.cli("send", "--port", s.port, "--plugin-dir", h.PLUGINS, *args, **more)
        r = expect(send("NC"), 0, "268604", "stdout")
        h.ok(r.stdout.startswith("ND0026860400000000000007-E000\n"), r.stdout)
        expect(send("B20009hello"), 5, "fewer bytes than the length says", "stdout")
        expect(send("ZX"), 5, "67", "stdout")
        # A field that C keeps from Lua is one for `send` too.
        r = expect(send("BA1234F401234567890"), 5, "authorised", "stdout")
        h.ok(r.stdout.startswith("BB17\n"), r.stdout)
        h.equal(send("--quiet", "--hex", "42323030303261 00").stdout, "B300a\\x00\n")
        h.equal(send("--quiet", "B2|4H:0002|2B:61FF;").stdout, "B300a\\xFF\n")
        h.equal(send("--quiet", "--header", "\\x00\\xFF\\x19.", "B20000").stdout, "B300\n")
        h.equal(send("--count", "3", "B20001x").stdout, "B300x\n" * 3)
        h.equal(send("--file", "-", stdin=b"# two\nB20001a\n\nB20001b\n").stdout, "B300a\nB300b\n")
        h.equal(send("--field", "data", "B20002a\\x00").stdout, "a\\x00\n")
        expect(send("--field", "data", "B20009a"), 5, 'no field "data": error code 80')
        expect(send("--file", "-", stdin=b"B20000\nB2\\q\n"), 2, "line 2 of -")
        expect(send("NC\\n"), 2, "character 3: after a backslash")
        expect(send("N"), 2, "command code of two characters")
        expect(send(), 2, "luahsm send NC")
        expect(send("B2 0000", "x"), 2, "quotes")
        expect(s.cli("send", "--socket", s.socket, "NC"), 0)
        expect(s.cli("send", "NC", env={"LUAHSM_PORT": str(s.port)}), 0)
        expect(s.cli("send", "NC", env={"LUAHSM_SOCKET": s.socket}), 0)


@h.case("send: a server with another header length is told from a dead one")
def _():
    with h.Server(settings={"message.header_length": 12}) as s:
        args = ["--port", s.port, "--quiet"]
        expect(s.cli("send", *args, "NC"), 1, "message.header_length")
        expect(s.cli("send", *args, "--set", "message.header_length=12", "NC"), 0)


@h.case("send: a server that says nothing is given up")
def _():
    with socket.create_server(("127.0.0.1", 0)) as s:
        expect(h.run("send", "--timeout", 1, "--port", s.getsockname()[1], "NC"), 1, "no reply within 1 s")


@h.case("status: tables, and the same as JSON")
def _():
    with h.Server() as s:
        with s.tcp() as c:
            c.call(b"NC")
            c.call(b"B2")
        r = expect(s.cli("status"), 0, "profile test", "stdout")
        h.ok(re.search(r"^B2 +15 +1 ", r.stdout, re.M), r.stdout)
        h.equal(json.loads(expect(s.cli("status", "--json"), 0).stdout)["commands"]["B2"], {"15": 1})


@h.case("reload: 0 when all is well, 1 with the reason when not")
def _():
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        path = os.path.join(folder, "B2.lua")
        with open(os.path.join(h.PLUGINS, "B2.lua")) as f:
            good = f.read()
        with open(os.path.join(h.PLUGINS, "NC.lua")) as f, open(os.path.join(folder, "NC.lua"), "w") as g:
            g.write(f.read())
        with h.Server(plugins=folder) as s:
            with open(path, "w") as f:
                f.write(good)
            expect(s.cli("reload"), 0, "reloaded", "stdout")
            with open(path, "w") as f:
                f.write("return {\n  = 1\n}\n")
            r = expect(s.cli("reload"), 1, "B2.lua:2:")
            h.ok("failed\n" not in r.stderr, r.stderr)
            with s.tcp() as c:
                h.equal(c.call(b"B20000"), b"B300")


@h.case("bench: every sample succeeds, and nothing is lost, reset or wrong")
def _():
    mix = ("NC,B2,CA:2,CC,DC,EC,CW,CY,BU,FA,HC,A0,KQ,"
           "BE,CI,CM,DG,EA,EE,G0,GQ,JA,JE,JG,PM,RY")
    with h.Server(workers=2) as s:
        args = ["bench", "--port", s.port, "--connections", 4, "--depth", 4, "--duration", 0.3, "--json"]
        for more in (["--mix", mix], ["--mix", "NC", "--rate", 500], ["--request", "ZX"]):
            got = json.loads(expect(s.cli(*args, *more), 0).stdout)
            h.equal((got["lost"], got["reset"], got["wrong"]), (0, 0, 0), str(more))
            h.ok(got["requests"] > 20, str(got))
        expect(s.cli(*args, "--mix", "QQ"), 2, "--request")
        expect(s.cli(*args, "--mix", "NC:0"), 2, "a weight")


@h.case("bench: a command that does not succeed is not measured")
def _():
    with h.Server(settings={"commands.disabled": "CA"}) as s:
        expect(s.cli("bench", "--port", s.port, "--mix", "CA", "--duration", 0.1), 5, "CA answers 68")


@h.case("bench: a worker that dies under it is seen")
def _():
    with h.Server() as s:
        command = [h.LUAHSM, "bench", "--port", str(s.port), "--duration", "1", "--json"]
        p = subprocess.Popen(h.WRAP + command, stdout=subprocess.PIPE, env=dict(h.ENVIRONMENT, **s.env))
        h.until("the load runs", lambda: s.figures()["connections"] >= 50)
        os.kill(s.children()[0], 9)
        out, _ = p.communicate(timeout=60)
        got = json.loads(out)
        h.equal(p.returncode, 1)
        h.ok(got["reset"] >= 50 and got["lost"] > 0 and got["wrong"] == 0, str(got))


# --- PIN blocks and keys ---------------------------------------------------

@h.case("pinblock: there and back in every format")
def _():
    h.equal(h.run("pinblock", "--pin", "1234", "--pan", PAN, "--format", "01").stdout, "041225EEEEEEEEEE\n")
    for code in ("01", "02", "03", "04", "05", "34", "35", "47", "48", "iso0", "ISO-3"):
        block = expect(h.run("pinblock", "--pin", "1234", "--pan", PAN, "--format", code), 0).stdout.strip()
        h.equal(h.run("pinblock", "--decode", block, "--pan", PAN, "--format", code).stdout, "1234\n", code)


@h.case("pinblock: mistakes are told without the PIN")
def _():
    rows = [
        (["--pin", "73915824660381", "--pan", PAN], 2, "4 to 12 digits"),
        (["--pin", "7391", "--pan", PAN, "--format", "99"], 2, 'no PIN block format "99"'),
        (["--pin", "7391"], 2, "give --pan"),
        (["--pin", "7391", "--pan", "4111"], 2, "8 to 19 digits"),
        (["7391"], 2, "only options"),
        ([], 2, "either --pin or --decode"),
        (["--decode", "0473", "--pan", PAN], 2, "16 hexadecimal digits"),
        (["--decode", "047391FFFFFFFFFF", "--pan", PAN], 1, "no PIN block of format 01 for that PAN"),
    ]
    for args, status, holds in rows:
        r = expect(h.run("pinblock", *args), status, holds)
        h.ok("7391" not in r.stderr, "the PIN is in %r" % r.stderr)


@h.case("keys: what is generated opens again with the same check value")
def _():
    for scheme, digits in (("Z", 16), ("U", 32), ("T", 48)):
        r = expect(h.run("keys", "generate", "--type", "TPK", "--scheme", scheme, "--clear"), 0)
        got = dict(re.findall(r"^(.+?)  +(.*)$", r.stdout, re.M))
        h.equal(len(got["clear"]), digits)
        again = expect(h.run("keys", "check", "--type", "002", got["key"]), 0)
        h.ok("check value  " + got["check value"] in again.stdout, again.stdout)
        back = expect(h.run("keys", "import", "--type", "002", "--scheme", scheme, "--key", "-",
                            stdin=got["clear"].encode()), 0)
        h.ok("key          " + got["key"] in back.stdout, back.stdout)
    r = h.run("keys", "generate", "--type", "002")
    h.ok("clear" not in r.stdout, "a clear key that nobody asked for")


@h.case("keys: a key of the manual's example")
def _():
    r = expect(h.run("keys", "import", "--type", "209", "--scheme", "U", "--clear-key",
                     "F1" * 8 + "C1" * 8), 0)
    h.ok("U5178C9D3D1052B15BF6AEC458B4A4564" in r.stdout and "8357D9" in r.stdout, r.stdout)


def fields(r):
    return dict(re.findall(r"^ *(.+?)  +(.*)$", r.stdout, re.M))


# A block of the AES test LMK, as a device made it; one under the key of X9 TR-31's example.
DEVICE = "S10096B0AN00S000156B82A787599FA184E25CC67CD24EC67E213A6F95808FF9630E5133D4441E445BCD6A901A898186F"
TR31 = "A0088P0TE00E00007DD4DD9566DC0E2F956DCAC0FDE9153159539373E9D82D3CD4AFD305A7EF1BA67FE03712"


@h.case("keys: a key block is printed field by field, and verified")
def _():
    got = fields(expect(h.run("keys", "check", "--keyblock", DEVICE), 0, "B0  BDK-1", "stdout"))
    for name, value in (("scheme", "S  Thales key block"), ("algorithm", "A  AES"), ("LMK", "01"),
                        ("MAC", "BCD6A901A898186F"), ("verified", "under test-aes-kb"), ("key length", "16 bytes")):
        h.equal(got[name], value)
    got = fields(expect(h.run("keys", "check", "--keyblock", TR31, "--kbpk", "-",
                              stdin=b"89E88CF7931444F334BD7547FC3F380C\n"), 0))
    h.equal((got["scheme"], got["MAC"], got["verified"]), ("R  TR-31 key block", "7FE03712", "under the KBPK"))
    expect(h.run("keys", "check", DEVICE[:-1] + "0"), 1)
    rows = [([DEVICE[:-1] + "0"], "not authentic"), ([DEVICE.replace("B0AN", "B0TN")], "not authentic"),
            ([DEVICE[:-2]], "form "), ([DEVICE, "--lmk", "test-3des-kb"], "no: "), (["R" + TR31], "--kbpk FILE"),
            ([DEVICE.replace("B0A", "ZZA")], "wrong: A6")]
    for args, holds in rows:
        h.ok(holds in expect(h.run("keys", "check", *args), 1).stdout, args)


@h.case("keys: key blocks under LMK and KBPK, made, imported and opened again")
def _():
    clear = "0123456789ABCDEFFEDCBA9876543210"
    file = tempfile.NamedTemporaryFile("w")
    file.write("# two components\n%s\n%s\n" % ("1" * 32, "9" * 32))
    file.flush()
    kbpk = ["--kbpk", file.name]
    rows = [
        (["--lmk", "test-aes-kb", "--attributes", "72T2N00S00"], clear, [], "S1"),
        (["--lmk", "test-3des-kb", "--scheme", "S", "--type", "001"], clear, [], "S0"),
        (["--lmk", "test-aes-kb", "--attributes", "K0A3B00E010005L"], 2 * clear, [], "S1"),
        (kbpk + ["--scheme", "R", "--attributes", "P0T2E00S00"], clear, kbpk, "RB"),
        (kbpk + ["--scheme", "R", "--block-version", "A", "--type", "001"], clear, kbpk, "RA"),
        (kbpk + ["--scheme", "R", "--block-version", "D", "--attributes", "D0A1B00N00"], clear, kbpk, "RD"),
        (kbpk + ["--scheme", "S", "--type", "ZPK"], clear, kbpk, "S0"),
    ]
    for args, key, by, head in rows:
        made = fields(expect(h.run("keys", "import", *args, "--key", key, "--clear"), 0))
        h.equal((made["key"][:2], made["clear"]), (head, key))
        checked = fields(expect(h.run("keys", "check", made["key"], *by), 0))
        h.equal((checked["check value"], checked["header"]), (made["check value"], "good"))
        new = fields(expect(h.run("keys", "generate", *args), 0))
        checked = fields(expect(h.run("keys", "check", new["key"], *by), 0))
        h.equal(checked["check value"], new["check value"])
    expect(h.run("keys", "generate", *kbpk, "--scheme", "R", "--attributes", "24A1E00S00"), 1)
    file.close()
    h.ok("9" * 8 not in expect(h.run("keys", "generate", "--kbpk", "-", "--scheme", "R", "--type", "001",
                                     stdin=b"9" * 31), 1, "a component is a line").stderr, "a digit is told")


@h.case("keys: mistakes are told without the key")
def _():
    bad = "0023456789ABCDEFFEDCBA9876543210"
    rows = [
        (["import", "--type", "002", "--key", bad], 1, "odd parity"),
        (["import", "--type", "002", "--key", bad[:31]], 2, "16, 32 or 48"),
        (["import", "--type", "002", "--scheme", "T", "--key", bad], 2, "keys of 48 digits"),
        (["import", "--type", "002"], 2, "--key"),
        (["generate"], 2, "--type"),
        (["generate", "--type", "QQQ"], 2, 'no key type "QQQ"'),
        (["generate", "--type", "002", "--scheme", "X"], 2, "key.x_under_lmk"),
        (["generate", "--type", "002", "--scheme", "Q"], 2, "--scheme can't be"),
        (["generate", "--type", "002", "--lmk", "test-aes-kb"], 1, "key block LMK"),
        (["generate", "--attributes", "72T2N00S00"], 1, "variant LMK"),
        (["generate", "--attributes", "72T2N00S"], 2, "as in 72T2N00S00"),
        (["generate", "--attributes", "72T2N00S00", "--scheme", "U"], 2, "for key blocks"),
        (["generate", "--attributes", "P0T2N00S00", "--scheme", "R"], 2, "--kbpk FILE"),
        (["import", "--lmk", "test-aes-kb", "--attributes", "D0A1N00S00", "--key", bad[:30]], 2, "32, 48 or 64"),
        (["import", "--lmk", "test-aes-kb", "--attributes", "D0A3N00S00", "--key", bad], 2, "keys of 64 digits"),
        (["import", "--lmk", "test-3des-kb", "--attributes", "D0A1N00S00", "--key", bad], 1, None),
        (["check", "--keyblock", "S10096"], 1, "header of 16"),
        (["check", "S10016K0AB00E0001"], 1, None),
        (["generate", "--type", "002", "--lmk", "mine"], 3, "test-variant or"),
        (["check", "--type", "001", "U1750CDFB0757D3B3994430636DBB281B"], 1, None),
        (["check", "--type", "001", "hello"], 1, None),
    ]
    for args, status, holds in rows:
        r = expect(h.run("keys", *args), status, holds)
        h.ok("0023456789" not in r.stderr, "the key is in %r" % r.stderr)
    r = expect(h.run("keys", "import", "--type", "002", "--key", bad, "--force-parity"), 0)
    h.ok("00234567" not in r.stdout, "the clear key is shown")


h.main()
