#!/usr/bin/env python3
"""Run the tests and add up their cases.

    tests/driver.py [--build DIR] [--jobs N] [--valgrind] [--full] [--seconds N] [KIND | PROGRAM]...

Kinds, in the order they run:
    tree   tests/check_*.sh     the tree itself: the README's tour, sizes, words
    unit   BUILD/tests/test_*   cmocka programs, which speak TAP here
    run    tests/run/*.py       scripts that print ok, not ok and skipped lines
    fuzz   BUILD/fuzz/fuzz_*    libFuzzer programs, each for so many seconds
None named: tree, unit and run. A PROGRAM is a stem, such as test_frame or wire.
--full: the long form of the cases that have one.
--jobs: how many programs at once, by default as many as there are processors. A
script that measures times says `# alone`: it runs after the others, by itself.

A program that fails without saying which case, does not end in time or leaves
a process behind counts as one failed case more. A script that needs longer
than the usual time says so in a line `# timeout: SECONDS`.
The last line is `N passed, N failed[, N skipped]`.
"""
import argparse
import ctypes
import glob
import multiprocessing
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

TREE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TIMEOUT = {"tree": 60, "unit": 120, "run": 300, "fuzz": 60}
VALGRIND = ("valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite"
            " --trace-children=yes --trace-children-skip=/bin/*,/usr/bin/*,/sbin/*")
# cmocka 1.1.5 prints a skipped test as `not ok N # SKIP name`.
TAP = re.compile(r"\b(not ok|ok) \d+ (- |# SKIP )(.*)")
LINE = re.compile(r"(ok|not ok|skipped) - (.*)")
PLAN = re.compile(r"1\.\.(\d+)$")


def programs(build, words):
    """[(kind, path)...] in the order to run them."""
    found = {
        "tree": sorted(glob.glob(os.path.join(TREE, "tests", "check_*.sh"))),
        "unit": sorted(p for p in glob.glob(os.path.join(build, "tests", "test_*"))
                       if os.access(p, os.X_OK) and os.path.exists(source(p))),
        "run": sorted(p for p in glob.glob(os.path.join(TREE, "tests", "run", "*.py"))
                      if os.access(p, os.X_OK)),
        "fuzz": sorted(p for p in glob.glob(os.path.join(build, "fuzz", "fuzz_*"))
                       if os.access(p, os.X_OK)),
    }
    if not words:
        words = ["tree", "unit", "run"]
    chosen = []
    for word in words:
        some = [(kind, path) for kind in found for path in found[kind]
                if word in (kind, os.path.basename(path), os.path.splitext(os.path.basename(path))[0])]
        if not some and word not in found:
            sys.exit("driver: no kind or program is called " + word)
        chosen += [one for one in some if one not in chosen]
    return chosen


def source(program):
    """A test whose source has gone is left over from an earlier build."""
    return os.path.join(TREE, "tests", "unit", os.path.basename(program) + ".c")


def says(path, pattern):
    """What a script says of itself in a comment near its start."""
    with open(path, encoding="utf-8") as f:
        return re.search(pattern, f.read(2000), re.M)


def alone(kind, path):
    return kind == "fuzz" or kind == "run" and says(path, r"^# alone") is not None


def timeout(kind, path, options):
    seconds = TIMEOUT[kind]
    if kind == "run":
        told = says(path, r"^# timeout: (\d+)")
        seconds = int(told.group(1)) if told else seconds
    if kind == "fuzz":
        seconds += options.seconds
    return seconds * (10 if options.valgrind else 4 if "asan" in options.build else 1)


def command(kind, path, options, scratch):
    if kind == "unit" and options.valgrind:
        return VALGRIND.split() + [path]
    if kind == "run":
        return [sys.executable, path]
    if kind == "fuzz":
        seeds = os.path.join(TREE, "tests", "fuzz", "seeds", os.path.basename(path))
        return [path, "-max_total_time=%d" % options.seconds, "-timeout=10", "-verbosity=0",
                "-artifact_prefix=%s-" % path, scratch] + [seeds] * os.path.isdir(seeds)
    return [path]


def environment(options, scratch):
    env = {k: v for k, v in os.environ.items() if not k.startswith("LUAHSM")}
    env.update(LUAHSM=os.path.join(options.build, "luahsm"),
               LUAHSM_PLUGINS=os.path.join(TREE, "plugins"),
               CMOCKA_MESSAGE_OUTPUT="TAP", UBSAN_OPTIONS="print_stacktrace=1",
               LSAN_OPTIONS="print_suppressions=0:suppressions=" +
               os.path.join(TREE, "tests", "leaks.supp"),
               PYTHONDONTWRITEBYTECODE="1", TMPDIR=scratch,
               **{"XDG_" + name: scratch for name in
                  ("RUNTIME_DIR", "DATA_HOME", "STATE_HOME", "CONFIG_HOME")})
    if options.full:
        env["LUAHSM_FULL"] = "1"
    if options.valgrind:
        env["LUAHSM_WRAP"] = VALGRIND
    return env


