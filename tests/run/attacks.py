#!/usr/bin/env python3
"""Attacks on PINs over the host interface, A1 to A5 and A20 of the threat tables.

Each works against a server of the test profile, with its number of calls printed, and fails against a strict one
with the same keys under an LMK of its own. The attacker has what a host has: key fields, PIN blocks that he has seen,
and a terminal of his own whose key he knows.
"""
import itertools
import os
import random
import re
import shutil
import signal
import statistics
import time

import harness as h
import payment
import unprivileged

STANDARD = "0123456789012345"
VALIDATION = "12345678901N"
ZPK, TPK = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210"), bytes.fromhex("1334577991B3D5F71F3D5B7998BADCFE")
PVK, BDK = bytes.fromhex("2315208C9110AD40B0C1D3E5F7081A2C"), bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
ZPK, TPK, PVK = map(payment.fix_parity, (ZPK, TPK, PVK))
KEYS = {"zpk": (0x001, ZPK), "tpk": (0x002, TPK), "pvk": (0x002, PVK), "pvk1": (0x002, PVK[:8]), "bdk": (0x009, BDK),
        "smi": (0x209, BDK), "smc": (0x309, BDK), "ac": (0x109, BDK)}

TOP = unprivileged.become()
# The commands that are needed here, and nothing else to prove at each start.
FOLDER = os.path.join(TOP, "few")
os.mkdir(FOLDER)
for code in "BA BE BK CC CU DC DU EA EC FW G0 JC JE JG KU KY LA NC".split():
    shutil.copy(os.path.join(h.PLUGINS, code + ".lua"), FOLDER)
STRICT = {"lmk.vault": os.path.join(TOP, "lmk.vault"), "lmk.passphrase_file": os.path.join(TOP, "passphrase"),
          "strict.variant_lmk": "true", "address": "127.0.0.1"}


class Fields(dict):
    """The key fields under one LMK, by attribute."""

    __getattr__ = dict.__getitem__


def make_vault(strict, scheme):
    """With an LMK of our own."""
    with open(strict["lmk.passphrase_file"], "w", encoding="utf-8") as f:
        f.write("correct horse battery staple\n")
    r = h.run("lmk", "generate", "--name", "own", "--scheme", scheme, "--passphrase-file",
              strict["lmk.passphrase_file"], "--vault", strict["lmk.vault"])
    h.equal(r.returncode, 0, r.stderr)


def import_key(strict, kind, key, *more, lmk="own"):
    """Its field under that LMK."""
    settings = [word for name, value in strict.items() for word in ("--set", "%s=%s" % (name, value))]
    r = h.run("keys", "import", "--type", kind, "--key", key.hex(), "--lmk", lmk, *more, *settings)
    h.equal(r.returncode, 0, r.stderr)
    return re.search("^key +([0-9A-Z]+)$", r.stdout, re.M).group(1)


def strict_fields():
    """The keys under an LMK of our own."""
    make_vault(STRICT, "variant")
    found = Fields()
    for name, (kind, key) in KEYS.items():
        kind = "70D" if name == "tpk" else "%03X" % kind    # strict keeps terminals' keys apart
        found[name] = import_key(STRICT, kind, key)
    return found


# A strict server with an AES LMK.
STRICT_AES = dict(STRICT, **{"lmk.vault": os.path.join(TOP, "aes.vault")})
del STRICT_AES["strict.variant_lmk"]
make_vault(STRICT_AES, "aes-kb")

TEST_FIELDS = Fields({name: payment.seal_key(kind, key) for name, (kind, key) in KEYS.items()})
STRICT_FIELDS = strict_fields()
f = TEST_FIELDS


def test_server(**more):
    """A keyword's name is a setting's after pin."""
    global f
    f = TEST_FIELDS
    settings = {"authorised": "true", "pin.decimalisation_table": "plaintext"}
    return h.Server(settings=dict(settings, **{"pin." + name: value for name, value in more.items()}), plugins=FOLDER)


def strict_server(workers=1, **more):
    """A keyword's name is a setting's after pin."""
    global f
    f = STRICT_FIELDS
    settings = dict(STRICT, **{"pin." + name: value for name, value in more.items()})
    return unprivileged.server(settings=settings, workers=workers, plugins=FOLDER)


