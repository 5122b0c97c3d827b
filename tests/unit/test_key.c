/* key: opening, remembering and forgetting keys under the test LMK. */
#include "key.h"

#include <stdio.h>

#include "err.h"
#include "keys.h"
#include "lmk.h"

#define CLEAR1 "0123456789ABCDEF"
#define CLEAR2 CLEAR1 "FEDCBA9876543210"
#define CLEAR3 CLEAR2 "89ABCDEF01234567"
#define BLOCK(lmk) "S1009672TB00E00" lmk
#define TPK    "U1750CDFB0757D3B3994430636DBB281B"

/* Made part by part with openssl enc -des-ede3 -nopad, as in test_lmk.c. */
static const struct row {
	const char *name;
	unsigned    type;
	const char *field;
	const char *clear;
	char        scheme;
	int         odd;
} rows[] = {
	{ "a single TPK",       0x002, "FCBA7CF5972CF0DD", CLEAR1, 'Z', 1 },
	{ "a double TPK",       0x002, TPK, CLEAR2, 'U', 1 },
	{ "a triple TPK",       0x002, "T7678CAE4F7CB262BA2D72FDC59A6B463209F247632413A4B",
	    CLEAR3, 'T', 1 },
	{ "a bare CVK pair",    0x402, "0A61E674E88C6A7EEABC38C2B2BB492F", CLEAR2, 'P', 1 },
	{ "X under the LMK",    0x001, "X8B4ECCAE01B4B17AAC951121A98DB14E", CLEAR2, 'X', 1 },
	{ "Y under the LMK",    0x002, "YFCBA7CF5972CF0DD6B96170C6593AA372E3A42AA9B2C013B",
	    CLEAR3, 'Y', 1 },
	{ "bad parity is told", 0x001, "U70056F9EC1C16FE66192A4510F395ED7",
	    "0023456789ABCDEFFEDCBA9876543210", 'U', 0 },
	{ "bad parity, single", 0x002, "E0B853DC52871316", "0023456789ABCDEF", 'Z', 0 },
};

static int
setup(void **state)
{
	return keys_setup(state) != 0 || lmk_load(0, "test-variant") != 0 ||
	    lmk_load(1, "test-aes-kb") != 0 || lmk_load(2, "test-variant") != 0;
}

static void
test_row(void **state)
{
	const struct row *row = *state;
	struct key *key, *again;

	for (int i = 0; i < 2; i++) {
		assert_int_equal(key_open(lmk_get(0), row->type, span_str(row->field), &key), 0);
		assert_true(secret_holds(key));
		keys_same(key->bytes, key->len, row->clear);
		assert_int_equal(key->scheme, row->scheme);
		assert_int_equal(key->odd, row->odd);
		assert_int_equal(key->type, row->type);
		assert_int_equal(key_open(lmk_get(0), row->type, span_str(row->field), &again),
		    0);
		assert_ptr_equal(again, key);
		keys_done();
	}
}

static const struct bad {
	const char *name;
	unsigned    lmk;
	unsigned    type;
	const char *field;
	int         want;
} bads[] = {
	{ "a key block LMK needs blocks",   1, 0x002, TPK, ERR_LMK_SCHEME },
	{ "a block cut short",              1, 0x002, "S00072P0TN00N0000", ERR_BLOCK_FORMAT },
	{ "a block of the other cipher",    1, 0x002, "S0004072TB00E00006A54D4E79E1905CAB8942C21",
	    ERR_LMK_SCHEME },
	{ "a block under another LMK",      1, 0x002, BLOCK("02") "00112233445566778899AABBCCDDEEFF"
	    "00112233445566778899AABBCCDDEEFF0011223344556677", ERR_LMK_BLOCK },
	{ "a block that is forged",         1, 0x002, BLOCK("01") "00112233445566778899AABBCCDDEEFF"
	    "00112233445566778899AABBCCDDEEFF0011223344556677", ERR_BLOCK_MAC },
	{ "a key block, variant LMK",       0, 0x002, "S00072P0TN00N0000", ERR_LMK_SCHEME },
	{ "a long key block, variant LMK",  0, 0x002, "S00072P0TN00N0000" CLEAR3 CLEAR2,
	    ERR_LMK_SCHEME },
	{ "no such pair",                   0, 0x00F, TPK, ERR_KEY_TYPE },
	{ "an unknown tag",                 0, 0x002, "G" CLEAR2, ERR_SCHEME },
	{ "lower case",                     0, 0x002, "u" CLEAR2, ERR_INPUT },
	{ "nothing",                        0, 0x002, "", ERR_INPUT },
	{ "digits without end",             0, 0x002, CLEAR3 CLEAR3, ERR_INPUT },
};

static void
test_bad(void **state)
{
	const struct bad *row = *state;
	struct key *key = NULL;

	for (int i = 0; i < 2; i++)
		assert_int_equal(key_open(lmk_get(row->lmk), row->type, span_str(row->field),
		    &key), row->want);
	assert_null(key);
	keys_done();
}

/* The same field is another key as another type and under another LMK. */
static void
test_names(void **state)
{
	struct key *tpk, *zpk, *other;

	(void)state;
	assert_int_equal(key_open(lmk_get(0), 0x002, span_str(TPK), &tpk), 0);
	assert_int_equal(key_open(lmk_get(0), 0x001, span_str(TPK), &zpk), 0);
	assert_int_equal(key_open(lmk_get(2), 0x002, span_str(TPK), &other), 0);
	assert_ptr_not_equal(tpk, zpk);
	assert_ptr_not_equal(tpk, other);
	assert_memory_not_equal(tpk->bytes, zpk->bytes, 16);
	assert_memory_equal(tpk->bytes, other->bytes, 16);
	keys_done();
}

