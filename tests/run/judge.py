"""Should this request to a verifying command have been answered 00? Read and computed without the sources.

right(request) is True for a request whose PIN or value is the right one, by the pages of the commands, under the
published variant test LMK and the default settings. What it can't read it raises Unread for, with the reason.
"""
import re

import payment

ZPK, PVK, BDK, CVK, MK_AC, MK_CVC3 = 0x001, 0x002, 0x009, 0x402, 0x109, 0x709
TPK = PVK


class Unread(Exception):
    """The request is not what its page says."""


class Reader:
    def __init__(self, request):
        self.text, self.at = request.decode("latin-1"), 2

    def take(self, n, pattern="."):
        piece = self.text[self.at:self.at + n]
        if len(piece) != n or not re.fullmatch("(?s:%s){%d}" % (pattern, n), piece):
            raise Unread("at %d: %r" % (self.at, piece))
        self.at += n
        return piece

    def digits(self, n):
        return self.take(n, "[0-9]")

    def hex(self, n):
        return self.take(n, "[0-9A-F]")

    def upto(self, delimiter):
        end = self.text.find(delimiter, self.at)
        piece, self.at = self.text[self.at:end], end + 1
        if end < 0:
            raise Unread("no %s" % delimiter)
        return piece

    def next(self):
        return self.text[self.at:self.at + 1]

    def key(self, kind, lengths):
        """A key of 1, 2 or 3 parts; a bare one of two where one of one part can't be meant."""
        n = payment.field_length(self.text[self.at:])
        if n == 16 and 1 not in lengths:
            n = 32
        field = self.take(n, "[0-9A-FUXTY]")
        key = payment.open_key(kind, field)
        if not payment.odd(key) or len(key) // 8 not in lengths:
            raise Unread("a key of %d bytes, or of bad parity" % len(key))
        return key

    def account(self, form="01"):
        return self.take(18, "[0-9F]") if form == "04" else self.digits(12)

    def ksn(self):
        descriptor = self.hex(3)
        return self.hex(sum(int(c, 16) for c in descriptor) + 5)

    def optional_account(self):
        if self.next() != ";":
            return None
        self.at += 1
        return self.digits(12)

    def end(self):
        """The LMK identifier and the trailer, then nothing."""
        rest = re.fullmatch(r"(?s)(%00)?(\x19.{0,32})?", self.text[self.at:])
        if not rest:
            raise Unread("left over: %r" % self.text[self.at:])


class Ibm:
    """The fields of the IBM method, which stand in two places."""

    def __init__(self, reader, pvk, length, account):
        self.pvk, self.length, self.account = pvk, length, account
        table = payment.open_table(reader.hex(16))
        if not table.isdigit() or len(set(table)) < 8 or max(map(table.count, table)) > 4:
            raise Unread("the table is %s" % table)
        if reader.next() == "P":
            validation = reader.take(1) + reader.hex(16)
        else:
            validation = reader.take(12, "[0-9A-FN]")
            if validation.count("N") != 1:
                raise Unread("validation data %s" % validation)
        offset = reader.take(12, "[0-9Ff]")
        if not offset[:length].isdigit():
            raise Unread("offset %s" % offset)
        natural = payment.natural_pin(pvk, length, account, table, validation)
        self.pin = payment.add_offset(natural, offset)


def block_of(reader, key, form, account, block):
    pin = payment.block_pin(payment.decrypt(key, bytes.fromhex(block)), form, account)
    if pin is None:
        raise Unread("the block holds no PIN")
    return pin


def read_block(reader, key):
    """Block, format and account, one behind the other: (account, PIN)."""
    block, form = reader.hex(16), reader.digits(2)
    if form not in ("01", "02", "03", "04", "05", "47"):
        raise Unread("format %s" % form)
    account = reader.account(form)
    return account, block_of(reader, key, form, account, block)


def comparison(kind):
    def right(r):
        account, pin = read_block(r, r.key(kind, (1, 2, 3)))
        return payment.lmk_pin(r.digits(5), account) == pin
    return right


def visa(kind):
    def right(r):
        key = r.key(kind, (1, 2, 3))
        pvk = r.key(PVK, (2,))
        account, pin = read_block(r, key)
        account = kind == ZPK and r.optional_account() or account
        pvki = r.digits(1)
        return payment.pvv(pvk, pin, account, pvki) == r.digits(4)
    return right


def ibm(kind):
    def right(r):
        key, pvk = r.key(kind, (1, 2, 3)), r.key(PVK, (1, 2, 3))
        if r.digits(2) != "12":
            raise Unread("maximum")
        block, form, length = r.hex(16), r.digits(2), int(r.digits(2))
        account = r.account(form)
        return Ibm(r, pvk, length, account).pin == block_of(r, key, form, account, block)
    return right


