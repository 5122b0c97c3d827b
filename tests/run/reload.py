#!/usr/bin/env python3
"""Plug-ins come and go under SIGHUP, all or nothing, and traffic does not notice."""
# alone
import json
import os
import shutil
import subprocess
import tempfile
import time

import harness as h

RELOADS, SECONDS = (100, 60) if h.FULL else (10, 6)
PLUGINS = 100


class Folder:
    """A copy of the plug-ins, filled up to PLUGINS files, that may be written."""

    def __enter__(self):
        self.dir = tempfile.mkdtemp(prefix="luahsm-plugins-")
        shutil.copytree(h.PLUGINS, self.dir, dirs_exist_ok=True)
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.dir, ignore_errors=True)

    def fill(self):
        with open(os.path.join(self.dir, "B2.lua")) as f:
            echo = f.read()
        for n in range(PLUGINS - len(os.listdir(self.dir))):
            code = "Z%s" % chr(ord("0") + n) if n < 10 else "%s%s" % ("XYWVU"[n // 26 % 5], chr(65 + n % 26))
            if os.path.exists(self.path(code)):
                continue
            reply = code[0] + chr(ord(code[1]) + 1)
            self.write(code, echo.replace('"B3"', '"%s"' % reply).replace("B2", code).replace("B3", reply))

    def path(self, code):
        return os.path.join(self.dir, code + ".lua")

    def write(self, code, text):
        temporary = self.path(code) + ".new"
        with open(temporary, "w") as f:
            f.write(text)
        os.rename(temporary, self.path(code))


def version(n):
    """FO, which answers with a number."""
    return """return {
  command = "FO", title = "Format Output", version = "1.0.%d",
  request = {}, response = { { "number", N(4) } },
  handler = function (q, a)
    a.number = %d
  end,
  vectors = { { "number", send = "FO", expect = "FP00%04d" },
              { "bytes over", send = "FO1", expect = "FP15" } },
}
""" % (n, n, n)


BROKEN = "return {\n  command = \"FO\",\n  title = = 1,\n}\n"


@h.case("a plug-in that is created is served after SIGHUP")
def _():
    with Folder() as folder, h.Server(plugins=folder.dir, workers=2) as s, s.tcp() as c:
        h.equal(c.call(b"FO0005hello"), b"FP67")
        made = s.cli("plugin", "create", "FO", "--desc", "Format Output", "--version", "1.0.0",
                     "--author", "Alice", "--plugin-dir", folder.dir)
        h.equal(made.returncode, 0, made.stderr)
        s.hup()
        h.until("FO is served", lambda: c.call(b"FO0005hello") == b"FP00hello")
        listed = json.loads(s.cli("plugin", "list", "--json", folder.dir).stdout)
        row = [p for p in listed if p["code"] == "FO"][0]
        h.equal((row["version"], row["title"], row["author"], row["state"]),
                ("1.0.0", "Format Output", "Alice", "ok"))


@h.case("a plug-in with a mistake changes nothing and is named with file and line")
def _():
    with Folder() as folder:
        folder.write("FO", version(1))
        with h.Server(plugins=folder.dir, workers=2) as s, s.tcp() as c:
            h.equal(c.call(b"FO"), b"FP000001")
            folder.write("FO", BROKEN)
            s.hup()
            h.until("the log names FO.lua:3", lambda: "FO.lua:3:" in s.log())
            r = s.cli("reload")
            h.equal(r.returncode, 1)
            h.ok("FO.lua:3:" in r.stdout + r.stderr, "reload says: " + r.stdout + r.stderr)
            h.equal(c.call(b"FO"), b"FP000001")


@h.case("a plug-in whose vector fails is refused: file, vector, expected and got")
def _():
    with Folder() as folder:
        folder.write("FO", version(1))
        with h.Server(plugins=folder.dir) as s, s.tcp() as c:
            folder.write("FO", version(2).replace('"FP000002"', '"FP000003"'))
            r = s.cli("reload")
            h.equal(r.returncode, 1)
            for part in ("FO.lua:7:", '"number"', "FP000003", "FP000002"):
                h.ok(part in r.stdout + r.stderr, "%s is not in: %s" % (part, r.stdout + r.stderr))
            h.equal(c.call(b"FO"), b"FP000001")


@h.case("a plug-in that is removed answers 67; the others keep their states")
def _():
    with Folder() as folder:
        folder.write("FO", version(1))
        with h.Server(plugins=folder.dir) as s, s.tcp() as c:
            os.unlink(folder.path("FO"))
            h.equal(s.cli("reload").returncode, 0)
            h.equal(c.call(b"FO"), b"FP67")
            h.equal(c.call(b"NC")[:4], b"ND00")


def bench(s, seconds):
    return subprocess.Popen([h.LUAHSM, "bench", "--json", "--port", str(s.port), "--connections", "50",
                             "--depth", "16", "--duration", str(seconds), "--mix", "NC:1,CA:1,B2:1"],
                            env=dict(h.ENVIRONMENT, **s.env), stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True)


def figures(process):
    out, err = process.communicate(timeout=180 * h.SLOW)
    h.equal(process.returncode, 0, "bench: %s %s" % (out, err))
    return json.loads(out)


def reload_all(s, folder, c):
    """RELOADS reloads in SECONDS; every fifth is broken. FO answers the last good one."""
    good, began = 0, time.monotonic()
    for n in range(1, RELOADS + 1):
        broken = n % 5 == 0
        folder.write("FO", BROKEN if broken else version(n))
        status = s.cli("reload").returncode
        h.equal(status, 1 if broken else 0, "reload %d" % n)
        good = good if broken else n
        h.equal(c.call(b"FO"), b"FP00%04d" % good, "after reload %d" % n)
        time.sleep(max(0.0, began + n * SECONDS / RELOADS - time.monotonic()))
    return time.monotonic() - began


@h.case("%d reloads of %d plug-ins in %d s under load, every fifth broken: nothing lost"
        % (RELOADS, PLUGINS, SECONDS))
def _():
    if h.SLOW > 1:
        h.skip("a load that sanitizers would distort")
    with Folder() as folder:
        folder.fill()
        folder.write("FO", version(0))
        with h.Server(plugins=folder.dir, workers=2) as s, s.tcp() as c:
            quiet = figures(bench(s, SECONDS / 2))
            load = bench(s, SECONDS + 2)
            time.sleep(1)
            took = reload_all(s, folder, c)
            busy = figures(load)
            for name in ("lost", "reset", "wrong"):
                h.equal(busy[name], 0, name)
            p99 = [f["latency_ns"]["p99"] / 1e6 for f in (quiet, busy)]
            print("# %d reloads in %.1f s; p99 %.2f ms without, %.2f ms with; %d and %d requests/s"
                  % (RELOADS, took, p99[0], p99[1], quiet["requests"] / quiet["seconds"],
                     busy["requests"] / busy["seconds"]))
            if h.FULL:
                h.ok(took <= SECONDS * 1.05, "took %.1f s" % took)
                h.ok(p99[1] <= 2 * p99[0], "p99 %.2f ms against %.2f ms" % (p99[1], p99[0]))


h.main()
