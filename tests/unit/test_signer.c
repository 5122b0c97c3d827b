/* signer: runs of a request, until it has what it needs. */
#include "signer.h"

#include <unistd.h>

#include "config.h"
#include "err.h"
#include "keeper.h"
#include "keeper_proof.h"
#include "request.h"
#include "rows.h"
#include "secret.h"

static const uint8_t  digest[32] = { 1, 2, 3 };
static _Atomic uint64_t epoch;
static struct config  config;
static struct request rq;
static unsigned       asked;		/* questions in this test */
static enum keeper_kind last;
static int32_t        forced;		/* the next answer's result; 0: the keeper's own */

static struct span
name_of(const char *s)
{
	return span_str(s);
}

/* Answer what was asked, and hand it over for the next run. */
static void
answer(void)
{
	struct keeper_message *m = signer_question();

	asked++;
	last = (enum keeper_kind)m->kind;
	assert_int_equal(m->uid, 4711);
	keeper_proof(NULL, m);
	if (forced != 0)
		m->result = forced;
	forced = 0;
	m->epoch = atomic_load(&epoch);
	signer_hand(m);
	assert_true(signer_runs_again());
}

static int
sign(const char *name, uint32_t version, uint32_t *by, uint8_t signature[SIGN_SIGNATURE], size_t *n)
{
	int r;

	while ((r = signer_sign(&rq, name_of(name), version, HASH_SHA256, span_of(digest, 32),
	    signature, n, by)) == SIGNER_ASKS)
		answer();
	signer_done();
	return r;
}

static int
verify(const char *name, uint32_t version, struct span signature, uint32_t *by)
{
	int r;

	while ((r = signer_verify(&rq, name_of(name), version, HASH_SHA256, span_of(digest, 32),
	    signature, by)) == SIGNER_ASKS)
		answer();
	signer_done();
	return r;
}

static int
create(const char *name, unsigned algorithm, int strict, struct signer_key *key)
{
	int r;

	while ((r = signer_create(&rq, name_of(name), algorithm, strict, key)) == SIGNER_ASKS)
		answer();
	signer_done();
	return r;
}

/* A key is found once; each signature is recorded. */
static void
test_sign(void **state)
{
	uint8_t signature[SIGN_SIGNATURE];
	uint32_t by = 0;
	size_t n = 0;

	(void)state;
	assert_int_equal(sign("test/p256", 0, &by, signature, &n), 0);
	assert_true(asked == 2 && last == KEEPER_RECORD && by == 2 && n > 60);
	assert_int_equal(sign("test/p256", 0, &by, signature, &n), 0);
	assert_int_equal(asked, 3);
	assert_int_equal(verify("test/p256", 0, span_of(signature, n), &by), 0);
	assert_true(by == 2);
	/* what has changed since is noticed by the keeper, and the key found anew */
	forced = KEEPER_STALE;
	asked = 0;
	assert_int_equal(sign("test/p256", 0, &by, signature, &n), 0);
	assert_true(asked == 3 && last == KEEPER_RECORD);
	/* and by the epoch that all processes see */
	atomic_store(&epoch, 2);
	asked = 0;
	assert_int_equal(sign("test/p256", 0, &by, signature, &n), 0);
	assert_int_equal(asked, 2);
	forced = ERR_AUDIT;
	assert_int_equal(sign("test/p256", 0, &by, signature, &n), ERR_AUDIT);
}

static void
test_refused(void **state)
{
	uint8_t signature[SIGN_SIGNATURE];
	uint32_t by = 0;
	size_t n = 0;

	(void)state;
	assert_int_equal(sign("test/none", 0, &by, signature, &n), ERR_NO_KEY);
	assert_int_equal(sign("test/p256", 9, &by, signature, &n), ERR_NO_VERSION);
	assert_int_equal(sign("test/disabled", 0, &by, signature, &n), ERR_KEY_STATE);
	assert_int_equal(sign("test/foreign", 0, &by, signature, &n), ERR_CALLER);
	assert_int_equal(sign("test/ed25519", 0, &by, signature, &n), ERR_WANTS_MESSAGE);
	assert_int_equal(sign("test/ed25519ph", 0, &by, signature, &n), ERR_DIGEST);
	assert_int_equal(sign("", 0, &by, signature, &n), ERR_INPUT);
	assert_int_equal(sign("a b", 0, &by, signature, &n), ERR_INPUT);
	assert_int_equal(sign("a\n", 0, &by, signature, &n), ERR_INPUT);
}

/* A policy that does not name him: the cache does not let him in, and the keeper is asked. */
static void
test_policy(void **state)
{
	uint8_t signature[SIGN_SIGNATURE];
	uint32_t by = 0;
	size_t n = 0;

	(void)state;
	assert_int_equal(sign("test/p256", 0, &by, signature, &n), 0);
	rq.own = 1;
	asked = 0;
	forced = ERR_CALLER;
	assert_int_equal(sign("test/p256", 0, &by, signature, &n), ERR_CALLER);
	assert_int_equal(asked, 1);
	rq.own = 4711;
}

