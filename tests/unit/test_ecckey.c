/* ecckey: what FY's blocks look like is shown by its vectors, checked in Python; here is what
 * they do. */
#include "ecckey.h"

#include <openssl/evp.h>

#include "err.h"
#include "keys.h"

enum { VARIANT, AES_BLOCK_LMK, DES_BLOCK_LMK };

static const struct keyblock_header agreement = { .mode = 'X', .key_version = "00",
	.exportability = 'S' };

static uint8_t field[ECCKEY_FIELD];
static size_t  field_n;

static const struct row {
	const char    *name;
	enum ecc_curve curve;
	size_t         n;
} rows[] = {
	{ "P-256", ECC_P256, 1 + 16 + 96 + 16 },
	{ "P-384", ECC_P384, 1 + 16 + 128 + 16 },
	{ "P-521", ECC_P521, 1 + 16 + 160 + 16 },
};

static void
test_row(void **state)
{
	const struct row *row = *state;
	const struct lmk *lmk = lmk_get(AES_BLOCK_LMK);
	EVP_PKEY *key, *again;

	assert_int_equal(ecc_generate(row->curve, &key), 0);
	assert_int_equal(ecckey_wrap(lmk, key, &agreement, field, &field_n), 0);
	assert_int_equal(field_n, row->n);
	assert_int_equal(ecckey_open(lmk, span_of(field, field_n), "XN", &again), 0);
	assert_int_equal(EVP_PKEY_eq(key, again), 1);
	assert_int_equal(ecckey_open(lmk, span_of(field, field_n), "SN", &again), ERR_MODE);
	assert_int_equal(ecckey_open(lmk_get(VARIANT), span_of(field, field_n), "XN", &again),
	    ERR_LMK_SCHEME);
	assert_int_equal(ecckey_open(lmk_get(DES_BLOCK_LMK), span_of(field, field_n), "XN",
	    &again), ERR_LMK_SCHEME);
	for (size_t i = 0; i < field_n; i += 3) {
		field[i] ^= 1;
		assert_int_not_equal(ecckey_open(lmk, span_of(field, field_n), "XN", &again), 0);
		field[i] ^= 1;
		assert_int_not_equal(ecckey_open(lmk, span_of(field, i), "XN", &again), 0);
	}
	assert_int_equal(ecckey_wrap(lmk_get(DES_BLOCK_LMK), key, &agreement, field, &field_n),
	    ERR_WEAKER_LMK);
	assert_int_equal(ecckey_wrap(lmk_get(VARIANT), key, &agreement, field, &field_n),
	    ERR_LMK_SCHEME);
	EVP_PKEY_free(key);
}

static int
setup(void **state)
{
	if (keys_setup(state) != 0)
		return 1;
	for (unsigned id = 0; id < 3; id++)
		if (lmk_load(id, lmk_names[id]) != 0)
			return 1;
	return 0;
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	return rows_run(&r, "ecckey", setup, NULL);
}
