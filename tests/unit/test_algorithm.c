/* algorithm: every name finds its algorithm, no two share a name or a code. */
#include "algorithm.h"

#include "rows.h"

static const struct name {
	const char *name;
	const char *want;	/* NULL: there is none */
} names[] = {
	{ "ecdsa-p256",                 "ecdsa-p256" },
	{ "ecdsa-p256-sha256",          "ecdsa-p256" },
	{ "ecdsa-sha2-512-nistp521",    "ecdsa-p521" },
	{ "rsa-sign-pkcs1-3072-sha256", "rsa-3072" },
	{ "rsa-sign-pss-4096-sha256",   "rsa-pss-4096" },
	{ "ed25519",                    "ed25519" },
	{ "ed25519-ph",                 "ed25519ph" },
	{ "ECDSA-P256",                 NULL },
	{ "rsa-1024",                   NULL },
	{ "any-algorithm",              NULL },
	{ "",                           NULL },
};

static void
test_name(void **state)
{
	const struct name *row = *state;
	const struct algorithm *a = algorithm_named(row->name);

	if (row->want == NULL)
		assert_null(a);
	else
		assert_string_equal(a->name, row->want);
}

static void
test_unique(void **state)
{
	(void)state;
	assert_string_equal(algorithms[0].name, "ecdsa-p256");
	for (size_t i = 0; i < algorithms_count; i++) {
		const struct algorithm *a = &algorithms[i];

		assert_ptr_equal(algorithm_named(a->name), a);
		assert_ptr_equal(algorithm_named(a->registry), a);
		assert_ptr_equal(algorithm_coded(a->code), a);
		if (a->with_hash != NULL)
			assert_ptr_equal(algorithm_named(a->with_hash), a);
	}
	assert_null(algorithm_coded(0));
	assert_null(algorithm_coded(99));
}

static const struct hash_row {
	const char *name;
	unsigned    hash;
	size_t      length;
} hash_rows[] = {
	{ "SHA-224", HASH_SHA224, 28 }, { "SHA-256", HASH_SHA256, 32 },
	{ "SHA-384", HASH_SHA384, 48 }, { "SHA-512", HASH_SHA512, 64 },
};

static void
test_hash(void **state)
{
	const struct hash_row *row = *state;

	assert_int_equal(algorithm_digest_length(row->hash), row->length);
	assert_int_equal(algorithm_hash_of(row->length), row->hash);
	assert_string_equal(algorithm_hash_name(row->hash), row->name);
}

static void
test_no_hash(void **state)
{
	(void)state;
	for (unsigned hash = 0; hash < 300; hash++)
		if (hash < HASH_SHA224 || hash > HASH_SHA512) {
			assert_int_equal(algorithm_digest_length(hash), 0);
			assert_null(algorithm_hash_name(hash));
		}
	assert_int_equal(algorithm_hash_of(20), HASH_NONE);
	assert_int_equal(algorithm_hash_of(0), HASH_NONE);
}

int
main(void)
{
	struct rows r = { 0 };

	ROWS(&r, names, test_name);
	rows_add(&r, "no two share a name or a code", test_unique, NULL);
	ROWS(&r, hash_rows, test_hash);
	rows_add(&r, "what is no hash of ours", test_no_hash, NULL);
	return rows_run(&r, "algorithm", NULL, NULL);
}