/* A field too long to be kept is found again, and no other in its place. */
static void
test_long(void **state)
{
	char field[] = "S1012872AN00S0001A0C2C1FEBB16A5C01C8027171DBB278A0EEF5FE2667CD506"
	    "7C0D150A8CD4AA787F3A0B936A3D39D42213D18EB4C7D1DB902A26E649B1FBA9";
	struct key *key, *again;

	(void)state;
	assert_int_equal(key_open(lmk_get(1), 0x001, span_str(field), &key), 0);
	assert_int_equal(key->len, 32);
	assert_int_equal(key_open(lmk_get(1), 0x001, span_str(field), &again), 0);
	assert_ptr_equal(again, key);
	field[sizeof(field) - 2] ^= 1;
	assert_int_equal(key_open(lmk_get(1), 0x001, span_str(field), &again), ERR_BLOCK_MAC);
	keys_done();
}

/* Open the i-th of many different ZPKs. */
static int
open_nth(unsigned i, struct key **key)
{
	char field[40];
	int n = snprintf(field, sizeof(field), "U8B4ECCAE01B4B17AAC951121%08X", i);

	assert_int_equal(n, 33);
	return key_open(lmk_get(0), 0x001, span_of(field, 33), key);
}

/* No key of a request makes room in it; in the next one the oldest does. */
static void
test_evict(void **state)
{
	struct key *key, *kept, *first;
	uint8_t bytes[16];

	(void)state;
	key_forget();
	assert_int_equal(open_nth(0, &first), 0);
	memcpy(bytes, first->bytes, 16);
	for (unsigned i = 1; i < KEY_CACHE; i++)
		assert_int_equal(open_nth(i, &key), 0);
	assert_int_equal(open_nth(KEY_CACHE, &key), ERR_NO_ROOM);
	assert_memory_equal(first->bytes, bytes, 16);
	keys_done();
	/* The first is used again, so the second is the oldest now. */
	assert_int_equal(open_nth(0, &kept), 0);
	assert_ptr_equal(kept, first);
	assert_int_equal(open_nth(KEY_CACHE, &key), 0);
	keys_done();
	assert_int_equal(open_nth(0, &kept), 0);
	assert_ptr_equal(kept, first);
	assert_memory_equal(kept->bytes, bytes, 16);
	keys_done();
}

/* Whatever comes and goes, a field opens to its own bytes and memory stands still. */
static void
test_churn(void **state)
{
	size_t used = secret_bytes_used();
	struct key *key;
	uint8_t seen[300][16];
	char kcv[6];

	(void)state;
	for (unsigned i = 0; i < 3000; i++) {
		unsigned nth = i * 7919 % 300;

		assert_int_equal(open_nth(nth, &key), 0);
		assert_int_equal(key_kcv(key, 6, kcv), 0);
		if (i < 300)
			memcpy(seen[nth], key->bytes, 16);
		assert_memory_equal(seen[nth], key->bytes, 16);
		keys_done();
	}
	assert_int_equal(secret_bytes_used(), used);
}

static void
test_forget(void **state)
{
	static const uint8_t zeros[KEY_MAX];
	struct key *key, *again;

	(void)state;
	assert_int_equal(key_open(lmk_get(0), 0x002, span_str(TPK), &key), 0);
	assert_non_null(key_des(key));
	key_forget();
	keys_same(key->bytes, 16, CLEAR2);	/* its request still holds it */
	keys_done();
	key_forget();
	assert_memory_equal(key->bytes, zeros, KEY_MAX);
	assert_true(key->len == 0 && !key->keyed && key->des != NULL);
	assert_int_equal(key_open(lmk_get(0), 0x002, span_str(TPK), &again), 0);
	keys_same(again->bytes, 16, CLEAR2);
	keys_done();
}

static void
test_scratch(void **state)
{
	static const uint8_t zeros[KEY_MAX];
	struct key *keys[KEY_SCRATCH];
	uint8_t block[8] = { 0 };

	(void)state;
	for (size_t i = 0; i < KEY_SCRATCH; i++) {
		keys[i] = keys_key(CLEAR2);
		assert_int_equal(des3_encrypt(key_des(keys[i]), block, block, 8), 0);
	}
	assert_null(key_take());
	keys_done();
	for (size_t i = 0; i < KEY_SCRATCH; i++)
		assert_memory_equal(keys[i]->bytes, zeros, KEY_MAX);
	assert_ptr_equal(key_take(), keys[0]);
	assert_false(keys[0]->keyed);
	/* An empty key has no schedule. */
	assert_null(key_des(keys[0]));
	keys_done();
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	ROWS(&r, bads, test_bad);
	rows_add(&r, "LMK and type belong to the name", test_names, NULL);
	rows_add(&r, "a long field is its own name, too", test_long, NULL);
	rows_add(&r, "the oldest makes room, but not in its request", test_evict, NULL);
	rows_add(&r, "three hundred keys in turn", test_churn, NULL);
	rows_add(&r, "forgotten keys are wiped", test_forget, NULL);
	rows_add(&r, "scratch keys end with the request", test_scratch, NULL);
	return rows_run(&r, "key", setup, NULL);
}
