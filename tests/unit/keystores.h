/*
 * keystores: key stores under a master key of the test's own, for the tests of
 * keystore's two halves.
 */
#ifndef TEST_KEYSTORES_H
#define TEST_KEYSTORES_H

#include "keystore.h"
#include "secret.h"
#include "stores.h"

static struct master *master;
static const struct stores_row sqlite = { .pg = 0 };
static struct store_row row;
static uint8_t *plain;
static char said[2000];

static inline struct keystore *
try_open(const char *where, const struct master *m)
{
	FILE *err = fmemopen(said, sizeof(said), "w");
	struct keystore *ks;

	memset(said, 0, sizeof(said));
	assert_non_null(err);
	ks = keystore_open(where, m, err);
	fclose(err);
	return ks;
}

static inline struct keystore *
opened(const char *where)
{
	struct keystore *ks = try_open(where, master);

	if (ks == NULL)
		fail_msg("not opened: %s", said);
	return ks;
}

static inline int
create(struct keystore *ks, const char *label, const char *private)
{
	struct keystore_pair pair = { span_str("public"), span_str(private) };

	memset(&row, 0, sizeof(row));
	snprintf(row.label, sizeof(row.label), "%s", label);
	row.algorithm = 1;
	strcpy(row.policy, "sign=0");
	return keystore_create(ks, &row, &pair);
}

static inline int
rotate(struct keystore *ks, const char *label, const char *private)
{
	struct keystore_pair pair = { span_str("public2"), span_str(private) };

	return keystore_rotate(ks, label, &pair, &row);
}

/* The private key of a version is this text. */
static inline void
expect(struct keystore *ks, const char *label, uint32_t version, const char *private)
{
	struct keystore_pair pair;

	assert_int_equal(keystore_find(ks, label, version, &row), 1);
	assert_int_equal(keystore_pair(ks, &row, plain, &pair), 0);
	assert_true(span_is(pair.private, private));
	assert_true(pair.public.n > 0);
}

/* How often to try: more with LUAHSM_FULL=1. */
static inline int
times(int quick, int full)
{
	const char *all = getenv("LUAHSM_FULL");

	return all != NULL && strcmp(all, "1") == 0 ? full : quick;
}

static inline int
keystores_setup(void **state)
{
	char path[100];

	(void)state;
	snprintf(path, sizeof(path), "%s/master.key", stores_dir);
	if (secret_init(false) != 0)
		return -1;
	master = master_from_file(path, true, stderr);
	plain = secret_alloc(SEAL_PLAIN);
	return master == NULL || plain == NULL ? -1 : 0;
}

static inline int
keystores_teardown(void **state)
{
	(void)state;
	secret_free(plain);
	master_free(master);
	return secret_bytes_used() == 0 ? 0 : -1;
}

#endif
