#!/usr/bin/env python3
"""Idle connections are cheap: resident memory of each, and of those that have sent half a message."""
# alone
import socket
import time

import harness as h

COUNT = 10000 if h.FULL else 2000
LIMIT = 12000
MOST_KIB = 8


def hosts(s, count):
    """So many connections, each of which has been served once."""
    ask, reply, found = h.frame(b"headNC"), h.frame(b"headND0026860400000000000007-E000"), []
    for _ in range(count):
        c = socket.create_connection(("127.0.0.1", s.port), 10 * h.SLOW)
        found.append(c)
        c.sendall(ask)
        h.equal(c.recv(100), reply)
    return found


def settle(s, workers):
    """Until every process there will be is there and at rest."""
    s.settle()
    leave(hosts(s, 10 * workers))
    time.sleep(0.5)


def leave(socks):
    for c in socks:
        c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        c.close()


@h.case("%d idle connections: at most %d KiB each, resident in all processes" % (COUNT, MOST_KIB))
def _():
    h.need_files(LIMIT + 200)
    with h.Server(workers=2, settings={"limits.connections": LIMIT}) as s:
        settle(s, 2)
        before = s.memory()
        socks = hosts(s, COUNT)
        h.equal(s.figures()["connections"], COUNT)
        total = s.memory()
        leave(socks)
        h.until("they are gone", lambda: s.figures()["connections"] == 0)
        after = s.memory()
        print("# %.2f KiB each, %.2f KiB with the processes themselves; %.2f KiB of each are kept afterwards"
              % ((total - before) / COUNT, total / COUNT, (after - before) / COUNT))
        if h.SLOW == 1:
            # a smaller number would have to carry the processes, too
            h.ok(not h.FULL or total / COUNT <= MOST_KIB, "%.1f KiB each" % (total / COUNT))
            h.ok((total - before) / COUNT <= 2, "%.1f KiB more for each" % ((total - before) / COUNT))
        # whoever comes next finds what was given back
        socks = hosts(s, COUNT)
        again = s.memory()
        leave(socks)
        h.ok(h.SLOW > 1 or again - total < COUNT / 10, "%d KiB more the second time" % (again - total))


@h.case("half a message holds what it has sent, and gives it back")
def _():
    h.need_files(1000)
    with h.Server() as s:
        settle(s, 1)
        socks = hosts(s, 500)
        before = s.memory()
        for c in socks:
            c.sendall(b"\0\x20headB2")
        h.until("a worker has read it all", lambda: s.figures()["workers"][0]["bytes_in"] >= 500 * 16)
        half = s.memory()
        for c in socks:
            c.sendall(b"0" * 26)
            h.ok(c.recv(100), "no answer")
        after = s.memory()
        leave(socks)
        print("# %.1f KiB each with half a message, %.1f KiB afterwards"
              % ((half - before) / 500, (after - before) / 500))
        h.ok(h.SLOW > 1 or half - before <= 500 * MOST_KIB, "%.1f KiB each" % ((half - before) / 500))
        # some blocks are kept to be used again
        h.ok(h.SLOW > 1 or after - before <= 1024, "%d KiB are not given back" % (after - before))


h.main()
