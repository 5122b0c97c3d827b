/* schema_rsa: fields that say themselves how long they are. */
#include "schema_rsa.h"

#include "err.h"
#include "rows.h"

#define BYTES(lit) { (const uint8_t *)(lit), sizeof(lit) - 1 }
#define KEY "\x30\x06\x02\x01\x0F\x02\x01\x03"

/* What the shortest key block has behind its header. */
#define REST "000000000000000000000000"

static const struct row {
	const char *name;
	uint8_t     type;
	struct span text;
	int         want;	/* 1: ends too early */
	size_t      n, value;
} rows[] = {
	{ "a SEQUENCE, and bytes behind it", FIELD_DER, BYTES(KEY "more"), 0, 8, 8 },
	{ "a SEQUENCE with a long length", FIELD_DER, BYTES("\x30\x81\x02" "ab"), 0, 5, 5 },
	{ "an OCTET STRING", FIELD_DER, BYTES("\x04\x00"), ERR_INPUT, 0, 0 },
	{ "an indefinite length", FIELD_DER, BYTES("\x30\x80\0\0"), ERR_INPUT, 0, 0 },
	{ "a length of three bytes", FIELD_DER, BYTES("\x30\x83\0\0\1a"), ERR_INPUT, 0, 0 },
	{ "a SEQUENCE cut short", FIELD_DER, BYTES("\x30\x06\x02\x01\x0F"), 1, 8, 0 },
	{ "a length cut short", FIELD_DER, BYTES("\x30\x82\x01"), 1, 4, 0 },
	{ "no SEQUENCE at all", FIELD_DER, BYTES(""), 1, 2, 0 },

	{ "MAC and key", FIELD_RSAPUBLIC, BYTES("mac!" KEY "auth"), 0, 12, 12 },
	{ "MAC like an S block, and key", FIELD_RSAPUBLIC, BYTES("S102" KEY), 0, 12, 12 },
	{ "an S block", FIELD_RSAPUBLIC, BYTES("S1004002RN00S0001" REST "tail"),
	    0, 41, 41 },
	{ "an S block cut short", FIELD_RSAPUBLIC, BYTES("S1010002RN00S0001"), 1, 101, 0 },
	{ "MAC and no SEQUENCE", FIELD_RSAPUBLIC, BYTES("mac!\x04\x01x"), ERR_INPUT, 0, 0 },
	{ "MAC cut short", FIELD_RSAPUBLIC, BYTES("mac"), 1, 4, 0 },

	{ "a stored key", FIELD_RSAPRIVATE, BYTES("20;"), 0, 2, 2 },
	{ "a key with its length", FIELD_RSAPRIVATE, BYTES("990003abc;"), 0, 9, 7 },
	{ "a key in a block", FIELD_RSAPRIVATE, BYTES("99FFFFS1004003RN00S0001" REST ";"),
	    0, 47, 45 },
	{ "flag 21", FIELD_RSAPRIVATE, BYTES("21"), ERR_INPUT, 0, 0 },
	{ "a flag of letters", FIELD_RSAPRIVATE, BYTES("AA"), ERR_INPUT, 0, 0 },
	{ "no length", FIELD_RSAPRIVATE, BYTES("99abcd"), -78, 2, 0 },
	{ "length 0", FIELD_RSAPRIVATE, BYTES("990000"), -78, 2, 0 },
	{ "FFFF and no block", FIELD_RSAPRIVATE, BYTES("99FFFFU1001603"), -78, 2, 0 },
	{ "a key cut short", FIELD_RSAPRIVATE, BYTES("990009abc"), 1, 15, 0 },

	{ "length and key", FIELD_KEYBLOB, BYTES("0003abcdef"), 0, 7, 7 },
	{ "length of no key", FIELD_KEYBLOB, BYTES("0000"), ERR_INPUT, 0, 0 },
	{ "FFFF without a block", FIELD_KEYBLOB, BYTES("FFFFU0123456789ABCDEF"), ERR_INPUT, 0, 0 },
	{ "length of letters", FIELD_KEYBLOB, BYTES("000xabc"), ERR_INPUT, 0, 0 },

	{ "authentication data", FIELD_AUTHDATA, BYTES("AUTH"), 0, 4, 4 },
	{ "none", FIELD_AUTHDATA, BYTES(""), 0, 0, 0 },
	{ "an LMK identifier is none", FIELD_AUTHDATA, BYTES("%01"), 0, 0, 0 },
	{ "authentication data and an LMK identifier", FIELD_AUTHDATA, BYTES("AUTH%01"), 0, 4, 4 },
	{ "a % that is none", FIELD_AUTHDATA, BYTES("AUTH%0x"), 0, 7, 7 },
	{ "~ in front of attributes", FIELD_AUTHDATA, BYTES("~#N00N00"), 0, 1, 0 },
	{ "~ in front of an LMK identifier", FIELD_AUTHDATA, BYTES("~%01#N00N00"), 0, 1, 0 },
	{ "~ and something else", FIELD_AUTHDATA, BYTES("~auth"), 0, 5, 5 },

	{ "OAEP without a label", FIELD_OAEP, BYTES("010600;0600"), 0, 7, 7 },
	{ "OAEP with a label that holds ;", FIELD_OAEP, BYTES("010602;;;06"), 0, 9, 9 },
	{ "OAEP without a hash", FIELD_OAEP, BYTES("0100;0600"), 0, 5, 5 },
	{ "OAEP, no ; behind the label", FIELD_OAEP, BYTES("010601ab"), ERR_INPUT, 0, 0 },
	{ "OAEP, letters", FIELD_OAEP, BYTES("01xx00;"), ERR_INPUT, 0, 0 },
	{ "OAEP cut short", FIELD_OAEP, BYTES("010605ab"), 1, 12, 0 },

	{ "an exponent of 17 bits", FIELD_EXPONENT, BYTES("0017\1\0\1%"), 0, 7, 3 },
	{ "an exponent cut short", FIELD_EXPONENT, BYTES("0017\1\0"), 1, 7, 0 },
	{ "an exponent without a length", FIELD_EXPONENT, BYTES("00x7\1\0\1"), ERR_INPUT, 0, 0 },

	{ "a check value of 16 digits with a 0 like a SEQUENCE's tag", FIELD_RSACHECK,
	    BYTES("82F4DA3C3B046A2F" "mac!" KEY), 0, 16, 16 },

	{ "six texts", FIELD_SUBJECT, BYTES("a;b c;;;;US;%01"), 0, 12, 12 },
	{ "five texts", FIELD_SUBJECT, BYTES("a;b;c;d;e;f"), 1, 12, 0 },
	{ "texts that can't be printed", FIELD_SUBJECT, BYTES("a;\x19;;;;;"), ERR_INPUT, 0, 0 },

	{ "six digits, then MAC and key", FIELD_RSACHECK, BYTES("08D7B4mac!" KEY), 0, 6, 6 },
	{ "sixteen digits, then MAC and key", FIELD_RSACHECK,
	    BYTES("08D7B4FB629D0885mac!" KEY), 0, 16, 16 },
	{ "six digits, then a block", FIELD_RSACHECK, BYTES("08D7B4S1004002RN00S0001" REST),
	    0, 6, 6 },
	{ "no digits", FIELD_RSACHECK, BYTES("08D7x4mac!" KEY), ERR_INPUT, 0, 0 },
	{ "digits cut short", FIELD_RSACHECK, BYTES("08D7"), 1, 6, 0 },
};

static void
test_row(void **state)
{
	const struct row *row = *state;
	const struct shape sh = { .type = row->type };
	struct piece piece = { 0 };

	assert_int_equal(schema_rsa_cut(&sh, row->text, &piece), row->want);
	if (row->want > 0)
		assert_true(piece.n > row->text.n);
	if (row->want < 0)
		assert_non_null(piece.rule);
	if (row->want != 0)
		return;
	assert_int_equal(piece.n, row->n);
	assert_int_equal(piece.value.n, row->value);
}

/* No prefix of a good field reads past its end. */
static void
test_prefixes(void **state)
{
	const struct row *row = *state;
	const struct shape sh = { .type = row->type };

	for (size_t n = 0; n < row->text.n; n++) {
		uint8_t *copy = malloc(n + 1);
		struct piece piece = { 0 };

		assert_non_null(copy);
		memcpy(copy, row->text.p, n);
		if (schema_rsa_cut(&sh, span_of(copy, n), &piece) == 0)
			assert_true(piece.n <= n);
		free(copy);
	}
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	ROWS(&r, rows, test_prefixes);
	return rows_run(&r, "schema_rsa", NULL, NULL);
}
