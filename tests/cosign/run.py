#!/usr/bin/env python3
"""Real clients: sigstore's conformance suite for plug-in programs, and cosign.

    make cosign

Both come from their Go modules, through the module proxy or what Go has kept of
it, and are built into build/cosign; the first build takes minutes. Everything
after that runs without network, on a daemon that the first call of cosign
starts. Prints `ok`, `not ok` and `skipped` lines and `N passed, N failed`;
where Go is missing or too old, or the modules can't be had, `skipped: why`.
"""
import base64
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "run"))
import harness as h  # noqa: E402

BUILD = os.path.dirname(h.LUAHSM)
OUT = os.path.join(BUILD, "cosign")
SUITE = "github.com/sigstore/sigstore/pkg/signature/kms/cliplugin"
COSIGN = "github.com/sigstore/cosign/v3/cmd/cosign"
SAMPLE = "./sample"
# How a module that can't be fetched is told; anything else is a failure.
AWAY = re.compile(r"dial tcp|lookup |no such host|timeout|connection re(fused|set)|Forbidden|Bad Gateway|"
                  r"Service Unavailable|module lookup disabled|network is unreachable|proxyconnect")
ALGORITHMS = ("ecdsa-p256", "ecdsa-p384", "ecdsa-p521", "rsa-2048", "rsa-4096", "ed25519")
OFFLINE = ("--use-signing-config=false", "--tlog-upload=false", "-y")
NO_LOG = "--insecure-ignore-tlog"
HTTP = "--allow-http-registry"


# --- Go --------------------------------------------------------------------

def leave(why):
    print("skipped: " + why)
    sys.exit(0)


def go(*arguments, seconds=1500, **more):
    # The Go that is here builds, or none: toolchains are not fetched.
    env = dict(os.environ, GOTOOLCHAIN="local", GOFLAGS="-buildvcs=false -mod=readonly", GOWORK="off")
    env.setdefault("GOCACHE", os.path.join(os.environ.get("HOME") or BUILD, ".cache", "go-build"))
    env.setdefault("GOPATH", os.path.join(os.environ.get("HOME") or BUILD, "go"))
    return subprocess.run(["nice", "go", *arguments], cwd=HERE, env=dict(env, **more.pop("env", {})), check=False,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          timeout=seconds, **more)


def version(text):
    return [int(n) for n in re.findall(r"\d+", text)[:2]]


def prepare():
    """What is needed to run anything, or the end."""
    if not shutil.which("go"):
        leave("Go is not installed")
    with open(os.path.join(HERE, "go.mod")) as f:
        wanted = re.search(r"^go (.*)$", f.read(), re.M).group(1)
    found = go("env", "GOVERSION").stdout.strip()
    if version(found) < version(wanted):
        leave("%s is older than Go %s, which cosign asks for" % (found or "this Go", wanted))
    r = go("list", "-deps", "-test", "-tags=signer_program", "-f", "{{.ImportPath}}", SUITE, COSIGN, SAMPLE)
    if r.returncode != 0:
        if AWAY.search(r.stdout):
            leave("Go's modules can't be fetched: " + r.stdout.strip().splitlines()[-1][:200])
        sys.exit(r.stdout)


def build(seconds):
    started = time.monotonic()
    os.makedirs(OUT, exist_ok=True)
    for program, package in ("cosign", COSIGN), ("sigstore-kms-sample", SAMPLE):
        try:
            r = go("build", "-o", os.path.join(OUT, program), package,
                   seconds=max(seconds - (time.monotonic() - started), 1))
        except subprocess.TimeoutExpired:
            # What is compiled is kept: the next time goes on from here.
            leave("cosign is not built within %d s: run `make cosign` once, which waits longer" % seconds)
        if r.returncode != 0:
            sys.exit("building %s:\n%s" % (package, r.stdout[-3000:]))
    print("built in %d s" % (time.monotonic() - started), flush=True)


# --- a user's machine ------------------------------------------------------

