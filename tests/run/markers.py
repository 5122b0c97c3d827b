#!/usr/bin/env python3
"""Clear keys and PINs are in the slab while they are used, and nowhere afterwards.

The memory of every process of a server is searched, as root, while marker
keys and a marker PIN go through CA, CC and A0, and after that.
"""
# alone
import os
import re
import threading
import time

import harness as h
import keys

KEY = bytes.fromhex("4F9DE32A61B6C83D7A0416E9B5D0F86B")  # odd parity
PIN = "739128465017"
ACCOUNT = b"550000025321"
SECONDS = 20 if h.FULL else 4

# What would give them away: the bytes, either half of the key, their hexadecimal text,
# digits as text, as values, or packed two to a byte as in a PIN block.
MARKERS = {
    "key": KEY, "left half of the key": KEY[:8], "right half of the key": KEY[8:],
    "key in hexadecimal": KEY.hex().upper().encode(), "key in lower case": KEY.hex().encode(),
    "PIN": PIN.encode(), "PIN as numbers": bytes(map(int, PIN)), "PIN, packed": bytes.fromhex(PIN),
}


def requests():
    """CA, CC with the PIN in blocks of format 05 and 03, and A0 with the key as ZMK."""
    tpk, zpk, zmk = (keys.under_lmk(KEY, kind) for kind in ("002", "001", "000"))
    iso1 = keys.encrypt(KEY, bytes.fromhex("1C" + PIN + "A5")).hex().upper().encode()
    ibm = keys.encrypt(KEY, bytes.fromhex(PIN + "FFFF")).hex().upper().encode()
    return [b"CA" + tpk + zpk + b"12" + iso1 + b"0503" + ACCOUNT,
            b"CC" + zpk + zpk + b"12" + ibm + b"0305" + ACCOUNT,
            b"CC" + zpk + zpk + b"12" + ibm + b"0301" + ACCOUNT,
            b"A01001U" + zmk + b"X"]


def regions(pid):
    """Readable private memory: (start, end, is it locked and kept out of core files)."""
    found, at = [], None
    with open("/proc/%d/smaps" % pid) as f:
        for line in f:
            m = re.match(r"([0-9a-f]+)-([0-9a-f]+) (\S+)", line)
            if m:
                at = (int(m.group(1), 16), int(m.group(2), 16), m.group(3))
            elif line.startswith("VmFlags:") and at[2].startswith("r") and "s" not in at[2]:
                flags = line.split()[1:]
                found.append((at[0], at[1], "lo" in flags and "dd" in flags))
    return found


def search(pid, everywhere):
    """Where markers are outside of guarded memory (or anywhere): a list of texts."""
    found = []
    with open("/proc/%d/mem" % pid, "rb", 0) as mem:
        for start, end, guarded in regions(pid):
            if guarded and not everywhere:
                continue
            try:
                mem.seek(start)
                data = mem.read(end - start)
            except (OSError, ValueError, OverflowError):
                continue  # guard pages, vsyscall, or gone meanwhile
            found += ["%s at %x of %d" % (name, start + data.find(marker), pid)
                      for name, marker in MARKERS.items() if marker in data]
    return found


class Traffic(threading.Thread):
    """Sends the requests again and again until told to stop."""

    def __init__(self, server):
        super().__init__(daemon=True)
        self.client, self.bodies = server.tcp(), requests()
        self.stopped, self.answers = False, 0
        for body, reply in zip(self.bodies, self.client.pipeline(self.bodies)):
            h.equal(reply[2:4], b"00", "reply to %s" % body[:2])

    def run(self):
        while not self.stopped:
            self.answers += len(self.client.pipeline(self.bodies * 16))


def guarded_size(s):
    return sum(end - start for pid in s.children() for start, end, guarded in regions(pid) if guarded)


@h.case("marker key and PIN: only in the slab under load, nowhere after it")
def _():
    if os.geteuid() != 0:
        h.skip("only root may read another process's memory")
    if h.SLOW > 1:
        h.skip("sanitizers and valgrind keep copies of their own")
    with h.Server(settings={"authorised": "true"}) as s:
        h.ok(guarded_size(s) > 0, "no memory is both locked and kept out of core files")
        traffic, scans = Traffic(s), 0
        try:
            search(s.children()[0], False)
        except PermissionError:
            h.skip("/proc/PID/mem can't be read here")
        traffic.start()
        seen, end = 0, time.monotonic() + SECONDS
        while time.monotonic() < end:
            for pid in s.pids():
                h.equal(search(pid, False), [], "markers outside the slab")
                seen += len(search(pid, True)) > 0
                scans += 1
        traffic.stopped = True
        traffic.join(10)
        traffic.client.close()
        h.ok(seen > 0, "the search never saw the key in the slab: it proves nothing")
        found = lambda: [f for pid in s.pids() for f in search(pid, True)]
        h.until("opened keys are forgotten", lambda: not found(), 5)
        print("# %d searches during %d answers" % (scans, traffic.answers))


h.main()