def ck(r):
    bdk, pvk = r.key(BDK, (2,)), r.key(PVK, (1, 2, 3))
    key, block, length, account = payment.dukpt_pin_key(bdk, r.ksn()), r.hex(16), int(r.digits(2)), r.digits(12)
    return Ibm(r, pvk, length, account).pin == block_of(r, key, "01", account, block)


def cm(r):
    bdk, pvk = r.key(BDK, (2,)), r.key(PVK, (2,))
    key, block, account = payment.dukpt_pin_key(bdk, r.ksn()), r.hex(16), r.digits(12)
    pin = block_of(r, key, "01", account, block)
    return payment.pvv(pvk, pin, account, r.digits(1)) == r.digits(4)


def cq(r):
    key, block, account = payment.dukpt_pin_key(r.key(BDK, (2,)), r.ksn()), r.hex(16), r.digits(12)
    return payment.lmk_pin(r.digits(5), account) == block_of(r, key, "01", account, block)


def with_mac(method):
    """GO, GQ and GU: mode, keys, block; the method's own fields; and in mode 1 a MAC."""
    def right(r):
        mode = r.take(1, "[01]")
        mac_mode = r.take(1, "[123]") if mode == "1" else None
        if mac_mode and r.take(1) != "1":
            raise Unread("MAC method")
        bdk = r.key(BDK, (2,))
        pvk = {"ibm": lambda: r.key(PVK, (1, 2, 3)), "visa": lambda: r.key(PVK, (2,))}.get(method, lambda: None)()
        ksn = r.ksn()
        key = payment.dukpt_pin_key(bdk, ksn)
        block, form = r.hex(16), r.digits(2)
        length = int(r.digits(2)) if method == "ibm" else 0
        account = r.account(form)
        pin = block_of(r, key, form, account, block)
        if method == "ibm":
            good = Ibm(r, pvk, length, account).pin == pin
        elif method == "visa":
            account, pvki = r.optional_account() or account, r.digits(1)
            good = payment.pvv(pvk, pin, account, pvki) == r.digits(4)
        else:
            good = payment.lmk_pin(r.digits(5), account) == pin
        if mac_mode:
            given = r.hex(16 if mac_mode == "1" else 8)
            message = r.take(int(r.hex(4), 16)).encode("latin-1")
            mac = payment.retail_mac(payment.dukpt_mac_key(bdk, ksn), payment.zero_padded(message)).hex().upper()
            good = good and given == {"1": mac, "2": mac[:8], "3": mac[8:]}[mac_mode]
        return good
    return right


def cy(r):
    cvk, given, pan = r.key(CVK, (2,)), r.digits(3), r.upto(";")
    if not re.fullmatch("[0-9]{1,19}", pan):
        raise Unread("PAN %s" % pan)
    return payment.cvv(cvk, pan + r.digits(4) + r.digits(3)) == given


def pm(r):
    scheme, _ = r.take(1, "[01]"), r.take(1, "[02]")
    master, option, pan = r.key(MK_CVC3 if scheme == "1" else MK_AC, (2,)), r.take(1, "[AB]"), r.upto(";")
    if not re.fullmatch("[0-9]{1,19}", pan):
        raise Unread("PAN %s" % pan)
    if scheme == "0":
        card, atc = r.digits(4) + r.digits(3), r.digits(6)
        code, given = payment.cvv(payment.card_key(master, pan, "00", option), atc[2:] + pan[4:] + card), r.digits(3)
    else:
        psn, size = r.digits(2), int(r.digits(3))
        track, un, atc = r.take(size).encode("latin-1"), r.digits(8), int(r.digits(5))
        if atc > 65535:
            raise Unread("ATC")
        code, given = payment.cvc3(master, option, pan, psn, track, un, atc), r.take(5, "[0-9X]")
    return all(g in ("X", c) for c, g in zip(code, given))


COMMANDS = {"BC": comparison(TPK), "BE": comparison(ZPK), "CK": ck, "CM": cm, "CQ": cq, "CY": cy, "DA": ibm(TPK),
            "DC": visa(TPK), "EA": ibm(ZPK), "EC": visa(ZPK), "GO": with_mac("ibm"), "GQ": with_mac("visa"),
            "GU": with_mac("comparison"), "PM": pm}


def right(request):
    reader = Reader(request)
    good = COMMANDS[reader.text[:2]](reader)
    reader.end()
    return good
