#!/usr/bin/env python3
"""RSA and elliptic curve commands against the openssl command, both ways."""
import os
import re
import shutil
import subprocess
import tempfile
import time

import harness as h

BITS = {0: 256, 1: 384, 2: 521}
CURVES = {0: "P-256", 1: "P-384", 2: "P-521"}
# What the public AES test LMK gives for the encryption of key blocks (CMAC derivation).
BLOCK_KEY = "1B39BAA881FCEDC1CD5138CC5A31F2E82E1BB7EA3B29CF875F6AAB21268F0D17"
ZPK = b"U063A0E7C0F2124E56192A4510F395ED7"      # 0123456789ABCDEFFEDCBA9876543210
CLEAR = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")


class Openssl:
    """The openssl command in a folder of its own."""

    def __enter__(self):
        if not shutil.which("openssl"):
            h.skip("there is no openssl command")
        self.dir = tempfile.mkdtemp(prefix="luahsm-rsa-")
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.dir)

    def __call__(self, *args, stdin=b"", fails=False):
        r = subprocess.run(["openssl", *args], input=stdin, cwd=self.dir, check=False,
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        h.ok((r.returncode != 0) == fails, "openssl %s: %s" % (args, r.stderr.decode()))
        return r.stdout

    def put(self, name, data):
        with open(os.path.join(self.dir, name), "wb") as f:
            f.write(data)
        return name


def server():
    return h.Server("--lmk", "00=test-variant", "--lmk", "01=test-aes-kb",
                    settings={"authorised": "true"})


def element(data):
    """Tag, body and what follows the first element of DER."""
    n, head = data[1], 2
    if n & 0x80:
        head += n & 0x7F
        n = int.from_bytes(data[2:head], "big")
    return data[0], data[head:head + n], data[head + n:]


def first(data):
    """The first element whole, and what follows it."""
    rest = element(data)[2]
    return data[:len(data) - len(rest)], rest


def length(n):
    if n < 0x80:
        return bytes([n])
    digits = n.to_bytes((n.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(digits)]) + digits


def der(tag, *parts):
    body = b"".join(parts)
    return bytes([tag]) + length(len(body)) + body


def pair(c, kind, bits, lmk):
    """EI: the public key, and the private key field with its length."""
    tail = b"%%%02d#0000" % lmk if lmk else b""
    reply = c.call(b"EI%d%04d02" % (kind, bits) + tail)
    h.equal(reply[:4], b"EJ00")
    public, private = first(reply[4:])
    return public, private


def vouched(c, public, lmk):
    reply = c.call(b"EO02" + public + (b"~%%%02d#N00N00" % lmk if lmk else b""))
    h.equal(reply[:4], b"EP00")
    return reply[4:]


def tail(lmk):
    return b"%%%02d" % lmk if lmk else b""


def pem(o, name, public):
    """openssl's file of an RSA public key."""
    o.put("key.der", public)
    o("rsa", "-RSAPublicKey_in", "-inform", "DER", "-in", "key.der", "-pubout", "-out", name)
    return name


def signs(lmk, bits):
    with Openssl() as o, server() as s, s.tcp() as c:
        c.sock.settimeout(60)
        public, private = pair(c, 0, bits, lmk)
        pem(o, "public.pem", public)
        data = b"what is signed; with X'19 in it \x19 and %01"
        o.put("data", data)
        for number, name in ((1, "sha1"), (2, "md5"), (5, "sha224"), (6, "sha256"),
                             (7, "sha384"), (8, "sha512")):
            for padding, options in ((1, []), (4, ["-sigopt", "rsa_padding_mode:pss",
                                                   "-sigopt", "rsa_pss_saltlen:digest"])):
                if (number, padding, bits) == (8, 4, 1024):
                    continue    # salt and hash do not fit
                reply = c.call(b"EW%02d01%02d%04d" % (number, padding, len(data)) + data + b";99" +
                               private + tail(lmk))
                h.equal(reply[:4], b"EX00", "%s, padding %d" % (name, padding))
                signature = reply[8:]
                h.equal(int(reply[4:8]), bits // 8)
                o.put("signature", signature)
                o("dgst", "-" + name, "-verify", "public.pem", "-signature", "signature", *options,
                  "data")
                key = vouched(c, public, lmk)
                verify = b"EY%02d01%02d%04d" % (number, padding, len(signature)) + signature + \
                    b";%04d" % len(data) + data + b";" + key + tail(lmk)
                h.equal(c.call(verify), b"EZ00")
                h.equal(c.call(verify.replace(b"what is", b"What is")), b"EZ02")


@h.case("EI's key signs in EW what openssl verifies, variant LMK")
def _():
    signs(0, 1024)


@h.case("the same in a key block, 2048 bits")
def _():
    signs(1, 2048)


@h.case("openssl's signatures pass EY")
def _():
    with Openssl() as o, server() as s, s.tcp() as c:
        o("genrsa", "-out", "own.pem", "2048")
        public = o("rsa", "-in", "own.pem", "-RSAPublicKey_out", "-outform", "DER")
        o.put("data", b"hello")
        signature = o("dgst", "-sha256", "-sign", "own.pem", "-sigopt", "rsa_padding_mode:pss",
                      "data")
        reply = c.call(b"EY060104%04d" % len(signature) + signature + b";0005hello;" +
                       vouched(c, public, 0))
        h.equal(reply, b"EZ00")


@h.case("what GK exports openssl opens, and GI takes back")
def _():
    with Openssl() as o, server() as s, s.tcp() as c:
        o("genrsa", "-out", "own.pem", "2048")
        public = o("rsa", "-in", "own.pem", "-RSAPublicKey_out", "-outform", "DER")
        for group, options in ((b"01", ["rsa_padding_mode:pkcs1"]),
                               (b"02010100;", ["rsa_padding_mode:oaep"]),
                               (b"02010603abc;", ["rsa_padding_mode:oaep", "rsa_oaep_md:sha256",
                                                  "rsa_oaep_label:616263"])):
            reply = c.call(b"GK01" + group + b"06001" + ZPK + b"08D7B4" + vouched(c, public, 0) + b"=02")
            h.equal(reply[:8], b"GL000256")
            flags = [x for option in options for x in ("-pkeyopt", option)]
            h.equal(o("pkeyutl", "-decrypt", "-inkey", "own.pem", *flags, stdin=reply[8:]), CLEAR)
            own, private = pair(c, 1, 1024, 0)
            o.put("clear", CLEAR)
            pem(o, "public.pem", own)
            data = o("pkeyutl", "-encrypt", "-pubin", "-inkey", "public.pem", "-in", "clear", *flags)
            reply = c.call(b"GI01" + group + b"0600%04d" % len(data) + data + b";99" + private + b";1U1=02")
            h.equal(reply, b"GJ00" + ZPK + b"08D7B4")


@h.case("the numbers in a private key block are the public key's")
def _():
    with Openssl() as o, server() as s, s.tcp() as c:
        public, private = pair(c, 2, 1024, 1)
        block = private[5:]
        h.equal((private[:5], int(block[1:5]), block[5:9]), (b"FFFFS", len(block), b"03RN"))
        clear = o("enc", "-d", "-aes-256-cbc", "-nopad", "-K", BLOCK_KEY, "-iv", block[:16].hex(),
                  stdin=block[16:-16])
        numbers, rest = [], element(clear)[1]
        while rest:
            _, number, rest = element(rest)
            numbers.append(int.from_bytes(number, "big"))
        p, q, dp, dq, inverse = numbers
        n = int.from_bytes(element(element(public)[1])[1], "big")
        h.equal((p * q, dp * 65537 % (p - 1), dq * 65537 % (q - 1), inverse * q % p, p > q),
                (n, 1, 1, 1, True))


@h.case("a key that EK keeps signs in every worker")
def _():
    with h.Server(workers=2) as s, s.tcp() as a:
        _, private = pair(a, 0, 512, 0)
        h.equal(a.call(b"EK07" + private), b"EL00")
        for _ in range(4):
            with s.tcp() as c:
                h.equal(c.call(b"EW0601010005hello;07")[:8], b"EX000064")


@h.case("FY and IG agree with openssl, three curves, both functions")
def _():
    with Openssl() as o, server() as s, s.tcp() as c:
        for curve, name in CURVES.items():
            agrees(o, c, curve, name)


def agrees(o, c, curve, name):
    reply = c.call(b"FY01%02d03%%01#X00S00" % curve)
    h.equal(reply[:4], b"FZ00")
    n = int(reply[4:8])
    public, private = reply[8:8 + n], reply[8 + n:]
    o.put("theirs.der", public)
    h.ok(name in o("pkey", "-pubin", "-inform", "DER", "-in", "theirs.der", "-text",
                   "-noout").decode(), "no key on " + name)
    o("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:" + name, "-out", "own.pem")
    own = o("pkey", "-in", "own.pem", "-pubout", "-outform", "DER")
    o("pkeyutl", "-derive", "-inkey", "own.pem", "-peerkey", "theirs.der", "-peerform", "DER",
      "-out", "secret")
    with open(os.path.join(o.dir, "secret"), "rb") as f:
        secret = f.read().hex()
    h.equal(len(secret) // 2, (BITS[curve] + 7) // 8)
    for kdf, what in ((1, "SSKDF"), (2, "X963KDF")):
        reply = c.call(b"IG2103" + own + private + b"%d0610010" % kdf +
                       b"0123456789;0100256K1A3B00E00;:%01")
        h.equal(reply[:4], b"IH00")
        derived = o("kdf", "-keylen", "32", "-kdfopt", "digest:SHA256", "-kdfopt", "hexkey:" + secret,
                    "-kdfopt", "hexinfo:0123456789", "-binary", what)
        block, kcv = reply[5:-3], reply[-3:]
        h.equal(block[:16], b"10128K1AB00E0001")
        clear = o("enc", "-d", "-aes-256-cbc", "-nopad", "-K", BLOCK_KEY, "-iv", block[:16].hex(),
                  stdin=bytes.fromhex(block[16:-16].decode()))
        h.equal(clear[2:34], derived, "%s, %s" % (name, what))
        o.put("zeros", bytes(16))
        mac = o("mac", "-cipher", "AES-256-CBC", "-macopt", "hexkey:" + derived.hex(), "-in", "zeros",
                "-binary", "CMAC")
        h.equal(kcv, mac[:3])
        wraps(o, c, b"S" + block, derived)


def wraps(o, c, wrapping, derived):
    """The derived key wraps another in A8, version D; its length opens outside."""
    made = c.call(b"A00FFFS%01#72A1N00E00")
    h.equal(made[:4], b"A100")
    reply = c.call(b"A8FFF" + wrapping + made[4:-6] + b"R%01!D")
    h.equal(reply[:4], b"A900")
    text = reply[5:-6]
    mac = text[-32:].decode()
    # The encryption key of version D: CMAC of two counters, 256 bits.
    keys = ""
    for i in (1, 2):
        o.put("label", bytes([i]) + bytes.fromhex("00000000040100"))
        keys += o("mac", "-cipher", "AES-256-CBC", "-macopt", "hexkey:" + derived.hex(), "-in", "label",
                  "-binary", "CMAC").hex()
    clear = o("enc", "-d", "-aes-256-cbc", "-nopad", "-K", keys, "-iv", mac,
              stdin=bytes.fromhex(text[16:-32].decode()))
    h.equal(clear[:2], b"\0\x80")
    o.put("zeros", bytes(16))
    kcv = o("mac", "-cipher", "AES-128-CBC", "-macopt", "hexkey:" + clear[2:18].hex(), "-in", "zeros",
            "-binary", "CMAC").hex().upper()
    h.equal(reply[-6:], kcv[:6].encode())


def credential(name, number):
    text = der(0x30, der(0x31, der(0x30, der(6, b"\x55\x04\x03"), der(12, name))))
    return der(0x30, text, der(2, bytes([number])))


@h.case("B8's message verifies and opens")
def _():
    with Openssl() as o, server() as s, s.tcp() as c:
        o("genrsa", "-out", "device.pem", "2048")
        device = o("rsa", "-in", "device.pem", "-RSAPublicKey_out", "-outform", "DER")
        made = c.call(b"A00FFFS%01#K1T3N00E00")
        h.equal(made[:4], b"A100")
        zmk = c.call(b"A00000U")
        h.equal(zmk[:4], b"A100")
        for lmk, key, kcv, options in ((0, b"001" + ZPK, b"08D7B4", b"&P0B00S00!B"),
                                       (0, b"000" + zmk[4:-6], zmk[-6:], b"&K1B00S00!B"),
                                       (1, b"FFF" + made[4:-6], made[-6:], b"%01!B")):
            public, private = pair(c, 0, 2048, lmk)
            nonce = bytes(range(0x15, 0x1D))
            reply = c.call(b"B80" + key + credential(b"KDH", 1) + b"000001" + credential(b"KRD", 2) +
                           device + b"0099" + private + b"01008" + nonce + options)
            h.equal(reply[:4], b"B900")
            opens(o, reply[4:], public, nonce, kcv.decode())


def certificate(o, public):
    """One that names the key distribution host as its credential does, over its public key."""
    o.put("subject", b"")
    o("req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.pem", "-subj", "/CN=KDH",
      "-out", "request.pem")
    o("x509", "-req", "-in", "request.pem", "-signkey", "ca.pem", "-set_serial", "1", "-force_pubkey",
      pem(o, "kdh.pem", public), "-days", "1", "-out", "kdh.crt")
    return "kdh.crt"


def message(o, signed, enveloped, signature, public):
    """The CMS SignedData that the host makes of the reply; openssl verifies digest and signature."""
    def oid(text):
        return der(6, bytes.fromhex(text))
    sha256 = der(0x30, oid("608648016503040201"), der(5))
    content = element(enveloped)[1]
    signer = der(0x30, der(2, b"\1"), credential(b"KDH", 1), sha256, bytes([0xA0]) + signed[1:],
                 der(0x30, oid("2A864886F70D010101"), der(5)), der(4, signature))
    body = der(0x30, der(2, b"\3"), der(0x31, sha256),
               der(0x30, oid("2A864886F70D010703"), der(0xA0, der(4, content))), der(0x31, signer))
    o.put("signed.cms", der(0x30, oid("2A864886F70D010702"), der(0xA0, body)))
    out = o("cms", "-verify", "-inform", "DER", "-in", "signed.cms", "-binary", "-noverify", "-nointern",
            "-certfile", certificate(o, public))
    h.equal(out, content)
    damaged = body.replace(signature, signature[:-1] + bytes([signature[-1] ^ 1]))
    o.put("damaged.cms", der(0x30, oid("2A864886F70D010702"), der(0xA0, damaged)))
    o("cms", "-verify", "-inform", "DER", "-in", "damaged.cms", "-binary", "-noverify", "-nointern",
      "-certfile", "kdh.crt", fails=True)


def opens(o, reply, public, nonce, kcv):
    signed, rest = first(reply)
    h.equal(rest[:3].hex().upper(), kcv)
    enveloped, rest = first(rest[3:])
    h.equal((signed[0], enveloped[0], int(rest[:4])), (0x31, 0x30, len(rest) - 4))
    o.put("signature", rest[4:])
    o.put("signed", signed)
    o("dgst", "-sha256", "-verify", pem(o, "kdh.pem", public), "-signature", "signature", "signed")
    message(o, signed, enveloped, rest[4:], public)
    body = element(enveloped)[1]
    digest = o("dgst", "-sha256", "-binary", stdin=body)
    h.ok(digest in signed and nonce in signed, "the attributes lack digest or nonce")
    _, version, rest = element(body)
    h.equal(version, b"\0")
    _, recipients, rest = element(rest)
    recipient = element(recipients)[1]
    parts = []
    while recipient:
        part, recipient = first(recipient)
        parts.append(part)
    o.put("wrapped", element(parts[3])[1])
    ephemeral = o("pkeyutl", "-decrypt", "-inkey", "device.pem", "-in", "wrapped", "-pkeyopt",
                  "rsa_padding_mode:oaep", "-pkeyopt", "rsa_oaep_md:sha256")
    h.equal(len(ephemeral), 24)
    content = element(rest)[1]
    _, content = first(content)
    algorithm, content = first(content)
    iv = element(first(element(algorithm)[1])[1])[1]
    clear = o("enc", "-d", "-des-ede3-cbc", "-K", ephemeral.hex(), "-iv", iv.hex(),
              stdin=element(content)[1])
    _, inside, _ = element(clear)
    _, inside = first(inside)
    who, inside = first(inside)
    h.equal(who, credential(b"KDH", 1))
    key = element(inside)[1]
    full = (key * 2)[:24] if len(key) == 16 else key
    check = o("enc", "-des-ede3", "-nopad", "-K", full.hex(), stdin=bytes(8))
    h.equal(check[:3].hex().upper(), kcv)
    # And whole, by openssl's own rules for CMS.
    info = der(0x30, der(6, bytes.fromhex("2A864886F70D010703")), der(0xA0, enveloped))
    o.put("message", info)
    parse = o("cms", "-cmsout", "-print", "-inform", "DER", "-in", "message", "-noout").decode()
    h.ok(re.search(r"rsaesOaep", parse) and "des-ede3-cbc" in parse, "openssl reads: " + parse[:200])
    opened = o("cms", "-decrypt", "-inform", "DER", "-in", "message", "-inkey", "device.pem", "-binary")
    h.equal(opened, clear)


@h.case("QE's request verifies, RSA and ECDSA")
def _():
    with Openssl() as o, server() as s, s.tcp() as c:
        subject = b"Public Cert;Payshield Certificate;AWS Sample Org;Arlington;VA;US;"
        public, private = pair(c, 0, 2048, 1)
        reply = c.call(b"QE000102" + public + private[4:] + b"01061" + subject + b"%01")
        request(o, reply, "C = US, ST = VA, L = Arlington, O = AWS Sample Org, "
                "OU = Payshield Certificate, CN = Public Cert")
        reply = c.call(b"FY010103%01#S00S00")
        n = int(reply[4:8])
        reply = c.call(b"QE000203" + reply[8:8 + n] + reply[8 + n:] + b"071device;;;;;;%01")
        request(o, reply, "CN = device")


def request(o, reply, subject):
    h.equal(reply[:4], b"QF00")
    h.equal(int(reply[4:8]), len(reply) - 8)
    o("req", "-verify", "-noout", stdin=reply[8:])
    h.equal(o("req", "-noout", "-subject", stdin=reply[8:]).decode().strip(), "subject=" + subject)


@h.case("a long pair comes from a slow worker, and its key signs")
def _():
    bits = 4096 if h.FULL else 2048
    with Openssl() as o, server() as s, s.tcp() as c, s.tcp() as other:
        c.sock.settimeout(300 * h.SLOW)
        started = time.monotonic()
        c.send(b"EI2%04d02%%01#0000" % bits, b"0001")
        h.equal(other.call(b"B20005hello"), b"B300hello")
        meanwhile = time.monotonic() - started
        header, reply = c.receive()
        took = time.monotonic() - started
        print("  EI of %d bits: %.1f s; an echo meanwhile: %.3f s" % (bits, took, meanwhile), flush=True)
        h.equal((header, reply[:4]), (b"0001", b"EJ00"))
        public, private = first(reply[4:])
        pem(o, "public.pem", public)
        o.put("data", b"data")
        signed = c.call(b"EW0601010004data;99" + private + b"%01")
        h.equal(signed[:8], b"EX00%04d" % (bits // 8))
        o.put("signature", signed[8:])
        o("dgst", "-sha256", "-verify", "public.pem", "-signature", "signature", "data")


@h.case("the requests of public clients, as they send them")
def _():
    with server() as s, s.tcp() as c:
        c.sock.settimeout(60)
        for request_, code in ((b"EI0102401#0000", b"EJ00"), (b"EI2102402%00", b"EJ00"),
                               (b"EI0102402#0000&N", b"EJ00"), (b"EI0051201#&", b"EJ00"),
                               (b"EI2102402%01#0000&N", b"EJ00"), (b"EI0102402%01", b"EJ15"),
                               (b"FY010003#S00S00", b"FZA1"), (b"FY010203%01#X00S00", b"FZ00")):
            h.equal(c.call(request_)[:4], code, repr(request_))


h.main()
