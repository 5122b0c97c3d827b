"""What the scripts of this folder share: a server of their own, a client, cases.

    #!/usr/bin/env python3
    "What this script shows."
    import harness as h

    @h.case("NC answers over TCP")
    def _():
        with h.Server() as s, s.tcp() as c:
            h.equal(c.call(b"NC")[:4], b"ND00")

    h.main()

Each case prints `ok - name`, `not ok - name: why` or `skipped - name: why`.
From the environment: LUAHSM (the binary), LUAHSM_PLUGINS (the plug-ins),
LUAHSM_WRAP (a command in front of the server, such as valgrind) and
LUAHSM_FULL (1: the long form of the cases that have one).

Servers listen on free ports of 127.0.0.1 and on a socket in a temporary
folder, and are gone, with every process they started, when their `with` ends.
Python's standard library only.
"""
import json
import os
import random
import re
import resource
import shlex
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import traceback

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LUAHSM = os.path.abspath(os.environ.get("LUAHSM", os.path.join(TREE, "build", "luahsm")))
PLUGINS = os.path.abspath(os.environ.get("LUAHSM_PLUGINS", os.path.join(TREE, "plugins")))
WRAP = shlex.split(os.environ.get("LUAHSM_WRAP", ""))
FULL = os.environ.get("LUAHSM_FULL", "") == "1"
# None of ours reaches the programs under test, which read LUAHSM_* as settings and
# systemd's variables as folders.
ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith("LUAHSM") and
               k not in ("CONFIGURATION_DIRECTORY", "STATE_DIRECTORY", "LOGS_DIRECTORY",
                         "RUNTIME_DIRECTORY", "SYSTEMD_EXEC_PID")}
# Sanitizers and valgrind are slow: what is waited for takes so many times longer.
SLOW = 20 if WRAP else 4 if "asan" in LUAHSM else 1

# How valgrind and the sanitizers begin a line, in whichever process.
DEFECT = re.compile(r"^==\d+==.*|^.*runtime error:.*", re.M)


def end(*_):
    """SIGTERM: a script that is told to end takes its servers down on the way out."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(143)


signal.signal(signal.SIGTERM, end)


# --- cases -----------------------------------------------------------------

class Skip(Exception):
    """Raised by skip()."""


class Failed(Exception):
    """A check that does not hold."""


cases = []


def case(name):
    """Decorator: the function is one case of that name."""
    def add(function):
        cases.append((name, function))
        return function
    return add


def skip(why):
    raise Skip(why)


def ok(condition, why):
    if not condition:
        raise Failed(why)


def equal(got, want, what=""):
    if got != want:
        raise Failed("%sexpected %s, got %s" % (what and what + ": ", short(want), short(got)))


def short(v):
    text = repr(v)
    return text if len(text) <= 200 else text[:197] + "..."


def until(what, condition, seconds=10.0):
    """Poll condition() until it is true and return its value; fail after so long."""
    end = time.monotonic() + seconds * SLOW
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise Failed("not within %g s: %s" % (seconds * SLOW, what))
        time.sleep(0.01)


def report(verdict, name, why=""):
    why = " ".join(str(why).split())
    print("%s - %s%s" % (verdict, name, why and ": " + why), flush=True)


bad = 0


def attempt(name, function):
    """Run one case and report it. A broken one must not hide those after it."""
    global bad
    try:
        function()
        report("ok", name)
    except Skip as e:
        report("skipped", name, e)
    except Failed as e:
        bad += 1
        report("not ok", name, e)
    except Exception as e:
        bad += 1
        report("not ok", name, "%s: %s" % (type(e).__name__, e))
        traceback.print_exc()


def finish():
    sys.exit(1 if bad else 0)


def main():
    """Run the cases (or those that hold a word of the command line), then exit."""
    for name, function in cases:
        if not sys.argv[1:] or any(word in name for word in sys.argv[1:]):
            attempt(name, function)
    finish()


# --- processes -------------------------------------------------------------

def processes():
    """Of every process: (pid, parent, session, state)."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/stat" % pid) as f:
                fields = f.read().rpartition(")")[2].split()
        except OSError:
            continue
        found.append((int(pid), int(fields[1]), int(fields[3]), fields[0]))
    return found


def name(pid):
    """What ps calls a process; empty when it is gone."""
    try:
        with open("/proc/%d/comm" % pid) as f:
            return f.read().strip()
    except OSError:
        return ""


def ended(pid):
    """Has a process that is not our child ended? Who adopted it may not have asked for its status yet."""
    try:
        with open("/proc/%d/stat" % pid) as f:
            return f.read().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def memory(pid, field="Pss"):
    """KiB of one process: Pss, Rss, Private_Dirty..."""
    with open("/proc/%d/smaps_rollup" % pid) as f:
        return int(re.search(r"^%s:\s+(\d+) kB" % field, f.read(), re.M).group(1))


