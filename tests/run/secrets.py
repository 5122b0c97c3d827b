#!/usr/bin/env python3
"""Processes that can't be dumped or looked into, a slab that is locked, logs without secrets."""
import encodings.idna  # noqa: F401  for sockets: another user may not find it later
import os
import re
import tempfile
import traceback

import harness as h
import keys

KEY = bytes.fromhex("4F9DE32A61B6C83D7A0416E9B5D0F86B")  # odd parity
NOBODY = 65534
SLAB_LEAST = 128 * 1024		# bytes locked at the least: slots, opened keys, LMKs
FIXED = 64 * 1024		# of them read-only: LMKs


def unprivileged(function):
    """Run function as another user than root, in a child; raises what it raised."""
    if os.geteuid() != 0:
        function()
        return
    if not (os.stat(h.LUAHSM).st_mode & 0o005) == 0o005 or not readable(h.LUAHSM):
        h.skip("user %d can't read %s" % (NOBODY, h.LUAHSM))
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        said = b""
        try:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            os.chdir("/")
            tempfile.tempdir = "/tmp"
            function()
        except h.Skip as e:
            said = b"skip" + str(e).encode()
        except BaseException as e:
            traceback.print_exc()
            said = b"fail" + str(e).encode()
        os.write(write, said[:4000])
        os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as f:
        said = f.read().decode()
    h.equal(os.waitpid(pid, 0)[1], 0, "status of the child")
    if said.startswith("skip"):
        h.skip(said[4:])
    h.ok(not said, said[4:])


def readable(path):
    """May everybody go there?"""
    while path != "/":
        path = os.path.dirname(path)
        if not os.stat(path).st_mode & 0o001:
            return False
    return True


def proc(pid, name):
    with open("/proc/%d/%s" % (pid, name)) as f:
        return f.read()


def field(text, name):
    return re.search(r"^%s:?\s+(.*)$" % re.escape(name), text, re.M).group(1).split()


def guarded(pid):
    """[(bytes, permissions)...] of private memory that is locked and kept out of core files."""
    found, at = [], None
    for line in proc(pid, "smaps").splitlines():
        m = re.match(r"([0-9a-f]+)-([0-9a-f]+) (\S+)", line)
        if m:
            at = (int(m.group(2), 16) - int(m.group(1), 16), m.group(3))
        elif line.startswith("VmFlags:") and "lo" in line.split() and "dd" in line.split():
            found.append(at)
    return found


# --- processes -------------------------------------------------------------

@h.case("each process: no core files, no new privileges, SIGPIPE ignored")
def _():
    with h.Server(workers=3) as s:
        s.settle()
        h.equal(len(s.pids()), 7)       # the supervisor, the workers, a spare and a slow one, the keeper
        for pid in s.pids():
            h.equal(field(proc(pid, "limits"), "Max core file size")[:2], ["0", "0"], "core size of %d" % pid)
            h.equal(field(proc(pid, "status"), "NoNewPrivs"), ["1"], "NoNewPrivs of %d" % pid)
            h.ok(int(field(proc(pid, "status"), "SigIgn")[0], 16) & 1 << 12, "%d does not ignore SIGPIPE" % pid)


@h.case("each worker has its slab locked, LMKs read-only, room for Lua's stack; so has its successor")
def _():
    if h.SLOW > 1:
        h.skip("sanitizers and valgrind keep mlock from working")
    with h.Server(workers=2) as s:
        for _ in range(2):
            h.until("all processes", lambda: len(s.pids()) == 6)
            s.cli("reload")         # now it is ready, too
            for pid in s.pids():
                found = guarded(pid)
                if not found and pid != s.pid and int(field(proc(pid, "limits"), "Max locked memory")[0]) == 0:
                    h.skip("nothing may be locked here")
                h.ok(sum(n for n, _ in found) >= SLAB_LEAST, "%d has locked only %s" % (pid, found))
                h.ok(any(n >= FIXED and mode.startswith("r--") for n, mode in found),
                     "no read-only part in %d: %s" % (pid, found))
                h.ok(int(field(proc(pid, "status"), "VmLck")[0]) * 1024 >= SLAB_LEAST, "VmLck of %d" % pid)
                stack = field(proc(pid, "limits"), "Max stack size")[0]
                h.ok(stack == "unlimited" or int(stack) >= 8 << 20, "stack of %d: %s" % (pid, stack))
            gone = s.children()
            for pid in gone:
                os.kill(pid, 9)
            h.until("their successors", lambda: len(s.children()) == 4 and not set(gone) & set(s.children()))
            s.wait_ready()


@h.case("a process of the same user can't look into any of them")
def _():
    def look():
        with h.Server(workers=2) as s, s.tcp() as c:
            for pid in s.pids():
                h.equal(os.stat("/proc/%d/mem" % pid).st_uid, 0, "owner of /proc/%d/mem" % pid)
                for name in ("mem", "maps", "environ"):
                    try:
                        with open("/proc/%d/%s" % (pid, name), "rb") as f:
                            f.read(1)
                    except OSError as e:
                        h.ok(isinstance(e, PermissionError), "/proc/%d/%s: %s" % (pid, name, e))
                    else:
                        raise h.Failed("/proc/%d/%s can be read" % (pid, name))
            h.equal(c.call(b"NC")[:4], b"ND00")
            h.ok("running as root" not in s.log(), "it says that it runs as root")
    unprivileged(look)