def execute(words, env, seconds):
    """Run one program: (exit status or None when out of time, output)."""
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(words, cwd=TREE, env=env, stdin=subprocess.DEVNULL,
                                   stdout=out, stderr=subprocess.STDOUT)
        try:
            status = process.wait(seconds)
        except BaseException as e:
            # SIGTERM first: a script then takes its servers down.
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if not isinstance(e, subprocess.TimeoutExpired):
                raise
            status = None
        out.seek(0)
        return status, out.read().decode("utf-8", "replace")


def orphans():
    """Kill what a program left behind (it became our child) and count it."""
    count = 0
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
            if pid:
                continue
        except ChildProcessError:
            return count
        with open("/proc/self/task/%d/children" % os.getpid(), encoding="ascii") as f:
            for pid in f.read().split():
                os.kill(int(pid), signal.SIGKILL)
                count += 1
        time.sleep(0.01)


def count(kind, text):
    """The cases in an output: passed, skipped lines, failed lines."""
    passed, skipped, failed, planned = 0, [], [], 0
    for line in text.splitlines():
        plan = PLAN.match(line) if kind == "unit" else None
        found = TAP.search(line) if kind == "unit" else LINE.match(line)
        if plan:
            planned += int(plan.group(1))
        elif not found:
            continue
        elif kind == "unit" and found.group(2) != "- " or found.group(1) == "skipped":
            skipped.append(found.groups()[-1])
        elif found.group(1) == "ok":
            passed += 1
        else:
            failed.append(found.groups()[-1])
    if planned > passed + len(skipped) + len(failed):
        failed.append("%d of %d tests never ran" % (planned - passed - len(skipped) - len(failed), planned))
    return passed, skipped, failed


def one(kind, path, options, scratch):
    """Run a program: the report to print, and its numbers."""
    name = os.path.splitext(os.path.basename(path))[0]
    seconds = timeout(kind, path, options)
    started = time.monotonic()
    status, text = execute(command(kind, path, options, scratch), environment(options, scratch), seconds)
    passed, skipped, failed = count(kind, text)
    if kind == "fuzz" and status == 0:
        passed = 1
    if status is None:
        failed.append("not done within %d s" % seconds)
    elif status != 0 and not failed:
        failed.append("ended with status %d" % status)
    left = orphans()
    if left:
        failed.append("left %d processes behind" % left)
    report = ["%-5s %-24s %s%s%s, %.1f s" % (
        kind, name, "%d passed" % passed, ", %d failed" % len(failed) if failed else "",
        ", %d skipped" % len(skipped) if skipped else "", time.monotonic() - started)]
    report += ["    skipped - " + why for why in skipped]
    report += ["    not ok - " + why[:400] for why in failed]
    if failed:
        lines = [line for line in text.splitlines() if not line.startswith(("ok ", "not ok - "))]
        report += ["    | " + line[:200] for line in lines[-30:]]
    return "\n".join(report), passed, len(failed), len(skipped)


def in_scratch(job):
    """Run a program with a folder of its own, in a process that can be shared by none."""
    kind, path, options = job
    scratch = tempfile.mkdtemp(prefix="luahsm-")
    os.chmod(scratch, 0o711)  # tests that are somebody else have to get to their sockets
    try:
        return one(kind, path, options, scratch)
    finally:
        orphans()
        shutil.rmtree(scratch, ignore_errors=True)


def end(*_):
    """SIGTERM: out through every `finally`, once."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(143)


def adopt():
    """What a program leaves behind becomes the child of this process, see orphans()."""
    PR_SET_CHILD_SUBREAPER = 36
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def run(jobs, programs_, options):
    """The sums of (passed, failed, skipped) of programs that run `jobs` at a time."""
    total = [0, 0, 0]
    if not programs_:
        return total
    with multiprocessing.Pool(jobs, adopt) as pool:
        work = [(kind, path, options) for kind, path in programs_]
        for report, *numbers in pool.imap_unordered(in_scratch, work, 1):
            print(report, flush=True)
            total = [a + b for a, b in zip(total, numbers)]
        pool.close()
        pool.join()
    return total


def main():
    parser = argparse.ArgumentParser(description="Run the tests and add up their cases.")
    parser.add_argument("--build", default="build")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--valgrind", action="store_true")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("what", nargs="*")
    options = parser.parse_args()
    options.build = os.path.abspath(options.build)
    chosen = programs(options.build, options.what)
    if any(kind == "run" for kind, _ in chosen) and \
            not os.access(os.path.join(options.build, "luahsm"), os.X_OK):
        sys.exit("driver: there is no %s/luahsm; build it first" % options.build)
    signal.signal(signal.SIGTERM, end)
    together = run(options.jobs, [p for p in chosen if not alone(*p)], options)
    by_itself = run(1, [p for p in chosen if alone(*p)], options)
    total = [a + b for a, b in zip(together, by_itself)]
    print("%d passed, %d failed%s" % (total[0], total[1], ", %d skipped" % total[2] if total[2] else ""))
    sys.exit(1 if total[1] or not total[0] else 0)


if __name__ == "__main__":
    main()