def run(*args, stdin=b"", env=None, timeout=60, cwd=None):
    """Run the binary with these arguments; the result has returncode, stdout, stderr (text)."""
    r = subprocess.run([*WRAP, LUAHSM, *map(str, args)], input=stdin, timeout=timeout * SLOW, cwd=cwd,
                       env=dict(ENVIRONMENT, **(env or {})), stdout=subprocess.PIPE,
                       stderr=subprocess.PIPE, check=False)
    r.stdout, r.stderr = r.stdout.decode("latin-1"), r.stderr.decode("latin-1")
    return r


def need_files(count):
    """For scripts that hold so many files and connections open; the case is skipped where they can't."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < count:
        skip("needs %d open files, the limit is %d" % (count, hard))
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, count), hard))


def free_port(count=5):
    """The first of count free neighbouring ports, below those the kernel hands out."""
    for _ in range(200):
        first = random.randrange(10000, 32000)
        try:
            for port in range(first, first + count):
                with socket.socket() as s:
                    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    s.bind(("127.0.0.1", port))
            return first
        except OSError:
            continue
    raise Failed("no free ports")


class Server:
    """A running `luahsm serve`, ready to answer.

    args        more arguments, as on the command line
    settings    a dictionary: --set NAME=VALUE for each
    plugins     the plug-in folder
    workers     --workers
    env         more environment variables
    port        the first port; False: Unix socket only
    ready       False: return at once, for servers that are meant to fail
    """

    def __init__(self, *args, settings=None, plugins=PLUGINS, workers=1, env=None, port=None,
                 ready=True):
        self.dir = tempfile.mkdtemp(prefix="luahsm-test-")
        self.settings = dict(settings or {})
        self.workers = workers
        self.port = free_port() if port is None else port
        self.runtime = os.path.join(self.dir, "run", "luahsm")
        self.socket = os.path.join(self.runtime, "luahsm.sock")
        self.pid_file = os.path.join(self.runtime, "luahsm.pid")
        self.env = folders(self.dir)
        self.env.update(env or {})
        self.log_file = os.path.join(self.dir, "log")
        if WRAP:
            self.settings.setdefault("plugin.deadline_ms", 10000)
        command = WRAP + [LUAHSM, "serve", "--plugin-dir", plugins, "--workers", workers]
        command += ["--port", self.port or 0]
        for name, value in self.settings.items():
            command += ["--set", "%s=%s" % (name, value)]
        self.command = [str(word) for word in command] + [str(word) for word in args]
        self.status = None
        with open(self.log_file, "wb") as log:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env=dict(ENVIRONMENT, **self.env), cwd=self.dir, start_new_session=True)
        self.pid = self.process.pid
        if ready:
            try:
                self.wait_ready()
            except BaseException:
                self.kill()
                shutil.rmtree(self.dir, ignore_errors=True)
                raise

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if self.status is None and kind is None:
            self.stop()
        else:
            self.kill()
        if kind is not None and kind is not Skip:
            sys.stderr.write("the server's log, its end:\n%s\n" % self.log()[-3000:])
        shutil.rmtree(self.dir, ignore_errors=True)
        return False

    def wait_ready(self, seconds=15):
        """Until a command is answered: by then a worker is at work."""
        end = time.monotonic() + seconds * SLOW
        while True:
            if self.process.poll() is not None:
                raise Failed("the server ended with %s: %s" % (self.process.returncode, self.log()[-500:]))
            try:
                with (self.unix() if self.port is False else self.tcp()) as c:
                    c.call(b"NC")
                return
            except (OSError, Failed) as e:
                if time.monotonic() > end:
                    raise Failed("the server does not answer: %s: %s" % (e, self.log()[-500:]))
            time.sleep(0.02)

    def settle(self):
        """Until every process there will be is there: the spare worker and slow ones, with their plug-ins."""
        slow = int(self.settings.get("slow_workers", 1))
        until("all processes", lambda: len(self.children()) == self.workers + 1 + slow and self.keeper() and
              len(self.events("slow-worker-ready")) >= slow)
        equal(self.cli("reload").returncode, 0)     # answered when the spare one serves it, too

    # clients

    def tcp(self, lmk=None, address="127.0.0.1", timeout=10):
        """A client on the default listener, or on that of an LMK id."""
        port = self.port if lmk is None else self.port + 1 + lmk
        return Client(socket.create_connection((address, port), timeout * SLOW), self.header_length())

    def unix(self, timeout=10):
        s = socket.socket(socket.AF_UNIX)
        s.settimeout(timeout * SLOW)
        try:
            s.connect(self.socket)
        except BaseException:
            s.close()
            raise
        return Client(s, self.header_length())

    def header_length(self):
        return int(self.settings.get("message.header_length", 4))

    # looking inside

    def log(self):
        with open(self.log_file, errors="replace") as f:
            return f.read()

    def events(self, name=None):
        """The log's lines as dictionaries, or those whose event is name."""
        found = []
        for line in self.log().splitlines():
            try:
                found.append(json.loads(line))
            except ValueError:
                continue
        return [e for e in found if isinstance(e, dict) and name in (None, e.get("event"))]

    def pids(self):
        """Every living process of this server."""
        return [pid for pid, parent, session, state in processes()
                if self.pid in (session, parent) and state != "Z"]

    def children(self):
        """The workers, and the process that judges plug-ins while there is one; not the keeper."""
        return [pid for pid, parent, _, state in processes()
                if parent == self.pid and state != "Z" and name(pid) != "luahsm-keeper"]

    def keeper(self):
        """Its pid, when it is there."""
        return next((pid for pid, parent, _, state in processes()
                     if parent == self.pid and state != "Z" and name(pid) == "luahsm-keeper"), None)

    def figures(self):
        """What `luahsm status` tells."""
        r = self.cli("status", "--json")
        equal(r.returncode, 0, r.stderr)
        return json.loads(r.stdout)

    def worker_pids(self):
        """Of the workers that serve: without the spare one and slow ones."""
        return [w["pid"] for w in self.figures()["workers"]]

    def memory(self, field="Pss"):
        """KiB of all processes together."""
        return sum(memory(pid, field) for pid in self.pids())

    def cli(self, *args, **more):
        """Run another subcommand of the binary with this server's folders."""
        return run(*args, env=dict(self.env, **more.pop("env", {})), **more)

    # signals and the end

    def send_signal(self, number):
        os.kill(self.pid, number)

    def hup(self):
        self.send_signal(signal.SIGHUP)

    def wait(self, seconds=10):
        """Wait for the end; the exit status (negative: the signal)."""
        try:
            self.status = self.process.wait(seconds * SLOW)
        except subprocess.TimeoutExpired:
            raise Failed("the server did not end within %g s" % (seconds * SLOW)) from None
        return self.status

    def stop(self, number=signal.SIGTERM, seconds=10):
        """Stop it and check that it ended well and left nothing behind."""
        self.send_signal(number)
        status = self.wait(seconds)
        until("no process of the server is left", lambda: not self.pids(), 2)
        ok(status == 0, "the server ended with %s: %s" % (status, self.log()[-500:]))
        for path in (self.socket, self.pid_file):
            ok(not os.path.exists(path), "left behind: " + path)
        defect = DEFECT.search(self.log())
        ok(not defect, "in the server's log: %s" % (defect and defect.group()))
        return status

    def kill(self):
        """Whatever state it is in: gone afterwards. For the way out of a failure."""
        for _ in range(50):
            living = self.pids()
            for pid in living:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            if not living and self.process.poll() is not None:
                return
            time.sleep(0.02)