def tell(text):
    print("  " + text, flush=True)


def zone_block(pin, account):
    """What the attacker has seen on a line: a PIN that he does not know, under the ZPK."""
    return payment.encrypt(ZPK, payment.pin_block(pin, account)).hex().upper()


def terminal_block(pin, account):
    """What his own terminal makes of a PIN."""
    return payment.encrypt(TPK, payment.pin_block(pin, account)).hex().upper()


class Victim:
    """A card with a PIN, and what stands in the issuer's database about it."""

    def __init__(self, seed):
        dice = random.Random(seed)
        self.account = "".join(dice.choice("0123456789") for _ in range(12))
        self.pin = "".join(dice.choice("0123456789") for _ in range(4))
        self.block = zone_block(self.pin, self.account)
        self.pvv = payment.pvv(PVK, self.pin, self.account, "1")
        natural = payment.natural_pin(PVK[:8], 4, self.account, STANDARD, VALIDATION)
        self.offset = "".join(str((int(p) - int(n)) % 10) for p, n in zip(self.pin, natural))


# --- A1 --------------------------------------------------------------------

def digit_masks():
    """For each place and digit, the natural PINs with that digit there, as bits of a number."""
    masks = [[0] * 10 for _ in range(4)]
    for number in range(10000):
        for place, digit in enumerate("%04d" % number):
            masks[place][int(digit)] |= 1 << number
    return masks


MASKS = digit_masks()


def good_table(table):
    """Would it pass for a table? Eight different digits, none more than four times."""
    counts = [table.count(d) for d in set(table)]
    return len(counts) >= 8 and max(counts) <= 4


def questions(dice, count):
    """Tables in which some digits are moved, and which of an offset's places move along."""
    found = []
    while len(found) < count:
        moved = dice.sample(range(10), dice.choice((1, 2, 2, 2, 3)))
        by = dice.randrange(1, 10)
        table = "".join(str((int(d) + by) % 10) if int(d) in moved else d for d in STANDARD)
        if good_table(table):
            found.append((table, moved, by, dice.randrange(16) if dice.random() < 0.8 else 0))
    return found


def agreeing(question):
    """The natural PINs for which the answer to a question is yes."""
    _, moved, _, places = question
    inside = [sum(mask[d] for d in moved) for mask in MASKS]
    everything = (1 << 10000) - 1
    for place in range(4):
        everything &= inside[place] if places >> place & 1 else ~inside[place]
    return everything


def ask_table(c, victim, question):
    table, _, by, places = question
    offset = "".join(str((int(d) - (by if places >> i & 1 else 0)) % 10) for i, d in enumerate(victim.offset))
    return c.call(("EA" + f.zpk + f.pvk1 + "12" + victim.block + "0104" + victim.account + table + VALIDATION +
                   offset.ljust(12, "F")).encode())


def find_pin_by_tables(c, victim, dice):
    """(PIN, calls); (None, calls) when an answer is neither yes nor no."""
    left, calls = (1 << 10000) - 1, 0
    while left.bit_count() > 1:
        best = min(questions(dice, 400),
                   key=lambda q: abs(2 * (left & agreeing(q)).bit_count() - left.bit_count()))
        calls += 1
        reply = ask_table(c, victim, best)
        if reply not in (b"EB00", b"EB01"):
            return None, calls, reply
        left &= agreeing(best) if reply == b"EB00" else ~agreeing(best)
    natural = "%04d" % (left.bit_length() - 1)
    return payment.add_offset(natural, victim.offset), calls, reply


@h.case("A1: by tables of his own a host finds a PIN in about 15 calls")
def _():
    dice, count = random.Random(1), 200 if h.FULL else 12
    with test_server() as s, s.tcp() as c:
        calls = []
        for seed in range(count):
            victim = Victim(seed)
            pin, n, _ = find_pin_by_tables(c, victim, dice)
            h.equal(pin, victim.pin)
            calls.append(n)
        mean = statistics.mean(calls)
        tell("A1: %d PINs, %.2f calls each on average, %d at most" % (count, mean, max(calls)))
        h.ok(mean < 20, "%.2f calls" % mean)
        h.equal(ask_table(c, victim, ("0" * 15 + "1", [], 0, 0)), b"EB25", "a table of two digits")


