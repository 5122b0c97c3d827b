#include "signer.h"

#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "algorithm.h"
#include "charset.h"
#include "config.h"
#include "err.h"
#include "keeper.h"
#include "policy.h"
#include "request.h"
#include "secret.h"
#include "signcache.h"

static const _Atomic uint64_t *epoch_now;
/* Both in the slab; NULL until the first request with a signing key. */
static struct keeper_message *question, *handed;
static const struct keeper_message *answer;	/* of this run; NULL: none */
static bool again;	/* this run is not the request's first */
/* This run has used the answer to a change or a signature: a second one in a request can't
 * be told from it, for answers are known by kind, key and version only. */
static bool taken;

void
signer_init(const _Atomic uint64_t *epoch)
{
	epoch_now = epoch;
}

struct keeper_message *
signer_question(void)
{
	return question;
}

void
signer_hand(const struct keeper_message *m)
{
	answer = NULL;
	taken = false;
	again = true;
	if (m == NULL)
		return;
	if (m->kind == KEEPER_FIND && m->result == 0)
		(void)signcache_put(m);
	memcpy(handed, m, sizeof(*handed));
	answer = handed;
}

void
signer_done(void)
{
	if (answer != NULL)
		sodium_memzero(handed, sizeof(*handed));
	answer = NULL;
	taken = again = false;
}

bool
signer_runs_again(void)
{
	return again;
}

/* Make room for a question and an answer. 0 or ERR_NO_ROOM. */
static int
get_ready(void)
{
	if (question == NULL)
		question = secret_alloc(sizeof(*question));
	if (handed == NULL)
		handed = secret_alloc(sizeof(*handed));
	return question != NULL && handed != NULL && sign_init() == 0 ? 0 : ERR_NO_ROOM;
}

/* Begin a question about the key. 0, ERR_INPUT (no name of a key), ERR_NO_ROOM. */
static int
begin(struct request *rq, enum keeper_kind kind, struct span name)
{
	if ((question == NULL || handed == NULL) && get_ready() != 0)
		return ERR_NO_ROOM;
	sodium_memzero(question, sizeof(*question));
	if (name.n > SIGNER_LABEL || (name.n == 0 && kind != KEEPER_LIST) ||
	    !charset_all(name, CHAR_PRINT) || (name.n != 0 && memchr(name.p, ' ', name.n) != NULL))
		return request_fail(rq, ERR_INPUT, "is no name of a key");
	/* an answer to it would have all run again, and the change made once more */
	if (taken)
		return request_fail(rq, ERR_INPUT, "comes after a change or a signature in the "
		    "same request");
	question->kind = kind;
	question->uid = rq->uid;
	question->pid = rq->pid;
	if (name.n != 0)
		memcpy(question->label, name.p, name.n);
	return 0;
}

/* Has the question that was begun been answered in the run before? */
static bool
answered(void)
{
	bool is = answer != NULL && answer->kind == question->kind &&
	    answer->asked == question->asked && strcmp(answer->label, question->label) == 0;

	/* what is stale has not been recorded, and is done anew */
	taken |= is && keeper_records(question->kind) && answer->result != KEEPER_STALE;
	return is;
}

/*
 * Find a key that this user may use so: in the cache, or else by asking, so that
 * a refusal is the keeper's, who records it.
 */
static int
find(struct request *rq, struct span name, uint32_t version, enum policy_right right,
    struct signcache_entry **found)
{
	struct signcache_entry *e;
	int r = begin(rq, KEEPER_FIND, name);

	if (r != 0)
		return r;
	question->asked = version;
	question->right = (uint8_t)right;
	if (answered() && answer->right == right) {
		if (answer->result != 0)
			return answer->result;
		e = signcache_find(question->label, version, answer->epoch);
		*found = e;
		return e != NULL ? 0 : ERR_CRYPTO;
	}
	e = epoch_now == NULL ? NULL : signcache_find(question->label, version,
	    atomic_load_explicit(epoch_now, memory_order_acquire));
	if (e == NULL || !policy_allows(e->policy, right, rq->uid, rq->own) ||
	    (right == POLICY_SIGN && e->private == NULL))
		return SIGNER_ASKS;
	*found = e;
	return 0;
}

