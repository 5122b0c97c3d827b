#!/usr/bin/env python3
"""Keys that leave one server and come into another under another LMK, in every scheme."""
import harness as h

# One ZMK under the LMKs of both servers, and an AES one. The blocks were made with a model
# in Python, but for the AES one under 01, which a payShield made.
ZMK_00 = b"U04A3A0285B653284CB52D0F5C1E3E835"
ZMK_02 = (b"S0007252TN00S00021BF162CBD9CE516165EEE1E2D5EFC122CB2672BE86BCB94"
          b"4C1D17DE1")
ZMK_05 = (b"S1009652TN00S00050B2009720FCE091B307BB152F6DD6D6B4279F0097791CFB"
          b"9CBA76682C7B12C1FE0B129498CB15ADF")
AES_01 = (b"S10128K0AN00S00014992CC54DBFA719AB7A7737F6A5DEE252384B03176F5A08"
          b"BB75EAF35F37C4CD86A0D7BD141A9BC6F77C9D81191A5F3E639AFC53C26D5325F")
AES_05 = (b"S10128K0AN00S0005F34BA92386E89DA39AA7A8EE3AF58071A083A3B717DF0E5"
          b"FF61B84631837D7E275CCA8FD4DF9A58444F82752687632EF22AC8BFF38EC8911")

OTHER = ("--lmk", "00=test-variant", "--lmk", "05=test-aes-kb")
ON = {"authorised": "true"}


def call(client, message, code=b"00"):
    """The reply behind its two codes."""
    reply = client.call(message)
    h.equal(reply[2:4], code, "%r answered %r" % (message[:60], reply))
    return reply[4:]


def field_length(reply):
    """Characters of the key field that starts a reply."""
    if reply[:1] in b"SR":
        return 1 + int(reply[2:6])
    return {b"U": 33, b"X": 33, b"T": 49, b"Y": 49}.get(reply[:1], 16)


def made(client, attributes, lmk):
    """A new key under that LMK, and its check value."""
    reply = call(client, b"A00FFFS%" + lmk + b"#" + attributes)
    n = field_length(reply)
    return reply[:n], reply[n:]


def moved(attributes, zmk, lmk, how, into):
    """Make a key on one server, export it, import it on the other: the check value stays."""
    scheme, tail = how
    kind, other_zmk, other_scheme, other_tail = into
    with h.Server(settings=ON) as one, h.Server(*OTHER, settings=ON) as two:
        with one.tcp() as a, two.tcp() as b:
            key, kcv = made(a, attributes, lmk)
            sent = call(a, b"A8FFF" + zmk + key + scheme + b"%" + lmk + tail)
            n = field_length(sent)
            h.equal(sent[n:], kcv, "check value on export")
            h.equal(sent[:1], scheme, "scheme")
            got = call(b, b"A6" + kind + other_zmk + sent[:n] + other_scheme + other_tail)
            n = field_length(got)
            h.equal(got[n:], kcv, "check value on import")
            h.equal(call(b, b"BU" + (b"FFF" if other_scheme == b"S" else b"FF1") + got[:n] + b";" +
                         kind + b";001" + other_tail[:3]), kcv, "check value of what was imported")


@h.case("S: from a 3DES key block LMK to an AES one")
def _():
    moved(b"72T2N00S00", ZMK_02, b"02", (b"S", b""), (b"FFF", ZMK_05, b"S", b"%05"))


@h.case("R version B: from a 3DES key block LMK to a variant one")
def _():
    moved(b"72T2N00S00", ZMK_02, b"02", (b"R", b"!B"), (b"001", ZMK_00, b"U", b""))


@h.case("R version B: from a 3DES key block LMK to an AES one, with its usage back")
def _():
    moved(b"71T2B00S00", ZMK_02, b"02", (b"R", b"!B"), (b"FFF", ZMK_05, b"S", b"%05#7100"))


@h.case("U: from a 3DES key block LMK to a variant one")
def _():
    moved(b"72T2N00S00", ZMK_02, b"02", (b"U", b""), (b"001", ZMK_00, b"U", b""))


@h.case("X: from a 3DES key block LMK to an AES one")
def _():
    moved(b"C0T2C00S00", ZMK_02, b"02", (b"X", b""), (b"FFF", ZMK_05, b"S", b"%05#C0C00S00"))


@h.case("R version D: under an AES ZMK, to another identifier")
def _():
    moved(b"D0A3B00E00", AES_01, b"01", (b"R", b"!D"), (b"FFF", AES_05, b"S", b"%05"))


@h.case("an R block with one character changed stays outside")
def _():
    with h.Server(settings=ON) as s, s.tcp() as c:
        key, _ = made(c, b"72T2N00S00", b"02")
        sent = call(c, b"A8FFF" + ZMK_02 + key + b"R%02!B")
        block = bytearray(sent[:field_length(sent)])
        for i in range(len(block)):
            old = block[i]
            block[i] = ord("1") if old == ord("0") else ord("0")
            reply = c.call(b"A6FFF" + ZMK_02 + bytes(block) + b"S%02")
            h.equal(reply[2:4] == b"00", False, "character %d: %r" % (i, reply))
            block[i] = old
        call(c, b"A6FFF" + ZMK_02 + bytes(block) + b"S%02")


@h.case("an erased old LMK is erased for every worker")
def _():
    settings = dict(ON, **{"lmk.old": "sim-old"})
    with h.Server(settings=settings, workers=2) as s:
        clients = [s.tcp() for _ in range(4)]
        for c in clients:
            call(c, b"GEU84D033F2E5F7054AB28FBF5F90A716CA")
        call(clients[0], b"BS")
        for c in clients:
            call(c, b"GEU84D033F2E5F7054AB28FBF5F90A716CA", b"33")
            c.close()


h.main()
