#!/usr/bin/env python3
r"""Whole messages against a running server: every tests/wire/*.txt.

A file holds cases, each a request and the reply it must get:

    # The text above a request names it; without one its line number does.
    > request text with \xHH escapes
    < expected reply with \xHH, or * at the end for any tail

`@setting name=value` lines give the cases after them a server of their own
with these settings and no others. A blank at the end of a line is \x20, a star
\x2A, a backslash \x5C. Every case is sent over TCP and over the Unix socket;
then all cases of a server are sent once more in one segment. The message
header, unique for each, must come back.
"""
import glob
import os
import sys

import harness as h

FOLDER = os.path.join(h.TREE, "tests", "wire")


class Case:
    def __init__(self, name, request):
        self.name, self.request, self.want, self.tail = name, request, None, False

    def check(self, reply):
        got = reply[:len(self.want)] if self.tail else reply
        if got != self.want:
            raise h.Failed("expected %s%s, got %s" % (
                h.printable(self.want), "..." if self.tail else "", h.printable(reply)))


def read(path):
    """[(settings, [Case...])...] of one file."""
    groups, settings, name, fresh = [({}, [])], {}, None, False
    with open(path, encoding="latin-1") as f:
        for number, line in enumerate(f.read().split("\n"), 1):
            if line.startswith("#"):
                name = line[1:].strip() if not name else name
            elif line.startswith("@setting "):
                if not fresh:
                    settings = {}
                    groups.append((settings, []))
                key, _, value = line[9:].partition("=")
                settings[key] = value
            elif line.startswith("> "):
                title = "%s %s" % (os.path.basename(path)[:-4], name or "line %d" % number)
                groups[-1][1].append(Case(title, h.octets(line[2:])))
            elif line.startswith("< "):
                case = groups[-1][1][-1]
                case.tail = line.endswith("*")
                case.want = h.octets(line[2:-1] if case.tail else line[2:])
                name = None
            elif not line:
                name = None
            else:
                sys.exit("%s:%d: neither #, @setting, > nor <" % (path, number))
            fresh = line.startswith("@setting ")
    for _, cases in groups:
        for case in cases:
            if case.want is None:
                sys.exit("%s: no reply for %s" % (path, case.name))
    return groups


def play(settings, cases):
    with h.Server(settings=settings) as server:
        for name, connect in (("TCP", server.tcp), ("Unix socket", server.unix)):
            for case in cases:
                h.attempt(case.name + ", " + name,
                          lambda case=case, connect=connect: alone(connect, case))
        h.attempt("%s and %d more, in one segment" % (cases[0].name, len(cases) - 1),
                  lambda: together(server, cases))


def alone(connect, case):
    with connect() as client:
        case.check(client.call(case.request))


def together(server, cases):
    with server.tcp() as client:
        for start in range(0, len(cases), 32):
            some = cases[start:start + 32]
            for case, reply in zip(some, client.pipeline([c.request for c in some])):
                case.check(reply)


def main():
    words = sys.argv[1:]
    servers = {}
    for path in sorted(glob.glob(os.path.join(FOLDER, "*.txt"))):
        if words and os.path.basename(path)[:-4] not in words:
            continue
        for settings, cases in read(path):
            servers.setdefault(tuple(sorted(settings.items())), []).extend(cases)
    for settings, cases in servers.items():
        if cases:
            named = " ".join("=".join(pair) for pair in settings) or "no settings"
            h.attempt("a server with %s starts and stops" % named,
                      lambda settings=settings, cases=cases: play(dict(settings), cases))
    h.finish()


main()