static void
tell_entry(const struct signcache_entry *e, struct signer_key *key)
{
	*key = (struct signer_key){ e->algorithm, e->state, e->version,
		span_of(e->public, e->public_len) };
}

static void
tell_answer(struct signer_key *key)
{
	*key = (struct signer_key){ answer->algorithm, answer->state, answer->version,
		span_of(answer->public, answer->public_len) };
}

int
signer_public(struct request *rq, struct span name, uint32_t version, struct signer_key *key)
{
	struct signcache_entry *e;
	int r = find(rq, name, version, POLICY_READ, &e);

	if (r == 0)
		tell_entry(e, key);
	return r;
}

/* --- new keys ------------------------------------------------------------ */

/* Make a pair into the question that was begun. SIGNER_ASKS, SIGNER_SLOW or a failure. */
static int
generate(const struct request *rq, const struct algorithm *a)
{
	struct sign_key *k;
	size_t pem, der;
	int r = ERR_CRYPTO;

	if (rq->leaves_slow && (a->kind == ALGORITHM_RSA_PKCS1 || a->kind == ALGORITHM_RSA_PSS))
		return SIGNER_SLOW;
	if ((k = sign_generate(a)) != NULL &&
	    sign_public(k, (char *)question->public, &pem) == 0 &&
	    sign_private(k, question->private, &der) == 0) {
		question->algorithm = a->code;
		question->public_len = (uint16_t)pem;
		question->private_len = (uint16_t)der;
		r = SIGNER_ASKS;
	}
	sign_free(k);
	return r;
}

/* There is a key of this name: is it what was to be created? */
static int
same_key(struct request *rq, uint8_t algorithm, unsigned wanted, bool strict)
{
	if (strict)
		return request_fail(rq, ERR_KEY_EXISTS, "a key of this name exists");
	return algorithm == wanted ? 0 : request_fail(rq, ERR_KEY_EXISTS,
	    "a key of this name exists, with another algorithm");
}

int
signer_create(struct request *rq, struct span name, unsigned algorithm, int strict,
    struct signer_key *key)
{
	const struct algorithm *a = algorithm_coded(algorithm);
	bool only_new = strict != 0 || rq->config->strict_create;
	struct signcache_entry *e;
	int r = begin(rq, KEEPER_CREATE, name);

	if (r != 0)
		return r;
	if (a == NULL)
		return request_fail(rq, ERR_NO_ALGORITHM, "there is no such algorithm");
	if (answered()) {
		if (answer->result < 0)
			return answer->result;
		tell_answer(key);
		return answer->result == 0 ? 0 : same_key(rq, answer->algorithm, algorithm,
		    only_new);
	}
	if ((r = find(rq, name, 0, POLICY_READ, &e)) == 0) {
		tell_entry(e, key);
		return same_key(rq, e->algorithm, algorithm, only_new);
	}
	if (r != ERR_NO_KEY)
		return r;
	if ((r = begin(rq, KEEPER_CREATE, name)) != 0)
		return r;
	memcpy(question->policy, rq->config->store_policy, sizeof(question->policy));
	return generate(rq, a);
}

int
signer_rotate(struct request *rq, struct span name, struct signer_key *key)
{
	struct signcache_entry *e;
	const struct algorithm *a;
	int r = begin(rq, KEEPER_ROTATE, name);

	if (r != 0)
		return r;
	if (answered()) {
		if (answer->result == 0)
			tell_answer(key);
		return answer->result;
	}
	if ((r = find(rq, name, 0, POLICY_READ, &e)) != 0)
		return r;
	if ((a = algorithm_coded(e->algorithm)) == NULL)
		return ERR_CRYPTO;
	if ((r = begin(rq, KEEPER_ROTATE, name)) != 0)
		return r;
	return generate(rq, a);
}

/* --- signatures ---------------------------------------------------------- */

