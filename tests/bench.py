#!/usr/bin/env python3
"""Requests per second of NC and CA, with one worker, beside Redis in the same run.

    tests/bench.py [--build DIR] [--seconds N] [--connections 1,50,500] [--depth 1,16]

A row is one number of connections and one pipelining depth. What is compared
runs one after the other: NC and PING, the cheapest request of each; NC and
EVAL of a constant script, the cheapest that runs Lua. luahsm checks every reply,
redis-benchmark checks none. A bare triple DES block, by `openssl speed`, says
how fast this machine is; CA needs six. Trust the ratios, not the figures.
"""
import argparse
import csv
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

TREE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def arguments():
    parser = argparse.ArgumentParser(description="Requests per second, beside Redis.")
    parser.add_argument("--build", default=os.path.join(TREE, "build"))
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--connections", default="1,50,500")
    parser.add_argument("--depth", default="1,16")
    return parser.parse_args()


class Luahsm:
    """One server with one worker."""

    def __init__(self, harness):
        self.server = harness.Server(workers=1)

    def measure(self, code, connections, depth, seconds):
        """Requests per second and p99 in ms."""
        r = self.server.cli("bench", "--json", "--mix", code, "--port", self.server.port,
                            "--connections", connections, "--depth", depth,
                            "--duration", seconds, timeout=seconds + 60)
        if r.returncode != 0:
            sys.exit("luahsm bench %s: %s%s" % (code, r.stdout, r.stderr))
        figures = json.loads(r.stdout)
        return figures["requests_per_second"], figures["latency_ns"]["p99"] / 1e6


class Redis:
    """A Redis server without persistence, on a free port."""

    COMMANDS = {"PING": ["PING"], "EVAL": ["EVAL", "return 'ND00'", "0"]}

    def __init__(self, port):
        self.port = port
        self.dir = tempfile.mkdtemp(prefix="luahsm-redis-")
        self.process = subprocess.Popen(
            ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "",
             "--appendonly", "no", "--dir", self.dir], stdout=subprocess.DEVNULL)
        time.sleep(0.5)

    def once(self, command, connections, depth, requests):
        out = subprocess.run(
            ["redis-benchmark", "-p", str(self.port), "-c", str(connections), "-P", str(depth),
             "-n", str(requests), "--csv"] + self.COMMANDS[command],
            stdout=subprocess.PIPE, check=True, text=True).stdout
        return float(next(csv.DictReader(out.splitlines()))["rps"])

    def measure(self, command, connections, depth, seconds):
        """A short run finds out how many requests last so long."""
        rate = self.once(command, connections, depth, 20000)
        return self.once(command, connections, depth, int(max(20000, rate * seconds)))

    def stop(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.dir, ignore_errors=True)


def des_block():
    """Nanoseconds of one block of two-key triple DES, or None."""
    if not shutil.which("openssl"):
        return None
    r = subprocess.run(["openssl", "speed", "-seconds", "1", "-bytes", "8", "-evp", "des-ede"],
                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    figure = re.search(r"^des-ede\S*\s+([\d.]+)k", r.stdout, re.M | re.I)
    return 8e9 / (float(figure.group(1)) * 1000) if figure else None


def count(rate):
    return "%d" % rate if rate is not None else "-"


def ratio(a, b):
    return "%.2f" % (a / b) if a and b else "-"


def main():
    options = arguments()
    os.environ["LUAHSM"] = os.path.join(os.path.abspath(options.build), "luahsm")
    sys.path.insert(0, os.path.join(TREE, "tests", "run"))
    import harness

    redis = Redis(harness.free_port()) if shutil.which("redis-benchmark") else None
    if not redis:
        print("skipped: Redis, which is not installed (make deps-ci)")
    block = des_block()
    print("%d CPUs, load %.1f, a triple DES block %s" % (
        os.cpu_count(), os.getloadavg()[0], "%.0f ns" % block if block else "not measured"))
    print("%5s %5s %9s %9s %9s %8s %8s %9s %9s %9s" % (
        "conns", "depth", "NC/s", "PING/s", "EVAL/s", "NC:PING", "NC:EVAL", "CA/s", "NC p99 ms",
        "CA p99 ms"), flush=True)
    luahsm = Luahsm(harness)
    with luahsm.server:
        try:
            for depth in map(int, options.depth.split(",")):
                for connections in map(int, options.connections.split(",")):
                    at = (connections, depth, options.seconds)
                    nc, nc_p99 = luahsm.measure("NC", *at)
                    ping = redis and redis.measure("PING", *at)
                    ev = redis and redis.measure("EVAL", *at)
                    ca, ca_p99 = luahsm.measure("CA", *at)
                    print("%5d %5d %9s %9s %9s %8s %8s %9s %9.2f %9.2f" % (
                        connections, depth, count(nc), count(ping), count(ev), ratio(nc, ping),
                        ratio(nc, ev), count(ca), nc_p99, ca_p99), flush=True)
        finally:
            if redis:
                redis.stop()


main()