class Home:
    """Folders of a user's own, without network; a daemon once a program has started one."""

    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="luahsm-test-")
        self.env = dict(h.ENVIRONMENT, **h.folders(self.dir))
        self.env.update(HOME=self.dir, PATH=os.pathsep.join((BUILD, OUT, os.environ["PATH"])),
                        HTTP_PROXY="http://127.0.0.1:1", HTTPS_PROXY="http://127.0.0.1:1", LUAHSM_LOG_LEVEL="info")
        self.env.pop("NO_PROXY", None)

    def path(self, *names):
        return os.path.join(self.dir, *names)

    def write(self, name, data):
        with open(self.path(name), "wb") as f:
            f.write(data)
        return self.path(name)

    def read(self, name):
        with open(self.path(name), "rb") as f:
            return f.read()

    def run(self, *command, fails=None):
        """Run a program. fails: a word of what it must say while failing."""
        r = subprocess.run(command, cwd=self.dir, env=self.env, stdin=subprocess.DEVNULL, capture_output=True,
                           check=False, timeout=120)
        out, err = r.stdout.decode("latin-1"), r.stderr.decode("latin-1")
        if fails is None:
            h.ok(r.returncode == 0, "%s: status %d: %s" % (" ".join(command), r.returncode, (out + err)[-600:]))
        else:
            h.ok(r.returncode != 0, "%s: succeeds" % " ".join(command))
            h.ok(fails in out + err, "%s: no %r in %s" % (" ".join(command), fails, (out + err)[-600:]))
        return out

    def cosign(self, *arguments, **more):
        return self.run(os.path.join(OUT, "cosign"), *arguments, **more)

    def key(self, *arguments):
        return self.run(h.LUAHSM, "key", *arguments)

    def daemon(self):
        """Its process id, 0 without one."""
        try:
            return int(self.read("run/luahsm/luahsm.pid"))
        except (OSError, ValueError):
            return 0

    def end(self):
        pid = self.daemon()
        if pid:
            os.kill(pid, signal.SIGTERM)
            h.until("the daemon has ended", lambda: not os.path.exists("/proc/%d" % pid), 20)
        shutil.rmtree(self.dir, ignore_errors=True)