/* Sign, and leave the question that records it and has the signature with it. */
static int
sign(struct request *rq, struct span name, uint32_t version, unsigned hash, struct span data)
{
	static const char operation[] = "sign";
	struct signcache_entry *e;
	size_t n;
	int r = find(rq, name, version, POLICY_SIGN, &e);

	if (r != 0)
		return r;
	if ((r = begin(rq, KEEPER_RECORD, name)) != 0 ||
	    (r = sign_make(e->private, hash, data, question->public, &n)) != 0)
		return r;
	memcpy(question->operation, operation, sizeof(operation));
	memcpy(question->code, "00", sizeof(question->code));
	question->asked = version;
	question->version = e->version;
	question->algorithm = e->algorithm;
	question->epoch = e->epoch;
	question->public_len = (uint16_t)n;
	/* of a message that is signed as it is, the log has a digest of our own choice */
	question->digest_len = (uint8_t)(hash == HASH_NONE ? crypto_hash_sha256_BYTES : data.n);
	if (hash == HASH_NONE)
		crypto_hash_sha256(question->digest, data.p, data.n);
	else
		memcpy(question->digest, data.p, data.n);
	return SIGNER_ASKS;
}

int
signer_sign(struct request *rq, struct span name, uint32_t version, unsigned hash,
    struct span data, uint8_t signature[SIGN_SIGNATURE], size_t *n, uint32_t *by)
{
	int r = begin(rq, KEEPER_RECORD, name);

	if (r != 0)
		return r;
	question->asked = version;
	if (!answered())
		return sign(rq, name, version, hash, data);
	if (answer->result < 0)
		return answer->result;
	if (answer->result == KEEPER_STALE) {
		/* something has changed since the key was found */
		if ((r = begin(rq, KEEPER_FIND, name)) != 0)
			return r;
		question->asked = version;
		question->right = POLICY_SIGN;
		return SIGNER_ASKS;
	}
	if (answer->public_len > SIGN_SIGNATURE)
		return ERR_CRYPTO;
	memcpy(signature, answer->public, answer->public_len);
	*n = answer->public_len;
	*by = answer->version;
	return 0;
}

/* Does the entry's key verify it? As sign_verify. */
static int
verify(struct signcache_entry *e, unsigned hash, struct span data, struct span signature)
{
	struct sign_key *k = signcache_verifier(e);

	return k != NULL ? sign_verify(k, hash, data, signature) : ERR_CRYPTO;
}

/*
 * Version 0 is whichever it is, from the newest down. A run goes on at the
 * version that the last one had to ask for; those before it were tried then.
 */
int
signer_verify(struct request *rq, struct span name, uint32_t version, unsigned hash,
    struct span data, struct span signature, uint32_t *by)
{
	struct signcache_entry *e;
	uint32_t at = version;
	int r = begin(rq, KEEPER_FIND, name);

	if (r != 0)
		return r;
	if (version == 0 && answer != NULL && answer->kind == KEEPER_FIND &&
	    strcmp(answer->label, question->label) == 0)
		at = answer->asked;
	for (;;) {
		if ((r = find(rq, name, at, POLICY_READ, &e)) == 0) {
			*by = at = e->version;
			r = verify(e, hash, data, signature);
		} else if (r != ERR_KEY_STATE || at == 0) {
			return r;
		}
		if (r == 0 || version != 0 || (r != ERR_VERIFY && r != ERR_KEY_STATE))
			return r;
		if (--at == 0)
			return ERR_VERIFY;
	}
}

/* --- managing ------------------------------------------------------------ */

int
signer_set_state(struct request *rq, struct span name, uint32_t version, unsigned state)
{
	int r = begin(rq, KEEPER_SET_STATE, name);

	if (r != 0)
		return r;
	question->asked = version;
	question->state = (uint8_t)state;
	return answered() ? answer->result : SIGNER_ASKS;
}

static int
entries_of(unsigned *count, struct span *entries)
{
	if (!answered())
		return SIGNER_ASKS;
	*count = answer->count;
	*entries = span_of(answer->private, answer->private_len);
	return answer->result;
}

int
signer_list(struct request *rq, struct span name, unsigned *count, struct span *entries)
{
	int r = begin(rq, KEEPER_LIST, name);

	return r != 0 ? r : entries_of(count, entries);
}

int
signer_describe(struct request *rq, struct span name, uint32_t version, unsigned *count,
    struct span *entries)
{
	int r = begin(rq, KEEPER_DESCRIBE, name);

	if (r != 0)
		return r;
	question->asked = version;
	return entries_of(count, entries);
}
