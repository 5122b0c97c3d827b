/* signcache: what was found, while nothing has changed. */
#include "signcache.h"

#include <stdio.h>

#include "keeper.h"
#include "keeper_proof.h"
#include "rows.h"
#include "secret.h"

static struct keeper_message *m;

/* Put a test key, as if it had been found at that epoch. */
static struct signcache_entry *
put(const char *label, uint32_t asked, uint8_t right, uint64_t epoch)
{
	memset(m, 0, sizeof(*m));
	m->kind = KEEPER_FIND;
	m->asked = asked;
	m->right = right;
	snprintf(m->label, sizeof(m->label), "%s", label);
	keeper_proof(NULL, m);
	assert_int_equal(m->result, 0);
	m->epoch = epoch;
	return signcache_put(m);
}

static void
test_epoch(void **state)
{
	struct signcache_entry *e = put("test/p256", 0, POLICY_READ, 7);

	(void)state;
	assert_non_null(e);
	assert_int_equal(e->version, 2);
	assert_null(e->private);
	assert_ptr_equal(signcache_find("test/p256", 0, 7), e);
	assert_null(signcache_find("test/p256", 0, 8));
	assert_null(signcache_find("test/p256", 2, 7));
	assert_null(signcache_find("test/p25", 0, 7));
	/* found anew it takes the old one's place */
	assert_ptr_equal(put("test/p256", 0, POLICY_SIGN, 8), e);
	assert_non_null(e->private);
	assert_null(signcache_find("test/p256", 0, 7));
	assert_ptr_equal(signcache_find("test/p256", 0, 8), e);
	assert_non_null(put("test/p256", 1, POLICY_READ, 8));
	assert_int_equal(signcache_find("test/p256", 1, 8)->version, 1);
	signcache_clear();
	assert_null(signcache_find("test/p256", 0, 8));
}

/* What was used last stays. */
static void
test_oldest(void **state)
{
	char label[STORE_LABEL + 1];

	(void)state;
	put("test/ed25519", 0, POLICY_SIGN, 1);
	for (unsigned i = 0; i < 2 * SIGNCACHE_ENTRIES; i++) {
		put("test/p256", 0, POLICY_READ, 1);
		snprintf(label, sizeof(label), "other%u", i);
		snprintf(m->label, sizeof(m->label), "%s", label);
		assert_non_null(signcache_put(m));
		assert_non_null(signcache_find("test/ed25519", 0, 1));
	}
	assert_non_null(signcache_find("other127", 0, 1));
	assert_null(signcache_find("other0", 0, 1));
	signcache_clear();
}

static void
test_keys(void **state)
{
	static const uint8_t digest[32] = { 1 };
	struct signcache_entry *e = put("test/p256", 0, POLICY_SIGN, 1);
	uint8_t signature[SIGN_SIGNATURE];
	struct sign_key *k;
	size_t n;

	(void)state;
	assert_int_equal(sign_make(e->private, HASH_SHA256, span_of(digest, 32), signature, &n), 0);
	k = signcache_verifier(e);
	assert_non_null(k);
	assert_ptr_equal(signcache_verifier(e), k);
	assert_int_equal(sign_verify(k, HASH_SHA256, span_of(digest, 32), span_of(signature, n)),
	    0);
	signcache_clear();
}

/* What is no key is not kept. */
static void
test_damaged(void **state)
{
	(void)state;
	put("test/p256", 0, POLICY_SIGN, 1);
	m->private[3] ^= 0xFF;
	assert_null(signcache_put(m));
	assert_null(signcache_find("test/p256", 0, 1));
	put("test/p256", 0, POLICY_SIGN, 1);
	m->algorithm = 77;
	assert_null(signcache_put(m));
	put("test/p256", 0, POLICY_READ, 1);
	m->public[40] ^= 0xFF;
	assert_null(signcache_verifier(signcache_put(m)));
	signcache_clear();
}

static int
setup(void **state)
{
	(void)state;
	if (secret_init(false) != 0 || sign_init() != 0)
		return -1;
	m = secret_alloc(sizeof(*m));
	return m != NULL ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	secret_free(m);
	return secret_bytes_used() == 0 ? 0 : -1;
}

int
main(void)
{
	struct rows r = { 0 };

	rows_add(&r, "an entry is good for its epoch", test_epoch, NULL);
	rows_add(&r, "the oldest one goes", test_oldest, NULL);
	rows_add(&r, "signs, and verifies by the public key", test_keys, NULL);
	rows_add(&r, "a damaged key is not kept", test_damaged, NULL);
	return rows_run(&r, "signcache", setup, teardown);
}
