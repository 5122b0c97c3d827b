"""Should this request to a verifying command have been answered 00? Read and computed without the sources.

right(request) is True for a request whose PIN or value is the right one, by the pages of the commands, under the
published test LMK that it names (00 variant, 01 AES, 02 3DES) and the default settings. What it can't read it raises
Unread for, with the reason.
"""
import re

import payment

ZPK, PVK, BDK, CVK, MK_AC, MK_CVC3 = 0x001, 0x002, 0x009, 0x402, 0x109, 0x709
TPK = "TPK"
LMKS = {1: payment.LMK_AES, 2: payment.LMK_3DES}
# Which key blocks stand for a type.
USAGES = {ZPK: {"72", "P0"}, TPK: {"71", "P0"}, BDK: {"B0"},
          CVK: {"12", "13", "C0"}, MK_AC: {"E0"}, MK_CVC3: {"32", "E6"}}
VISA, IBM = {"V0", "V2"}, {"V0", "V1"}
# And which modes of use: those that verify, those that derive.
MODES = {PVK: "CVN", CVK: "CVN", MK_AC: "XN", MK_CVC3: "XN"}


class Unread(Exception):
    """The request is not what its page says."""


class Key(bytes):
    """Clear bytes, and which cipher they are for."""

    aes = False


class Reader:
    def __init__(self, request, lmk):
        self.text, self.at, self.lmk = request.decode("latin-1"), 2, lmk

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

    def key(self, kind, lengths, usages=None):
        """A key of 1, 2 or 3 parts; a bare one of two where one of one part can't be meant. Or a key block."""
        if self.lmk:
            return self.key_block(kind, lengths, usages or USAGES[kind])
        n = payment.field_length(self.text[self.at:])
        if n == 16 and 1 not in lengths:
            n = 32
        field = self.take(n, "[0-9A-FUXTY]")
        key = Key(payment.open_key(PVK if kind == TPK else kind, field))
        if not payment.odd(key) or len(key) // 8 not in lengths:
            raise Unread("a key of %d bytes, or of bad parity" % len(key))
        return key

    def key_block(self, kind, lengths, usages):
        head = self.take(6, "[0-9S]")
        self.at -= 6
        found = payment.open_block(LMKS[self.lmk], self.take(1 + int(head[2:]), "[0-9A-Za-z]"))
        if not found or found[0] not in usages or found[1] not in "ADT":
            raise Unread("a key block of %s" % str(found and found[:2]))
        if kind in MODES and found[3] not in MODES[kind]:
            raise Unread("a key of mode " + found[3])
        key = Key(found[2])
        key.aes = found[1] == "A"
        if not key.aes and len(key) // 8 not in lengths:
            raise Unread("a key of %d bytes" % len(key))
        return key

    def lpin(self, account):
        """The PIN of a field that is encrypted under the LMK."""
        if self.lmk == 1:
            return payment.aes_lmk_pin(self.take(1, "J") + self.hex(32), account)
        if self.lmk == 2:
            return payment.lmk_pin(self.digits(5), account, payment.lmk_part(payment.LMK_3DES, "pins"))
        return payment.lmk_pin(self.digits(5), account)

    def table(self):
        if not self.lmk:
            return payment.open_table(self.hex(16))
        tag = self.take(1, "L") if self.lmk == 1 else ""
        return payment.open_block_table(LMKS[self.lmk], tag + self.hex(32 if tag else 16)) or ""

    def block(self, key):
        return self.hex(32 if key.aes else 16)

    def account(self, form="01"):
        if form == "48":
            pan = self.upto(";")
            if not re.fullmatch("[0-9]{12,19}", pan):
                raise Unread("PAN %s" % pan)
            return pan.rjust(20, "F")
        return self.take(18, "[0-9F]") if form == "04" else self.digits(12)

    def ksn(self, bdk):
        descriptor = self.hex(3)
        return self.hex(sum(int(c, 16) for c in descriptor) + (8 if bdk.aes else 5))

    def optional_account(self):
        if self.next() != ";":
            return None
        self.at += 1
        return self.digits(12)

    def end(self):
        """The LMK identifier and the trailer, then nothing."""
        rest = re.fullmatch(r"(?s)(%%0%d)%s(\x19.{0,32})?" % (self.lmk, "" if self.lmk else "?"), self.text[self.at:])
        if not rest:
            raise Unread("left over: %r" % self.text[self.at:])


class Ibm:
    """The fields of the IBM method, which stand in two places."""

    def __init__(self, reader, pvk, length, account):
        self.pvk, self.length, self.account = pvk, length, account
        table = reader.table()
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


