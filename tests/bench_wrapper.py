#!/usr/bin/env python3
"""What a call of sigstore-kms-luahsm costs, and what 50 signers at once get.

    tests/bench_wrapper.py [--build DIR] [--rounds N] [--clients N] [--seconds N]

The first table: wall time of one call, beside an empty static C program, a
wrapper in shell and netcat, and a plug-in program in Go on sigstore's own
helper package (tests/cosign/sample). All in turn, round after round, so that
what else the machine does hits them alike. publicKey is a call without a
signature. The second: so many clients that sign with one ecdsa-p256 key without
a pause, the daemon's processor time for each signature, and that of the bare
call of the library.
"""
import argparse
import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile

TREE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TICK = os.sysconf("SC_CLK_TCK")


def arguments():
    parser = argparse.ArgumentParser(description="What a call of sigstore-kms-luahsm costs.")
    parser.add_argument("--build", default=os.path.join(TREE, "build"))
    parser.add_argument("--rounds", type=int, default=500)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=10)
    return parser.parse_args()


def compile_tools(folder):
    """The empty program and the clock."""
    empty, clock = os.path.join(folder, "empty"), os.path.join(folder, "bench_wrapper")
    subprocess.run(["cc", "-O2", "-static", "-o", empty, "-xc", "-"], input=b"int main(void) { return 0; }",
                   check=True)
    subprocess.run(["cc", "-O2", "-o", clock, os.path.join(TREE, "tests", "bench_wrapper.c"), "-lcrypto"], check=True)
    return empty, clock


def request(method, key):
    document = {"initOptions": {"protocolVersion": "v1", "keyResourceID": key, "hashFunc": 5}, "methodName": method}
    if method == "createKey":
        document[method] = {"algorithm": "rsa-2048" if key.startswith("/") else "ecdsa-p256"}
    elif method == "signMessage":
        digest = base64.b64encode(hashlib.sha256(b"message").digest()).decode()
        document[method] = {"signOptions": {"messageOptions": {"digest": digest}}}
    else:
        document[method] = {method + "Options": {}}
    return ["v1", json.dumps(document)]


def run(command, env):
    r = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, check=False)
    if r.returncode != 0:
        sys.exit("%s: status %d, %s" % (" ".join(command[:2]), r.returncode, r.stdout))
    return r.stdout


def rows(build, folder, empty):
    """[(name, command)...] of what can be run here."""
    found = [("empty static C program", [empty])]
    wrapper = os.path.join(build, "sigstore-kms-luahsm")
    shell = os.path.join(TREE, "tests", "bench_wrapper.sh")
    sample = os.path.join(build, "cosign", "sigstore-kms-sample")
    for method in "publicKey", "signMessage":
        found.append((method + ", sigstore-kms-luahsm", [wrapper, *request(method, "bench")]))
        if shutil.which("nc"):
            found.append((method + ", shell and netcat", [shell, *request(method, "bench")]))
        if os.access(sample, os.X_OK):
            found.append((method + ", Go sample", [sample, *request(method, os.path.join(folder, "key.pem"))]))
    for missing in [x for x, there in (("nc", shutil.which("nc")), ("the Go sample (make cosign)",
                                                                    os.access(sample, os.X_OK))) if not there]:
        print("not measured: %s is not there" % missing)
    return found


def serial(clock, table, rounds, env):
    command = [clock, "serial", str(rounds)]
    for _, words in table:
        command += ["--", *words]
    figures = [list(map(int, line.split())) for line in run(command, env).splitlines()]
    print("wall time of one call, %d rounds          median us     p99 us   against empty" % rounds)
    for (name, _), (median, p99, _) in zip(table, figures):
        print("%-40s %10d %10d %15.2f" % (name, median, p99, median / figures[0][0]))


def ticks(pids):
    """Processor seconds of these processes."""
    total = 0
    for pid in pids:
        with open("/proc/%d/stat" % pid) as f:
            fields = f.read().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICK


def parallel(clock, server, wrapper, clients, seconds, env):
    pids = server.pids()
    before = ticks(pids)
    calls, failures, median, p99 = map(int, run(
        [clock, "parallel", str(clients), str(seconds), "--", wrapper, *request("signMessage", "bench")],
        env).split())
    used = ticks(pids) - before
    _, bare = run([clock, "bare", str(max(seconds // 5, 1))], env).split()
    print("\n%d clients for %d s: %d signatures, %.0f per second, %d errors" % (
        clients, seconds, calls, calls / seconds, failures))
    print("latency of a call                median %.1f ms, p99 %.1f ms" % (median / 1000, p99 / 1000))
    print("processor time per signature     daemon %.0f us, bare library call %s us" % (used / calls * 1e6, bare))
    return failures


def main():
    a = arguments()
    build = os.path.abspath(a.build)
    os.environ["LUAHSM"] = os.path.join(build, "luahsm")
    sys.path.insert(0, os.path.join(TREE, "tests", "run"))
    import harness
    with tempfile.TemporaryDirectory() as folder, harness.Server(port=False) as server:
        env = dict(harness.ENVIRONMENT, **server.env, LUAHSM_SOCKET=server.socket, LUAHSM_AUTOSTART="0")
        empty, clock = compile_tools(folder)
        table = rows(build, folder, empty)
        wrapper = table[1][1][0]
        run([wrapper, *request("createKey", "bench")], env)
        if any("Go" in name for name, _ in table):
            sample = [words for name, words in table if "Go" in name][0]
            run([sample[0], *request("createKey", os.path.join(folder, "key.pem"))], env)
        serial(clock, table, a.rounds, env)
        failures = parallel(clock, server, wrapper, a.clients, a.seconds, env)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