/* Whichever version it is, from the newest down, destroyed ones apart. */
static void
test_verify(void **state)
{
	uint8_t signature[SIGN_SIGNATURE];
	uint32_t by = 0;
	size_t n = 0;

	(void)state;
	assert_int_equal(sign("test/p256", 1, &by, signature, &n), 0);
	by = 0;
	assert_int_equal(verify("test/p256", 0, span_of(signature, n), &by), 0);
	assert_true(by == 1);
	assert_int_equal(verify("test/p256", 2, span_of(signature, n), &by), ERR_VERIFY);
	assert_int_equal(verify("test/p256", 3, span_of(signature, n), &by), ERR_NO_VERSION);
	assert_int_equal(verify("test/p256", 0, SPAN("bad signature"), &by), ERR_VERIFY);
	assert_int_equal(verify("test/destroyed", 0, span_of(signature, n), &by), ERR_KEY_STATE);
	assert_int_equal(verify("test/foreign", 0, span_of(signature, n), &by), ERR_CALLER);
	assert_int_equal(verify("test/none", 0, span_of(signature, n), &by), ERR_NO_KEY);
}

static void
test_create(void **state)
{
	struct signer_key key;

	(void)state;
	assert_int_equal(create("test/p256", 1, 0, &key), 0);
	assert_true(key.version == 2 && key.algorithm == 1);
	assert_int_equal(create("test/p256", 2, 0, &key), ERR_KEY_EXISTS);
	assert_int_equal(create("test/p256", 1, 1, &key), ERR_KEY_EXISTS);
	assert_int_equal(create("new", 99, 0, &key), ERR_NO_ALGORITHM);
	assert_int_equal(create("new", 2, 0, &key), 0);
	assert_true(key.version == 1 && key.algorithm == 2 && last == KEEPER_CREATE);
	/* somebody else was faster: it is his key, of whatever algorithm */
	asked = 0;
	assert_int_equal(signer_create(&rq, name_of("new"), 1, 0, &key), SIGNER_ASKS);
	answer();
	assert_int_equal(signer_create(&rq, name_of("new"), 1, 0, &key), SIGNER_ASKS);
	forced = KEEPER_THERE;
	answer();
	assert_int_equal(signer_create(&rq, name_of("new"), 1, 0, &key), 0);
	/* its answer is used: another key in the same request would take it for its own */
	assert_int_equal(signer_create(&rq, name_of("new"), 1, 1, &key), ERR_INPUT);
	signer_done();
	config.strict_create = true;
	assert_int_equal(create("test/p256", 1, 0, &key), ERR_KEY_EXISTS);
	config.strict_create = false;
}

/* RSA keys are left to slow workers, where there are any, but not their look-up. */
static void
test_slow(void **state)
{
	struct signer_key key;

	(void)state;
	rq.leaves_slow = true;
	assert_int_equal(signer_create(&rq, name_of("new"), 11, 0, &key), SIGNER_ASKS);
	answer();
	assert_int_equal(signer_create(&rq, name_of("new"), 11, 0, &key), SIGNER_SLOW);
	signer_done();
	assert_int_equal(create("new", 31, 0, &key), 0);
	rq.leaves_slow = false;
}

static void
test_manage(void **state)
{
	struct signer_key key;
	struct span entries;
	unsigned count = 0;

	(void)state;
	assert_int_equal(signer_rotate(&rq, name_of("test/ed25519"), &key), SIGNER_ASKS);
	answer();
	assert_int_equal(signer_rotate(&rq, name_of("test/ed25519"), &key), SIGNER_ASKS);
	answer();
	assert_int_equal(signer_rotate(&rq, name_of("test/ed25519"), &key), 0);
	assert_true(key.version == 2 && key.public.n > 100 && last == KEEPER_ROTATE);
	signer_done();
	/* an answer is for its own question */
	assert_int_equal(signer_set_state(&rq, name_of("test/p256"), 1, STORE_DISABLED),
	    SIGNER_ASKS);
	answer();
	assert_int_equal(signer_set_state(&rq, name_of("test/p256"), 2, STORE_DISABLED),
	    SIGNER_ASKS);
	assert_int_equal(signer_set_state(&rq, name_of("test/p256"), 1, STORE_DISABLED), 0);
	/* its answer would have the change made again */
	assert_int_equal(signer_list(&rq, name_of(""), &count, &entries), ERR_INPUT);
	assert_int_equal(signer_public(&rq, name_of("test/p256"), 1, &key), ERR_INPUT);
	signer_done();
	assert_int_equal(signer_list(&rq, name_of(""), &count, &entries), SIGNER_ASKS);
	answer();
	assert_int_equal(signer_list(&rq, name_of(""), &count, &entries), 0);
	assert_true(count == 5 && entries.n > 100);
	assert_int_equal(signer_describe(&rq, name_of("test/p256"), 0, &count, &entries),
	    SIGNER_ASKS);
	answer();
	assert_int_equal(signer_describe(&rq, name_of("test/p256"), 0, &count, &entries), 0);
	assert_int_equal(count, 2);
	signer_done();
	assert_false(signer_runs_again());
}

static int
each(void **state)
{
	(void)state;
	asked = 0;
	forced = 0;
	atomic_fetch_add(&epoch, 1);
	return 0;
}

static int
setup(void **state)
{
	(void)state;
	if (secret_init(false) != 0 || request_init(&rq, &config) != 0)
		return -1;
	request_begin(&rq, NULL, false);
	rq.uid = rq.own = 4711;
	rq.pid = 12;
	signer_init(&epoch);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	request_free(&rq);
	return 0;
}

int
main(void)
{
#define TEST(name) { #name, test_##name, each, NULL, NULL }
	const struct CMUnitTest tests[] = {
		TEST(sign), TEST(refused), TEST(policy), TEST(verify), TEST(create), TEST(slow),
		TEST(manage)
	};

	return cmocka_run_group_tests_name("signer", tests, setup, teardown);
}