@h.case("A1: strict takes no table that a host can make")
def _():
    with strict_server() as s, s.tcp() as c:
        found = find_pin_by_tables(c, Victim(1), random.Random(1))
        h.equal(found, (None, 1, b"EB25"))


@h.case("A1: strict takes none from user storage, either")
def _():
    victim = Victim(1)
    request = "EA" + "%s" + "12" + victim.block + "0104" + victim.account + "K000" + VALIDATION + victim.offset
    for server, code in ((test_server, b"00"), (strict_server, b"25")):
        with server() as s, s.tcp() as c:
            h.equal(c.call(("LAK00001" + STANDARD).encode()), b"LB00")
            h.equal(c.call((request % (f.zpk + f.pvk1) + "FFFFFFFF").encode())[2:], code)


# --- A2 --------------------------------------------------------------------

def dc(block, victim, pvv=None):
    return ("DC" + f.tpk + f.pvk + block + "01" + victim.account + "1" + (pvv or victim.pvv)).encode()


def ec(victim, pvv):
    return ("EC" + f.zpk + f.pvk + victim.block + "01" + victim.account + "1" + pvv).encode()


def search(c, requests):
    """Send them all until one is right: (its index or None, how many were judged)."""
    judged = 0
    for start in range(0, len(requests), 100):
        for i, reply in enumerate(c.pipeline(requests[start:start + 100]), start):
            judged += reply[2:] in (b"00", b"01")
            if reply[2:] == b"00":
                return i, judged
    return None, judged


def all_pins(victim):
    return [dc(terminal_block("%04d" % n, victim.account), victim) for n in range(10000)]


@h.case("A2: verifying commands tell a PIN, and a PVV, in 10,000 calls at most")
def _():
    victim = Victim(2)
    with test_server() as s, s.tcp() as c:
        requests, start = all_pins(victim), time.monotonic()
        found, judged = search(c, requests)
        tell("A2: PIN %s after %d calls, %.2f s" % (found, judged, time.monotonic() - start))
        h.equal(payment.pvv(PVK, "%04d" % found, victim.account, "1"), victim.pvv)
        found, judged = search(c, [ec(victim, "%04d" % n) for n in range(10000)])
        tell("A2: PVV %04d after %d calls" % (found, judged))
        h.equal("%04d" % found, victim.pvv)


@h.case("A2: strict judges ten tries of an account, whoever asks, and survives a worker's death")
def _():
    victim, other = Victim(3), Victim(4)
    with strict_server(workers=2, failures_delay=0) as s:
        s.settle()
        judged = 0
        for requests in (all_pins(victim)[:500], [ec(victim, "%04d" % n) for n in range(500)]):
            with s.tcp() as c:
                found, n = search(c, requests)
                h.equal(found, None)
                judged += n
        tell("A2, strict: %d tries were judged" % judged)
        h.equal(judged, 10)
        h.ok(s.events("account-refused"), "nothing in the log")
        with s.tcp() as c:
            h.equal(c.call(ec(victim, victim.pvv)), b"ED39", "the right one")
            h.equal(c.call(ec(other, other.pvv)), b"ED00", "another account")
        workers = [e["pid"] for e in s.events("worker-ready") if e["pid"] in s.children()]
        for worker in workers:
            os.kill(worker, signal.SIGKILL)
        h.until("they are replaced", lambda: not set(workers) & set(s.children()))
        s.wait_ready()
        with s.tcp() as c:
            h.equal(c.call(ec(victim, victim.pvv)), b"ED39", "after workers died")


@h.case("A2: strict lets an account wait after three")
def _():
    victim = Victim(5)
    wrong = "%04d" % ((int(victim.pvv) + 1) % 10000)
    with strict_server(failures_delay=2) as s, s.tcp() as c:
        h.equal([c.call(ec(victim, wrong)) for _ in range(4)], [b"ED01"] * 3 + [b"ED39"])
        h.until("it may try again", lambda: c.call(ec(victim, victim.pvv)) == b"ED00", 5)


