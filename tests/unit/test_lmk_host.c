/* lmk_host: one block of zeros in every use, under every kind of LMK. */
#include "lmk_host.h"

#include "err.h"
#include "keys.h"
#include "lmk.h"

/* Variant by openssl des-ede3 under the pair; the others by a model in python over openssl. */
static const struct row {
	const char   *name;
	unsigned      lmk;
	enum lmk_host use;
	const char   *block;
} rows[] = {
	{ "PINs, variant", 0, LMK_PINS, "B847B2A66780E1A9" },
	{ "tables, variant", 0, LMK_TABLES, "B4145C9C6C58BCD1" },
	{ "references, variant", 0, LMK_REFERENCES, "8CA64DE9C1B123A7" },
	{ "PINs, AES", 1, LMK_PINS, "F43797AA29A0F4BDDF91A64C5AB176D6" },
	{ "tables, AES", 1, LMK_TABLES, "0E610E6CFEB387714E01BDFDBA9F6360" },
	{ "references, AES", 1, LMK_REFERENCES, "0CE95C3271E5F63CE6CBD2EB4E24C28F" },
	{ "PINs, triple DES", 2, LMK_PINS, "B1FCE197CFD387DB" },
	{ "tables, triple DES", 2, LMK_TABLES, "8E2A3CC1B170F261" },
	{ "references, triple DES", 2, LMK_REFERENCES, "9833208E9C0BFA7E" },
};

static void
test_row(void **state)
{
	const struct row *row = *state;
	const struct lmk *lmk = lmk_get(row->lmk);
	uint8_t block[LMK_HOST_BLOCK] = { 0 };
	size_t n = lmk_host_block(lmk);

	assert_int_equal(n, strlen(row->block) / 2);
	assert_int_equal(lmk_host_encrypt(lmk, row->use, block, block), 0);
	keys_same(block, n, row->block);
	assert_int_equal(lmk_host_decrypt(lmk, row->use, block, block), 0);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(block[i], 0);
}

/*
 * IVs under pair 16-17 variant 1, and under key block LMKs: openssl with the variant's
 * pair, with CMAC's derivation for AES (usage 0002), with every byte ^ 55 for triple DES.
 */
static const struct iv {
	const char *name;
	unsigned    lmk;
	const char *clear, *sealed;
	int         want;	/* of opening */
} ivs[] = {
	{ "IV, variant LMK", 0, "38F1C3D4BF5D8150", "D275EE975AA2C4EE", 0 },
	{ "IV, AES LMK", 1, "38F1C3D4BF5D8150", "B1DFB05C93447EF9D194B4551A1E0B25", 0 },
	{ "IV, 3DES LMK", 2, "38F1C3D4BF5D8150", "F9F9D2F0748CBC44", 0 },
	{ "IV with more than an IV in it", 1, NULL, "AA98C5C00C5AB80D2D4412EB8E55E811", ERR_INPUT },
	{ "IV of another LMK's length", 1, NULL, "D275EE975AA2C4EE", ERR_INPUT },
	{ "IV that is too long", 0, NULL, "B1DFB05C93447EF9D194B4551A1E0B25", ERR_INPUT },
};

static void
test_iv(void **state)
{
	const struct iv *row = *state;
	uint8_t clear[LMK_HOST_IV], sealed[LMK_HOST_BLOCK];
	size_t n = keys_bytes(row->sealed, sealed);

	assert_int_equal(lmk_host_open_iv(lmk_get(row->lmk), span_of(sealed, n), clear), row->want);
	if (row->want != 0)
		return;
	keys_same(clear, sizeof(clear), row->clear);
	assert_int_equal(lmk_host_seal_iv(lmk_get(row->lmk), clear, sealed), 0);
	keys_same(sealed, n, row->sealed);
}

/* The rows again after all LMKs have gone and come: the schedules went with them. */
static void
test_wipe(void **state)
{
	(void)state;
	lmk_wipe();
	assert_int_equal(lmk_load(1, "test-variant"), 0);
	assert_int_equal(lmk_load(0, "test-aes-kb"), 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct row row = rows[i], *p = &row;

		if (row.lmk == 2)
			continue;
		row.lmk = 1 - row.lmk;
		test_row((void **)&p);
	}
}

static int
setup(void **state)
{
	return keys_setup(state) != 0 || lmk_load(0, "test-variant") != 0 ||
	    lmk_load(1, "test-aes-kb") != 0 || lmk_load(2, "test-3des-kb") != 0;
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	ROWS(&r, ivs, test_iv);
	rows_add(&r, "after a reload of the LMKs", test_wipe, NULL);
	return rows_run(&r, "lmk_host", setup, NULL);
}
