#!/usr/bin/env python3
"""The cookbook, typed as it stands: each command of doc/cookbook.md in one shell, each reply as printed there.

In a reply, `...` stands for anything and $NAME for what the shell holds under that name, or names what came.
"""
import os
import re
import subprocess

import harness as h

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BOOK = os.path.join(TREE, "doc", "cookbook.md")
END = "-- end of the reply --"


def sections():
    """[(heading, [(line number, command, [expected lines])...])...]: the parts with something to type."""
    found, last = [], None
    with open(BOOK, encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            line = line.rstrip("\n")
            if line.startswith("#"):
                found.append((line.lstrip("# "), []))
                last = None
            elif line.startswith("    $ "):
                last = (number, line[6:], [])
                found[-1][1].append(last)
            elif line.startswith("    ") and last:
                last[2].append(line[4:])
            else:
                last = None
    return [one for one in found if one[1]]


class Shell:
    """bash with the server's folders and port, the binary first in its path."""

    def __init__(self, server):
        bin_dir = os.path.join(server.dir, "build")
        os.makedirs(bin_dir)
        with open(os.path.join(bin_dir, "luahsm"), "w", encoding="utf-8") as f:
            f.write("#!/bin/sh\nexec %s \"$@\"\n" % " ".join([*h.WRAP, h.LUAHSM]))
        os.chmod(os.path.join(bin_dir, "luahsm"), 0o755)
        env = dict(h.ENVIRONMENT, **server.env, LUAHSM_PORT=str(server.port), LUAHSM_PLUGIN_DIR=h.PLUGINS)
        self.process = subprocess.Popen(["bash"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=server.dir,
                                        stderr=subprocess.STDOUT, env=env, text=True, encoding="utf-8")

    def run(self, command):
        """The lines that a command prints."""
        self.process.stdin.write("%s\necho '%s'\n" % (command, END))
        self.process.stdin.flush()
        lines = []
        while True:
            line = self.process.stdout.readline()
            h.ok(line, "the shell is gone; before it was: %s" % lines)
            if line.rstrip("\n").endswith(END):
                lines.append(line.rstrip("\n")[:-len(END)])
                return lines if lines[-1] else lines[:-1]
            lines.append(line.rstrip("\n"))

    def value(self, name):
        return "\n".join(self.run('printf %%s "$%s"' % name))

    def close(self):
        self.process.stdin.close()
        self.process.wait(30)
        self.process.stdout.close()


def matches(shell, expected, line):
    """Does a printed line agree with one in the book?"""
    pattern = ""
    for part in re.split(r"(\.\.\.|\$\{?[A-Z_]{2,}\}?)", expected):
        if part == "...":
            pattern += ".*"
        elif part.startswith("$") and len(part) > 1:
            value = shell.value(part.strip("${}"))
            h.ok(value, "%s is not set" % part)
            pattern += re.escape(value)
        else:
            pattern += re.escape(part)
    return re.fullmatch(pattern, line)


def type_all(shell, commands):
    for number, command, expected in commands:
        got = shell.run(command)
        h.equal(len(got), len(expected), "line %d printed %s" % (number, got))
        for want, line in zip(expected, got):
            h.ok(matches(shell, want, line), "line %d: the book says %s, here came %s" % (number, want, line))


def main():
    book = sections()
    total = sum(len(commands) for _, commands in book)
    h.attempt("there is something to type", lambda: h.ok(total > 80, "%d commands" % total))
    with h.Server(settings={"authorised": "true"}) as server:
        shell = Shell(server)
        try:
            for heading, commands in book:
                h.attempt(heading, lambda commands=commands: type_all(shell, commands))
        finally:
            shell.close()
    h.finish()


main()
