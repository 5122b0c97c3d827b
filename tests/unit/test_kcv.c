/* kcv: the check values of known keys, checked with openssl enc -des-ede3 -nopad. */
#include "crypto/kcv.h"

#include "keys.h"

static const struct row {
	const char *name;
	const char *key;
	unsigned    digits;
	const char *kcv;
} rows[] = {
	{ "single, all digits", "0123456789ABCDEF", 16, "D5D44FF720683D0D" },
	{ "double, all digits", "0123456789ABCDEFFEDCBA9876543210", 16, "08D7B4FB629D0885" },
	{ "double, six digits", "0123456789ABCDEFFEDCBA9876543210", 6, "08D7B4" },
	{ "triple, six digits", "0123456789ABCDEFFEDCBA987654321089ABCDEF01234567", 6,
	    "3FD539" },
	{ "no digits",          "0123456789ABCDEF", 0, "" },
};

static void
test_row(void **state)
{
	const struct row *row = *state;
	char hex[KCV_DIGITS + 1];

	memset(hex, '.', sizeof(hex));
	assert_int_equal(kcv_make(key_des(keys_key(row->key)), row->digits, hex), 0);
	assert_memory_equal(hex, row->kcv, row->digits);
	assert_int_equal(hex[row->digits], '.');
	keys_done();
}

/* Check values that a payShield 10K answered for AES keys. */
static const struct row aes_rows[] = {
	{ "AES-128", "AFF176C59049CAD1A171A0D55E9162F6", 6, "30B3F2" },
	{ "AES-256", "1234567890ABCDEFFEDCBA09876543211234567890ABCDEFFEDCBA0987654321", 6,
	    "F57B56" },
};

static void
test_aes(void **state)
{
	const struct row *row = *state;
	struct key *key = keys_key(row->key);
	char hex[KCV_DIGITS + 1];

	memset(hex, '.', sizeof(hex));
	assert_int_equal(kcv_make_aes(key->bytes, key->len, row->digits, hex), 0);
	assert_memory_equal(hex, row->kcv, row->digits);
	assert_int_equal(hex[row->digits], '.');
	keys_done();
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	ROWS(&r, aes_rows, test_aes);
	return rows_run(&r, "kcv", keys_setup, NULL);
}
