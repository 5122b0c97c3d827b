/* hmackey_block: HMAC keys in key blocks. */
#include "hmackey.h"

#include <string.h>

#include "err.h"
#include "keys.h"
#include "keytype.h"
#include "lmk.h"

static int
setup(void **state)
{
	return keys_setup(state) != 0 || lmk_load(0, "test-variant") != 0 ||
	    lmk_load(1, "test-aes-kb") != 0;
}

/* The header that says what a key is for. */
static const struct header {
	const char         *name;
	struct hmackey_info info;
	int                 want;
	const char         *usage;
	char                mode;
} headers[] = {
	{ "SHA-1, generation", { HASH_ID_SHA1, HMACKEY_GENERATE, 10 }, 0, "61", 'G' },
	{ "SHA-224, verification", { HASH_ID_SHA224, HMACKEY_VERIFY, 28 }, 0, "62", 'V' },
	{ "SHA-256, both", { HASH_ID_SHA256, HMACKEY_BOTH, 32 }, 0, "63", 'C' },
	{ "SHA-384", { HASH_ID_SHA384, HMACKEY_BOTH, 48 }, 0, "64", 'C' },
	{ "SHA-512, longest", { HASH_ID_SHA512, HMACKEY_BOTH, 64 }, 0, "65", 'C' },
	{ "too long for a block", { HASH_ID_SHA512, HMACKEY_BOTH, 65 }, HMACKEY_ERR_LENGTH,
	    NULL, 0 },
	{ "less than half", { HASH_ID_SHA256, HMACKEY_BOTH, 15 }, HMACKEY_ERR_LENGTH, NULL, 0 },
	{ "MD5", { HASH_ID_MD5, HMACKEY_BOTH, 16 }, HMACKEY_ERR_HASH, NULL, 0 },
	{ "usage 4", { HASH_ID_SHA1, (enum hmackey_usage)4, 20 }, HMACKEY_ERR_USAGE, NULL, 0 },
};

static void
test_header(void **state)
{
	const struct header *row = *state;
	struct key *key = key_take();

	assert_int_equal(hmackey_block(key, &row->info), row->want);
	if (row->want == 0) {
		assert_memory_equal(key->header.usage, row->usage, 2);
		assert_int_equal(key->header.mode, row->mode);
		assert_int_equal(key->header.algorithm, 'H');
		assert_int_equal(key->len, row->info.len);
	}
	keys_done();
}

/* RFC 2202 and RFC 4231, case 1, by hash, mode of use and use. */
static const struct make {
	const char        *name;
	enum hash_id       hash, asked;
	char               mode;
	enum hmackey_usage use;
	int                want;
	const char        *mac;
} makes[] = {
	{ "made", HASH_ID_SHA1, HASH_ID_SHA1, 'G', HMACKEY_GENERATE, 0,
	    "B617318655057264E28BC0B6FB378C8EF146BE00" },
	{ "verified, key for both", HASH_ID_SHA256, HASH_ID_SHA256, 'C', HMACKEY_VERIFY, 0,
	    "B0344C61D8DB38535CA8AFCEAF0BF12B881DC200C9833DA726E9376C2E32CFF7" },
	{ "key without restriction", HASH_ID_SHA1, HASH_ID_SHA1, 'N', HMACKEY_VERIFY, 0,
	    "B617318655057264E28BC0B6FB378C8EF146BE00" },
	{ "another hash", HASH_ID_SHA1, HASH_ID_SHA256, 'N', HMACKEY_VERIFY,
	    HMACKEY_ERR_HASH, NULL },
	{ "key for generation", HASH_ID_SHA1, HASH_ID_SHA1, 'G', HMACKEY_VERIFY, ERR_MODE,
	    NULL },
	{ "key for verification", HASH_ID_SHA1, HASH_ID_SHA1, 'V', HMACKEY_GENERATE, ERR_MODE,
	    NULL },
};

