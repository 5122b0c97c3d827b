#!/usr/bin/env python3
"""The key ceremony, typed as it stands: each command of doc/ceremony.md, each line as printed there.

What is typed at questions comes from the custodians' files. `...` in the document stands for anything. Commands below
"What is refused" must fail, all others must not.
"""
import os
import pty
import re
import select
import signal
import subprocess
import time

import harness as h
import unprivileged

with open(os.path.join(h.TREE, "doc", "ceremony.md"), encoding="ascii") as book:
    BOOK = book.read().splitlines()
QUESTION = re.compile(r"^(passphrase|the same|component|check value).*:$")
PASSPHRASE = "correct horse battery staple"
FILES = {"1": "alice-1", "2": "bob-2", "3": "carol-3"}


def sections():
    """[(heading, [(line number, command, [expected lines])...])...]; a command may go on in a line indented by 6."""
    found, last = [], None
    for number, line in enumerate(BOOK, 1):
        if line.startswith("## "):
            found.append((line[3:], []))
            last = None
        elif line.startswith("    $ "):
            last = [number, line[6:], []]
            found[-1][1].append(last)
        elif line.startswith("      luahsm") and last and not last[2]:
            last[1] += "; " + line.strip()
        elif line.startswith("    ") and last:
            last[2].append(line[4:])
        else:
            last = None
    return [one for one in found if one[1]]


def field(number, name):
    """What a custodian reads off a component."""
    with open(FILES[number], encoding="ascii") as f:
        return re.search("^%s (.*)$" % name, f.read(), re.M).group(1)


def answer(question):
    part = re.match(r"(component|check value of component) (\d)", question)
    if not part:
        return PASSPHRASE
    return field(part.group(2), "value" if part.group(1) == "component" else "check")


def typed(command, env):
    """Run a command on a terminal of its own and answer its questions: (status, what the terminal showed)."""
    master, slave = pty.openpty()
    process = subprocess.Popen(["bash", "-c", command], stdin=slave, stdout=slave, stderr=slave, env=env,
                               start_new_session=True)
    os.close(slave)
    shown, answered, end = "", 0, time.monotonic() + 60 * h.SLOW
    while time.monotonic() < end:
        if select.select([master], [], [], 0.2)[0]:
            try:
                shown += os.read(master, 4096).decode("ascii")
            except OSError:
                break
        elif process.poll() is not None:
            break
        question = shown[answered:].rsplit("\n", 1)[-1]
        if question.endswith(": "):
            answered = len(shown)
            os.write(master, (answer(question) + "\n").encode("ascii"))
    os.close(master)
    return process.wait(30), shown.replace("\r", "")


def run(command, expected, env):
    """(status, lines) of a command."""
    if any(QUESTION.match(line) for line in expected):
        status, shown = typed(command, env)
        for number in FILES:
            h.ok(field(number, "value") not in shown, "component %s was shown" % number)
        h.ok(PASSPHRASE not in shown, "the passphrase was shown")
        return status, [line.rstrip(" ") if line.endswith(": ") else line for line in shown.splitlines()]
    r = subprocess.run(["bash", "-c", command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env=env,
                       stderr=subprocess.STDOUT, timeout=120 * h.SLOW, check=False)
    return r.returncode, r.stdout.decode("ascii").splitlines()


def matches(expected, line):
    return re.fullmatch(".*".join(map(re.escape, expected.split("..."))), line)


def type_all(commands, env, refused):
    for number, command, expected in commands:
        status, got = run(command, expected, env)
        where = "line %d, %s: " % (number, command)
        h.ok((status != 0) == refused, where + "exit status %d, printed %s" % (status, got))
        h.equal(len(got), len(expected), where + "printed %s" % got)
        for want, line in zip(expected, got):
            h.ok(matches(want, line), where + "the document says %s, here came %s" % (want, line))


def same_check_values(top):
    """What the document leaves open: the backup and the components are of one LMK."""
    values = set()
    for i in range(1, 6):
        with open("backup-%d" % i, encoding="ascii") as f:
            values.add(re.search("^lmk (.*)$", f.read(), re.M).group(1))
    h.equal(len(values), 1)
    for path in ["alice-1", "backup-1", os.path.join(top, "data", "luahsm", "lmk.vault")]:
        h.equal(os.stat(path).st_mode & 0o777, 0o600, path)


def main():
    top = unprivileged.become("A0", "NC")
    env = dict(h.ENVIRONMENT, **h.folders(top), LUAHSM_PLUGIN_DIR=h.PLUGINS)
    env["PATH"] = top + ":" + env["PATH"]
    book = sections()
    h.attempt("there is something to type", lambda: h.ok(sum(len(c) for _, c in book) > 30, "%s" % book))
    try:
        for heading, commands in book:
            h.attempt(heading, lambda: type_all(commands, env, heading == "What is refused"))
        h.attempt("one LMK, and files of nobody else's", lambda: same_check_values(top))
    finally:
        try:
            with open(os.path.join(top, "run", "luahsm", "luahsm.pid"), encoding="ascii") as f:
                os.kill(int(f.read()), signal.SIGKILL)
        except OSError:
            pass
    h.finish()


main()
