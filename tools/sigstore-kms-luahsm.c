/*
 * sigstore-kms-luahsm: the program that cosign runs for keys luahsm://NAME.
 *
 * One call, one method, one JSON document on standard output, whatever
 * happens: the caller looks at nothing else. The work is the daemon's; this
 * program hashes and forwards. It holds no key and reads no file.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "kms_daemon.h"
#include "kms_hash.h"
#include "kms_json.h"
#include "kms_key.h"
#include "kms_message.h"
#include "ready.h"

enum { TIMEOUT_S = 30, MARGIN_MS = 200, SIGNATURE_MOST = 512 };	/* of RSA-4096 */

/* All of one call; too large for the stack. */
static struct call {
	struct kms_request rq;
	struct kms_daemon  daemon;
	uint8_t            message[KMS_MESSAGE];
} call;

static void
begin(struct call *c, const char *command)
{
	kms_begin_key(&c->daemon, command, c->rq.name);
}

static int
create_key(struct call *c, struct span *pem)
{
	struct kms_key key;

	if (c->rq.pinned)
		return kms_fail(&c->daemon, "a version cannot be created: leave out @%u",
		    c->rq.version);
	begin(c, "Z0");
	kms_add(&c->daemon, "%02u0", c->rq.algorithm->code);
	if (kms_ask_key(&c->daemon, c->rq.name, &key) != 0)
		return -1;
	*pem = key.pem;
	return 0;
}

static int
public_key(struct call *c, const struct algorithm **algorithm, struct span *pem)
{
	struct kms_key key;

	begin(c, "Z2");
	kms_add(&c->daemon, "%06u", c->rq.version);
	if (kms_ask_key(&c->daemon, c->rq.name, &key) != 0)
		return -1;
	*algorithm = key.algorithm;
	*pem = key.pem;
	return 0;
}

/* Sign or verify these bytes. 0 and the reply's code; -1: there is none. */
static int
ask_about(struct call *c, unsigned hash, struct span data, char code[3], struct span *rest)
{
	bool sign = c->rq.method == KMS_SIGN_MESSAGE;

	begin(c, sign ? "Z4" : "Z6");
	kms_add(&c->daemon, "%06u%02u", c->rq.version, hash);
	if (!sign) {
		kms_add(&c->daemon, "%04zX", c->rq.signature_len);
		kms_add_bytes(&c->daemon, c->rq.signature, c->rq.signature_len);
	}
	kms_add(&c->daemon, "%04zX", data.n);
	kms_add_bytes(&c->daemon, data.p, data.n);
	if (kms_ask(&c->daemon, code, rest) != 0)
		return -1;
	kms_say(&c->daemon, KMS_DEBUG, "answer %s and %zu bytes", code, rest->n);
	return 0;
}

/* The last word of the daemon: a signature, or that it is right. */
static int
conclude(struct call *c, const char *code, struct span rest, struct span *signature)
{
	if (strcmp(code, "00") != 0)
		return kms_refused(&c->daemon, code, c->rq.name);
	if (kms_digits(rest, 0, 6) <= 0 || (c->rq.method == KMS_SIGN_MESSAGE && rest.n == 6))
		return kms_fail(&c->daemon, "the answer is not that of a signing command");
	*signature = span_sub(rest, 6, rest.n - 6);
	return 0;
}

/* The key signs messages: standard input has to be one, and that of the digest. */
static int
with_message(struct call *c, struct span *signature)
{
	struct kms_hash hash;
	uint8_t digest[ALGORITHM_DIGEST_MAX];
	struct span rest;
	char code[3];
	size_t n;

	if (kms_message_keep(&c->daemon, c->message, &n) != 0)
		return -1;
	if (c->rq.digest_len > 0) {
		kms_hash_init(&hash, algorithm_hash_of(c->rq.digest_len));
		kms_hash_add(&hash, c->message, n);
		kms_hash_end(&hash, digest);
		if (memcmp(digest, c->rq.digest, c->rq.digest_len) != 0)
			return kms_fail(&c->daemon, "key %s signs messages, not digests, and the "
			    "message on standard input is not that of the digest", c->rq.name);
	}
	if (ask_about(c, HASH_NONE, span_of(c->message, n), code, &rest) != 0)
		return -1;
	return conclude(c, code, rest, signature);
}

/*
 * With which hashes the message may have been meant, likeliest first. Their
 * number, or -1. What is asked for with the message wins. Otherwise a client
 * that signs means its own default; one that verifies has a default that says
 * nothing of the key (cosign's is always SHA-256), so the key's own is first.
 */
static int
choose_hashes(struct call *c, const struct algorithm *key, struct kms_hash hashes[2])
{
	int client = c->rq.client_hash > HASH_NONE ? c->rq.client_hash : key->hash;
	int first = client, second = client;

	if (key->kind == ALGORITHM_ED25519PH)
		first = second = key->hash;
	else if (c->rq.method == KMS_VERIFY_SIGNATURE)
		first = key->hash;
	if (c->rq.hash > HASH_NONE)
		first = second = c->rq.hash;
	if (algorithm_digest_length((unsigned)first) == 0)
		return kms_fail(&c->daemon, "hashFunc %d is weak or not served: use SHA-224, "
		    "SHA-256, SHA-384 or SHA-512", first);
	kms_hash_init(&hashes[0], (unsigned)first);
	if (second == first || algorithm_digest_length((unsigned)second) == 0)
		return 1;
	kms_hash_init(&hashes[1], (unsigned)second);
	return 2;
}