# --- profiles --------------------------------------------------------------

@h.case("the test profile says what it is, and as root that too")
def _():
    with h.Server() as s:
        told = " ".join(s.events("test-profile")[0].values())
        for word in ("published test keys", "this machine only", "no certification"):
            h.ok(word in told, "%r is not in the banner: %s" % (word, told))
        h.equal("running as root" in s.log(), os.geteuid() == 0)


@h.case("strict does not start with a test LMK, as authorised, on no address or with weak settings")
def _():
    unix = {"profile": "strict", "port": "0"}
    for settings, word in (
            ({"profile": "strict"}, "address"), (dict(unix, authorised="true"), "authorised"),
            (dict(unix, **{"pin.lmk_method": "plain0"}), "plain0"),
            (dict(unix, **{"pin.decimalisation_table": "plaintext"}), "decimalisation_table"),
            (dict(unix, **{"key.x_under_lmk": "true"}), "x_under_lmk"),
            (dict(unix, **{"lmk.00": "test-variant"}), "LMKs of your own"),
            (unix, "not run as root" if os.geteuid() == 0 else "there is no vault")):
        with h.Server(settings=settings, ready=False) as s:
            h.equal(s.wait(), 3, settings)
            h.ok(word in s.log(), "%r is not in: %s" % (word, s.log()[-300:]))
            h.equal(os.path.exists(s.socket), False, "a socket with %s" % settings)
            h.ok(not s.pids(), "a process is left")


# --- logs ------------------------------------------------------------------

LEAK = """return {
  command = "%s", title = "Tries to tell a PIN",
  errors = { [10] = "TPK parity", [20] = "no PIN", [23] = "format", [24] = "PIN length" },
  request = { { "tpk", key "TPK" }, { "block", H(16) }, { "account", N(12) } },
  response = { { "out", B() } },
  handler = function (q, a)
    local pin = pinblock.open(q.tpk, q.block, "01", q.account)
    %s
  end,
}
"""
# Each ends in 41, or in 00 without the PIN.
TRIES = ("a.out = pin", "a.out = text(pin)", "a.out = num(pin)", "a.out = tostring(pin)", "log(pin) a.out = ''",
         "log(tostring(pin)) a.out = ''", "log(text(pin)) a.out = ''", "log('x' .. pin) a.out = ''",
         "assert(false, pin)", "assert(false, tostring(pin))", "fail(pin)", "fail(num(pin))", "return pin",
         "a[pin] = pin", "a.out = q[pin]", "a.out = reveal(pin)", "a.out = hash('SHA-256', pin)", "local t = {} t[pin] = 1 log(next(t)) a.out = ''",
         "for i = 0, 9999 do if pin == i then a.out = tostring(i) end end", "a.out = string.sub(pin, 1)",
         "a.out = table.concat({ pin })", "a.out = pin + 0", "a.out = q.tpk", "log(q.tpk, q) a.out = tostring(q.tpk)")


def telling(values):
    """The texts of a log event in which a PIN could be: neither when nor who."""
    return " ".join(str(v) for k, v in values.items() if k not in ("time", "pid", "port", "socket", "ms"))


@h.case("PIN 7391 and its key are in no log line, no error and no reply, whatever a script tries")
def _():
    tpk, pin, account = KEY, "7391", b"550000025321"
    block = bytes(x ^ y for x, y in zip(bytes.fromhex("04" + pin + "F" * 10),
                                        bytes.fromhex("0000" + account.decode())))
    request = keys.under_lmk(KEY, "002") + keys.encrypt(tpk, block).hex().upper().encode() + account
    with h.Server(settings={"log.trace": "true", "log.level": "trace"}) as outer:
        plugins = os.path.join(outer.dir, "plugins")
        os.mkdir(plugins)
        codes = ["Y" + chr(ord("A") + n) for n in range(len(TRIES))]
        for code, body in zip(codes, TRIES):
            with open(os.path.join(plugins, code + ".lua"), "w") as f:
                f.write(LEAK % (code, body))
        for name in ("CA.lua", "DC.lua"):
            os.symlink(os.path.join(h.PLUGINS, name), os.path.join(plugins, name))
        with h.Server(plugins=plugins, settings=outer.settings) as s, s.tcp() as c:
            for code, body in zip(codes, TRIES):
                reply = c.call(code.encode() + request)
                h.ok(reply[2:4] in (b"41", b"00"), "%s: %r" % (body, reply))
                h.ok(pin.encode() not in reply[4:] and tpk.hex().upper().encode() not in reply[4:].upper(),
                     "%s: %r" % (body, reply))
            h.ok(s.events("script-failed"), "no script failed: it proves nothing")
            zpk = keys.under_lmk(KEY, "001")
            for formats in (b"0101", b"0103", b"0199", b"9901", b"0503"):
                c.call(b"CA" + request[:33] + zpk + b"12" + request[33:49] + formats + account)
            told = " ".join(telling(e) for e in s.events())
            told += " ".join(line for line in s.log().splitlines() if not line.startswith("{"))
            told += s.cli("status").stdout.replace(str(s.pid), "")
            for secret in (pin, tpk.hex(), tpk.hex().upper(), tpk[:8].hex().upper(), tpk[8:].hex().upper()):
                h.ok(secret not in told, "%s is told: ...%s" % (secret, told[max(0, told.find(secret) - 200):][:400]))


h.main()
