/* cvv: card verification values that were published, and what is refused. */
#include "crypto/cvv.h"

#include "err.h"
#include "keys.h"

#define K2 "0123456789ABCDEFFEDCBA9876543210"

static const struct row {
	const char *name;
	const char *cvk;
	const char *pan, *expiry, *service;
	int         want;
	const char *cvv;
} rows[] = {
	/* The literature's two examples. */
	{ "a PAN of 16 digits", K2, "4123456789012345", "8701", "101", 0, "561" },
	{ "a PAN of 13 digits", K2, "4999988887777", "9105", "111", 0, "649" },
	/* A published example of a 3-D Secure value: number 1108, result 1, factor 00. */
	{ "CAVV", "13345779133457791334577913345779", "123456789012", "1108", "100", 0,
	    "439" },
	/* openssl enc -des-ede3 -nopad on the two blocks by hand. */
	{ "a PAN of 19 digits", K2, "4123456789012345678", "8701", "000", 0, "702" },
	{ "a PAN of one digit", K2, "4", "8701", "999", 0, "355" },
	{ "no PAN", K2, "", "8701", "101", ERR_INPUT, NULL },
	{ "a PAN of 20 digits", K2, "41234567890123456789", "8701", "101", ERR_INPUT, NULL },
	{ "a letter in the PAN", K2, "412345678901234A", "8701", "101", ERR_INPUT, NULL },
	{ "a letter in the date", K2, "4123456789012345", "87F1", "101", ERR_INPUT, NULL },
	{ "a sign in the code", K2, "4123456789012345", "8701", "1/1", ERR_INPUT, NULL },
	{ "a short date", K2, "4123456789012345", "870", "101", ERR_INPUT, NULL },
	{ "a long code", K2, "4123456789012345", "8701", "1010", ERR_INPUT, NULL },
	{ "a single-length CVK", "0123456789ABCDEF", "4123456789012345", "8701", "101",
	    ERR_KEY_LENGTH, NULL },
};

static void
test_row(void **state)
{
	const struct row *row = *state;
	char cvv[CVV_DIGITS];

	assert_int_equal(cvv_make(keys_key(row->cvk), span_str(row->pan),
	    span_str(row->expiry), span_str(row->service), cvv), row->want);
	if (row->want == 0)
		assert_memory_equal(cvv, row->cvv, sizeof(cvv));
	keys_done();
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	return rows_run(&r, "cvv", keys_setup, NULL);
}