def folders(top):
    """Environment that keeps every folder of luahsm below top."""
    env = {"XDG_RUNTIME_DIR": "run", "XDG_DATA_HOME": "data", "XDG_STATE_HOME": "state",
           "XDG_CONFIG_HOME": "config"}
    for name, folder in env.items():
        env[name] = os.path.join(top, folder)
        os.makedirs(env[name], mode=0o700, exist_ok=True)
    return env


# --- the protocol ----------------------------------------------------------

class Client:
    """One connection that frames messages and checks that headers come back."""

    def __init__(self, sock, header_length=4):
        self.sock = sock
        self.header_length = header_length
        self.number = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.sock.close()

    def header(self):
        """A header that no other message of this connection has (as far as its length allows)."""
        self.number += 1
        return (b"%0*X" % (self.header_length, self.number))[-self.header_length:] if self.header_length else b""

    def raw(self, data):
        """Send bytes as they are."""
        self.sock.sendall(data)

    def send(self, body, header=None):
        """Send one message; its header is returned."""
        header = self.header() if header is None else header
        self.raw(frame(header + body))
        return header

    def receive(self):
        """One reply: (header, rest)."""
        length = struct.unpack(">H", self.read(2))[0]
        message = self.read(length)
        return message[:self.header_length], message[self.header_length:]

    def call(self, body, header=None):
        """Send one message and return its reply, without the header."""
        sent = self.send(body, header)
        got, reply = self.receive()
        equal(got, sent, "message header")
        return reply

    def pipeline(self, bodies):
        """Send all at once; the replies, in order."""
        headers = [self.header() for _ in bodies]
        self.raw(b"".join(frame(h + b) for h, b in zip(headers, bodies)))
        replies = []
        for header in headers:
            got, reply = self.receive()
            equal(got, header, "message header")
            replies.append(reply)
        return replies

    def read(self, n):
        parts = b""
        while len(parts) < n:
            more = self.sock.recv(n - len(parts))
            if not more:
                raise ConnectionError("closed by the server after %d of %d bytes" % (len(parts), n))
            parts += more
        return parts

    def closed(self):
        """Wait for the server to close; False when it sends something instead."""
        try:
            return self.sock.recv(1) == b""
        except ConnectionResetError:
            return True


def frame(message):
    return struct.pack(">H", len(message)) + message


def octets(text):
    r"""The bytes of a text with \xHH escapes."""
    return re.sub(rb"\\x([0-9A-Fa-f]{2})", lambda m: bytes([int(m.group(1), 16)]),
                  text.encode("latin-1"))


def printable(data):
    r"""The other way round: printable characters and \xHH."""
    return "".join(chr(b) if 32 <= b < 127 and b != 92 else "\\x%02X" % b for b in data)
