/* key_field: where a key field ends, and what is in it. */
#include "key.h"

#include "err.h"
#include "keys.h"

#define D16 "0123456789ABCDEF"

static const struct length {
	const char *name;
	const char *text;
	unsigned    bare;
	size_t      want;	/* 0: the failure is */
	int         failure;
} lengths[] = {
	{ "a digit starts a single key",       D16,          8,  16, 0 },
	{ "a letter digit does too",           "F000",       8,  16, 0 },
	{ "and a double one where those are",  D16 D16,      16, 32, 0 },
	{ "U",                                 "U" D16 D16,  8,  33, 0 },
	{ "X",                                 "X" D16 D16,  8,  33, 0 },
	{ "T",                                 "T" D16,      8,  49, 0 },
	{ "Y",                                 "Y",          16, 49, 0 },
	{ "a user storage index",              "K000",       8,  4, 0 },
	{ "a double key in user storage",      "UK000",      8,  5, 0 },
	{ "a key block says how long it is",   "S00072B0TN", 8,  73, 0 },
	{ "a TR-31 block too",                 "RB0080P0",   8,  81, 0 },
	{ "a key block without its length",    "S0007",      8,  41, 0 },
	{ "a key block with a bad length",     "S00A72B0",   8,  0, ERR_BLOCK_FORMAT },
	{ "a key block of no length",          "S00000B0",   8,  0, ERR_BLOCK_FORMAT },
	{ "a key block too short for any",     "S00039B0",   8,  0, ERR_BLOCK_FORMAT },
	{ "the shortest key block",            "S00040B0",   8,  41, 0 },
	{ "an unknown tag",                    "G" D16,      8,  0, ERR_SCHEME },
	{ "lower case is no digit",            "a123",       8,  0, ERR_SCHEME },
	{ "lower case is no tag",              "u" D16 D16,  8,  0, ERR_SCHEME },
	{ "nothing",                           "",           8,  0, ERR_SCHEME },
};

static void
test_length(void **state)
{
	const struct length *row = *state;

	size_t n = 99;

	assert_int_equal(key_field_length(span_str(row->text), row->bare, &n), row->failure);
	assert_int_equal(n, row->want);
}

static const struct read {
	const char *name;
	const char *text;
	int         want;
	char        scheme;
	const char *bytes;
} reads[] = {
	{ "16 digits",               D16,                 0, 'Z', D16 },
	{ "32 digits are a pair",    D16 D16,             0, 'P', D16 D16 },
	{ "U",                       "U" D16 D16,         0, 'U', D16 D16 },
	{ "X",                       "X" D16 D16,         0, 'X', D16 D16 },
	{ "T",                       "T" D16 D16 D16,     0, 'T', D16 D16 D16 },
	{ "Y",                       "Y" D16 D16 D16,     0, 'Y', D16 D16 D16 },
	{ "48 digits need a tag",    D16 D16 D16,         ERR_INPUT, 0, NULL },
	{ "U cut short",             "U" D16,             ERR_INPUT, 0, NULL },
	{ "U with triple length",    "U" D16 D16 D16,     ERR_INPUT, 0, NULL },
	{ "U alone",                 "U",                 ERR_INPUT, 0, NULL },
	{ "lower case digits",       "0123456789abcdef",  ERR_INPUT, 0, NULL },
	{ "a space among digits",    "012345678 ABCDEF",  ERR_INPUT, 0, NULL },
	{ "lower case tag",          "u" D16 D16,         ERR_INPUT, 0, NULL },
	{ "a sign for a tag",        "*" D16 D16,         ERR_INPUT, 0, NULL },
	{ "nothing",                 "",                  ERR_INPUT, 0, NULL },
	{ "a tag that is none",      "G" D16 D16,         ERR_SCHEME, 0, NULL },
	{ "scheme Z is not written", "Z" D16,             ERR_SCHEME, 0, NULL },
	{ "a tag as long as digits", "V123456789ABCDEF",  ERR_SCHEME, 0, NULL },
	{ "TR-31 is no LMK form",    "RB0080P0",          ERR_SCHEME, 0, NULL },
	{ "a key block",             "S00072B0TN00N0000", ERR_LMK_SCHEME, 0, NULL },
	{ "user storage",            "K0A1",              ERR_NO_STORAGE, 0, NULL },
	{ "triple in user storage",  "TK0A1",             ERR_NO_STORAGE, 0, NULL },
	{ "user storage cut short",  "K0A",               ERR_INPUT, 0, NULL },
};

static void
test_read(void **state)
{
	const struct read *row = *state;
	uint8_t bytes[24];
	char scheme;
	size_t len;

	assert_int_equal(key_field_read(span_str(row->text), &scheme, bytes, &len), row->want);
	if (row->want != 0)
		return;
	assert_int_equal(scheme, row->scheme);
	keys_same(bytes, len, row->bytes);
}

/* What a header alone says of the ciphers. */
static const struct cipher {
	const char *name, *text;
	bool        aes, under_aes;
} ciphers[] = {
	{ "AES under AES",           "S1009622AN00S0001", true, true },
	{ "triple DES under AES",    "S1009622TN00S0001", false, true },
	{ "triple DES under DES",    "S0007222TN00S0002", false, false },
	{ "no block",                "U" D16 D16, false, false },
	{ "a bare field",            D16, false, false },
	{ "a block cut short",       "S1009622", false, true },
	{ "a tag alone",             "S", false, false },
	{ "no text",                 "", false, false },
};

static void
test_cipher(void **state)
{
	const struct cipher *row = *state;

	assert_int_equal(key_field_is_aes(span_str(row->text)), row->aes);
	assert_int_equal(key_field_is_under_aes(span_str(row->text)), row->under_aes);
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, lengths, test_length);
	ROWS(&r, reads, test_read);
	ROWS(&r, ciphers, test_cipher);
	return rows_run(&r, "key_field", NULL, NULL);
}
