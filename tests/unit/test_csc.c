/* csc: American Express codes that were published, and what is refused. */
#include "crypto/csc.h"

#include "err.h"
#include "keys.h"

#define K2 "0123456789ABCDEFFEDCBA9876543210"

/* Version 1, PAN 37: a published calculator's example. The others: openssl des-ede3-ecb. */
static const struct row {
	const char *name;
	const char *key;
	enum csc_version version;
	const char *pan, *expiry, *service;
	int         want;
	const char *codes;
} rows[] = {
	{ "version 1, PAN 37", K2, CSC_1, "371234567890123", "9912", "", 0, "612478720552" },
	{ "zeros behind the PAN do not count", K2, CSC_1, "3712345678901230000", "9912", "", 0,
	    "612478720552" },
	{ "version 1, PAN 34", K2, CSC_1, "341234567890123", "9912", "", 0, "361869699716" },
	{ "version 2", K2, CSC_2, "371234567890123", "9912", "000", 0, "268650239397" },
	{ "letters make up for digits", K2, CSC_1, "371234567800518", "9912", "", 0, "325471447889" },
	{ "PAN 40", K2, CSC_1, "401234567890123", "9912", "", ERR_INPUT, NULL },
	{ "PAN of thirteen digits", K2, CSC_1, "3712345678901", "9912", "", ERR_INPUT, NULL },
	{ "expiry of three digits", K2, CSC_1, "371234567890123", "991", "", ERR_INPUT, NULL },
	{ "version 2 without a service code", K2, CSC_2, "371234567890123", "9912", "",
	    ERR_INPUT, NULL },
	{ "a letter in the service code", K2, CSC_2, "371234567890123", "9912", "00A",
	    ERR_INPUT, NULL },
	{ "a single-length CSCK", "0123456789ABCDEF", CSC_1, "371234567890123", "9912", "",
	    ERR_KEY_LENGTH, NULL },
};

static void
test_row(void **state)
{
	const struct row *row = *state;
	char codes[CSC_DIGITS + 1] = "";

	assert_int_equal(csc_make(keys_key(row->key), row->version, span_str(row->pan),
	    span_str(row->expiry), span_str(row->service), codes), row->want);
	if (row->want == 0)
		assert_string_equal(codes, row->codes);
	keys_done();
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	return rows_run(&r, "csc", keys_setup, NULL);
}