@h.case("A2: many accounts that fail are an alarm")
def _():
    with strict_server(alarm=20) as s, s.tcp() as c:
        for seed in range(25):
            victim = Victim(100 + seed)
            c.call(ec(victim, "%04d" % ((int(victim.pvv) + 1) % 10000)))
        h.until("the alarm", lambda: s.events("pin-alarm"))
        h.ok(len(s.events("pin-alarm")) <= 2, "more than one a minute")


# --- A3 --------------------------------------------------------------------

def dictionary(c, account):
    """What BA makes of every PIN, for one account."""
    replies = c.pipeline([b"BA%04dF%s" % (n, account.encode()) for n in range(10000)])
    return {reply[4:]: "%04d" % n for n, reply in enumerate(replies) if reply[2:4] == b"00"}, replies[0]


@h.case("A3: with clear PINs to encrypt, a dictionary tells every PIN of an account")
def _():
    victim = Victim(6)
    with test_server() as s, s.tcp() as c:
        stored = c.call(("JE" + f.zpk + victim.block + "01" + victim.account).encode())[4:]
        book, _ = dictionary(c, victim.account)
        tell("A3: %d calls for the dictionary, 1 for each PIN" % len(book))
        h.equal(book[stored], victim.pin)


@h.case("A3: strict encrypts no clear PIN, authorised or not")
def _():
    with strict_server() as s, s.tcp() as c:
        h.equal(dictionary(c, Victim(6).account), ({}, b"BB17"))
    with strict_server(clear="true") as s, s.tcp() as c:
        h.equal(dictionary(c, Victim(6).account), ({}, b"BB17"), "not authorised")


# --- A4 --------------------------------------------------------------------

def translate(c, block, account, command="CC"):
    return c.call((command + f.zpk + f.zpk + "12" + block + "0101" + account).encode())


def digits_left(c, victim):
    """What the third and fourth digit can be, from translations with other accounts; and the calls."""
    calls, left = 0, []
    for place in range(2):
        digit = int(victim.account[place])
        possible = set(range(10))
        for other in range(10):
            account = victim.account[:place] + str(other) + victim.account[place + 1:]
            accepted = translate(c, victim.block, account)[2:4] == b"00"
            calls += 1
            possible = {p for p in possible if (p ^ digit ^ other <= 9) == accepted}
        left.append(possible)
    return left, calls


def with_telling_account(seed):
    """One whose first digits are 8, where the attack tells most."""
    victim = Victim(seed)
    victim.account = "88" + victim.account[2:]
    victim.block = zone_block(victim.pin, victim.account)
    return victim


@h.case("A4: translating under other accounts tells digits of a PIN")
def _():
    with test_server() as s, s.tcp() as c:
        sizes = []
        for seed in range(10):
            victim = with_telling_account(seed)
            left, calls = digits_left(c, victim)
            h.ok(all(int(d) in p for d, p in zip(victim.pin[2:], left)), "wrong: %s" % left)
            sizes += [len(p) for p in left]
        mean = statistics.mean(sizes)
        tell("A4: %d calls leave %.1f of 10 values for a digit" % (calls, mean))
        h.ok(mean <= 5, "%.1f values are left" % mean)


@h.case("A4: strict answers a translation alike, whatever the digits are")
def _():
    with strict_server() as s, s.tcp() as c:
        for seed in range(10):
            victim = with_telling_account(seed)
            for place, other in itertools.product(range(2), "0123456789"):
                account = victim.account[:place] + other + victim.account[place + 1:]
                h.equal(translate(c, victim.block, account)[:6], b"CD0004")


@h.case("A4: strict makes no block for another account")
def _():
    victim, ksn = Victim(7), "FFFF9876543210E00001"
    key = payment.dukpt_pin_key(BDK, ksn)
    block = payment.encrypt(key, payment.pin_block(victim.pin, victim.account)).hex().upper()
    more = "A05" + ksn + block + "0101" + victim.account + ";" + "111111111111"
    with test_server() as s, s.tcp() as c:
        h.equal(c.call(("G0" + f.bdk + f.zpk + more).encode())[:6], b"G10004")
    with strict_server() as s, s.tcp() as c:
        h.equal(c.call(("G0" + f.bdk + f.zpk + more).encode()), b"G123")