/* No digest came: ask what key it is, and make one. */
static int
with_stdin(struct call *c, struct span *signature)
{
	const struct algorithm *key;
	struct kms_hash hashes[2];
	uint8_t digest[ALGORITHM_DIGEST_MAX];
	struct span rest;
	char code[3];
	int n;

	if (public_key(c, &key, &rest) != 0)
		return -1;
	if (key->kind == ALGORITHM_ED25519)
		return with_message(c, signature);
	if ((n = choose_hashes(c, key, hashes)) < 0 ||
	    kms_message_hash(&c->daemon, hashes, (size_t)n) != 0)
		return -1;
	for (int i = 0; i < n; i++) {
		size_t len = kms_hash_end(&hashes[i], digest);

		if (ask_about(c, hashes[i].number, span_of(digest, len), code, &rest) != 0)
			return -1;
		if (strcmp(code, "01") != 0)
			break;
	}
	return conclude(c, code, rest, signature);
}

static int
sign_or_verify(struct call *c, struct span *signature)
{
	struct span rest;
	char code[3];

	/* no key's; with a long message, it would be more than the daemon takes */
	if (c->rq.signature_len > SIGNATURE_MOST)
		return kms_refused(&c->daemon, "01", c->rq.name);
	if (c->rq.digest_len == 0)
		return with_stdin(c, signature);
	if (ask_about(c, algorithm_hash_of(c->rq.digest_len),
	    span_of(c->rq.digest, c->rq.digest_len), code, &rest) != 0)
		return -1;
	return strcmp(code, "37") == 0 ? with_message(c, signature) :
	    conclude(c, code, rest, signature);
}

/* The daemon's part of the call. 0 and *result, or -1 with an error. */
static int
forward(struct call *c, struct span *result)
{
	const struct algorithm *key;

	if (kms_connect(&c->daemon) != 0)
		return -1;
	switch (c->rq.method) {
	case KMS_CREATE_KEY: return create_key(c, result);
	case KMS_PUBLIC_KEY: return public_key(c, &key, result);
	default: return sign_or_verify(c, result);
	}
}

/* How much time there is: LUAHSM_TIMEOUT, and the client's deadline less a margin. */
static int
set_deadline(struct call *c)
{
	struct timespec now;
	int64_t left, ms;

	if (kms_allow(&c->daemon, TIMEOUT_S) != 0)
		return -1;
	if (c->rq.deadline_ms != 0) {
		clock_gettime(CLOCK_REALTIME, &now);
		left = c->rq.deadline_ms - ((int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000);
		if (left <= 0)
			return kms_fail(&c->daemon, "the deadline has passed already");
		left -= left > 5 * MARGIN_MS ? MARGIN_MS : left / 5;
		ms = ready_now() + left;
		if (ms < c->daemon.until)
			c->daemon.until = ms;
	}
	return 0;
}

/* Do what the arguments say. The answer, or NULL: no memory. */
static char *
serve(struct call *c, int argc, char **argv, int *status)
{
	const char *hash4 = getenv("LUAHSM_HASH4");
	bool demo = hash4 != NULL && strcmp(hash4, "sha256") == 0;
	const char *error = c->daemon.error;
	struct span result = { 0 };

	*status = EXIT_FAILURE;
	if (argc != 3) {
		error = "two arguments are expected, the protocol version and a JSON document: "
		    "cosign and other sigstore clients run this program";
	} else if (kms_read(argv[1], argv[2], demo, &c->rq) != 0) {
		error = c->rq.error;
	} else if (c->rq.method <= KMS_SUPPORTED_ALGORITHMS ||
	    (set_deadline(c) == 0 && forward(c, &result) == 0)) {
		*status = EXIT_SUCCESS;
		return kms_answer(&c->rq, result);
	}
	kms_say(&c->daemon, KMS_INFO, "%s", error);
	return kms_answer_error(c->rq.capitals, error);
}

/* A descriptor below 3 that is closed must not become a socket. */
static void
hold_descriptors(void)
{
	static const int how[] = { O_WRONLY, O_RDONLY, O_WRONLY };

	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			(void)!open("/dev/null", how[fd]);
}

static int
write_all(const char *text)
{
	size_t n = strlen(text);

	while (n > 0) {
		struct pollfd p = { .fd = STDOUT_FILENO, .events = POLLOUT };
		ssize_t done = write(STDOUT_FILENO, text, n);

		/* a pipe that does not block, and is full */
		if (done < 0 && errno == EAGAIN)
			(void)poll(&p, 1, -1);
		else if (done < 0 && errno != EINTR)
			return -1;
		text += done > 0 ? done : 0;
		n -= done > 0 ? (size_t)done : 0;
	}
	return 0;
}

int
main(int argc, char **argv)
{
	static const char none[] = "{\"errorMessage\":\"out of memory\"}";
	char *answer;
	int status;

	signal(SIGPIPE, SIG_IGN);
	hold_descriptors();
	call.daemon.fd = -1;
	call.daemon.level = kms_level_wanted();
	answer = serve(&call, argc, argv, &status);
	if (write_all(answer != NULL ? answer : none) != 0 || write_all("\n") != 0 ||
	    answer == NULL)
		status = EXIT_FAILURE;
	free(answer);
	return status;
}
