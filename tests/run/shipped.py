#!/usr/bin/env python3
"""The plug-ins of plugins/: every one loads, is proved by its vectors and has a page."""
import glob
import json
import os

import harness as h

CODES = sorted(os.path.basename(path)[:-4] for path in glob.glob(os.path.join(h.PLUGINS, "*.lua")))


def complaints(r):
    """What it says on stderr, but for the modes of a checkout under a loose umask."""
    return [line for line in r.stderr.splitlines() if "others can write it" not in line]


@h.case("every vector of every plug-in holds")
def _():
    r = h.run("plugin", "test", h.PLUGINS)
    h.equal((r.returncode, complaints(r)), (0, []))
    for code in CODES:
        h.ok("ok %s " % code in r.stdout, "no vector of %s ran" % code)


@h.case("plugin check has nothing to say")
def _():
    r = h.run("plugin", "check", h.PLUGINS)
    h.equal((r.returncode, complaints(r), r.stdout), (0, [], ""))


@h.case("plugin vectors prints them as messages and replies")
def _():
    r = h.run("plugin", "vectors", h.PLUGINS)
    h.equal((r.returncode, complaints(r)), (0, []))
    lines = r.stdout.splitlines()
    h.equal({line[2:4] for line in lines if line.startswith(">")}, set(CODES))
    h.ok("# B2: five bytes\n> B20005hello\n< B300hello\n" in r.stdout, "no B2")
    h.equal(len([line for line in lines if line[0] == ">"]), len([line for line in lines if line[0] == "<"]))


@h.case("plugin list knows each of them")
def _():
    r = h.run("plugin", "list", "--json", h.PLUGINS)
    h.equal(r.returncode, 0)
    h.equal(sorted(p["code"] for p in json.loads(r.stdout)), CODES)


@h.case("each has a page with its request, reply and codes")
def _():
    for code in CODES:
        r = h.run("plugin", "doc", os.path.join(h.PLUGINS, code + ".lua"))
        h.equal((r.returncode, complaints(r)), (0, []), code)
        h.ok(r.stdout.startswith(code), "%s: the page starts with %s" % (code, r.stdout[:40]))


@h.case("FO is left to users")
def _():
    h.ok("FO" not in CODES, "plugins/FO.lua exists")


h.main()
