/* keywrap: each scheme under wrapping keys of each length. */
#include "crypto/keywrap.h"

#include "err.h"
#include "keys.h"

#define CLEAR1 "0123456789ABCDEF"
#define CLEAR2 CLEAR1 "FEDCBA9876543210"
#define CLEAR3 CLEAR2 "89ABCDEF01234567"
#define KEK2   "1A2B3C4D5E6F70815D6E7F8091A2B3C4"

/* Made part by part with openssl enc -des-ede3 -nopad under the modified key. */
static const struct row {
	const char *name;
	const char *kek;
	char        scheme;
	const char *clear;
	const char *wrapped;
} rows[] = {
	{ "Z", KEK2, 'Z', CLEAR1, "3FB22725A8E58E3A" },
	{ "U", KEK2, 'U', CLEAR2, "3DB1AE8C2BEE6BCEAB1EF494E4EDCB7B" },
	{ "X", KEK2, 'X', CLEAR2, "3FB22725A8E58E3A14F7521E7F2E19A9" },
	{ "P", KEK2, 'P', CLEAR2, "3FB22725A8E58E3A14F7521E7F2E19A9" },
	{ "T", KEK2, 'T', CLEAR3, "3236B2694D4C4B39388F0D803D19AF0107E3AC6D477B8629" },
	{ "Y", KEK2, 'Y', CLEAR3, "3FB22725A8E58E3A14F7521E7F2E19A99436F3BCAF3CBCC0" },
	{ "U under three parts", CLEAR3, 'U', CLEAR2, "BC5C3B54762C2375366B79B597518D8D" },
	{ "U under one part",    CLEAR1, 'U', CLEAR2, "F7B242F7911004F7C2A3E0655C5468F8" },
	{ "T under one part",    CLEAR1, 'T', CLEAR3,
	    "63D8296AD6E03B61659E4F597EE19498093B2647C0A2B4C8" },
	{ "X under one part",    CLEAR1, 'X', CLEAR2, "56CC09E7CFDC4CEF12C626AF058B433B" },
};

static void
test_row(void **state)
{
	const struct row *row = *state;
	uint8_t kek[24], key[24];
	size_t kek_len = keys_bytes(row->kek, kek), len = keys_bytes(row->clear, key);

	assert_int_equal(keywrap_length(row->scheme), len);
	assert_int_equal(keywrap_wrap(kek, kek_len, row->scheme, key, key, len), 0);
	keys_same(key, len, row->wrapped);
	assert_int_equal(keywrap_unwrap(kek, kek_len, row->scheme, key, key, len), 0);
	keys_same(key, len, row->clear);
}

static const struct bad {
	const char *name;
	size_t      kek_len;
	char        scheme;
	size_t      len;
	int         want;
} bads[] = {
	{ "no such scheme",             16, 'S', 16, ERR_SCHEME },
	{ "lower case is no scheme",    16, 'u', 16, ERR_SCHEME },
	{ "a double key is no Z",       16, 'Z', 16, ERR_KEY_LENGTH },
	{ "a single key is no U",       16, 'U', 8,  ERR_KEY_LENGTH },
	{ "a triple key is no X",       16, 'X', 24, ERR_KEY_LENGTH },
	{ "a double key is no T",       16, 'T', 16, ERR_KEY_LENGTH },
};

static void
test_bad(void **state)
{
	const struct bad *row = *state;
	uint8_t kek[24] = { 0 }, key[24] = { 0 };

	assert_int_equal(keywrap_wrap(kek, row->kek_len, row->scheme, key, key, row->len),
	    row->want);
	assert_int_equal(keywrap_unwrap(kek, row->kek_len, row->scheme, key, key, row->len),
	    row->want);
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	ROWS(&r, bads, test_bad);
	return rows_run(&r, "keywrap", keys_setup, NULL);
}