def pin_key(bdk, ksn):
    """The key that PINs of a transaction are under."""
    if not bdk.aes:
        return Key(payment.dukpt_pin_key(bdk, ksn))
    key = Key(payment.dukpt_aes_key(bdk, ksn, 0x1000, len(bdk) // 8, 8 * len(bdk)))
    key.aes = True
    return key


def mac_key(bdk, ksn):
    return payment.dukpt_aes_key(bdk, ksn, 0x2000, 0, 128) if bdk.aes else payment.dukpt_mac_key(bdk, ksn)


def block_of(key, form, account, block):
    if form not in ("01", "02", "03", "04", "05", "47", "48") or key.aes != (form == "48"):
        raise Unread("format %s" % form)
    if key.aes:
        pin = payment.block_4_pin(key, bytes.fromhex(block), account.lstrip("F"))
    else:
        pin = payment.block_pin(payment.decrypt(key, bytes.fromhex(block)), form, account)
    if pin is None:
        raise Unread("the block holds no PIN")
    return pin


def read_block(reader, key):
    """Block, format and account, one behind the other: (account, PIN)."""
    block, form = reader.block(key), reader.digits(2)
    account = reader.account(form)
    return account, block_of(key, form, account, block)


def comparison(kind):
    def right(r):
        account, pin = read_block(r, r.key(kind, (1, 2, 3)))
        return r.lpin(account) == pin
    return right


def visa(kind):
    def right(r):
        key = r.key(kind, (1, 2, 3))
        pvk = r.key(PVK, (2,), VISA)
        account, pin = read_block(r, key)
        account = kind == ZPK and r.optional_account() or account
        pvki = r.digits(1)
        return payment.pvv(pvk, pin, account, pvki) == r.digits(4)
    return right


def ibm(kind):
    def right(r):
        key, pvk = r.key(kind, (1, 2, 3)), r.key(PVK, (1, 2, 3), IBM)
        if r.digits(2) != "12":
            raise Unread("maximum")
        block, form, length = r.block(key), r.digits(2), int(r.digits(2))
        account = r.account(form)
        return Ibm(r, pvk, length, account).pin == block_of(key, form, account, block)
    return right


def ck(r):
    bdk, pvk = r.key(BDK, (2,)), r.key(PVK, (1, 2, 3), IBM)
    key, block, length, account = pin_key(bdk, r.ksn(bdk)), r.hex(16), int(r.digits(2)), r.digits(12)
    return Ibm(r, pvk, length, account).pin == block_of(key, "01", account, block)


def cm(r):
    bdk, pvk = r.key(BDK, (2,)), r.key(PVK, (2,), VISA)
    key, block, account = pin_key(bdk, r.ksn(bdk)), r.hex(16), r.digits(12)
    pin = block_of(key, "01", account, block)
    return payment.pvv(pvk, pin, account, r.digits(1)) == r.digits(4)


def cq(r):
    bdk = r.key(BDK, (2,))
    key, block, account = pin_key(bdk, r.ksn(bdk)), r.hex(16), r.digits(12)
    return r.lpin(account) == block_of(key, "01", account, block)


def with_mac(method):
    """GO, GQ and GU: mode, keys, block; the method's own fields; and in mode 1 a MAC."""
    def right(r):
        mode = r.take(1, "[01]")
        mac_mode = r.take(1, "[123]") if mode == "1" else None
        if mac_mode and r.take(1) != "1":
            raise Unread("MAC method")
        bdk = r.key(BDK, (2,))
        pvk = {"ibm": lambda: r.key(PVK, (1, 2, 3), IBM),
               "visa": lambda: r.key(PVK, (2,), VISA)}.get(method, lambda: None)()
        ksn = r.ksn(bdk)
        key = pin_key(bdk, ksn)
        block, form = r.block(key), r.digits(2)
        length = int(r.digits(2)) if method == "ibm" else 0
        account = r.account(form)
        pin = block_of(key, form, account, block)
        if method == "ibm":
            good = Ibm(r, pvk, length, account).pin == pin
        elif method == "visa":
            account, pvki = r.optional_account() or account, r.digits(1)
            good = payment.pvv(pvk, pin, account, pvki) == r.digits(4)
        else:
            good = r.lpin(account) == pin
        if mac_mode:
            given = r.hex(16 if mac_mode == "1" else 8)
            message = r.take(int(r.hex(4), 16)).encode("latin-1")
            mac = payment.retail_mac(mac_key(bdk, ksn), payment.zero_padded(message)).hex().upper()
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


def right_under(request, lmk):
    reader = Reader(request, lmk)
    good = COMMANDS[reader.text[:2]](reader)
    reader.end()
    return good


def right(request):
    """The LMK stands at the end, and only one can be meant there."""
    for lmk in (2, 1):
        try:
            return right_under(request, lmk)
        except (Unread, ValueError):
            continue
    return right_under(request, 0)
