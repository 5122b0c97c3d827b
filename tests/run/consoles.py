"""Consoles of a server, for scripts: one for a few lines, or one that stays open."""
import os
import re
import subprocess

import harness as h


def console(server, *lines):
    """What a console says to these lines."""
    r = server.cli("console", stdin="".join(line + "\n" for line in lines).encode("ascii"))
    h.equal(r.returncode, 0, r.stderr)
    return r.stdout


def said(server, lines, *patterns):
    text = console(server, *lines)
    for pattern in patterns:
        h.ok(re.search(pattern, text), "%s said %r, no %s" % (lines, text, pattern))
    return text


class Session:
    """A console that stays open between its lines."""

    def __init__(self, server):
        self.text = ""
        self.process = subprocess.Popen([*h.WRAP, h.LUAHSM, "console"], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, env=dict(h.ENVIRONMENT, **server.env))
        os.set_blocking(self.process.stdout.fileno(), False)

    def type(self, *lines, until):
        self.process.stdin.write("".join(line + "\n" for line in lines).encode("ascii"))
        self.process.stdin.flush()
        return self.until(until)

    def until(self, pattern):
        def look():
            self.text += (self.process.stdout.read() or b"").decode("ascii")
            return re.search(pattern, self.text)
        h.until("the console says %s" % pattern, look, 30)
        text, self.text = self.text, ""
        return text

    def close(self):
        self.process.stdin.close()
        self.process.wait(30 * h.SLOW)
        self.process.stdout.close()