class Registry:
    """Debian's docker-registry with one tiny image."""

    def __init__(self, home):
        self.address = "127.0.0.1:%d" % h.free_port(1)
        settings = {"version": 0.1, "http": {"addr": self.address}, "log": {"level": "error"},
                    "storage": {"filesystem": {"rootdirectory": home.path("registry")}}}
        file = home.write("registry.yml", json.dumps(settings).encode())
        self.process = subprocess.Popen(["docker-registry", "serve", file], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        h.until("the registry answers", lambda: self.ask("GET", "/v2/"), 30)

    def ask(self, method, path, data=None, kind="application/octet-stream"):
        url = path if path.startswith("http") else "http://%s%s" % (self.address, path)
        request = urllib.request.Request(url, data, {"Content-Type": kind}, method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=30) as reply:
                return reply.headers
        except urllib.error.HTTPError:
            raise
        except OSError:
            return None

    def blob(self, data):
        digest = "sha256:" + hashlib.sha256(data).hexdigest()
        place = self.ask("POST", "/v2/image/blobs/uploads/", b"")["Location"]
        self.ask("PUT", place + ("&" if "?" in place else "?") + "digest=" + digest, data)
        return {"digest": digest, "size": len(data)}

    def push(self, text):
        """An image with one layer of this text; its reference by digest."""
        config = json.dumps({"architecture": "amd64", "os": "linux", "config": {},
                             "rootfs": {"type": "layers", "diff_ids": []}, "comment": text}).encode()
        kind = "application/vnd.oci.image.manifest.v1+json"
        manifest = json.dumps({
            "schemaVersion": 2, "mediaType": kind,
            "config": dict(self.blob(config), mediaType="application/vnd.oci.image.config.v1+json"),
            "layers": [dict(self.blob(text.encode()), mediaType="application/vnd.oci.image.layer.v1.tar")],
        }).encode()
        self.ask("PUT", "/v2/image/manifests/latest", manifest, kind)
        return "%s/image@sha256:%s" % (self.address, hashlib.sha256(manifest).hexdigest())

    def end(self):
        self.process.terminate()
        self.process.wait(30)


# --- the conformance suite -------------------------------------------------

def conformance(home):
    """Each test of the suite is a case."""
    r = go("test", "-json", "-count=1", "-tags=signer_program", SUITE, "-key-resource-id", "luahsm://conformance",
           env={name: home.env[name] for name in home.env if name.startswith("XDG") or name == "PATH"})
    output, verdicts = {}, {}
    for line in r.stdout.splitlines():
        try:
            event = json.loads(line)
        except ValueError:
            continue
        name = event.get("Test", "")
        output[name] = output.get(name, "") + event.get("Output", "")
        if event.get("Action") in ("pass", "fail", "skip") and name:
            verdicts[name] = event["Action"]

    def judge(name):
        verdict = verdicts[name]
        if verdict == "skip":
            h.skip(output[name][-300:])
        h.ok(verdict == "pass", output[name][-600:])

    def whole():
        h.ok("TestSignMessageVerifySignature/digest_only,_empty_message" in verdicts,
             "the suite did not run: " + r.stdout[-1000:])
        h.equal(r.returncode, 0, "exit status of the suite")

    h.attempt("conformance suite: it runs", whole)
    for name in sorted(verdicts):
        h.attempt("conformance suite: " + name, lambda name=name: judge(name))


# --- cosign ----------------------------------------------------------------

def reference(algorithm):
    return "luahsm://release/" + algorithm


def create(home, algorithm):
    """The default algorithm by cosign itself, which starts the daemon; others by luahsm."""
    if algorithm == "ecdsa-p256":
        h.equal(home.daemon(), 0, "no daemon is there yet: ")
        home.cosign("generate-key-pair", "--kms", reference(algorithm))
        h.ok(home.daemon() > 0, "cosign has started no daemon")
        again = home.read("cosign.pub")
        home.cosign("generate-key-pair", "--kms", reference(algorithm))
        h.equal(home.read("cosign.pub"), again, "a key that exists is returned")
    else:
        home.key("create", "release/" + algorithm, "--algorithm", algorithm)
    home.cosign("public-key", "--key", reference(algorithm), "--outfile", algorithm + ".pub")
    h.equal(home.key("public", "release/" + algorithm).encode(), home.read(algorithm + ".pub"))
    if algorithm == "ecdsa-p256":
        h.equal(home.read(algorithm + ".pub"), again, "generate-key-pair and public-key")


def keys(algorithm):
    """How a verifier has the key: arguments for the daemon's, and for a file, of which cosign
    assumes that its signatures are over SHA-256 unless told otherwise."""
    yield ["--key", reference(algorithm)]
    hashes = {"ecdsa-p384": "sha384", "ecdsa-p521": "sha512"}
    yield ["--key", algorithm + ".pub"] + (["--signature-digest-algorithm", hashes[algorithm]]
                                           if algorithm in hashes else [])


def signed_with(algorithm, name):
    """How a signature is kept: cosign verifies no bundle of pure Ed25519."""
    if algorithm == "ed25519":
        return ["--new-bundle-format=false", "--output-signature", name], ["--new-bundle-format=false",
                                                                           "--signature", name]
    return ["--bundle", name], ["--bundle", name]


def sign_blob(home, algorithm):
    file, other = home.write("file", b"release 1.0\n" * 1000), home.write("other", b"release 1.1\n")
    out, back = signed_with(algorithm, algorithm + ".blob")
    home.cosign("sign-blob", "--key", reference(algorithm), *OFFLINE, *out, file)
    for key in keys(algorithm):
        home.cosign("verify-blob", *key, *back, NO_LOG, file)
        home.cosign("verify-blob", *key, *back, NO_LOG, other, fails="rror")


def attest_blob(home, algorithm):
    file = home.write("file", b"release 1.0\n" * 1000)
    other, predicate = home.write("other", b"release 1.1\n"), home.write("predicate", b'{"built":"here"}')
    bundle = algorithm + ".attestation"
    home.cosign("attest-blob", "--key", reference(algorithm), "--predicate", predicate, "--type", "custom", *OFFLINE,
                "--bundle", bundle, file)
    statement = json.loads(base64.b64decode(json.loads(home.read(bundle))["dsseEnvelope"]["payload"]))
    h.equal(statement["subject"][0]["digest"]["sha256"], hashlib.sha256(home.read("file")).hexdigest())
    for key in keys(algorithm):
        check = ("verify-blob-attestation", *key, "--bundle", bundle, "--type", "custom", NO_LOG)
        home.cosign(*check, file)
        home.cosign(*check, other, fails="rror")


def sign_image(home, registry, algorithm):
    if registry is None:
        h.skip("docker-registry is not installed")
    image, other = registry.push("signed with " + algorithm), registry.push("not signed, beside " + algorithm)
    predicate = home.write("predicate", b'{"built":"here"}')
    home.cosign("sign", "--key", reference(algorithm), *OFFLINE, HTTP, image)
    home.cosign("attest", "--key", reference(algorithm), "--predicate", predicate, "--type", "custom", *OFFLINE, HTTP,
                image)
    for key in keys(algorithm):
        home.cosign("verify", *key, NO_LOG, HTTP, image)
        home.cosign("verify", *key, NO_LOG, HTTP, other, fails="rror")
        home.cosign("verify-attestation", *key, "--type", "custom", NO_LOG, HTTP, image)
        home.cosign("verify-attestation", *key, "--type", "custom", NO_LOG, HTTP, other, fails="rror")


def rotate(home, algorithm):
    file = home.path("file")
    out, back = signed_with(algorithm, algorithm + ".second")
    home.key("rotate", "release/" + algorithm)
    home.cosign("sign-blob", "--key", reference(algorithm), *OFFLINE, *out, file)
    new = home.cosign("public-key", "--key", reference(algorithm))
    h.ok(new.encode() != home.read(algorithm + ".pub"), "the public key is still the old one")
    home.cosign("verify-blob", "--key", reference(algorithm), *back, NO_LOG, file)
    home.cosign("verify-blob", "--key", reference(algorithm) + "@2", *back, NO_LOG, file)
    _, old_file = keys(algorithm)
    home.cosign("verify-blob", *old_file, *back, NO_LOG, file, fails="rror")
    _, back = signed_with(algorithm, algorithm + ".blob")
    for key in *keys(algorithm), ["--key", reference(algorithm) + "@1"]:
        home.cosign("verify-blob", *key, *back, NO_LOG, file)


def disabled(home):
    home.key("disable", "release/ecdsa-p256", "--version", "2")
    home.cosign("sign-blob", "--key", reference("ecdsa-p256") + "@2", *OFFLINE, "--bundle", "none", home.path("file"),
                fails="disabled")
    home.cosign("verify-blob", "--key", reference("ecdsa-p256") + "@2", "--bundle", "ecdsa-p256.second", NO_LOG,
                home.path("file"))


def audited(home):
    text = home.run(h.LUAHSM, "audit", "verify")
    records = [json.loads(line) for line in home.run(h.LUAHSM, "audit", "show", "--json").splitlines()]
    h.ok(" %d records" % len(records) in text, text)
    done = [(r["operation"], r["version"]) for r in records if r["key"] == "release/rsa-2048" and r["result"] == "00"]
    for one in ("create", 1), ("sign", 1), ("rotate", 2), ("sign", 2):
        h.ok(one in done, "no record of %s@%d in %r" % (*one, done))


CASES = (
    ("the key, public-key", lambda home, _, a: create(home, a)),
    ("sign-blob, verify-blob", lambda home, _, a: sign_blob(home, a)),
    ("attest-blob, verify-blob-attestation", lambda home, _, a: attest_blob(home, a)),
    ("sign, attest, verify and verify-attestation of an image", sign_image),
    ("after a rotation old signatures verify", lambda home, _, a: rotate(home, a)),
)


def all_cases(home):
    registry = Registry(home) if shutil.which("docker-registry") else None
    try:
        for algorithm in ALGORITHMS:
            for name, do in CASES:
                h.attempt("cosign, %s: %s" % (algorithm, name),
                          lambda a=algorithm, do=do: do(home, registry, a))
        h.attempt("cosign: a disabled version signs nothing and still verifies", lambda: disabled(home))
        conformance(home)
        h.attempt("the audit log has it all", lambda: audited(home))
    finally:
        if registry:
            registry.end()


def main():
    prepare()
    build(int(os.environ.get("COSIGN_BUILD_SECONDS", "3600")))
    verdicts = []
    report = h.report
    h.report = lambda verdict, *rest: (verdicts.append(verdict), report(verdict, *rest))
    home = Home()
    try:
        all_cases(home)
    finally:
        home.end()
    print("%d passed, %d failed, %d skipped" % tuple(map(verdicts.count, ("ok", "not ok", "skipped"))))
    h.finish()


if __name__ == "__main__":
    main()
