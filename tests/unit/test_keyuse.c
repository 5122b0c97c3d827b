/* keyuse: which blocks stand for which type, and what may leave under what. */
#include "keyuse.h"

#include "err.h"
#include "keys.h"
#include "keytype.h"

/* A key as a block with that header would give it; "" for one without. */
static struct key *
block_key(const char *header, size_t len)
{
	struct key *key = key_take();

	assert_non_null(key);
	key->len = (uint8_t)len;
	key->type = KEYTYPE_BLOCK;
	if (header[0] == '\0') {
		key->type = 0x000;
		return key;
	}
	key->header = (struct keyblock_header){ .version = header[0],
		.usage = { header[1], header[2] }, .algorithm = header[3], .mode = header[4],
		.exportability = header[5], .key_version = { header[6], '1' } };
	key->aes = header[3] == 'A';
	return key;
}

static const struct kind {
	const char *name, *kind, *header;
	int         want;
} kind_rows[] = {
	{ "a TPK",                    "TPK",   "171TBE", 0 },
	{ "a PIN key as TPK",         "TPK",   "1P0TBE", 0 },
	{ "an AES TPK",               "TPK",   "171ABE", 0 },
	{ "a ZPK is no TPK",          "TPK",   "172TBE", ERR_USAGE },
	{ "a PVK is no TPK",          "TPK",   "1V2TVE", ERR_USAGE },
	{ "a PVK",                    "PVK",   "1V2TVE", 0 },
	{ "a TPK is no PVK",          "PVK",   "171TBE", ERR_USAGE },
	{ "a TMK is no ZMK",          "TMK",   "152TBE", ERR_USAGE },
	{ "a CVK",                    "CVK",   "1C0TCE", 0 },
	{ "no CVK works with AES",    "CVK",   "1C0ACE", ERR_ALGORITHM },
	{ "a DEK is no ZEK",          "ZEK",   "121TBE", ERR_USAGE },
	{ "a KEK as KEKs",            "KEKs",  "154TEE", 0 },
	{ "a generic one as KEKr",    "KEKr",  "1K0TNE", 0 },
	{ "no KEKr works with AES",   "KEKr",  "154ANE", ERR_ALGORITHM },
	{ "a ZMK is no KEKs",         "KEKs",  "152TNE", ERR_USAGE },
	{ "any block where the header says", "block", "1D0TBE", 0 },
	{ "a component is no key",    "TPK",   "171TBEc", ERR_KEY_VERSION },
	{ "a key without a header",   "TPK",   "",       0 },
};

static void
test_kind(void **state)
{
	const struct kind *row = *state;

	assert_int_equal(keyuse_check(block_key(row->header, 16),
	    keytype_kind(span_str(row->kind))), row->want);
	keys_done();
}

static const struct move {
	const char *name, *zmk;
	size_t      zmk_len;
	const char *key;
	size_t      len;
	char        scheme;
	bool        strict;
	int         out, in;
} moves[] = {
	{ "S as a block",            "152TBE", 16, "172TBS", 16, 'S', true,  0, 0 },
	{ "S as X",                  "152TBE", 16, "172TBS", 16, 'U', true,  0, 0 },
	{ "N stays",                 "152TBE", 16, "172TBN", 16, 'S', false, ERR_EXPORT, 0 },
	{ "E as X",                  "152TBE", 16, "172TBE", 16, 'X', false, ERR_EXPORT, 0 },
	{ "E under a trusted key",   "152TBE", 16, "172TBE", 16, 'R', false, 0, 0 },
	{ "E under another",         "",       16, "172TBE", 16, 'R', false, ERR_WRAPPING_KEY, 0 },
	{ "a ZMK as X",              "152TBE", 16, "152TBS", 16, 'X', false, ERR_KEY_FUNCTION, 0 },
	{ "a data key as U",         "152TBE", 16, "122TBS", 16, 'U', false, ERR_KEY_FUNCTION, 0 },
	{ "a ZMK that only decrypts", "152TDE", 16, "172TBS", 16, 'S', false, ERR_MODE, 0 },
	{ "a ZMK that only encrypts", "152TEE", 16, "172TBS", 16, 'S', false, 0, ERR_MODE },
	{ "nothing comes in under a TMK", "151TBE", 16, "172TBS", 16, 'S', false, 0, ERR_USAGE },
	{ "a single ZMK",            "",       8,  "",       16, 'X', false, 0, 0 },
	{ "a single ZMK in strict",  "",       8,  "",       16, 'X', true, ERR_WRAPPING_KEY,
	    ERR_WRAPPING_KEY },
	{ "a weaker ZMK in strict",  "",       16, "",       24, 'T', true, ERR_WRAPPING_KEY, 0 },
	{ "AES under DES in strict", "152TBE", 24, "172ABS", 16, 'R', true, ERR_WRAPPING_KEY, 0 },
	{ "AES-256 under AES-128",   "152ABE", 16, "172ABS", 32, 'R', true, ERR_WRAPPING_KEY, 0 },
	{ "X comes in",              "",       16, "",       16, 'X', false, 0, 0 },
	{ "X does not in strict",    "",       16, "",       16, 'X', true, 0, ERR_SCHEME },
};

static void
test_move(void **state)
{
	const struct move *row = *state;
	struct key *zmk = block_key(row->zmk, row->zmk_len), *key = block_key(row->key, row->len);

	assert_int_equal(keyuse_export(zmk, key, row->scheme, row->strict), row->out);
	assert_int_equal(keyuse_import(zmk, row->scheme, row->strict), row->in);
	keys_done();
}

/* TR-31 has one usage for several of Thales's; 002 may be shared. */
static void
test_fits(void **state)
{
	struct keyblock_header h = { .version = 'B', .usage = { 'P', '0' } };

	(void)state;
	assert_true(keyuse_fits(&h, 0x001, true) && keyuse_fits(&h, 0x70D, true));
	assert_true(keyuse_fits(&h, 0x002, false));
	assert_false(keyuse_fits(&h, 0x002, true));
	assert_false(keyuse_fits(&h, 0x00A, false));
	memcpy(h.usage, "C0", 2);
	assert_true(keyuse_fits(&h, 0x402, false));
	h.version = '1';
	memcpy(h.usage, "13", 2);
	assert_true(keyuse_fits(&h, 0x402, false));
}

static void
test_default(void **state)
{
	struct key *key = block_key("", 16);
	struct keyblock_header h;

	(void)state;
	assert_true(keyuse_default(0x001, key, &h));
	assert_memory_equal(h.usage, "72", 2);
	assert_int_equal(h.algorithm, 'T');
	h.version = '1';
	assert_int_equal(keyblock_check(&h), 0);
	assert_false(keyuse_default(0x104, key, &h));
	keys_done();
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, kind_rows, test_kind);
	ROWS(&r, moves, test_move);
	rows_add(&r, "headers that fit a type", test_fits, NULL);
	rows_add(&r, "headers of new keys", test_default, NULL);
	return rows_run(&r, "keyuse", keys_setup, NULL);
}
