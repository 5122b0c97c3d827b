/* dtab: one table under every kind of LMK, and texts that are none. */
#include "crypto/dtab.h"

#include "err.h"
#include "keys.h"
#include "lmk.h"

static const char digits[16] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5 };

/* By models in python over openssl des-ede3-ecb and aes-256-ecb; LMKs as in setup. */
static const struct row {
	const char *name;
	unsigned    lmk;
	const char *text;
	int         want;
} rows[] = {
	{ "variant", 0, "FD64FC3FAD504BB3", 0 },
	{ "AES", 1, "L9E05DD31B77CBF85FAD39159218E2A71", 0 },
	{ "triple DES", 2, "5E9E0D903DB10293", 0 },
	{ "AES, two digits only", 1, "L285F18D62F2793CD2BBC1BC8AEBA4AD9",
	    ERR_TABLE },
	{ "AES, something behind the table", 1, "LA9B661F8D1C146BB895A10695606AED2", ERR_TABLE },
	{ "AES, the form of others", 1, "FD64FC3FAD504BB3", ERR_TABLE },
	{ "AES, without its tag", 1, "09E05DD31B77CBF85FAD39159218E2A71", ERR_TABLE },
	{ "variant, the form of AES", 0, "L9E05DD31B77CBF85FAD39159218E2A71", ERR_TABLE },
	{ "triple DES, of the variant LMK", 2, "FD64FC3FAD504BB3", ERR_TABLE },
	{ "AES, a letter G", 1, "L9E05DD31B77CBF85FAD39159218E2A7G", ERR_INPUT },
	{ "nothing", 0, "", ERR_TABLE },
};

static void
test_row(void **state)
{
	const struct row *row = *state;
	const struct lmk *lmk = lmk_get(row->lmk);
	struct secret *table = secret_take();
	char text[DTAB_MOST + 1] = "";

	assert_int_equal(dtab_open(lmk, span_str(row->text), table), row->want);
	if (row->want == 0) {
		assert_int_equal(table->len, sizeof(digits));
		assert_memory_equal(table->bytes, digits, sizeof(digits));
		assert_int_equal(dtab_length(lmk), strlen(row->text));
		assert_int_equal(dtab_seal(lmk, table, text), 0);
		assert_string_equal(text, row->text);
	}
	keys_done();
}

static void
test_seal(void **state)
{
	char text[DTAB_MOST];

	(void)state;
	assert_int_equal(dtab_seal(lmk_get(0), keys_secret("012345678901234"), text), ERR_TABLE);
	keys_done();
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
	rows_add(&r, "a table of 15 digits", test_seal, NULL);
	return rows_run(&r, "dtab", setup, NULL);
}