static void
test_make(void **state)
{
	const struct make *row = *state;
	struct hmackey_info info = { row->hash, HMACKEY_BOTH, 20 };
	struct key *key = key_take();
	uint8_t mac[HASH_MAX];

	assert_int_equal(hmackey_block(key, &info), 0);
	memset(key->bytes, 0x0B, 20);
	key->header.mode = row->mode;
	assert_int_equal(hmackey_block_make(key, row->asked, row->use, SPAN("Hi There"), mac),
	    row->want);
	if (row->want == 0)
		keys_same(mac, hash_length(row->hash), row->mac);
	keys_done();
}

/* Into a block under the LMK and out again; what is none is told apart. */
static void
test_open(void **state)
{
	struct hmackey_info info = { HASH_ID_SHA512, HMACKEY_BOTH, 64 };
	struct key *key = key_take(), *back;
	char field[KEY_FIELD_MAX];
	size_t n = 0;

	(void)state;
	assert_int_equal(hmackey_block(key, &info), 0);
	memset(key->bytes, 0x0B, 64);
	assert_int_equal(key_wrap(lmk_get(1), key, 0x10C, 'S', field, &n), 0);
	assert_int_equal(hmackey_block_open(lmk_get(1), span_of(field, n), &back), 0);
	assert_memory_equal(back->bytes, key->bytes, 64);
	assert_int_equal(hmackey_block_open(lmk_get(0), span_of(field, n), &back),
	    ERR_LMK_SCHEME);
	memcpy(key->header.key_version, "c1", 2);
	assert_int_equal(key_wrap(lmk_get(1), key, 0x10C, 'S', field, &n), 0);
	assert_int_equal(hmackey_block_open(lmk_get(1), span_of(field, n), &back),
	    ERR_KEY_VERSION);
	key->header = (struct keyblock_header){ .version = '1', .usage = { 'D', '0' },
		.algorithm = 'T', .mode = 'N', .key_version = { '0', '0' },
		.exportability = 'S' };
	key->len = 16;
	assert_int_equal(key_wrap(lmk_get(1), key, 0x00A, 'S', field, &n), 0);
	assert_int_equal(hmackey_block_open(lmk_get(1), span_of(field, n), &back), ERR_USAGE);
	keys_done();
}

/* Alone under a ZMK: openssl enc -des-ede3 -nopad, and -aes-128-cbc with a zero IV. */
static void
test_alone(void **state)
{
	struct hmackey_info info = { HASH_ID_SHA1, HMACKEY_BOTH, 20 };
	struct key *zmk = keys_key("0123456789ABCDEFFEDCBA9876543210");
	struct key *key = key_take(), *back = key_take();
	uint8_t out[HMACKEY_BLOCK];
	size_t n = 0;

	(void)state;
	assert_int_equal(hmackey_block(key, &info), 0);
	memset(key->bytes, 0x0B, 20);
	assert_int_equal(hmackey_block_export(zmk, HMACKEY_ALONE_ECB, key, out, &n), 0);
	keys_same(out, n, "2E89CB4BD505FBA62E89CB4BD505FBA61DACB43E9EE04A21");
	assert_int_equal(hmackey_block_import(zmk, HMACKEY_ALONE_ECB, span_of(out, n), &info,
	    back), 0);
	assert_memory_equal(back->bytes, key->bytes, 20);
	zmk->aes = true;
	assert_int_equal(hmackey_block_export(zmk, HMACKEY_ALONE_CBC, key, out, &n), 0);
	assert_int_equal(n, 32);
	assert_int_equal(hmackey_block_import(zmk, HMACKEY_ALONE_CBC, span_of(out, 24), &info,
	    back), HMACKEY_ERR_BLOCK);
	assert_int_equal(hmackey_block_import(zmk, HMACKEY_ALONE_CBC, span_of(out, n), &info,
	    back), 0);
	assert_memory_equal(back->bytes, key->bytes, 20);
	keys_done();
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, headers, test_header);
	ROWS(&r, makes, test_make);
	rows_add(&r, "in a block and out of it", test_open, NULL);
	rows_add(&r, "alone", test_alone, NULL);
	return rows_run(&r, "hmackey_block", setup, NULL);
}