def other_accounts(victim):
    """His account, and such with another first or second digit."""
    return [victim.account[:place] + digit + victim.account[place + 1:]
            for place in range(2) for digit in "0123456789"]


def mine(account):
    """A PIN change of the attacker's own, up to the new block: his PIN, its PVV and its offset."""
    pin = "2468"
    natural = payment.natural_pin(PVK[:8], 4, account, STANDARD, VALIDATION)
    offset = "".join(str((int(p) - int(n)) % 10) for p, n in zip(pin, natural))
    return zone_block(pin, account), payment.pvv(PVK, pin, account, "1"), offset.ljust(12, "F")


def asking(victim, account):
    """What a host can have done with his block under another account: requests by what they show."""
    block, (own, pvv, offset) = victim.block, mine(account)
    ibm = account + STANDARD + VALIDATION
    message = f.smi.encode() + bytes(16) + b"0004mess;"
    card = b"00040008" + bytes.fromhex(block) + (";0" + f.zpk + "0134" + account).encode()
    return {
        "FW": ("FW001" + f.zpk + f.pvk + block + "01" + account + "1").encode(),
        "CU": ("CU001" + f.zpk + f.pvk + own + "01" + account + "1" + pvv + block).encode(),
        "BK": ("BK001" + f.zpk + f.pvk1 + block + "0104" + ibm).encode(),
        "DU": ("DU001" + f.zpk + f.pvk1 + own + "0104" + ibm + offset + block).encode(),
        "KU": b"KU31" + message + bytes(8) + card,
        "KY": b"KY40" + message + f.smc.encode() + card + f.ac.encode(),
        "JE": ("JE" + f.zpk + block + "01" + account).encode(),
        "CC to 05": ("CC" + f.zpk + f.zpk + "12" + block + "0105" + account).encode(),
    }


def answers(c, victim):
    """The codes that come, by request."""
    found = {}
    for account in other_accounts(victim):
        for name, request in asking(victim, account).items():
            found.setdefault(name, set()).add(c.call(request)[2:4].decode())
    return found


@h.case("A4: no command of strict tells letters from digits, whatever it makes of a PIN")
def _():
    victim = with_telling_account(20)
    with test_server() as s, s.tcp() as c:
        h.equal(answers(c, victim), dict.fromkeys(asking(victim, victim.account), {"00", "20"}))
    # a table that strict takes is not for hosts to make; else this is its setting
    with test_server(one_error="true") as s, s.tcp() as c:
        found = answers(c, victim)
        h.equal((found["BK"], found["DU"]), ({"00"}, {"00"}))
    with strict_server() as s, s.tcp() as c:
        found = answers(c, victim)
        h.equal([found[name] for name in ("FW", "CU", "KU", "KY", "CC to 05")], [{"00"}] * 4 + [{"23"}])


def stored(c, zpk, victim, account):
    """What a host sees of a PIN taken under the LMK, compared there, and put into a block again."""
    place = zpk + victim.block + "01" + account
    taken = c.call(("JE" + place).encode())
    compared = c.call(("BE" + place + taken[4:].decode()).encode())
    again = c.call(("JG" + zpk + "01" + account + taken[4:].decode()).encode())
    return taken[:5], len(taken), compared, again[:4], again[4:].decode() == victim.block


@h.case("A4: nor does a PIN under an AES LMK; other LMKs have no room for letters")
def _():
    victim = with_telling_account(21)
    zpk = import_key(STRICT_AES, "001", ZPK, "--scheme", "S", "--attributes", "72T2N00N00")
    with unprivileged.server(settings=STRICT_AES, plugins=FOLDER) as s, s.tcp() as c:
        h.equal({stored(c, zpk, victim, account) for account in other_accounts(victim)},
                {(b"JF00J", 37, b"BF00", b"JH00", True)})
    with strict_server() as s, s.tcp() as c:
        h.equal(answers(c, victim)["JE"], {"00", "20"})


# --- A5 --------------------------------------------------------------------

@h.case("A5: a PIN that loses its account in format 05 is bound to the attacker's")
def _():
    victim, mine = Victim(8), "111111111111"

    def downgrade(c):
        return c.call(("CC" + f.zpk + f.zpk + "12" + victim.block + "0105" + victim.account).encode())

    with test_server() as s, s.tcp() as c:
        loose = downgrade(c)[6:22].decode()
        bound = c.call(("CC" + f.zpk + f.zpk + "12" + loose + "0501" + mine).encode())[6:22].decode()
        tell("A5: 2 calls")
        h.equal(bound, zone_block(victim.pin, mine))
    with strict_server() as s, s.tcp() as c:
        h.equal(downgrade(c), b"CD23")
        loose = payment.encrypt(ZPK, bytes.fromhex("14" + victim.pin + "0123456789")).hex().upper()
        h.equal(c.call(("FW001" + f.zpk + f.pvk + loose + "05" + mine + "1").encode()), b"FX23", "a PVV of a loose PIN")


# --- A20 -------------------------------------------------------------------

@h.case("A20: counters that no device comes to are taken in test, not in strict")
def _():
    victim, taken = Victim(9), {}
    for server in (test_server, strict_server):
        with server() as s, s.tcp() as c:
            for counter in (0, 1, 0x1FFFFF, 0x1FF800, 0x0FFC01):
                ksn = "%020X" % (0xFFFF9876543210E00000 | counter)
                key = payment.dukpt_pin_key(BDK, ksn)
                block = payment.encrypt(key, payment.pin_block(victim.pin, victim.account)).hex().upper()
                request = "G0" + f.bdk + f.zpk + "A05" + ksn + block + "0101" + victim.account
                taken.setdefault(counter, []).append(c.call(request.encode())[2:4])
    h.equal(taken, {0: [b"00", b"15"], 1: [b"00", b"00"], 0x1FFFFF: [b"00", b"15"], 0x1FF800: [b"00", b"00"],
                    0x0FFC01: [b"00", b"15"]})


def block_4(key, pin, pan):
    """What a terminal with an AES key makes of a PIN."""
    field = bytes.fromhex(("%d%s" % (len(pan) - 12, pan)).ljust(32, "0"))
    text = ("4%X%s" % (len(pin), pin)).ljust(16, "A") + "0123456789ABCDEF"
    return payment.encrypt(key, payment.xor(payment.encrypt(key, bytes.fromhex(text), True), field), True).hex().upper()


@h.case("A20: those of AES DUKPT, too")
def _():
    victim, bdk, taken = Victim(10), bytes.fromhex("FEDCBA9876543210F1F1F1F1F1F1F1F1"), {}
    pan = victim.account + "7"
    for strict, lmk, server in (({}, "test-aes-kb", h.Server), (STRICT_AES, "own", unprivileged.server)):
        fields = [import_key(strict, kind, key, "--scheme", "S", "--attributes", attributes, lmk=lmk)
                  for kind, key, attributes in (("009", bdk, "B0A1X00N00"), ("001", ZPK, "72T2N00N00"))]
        with server(settings=strict, plugins=FOLDER) as s, s.tcp() as c:
            for counter in (0, 1, 0x0000FFFF, 0xFFFF0000, 0x8000FFFF, 0xFFFF0001, 0xFFFFFFFF):
                ksn = "1234567890123456%08X" % counter
                key = payment.dukpt_aes_key(bdk, ksn, 0x1000, 2, 128)
                request = "G0" + "".join(fields) + "808" + ksn + block_4(key, victim.pin, pan) + "4801" + pan + ";"
                request += "" if strict else "%01"
                taken.setdefault(counter, []).append(c.call(request.encode())[2:4])
    good, bad = [b"00", b"00"], [b"00", b"15"]
    h.equal(taken, {0: bad, 1: good, 0x0000FFFF: good, 0xFFFF0000: good, 0x8000FFFF: bad, 0xFFFF0001: bad,
                    0xFFFFFFFF: bad})


h.main()
