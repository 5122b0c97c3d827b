/* lmk: the test LMKs, and keys of every pair under the variant one. */
#include "lmk.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err.h"
#include "keys.h"
#include "keytype.h"

#define CLEAR1 "0123456789ABCDEF"
#define CLEAR2 CLEAR1 "FEDCBA9876543210"
#define CLEAR3 CLEAR2 "89ABCDEF01234567"

/*
 * Rows with a source in brackets were published for the test LMK; the others
 * were made part by part with openssl enc -des-ede3 -nopad under the modified
 * pair, and agree with a reference model in another language.
 */
static const struct row {
	const char *name;
	unsigned    type;
	char        scheme;
	const char *clear;
	const char *wrapped;
} rows[] = {
	{ "pair 04-05", 0x000, 'U', CLEAR2, "42BBE7D9A0A55D0EBDE055DE2791ACCD" },
	{ "pair 06-07", 0x001, 'U', CLEAR2, "063A0E7C0F2124E56192A4510F395ED7" },
	{ "pair 14-15", 0x002, 'U', CLEAR2, "1750CDFB0757D3B3994430636DBB281B" },
	{ "pair 16-17", 0x003, 'U', CLEAR2, "7AD0BB2A32ADE115807C3572FC302BA5" },
	{ "pair 22-23", 0x006, 'U', CLEAR2, "C01692CBDDB0FCBB3517404F7CD2F4E8" },
	{ "pair 26-27", 0x008, 'U', CLEAR2, "7B7B1BE6AFBA184A32F08E7514BAC82E" },
	{ "pair 28-29", 0x009, 'U', CLEAR2, "8E3D3E2FD5919657F05A1AA90D32A014" },
	{ "pair 30-31", 0x00A, 'U', CLEAR2, "71CE6CBA2A7DC746208CDCE553747808" },
	{ "pair 32-33", 0x00B, 'U', CLEAR2, "A5F7447E8D9068513B94C51EF06E64EF" },
	{ "variant 1",  0x100, 'U', CLEAR2, "54372A421FD264E11365BAD539E164AD" },
	{ "pair 24-25, variant 1", 0x107, 'U', CLEAR2, "A940CC330472671DD12F2D636122C8B6" },
	{ "pair 34-35, variant 1", 0x10C, 'U', CLEAR2, "72CD3C94E06DE4A8D83A8B3EBB3CF55A" },
	{ "variant 2",  0x209, 'U', CLEAR2, "352796B7EF432BE016CA35D48F4A0483" },
	{ "variant 3",  0x309, 'U', CLEAR2, "8430868258D18395C1AD55F2F9F1A090" },
	{ "variant 4",  0x409, 'U', CLEAR2, "A1E8089C9128CA10120F229A9D6CA24E" },
	{ "variant 5",  0x509, 'U', CLEAR2, "7BCA7BDC2CFD9722E133094D08352C76" },
	{ "variant 6",  0x609, 'U', CLEAR2, "FE4161E9CF7373ADA1552DECF70AF76E" },
	{ "variant 7",  0x709, 'U', CLEAR2, "2E774AEF908AFBA19D44D4A29AD7BD61" },
	{ "variant 8",  0x809, 'U', CLEAR2, "7441E80A19CFC4F17E9BB89A1FD44238" },
	{ "variant 9",  0x909, 'U', CLEAR2, "0128D871D75B741A1EDFA4EEFC0C046B" },
	{ "pair 36-37, variant 7", 0x70D, 'U', CLEAR2, "8699395CD2688A2C9009FCA6FB1EB852" },
	{ "pair 36-37, variant 9", 0x90D, 'U', CLEAR2, "F7359F6688AEAC24444194C61C30FFD8" },
	{ "a component", 0x209 | KEYTYPE_COMPONENT, 'U', "F1F1F1F1F1F1F1F1C1C1C1C1C1C1C1C1",
	    "7078B9047A2BECBD013C26625FDA17F3" },
	{ "a forum's TMK", 0x002, 'U', "EFAE9DDFA18C3134641C58168F0815D5",
	    "2FF54082F1A7E9B43585FBE55AE15EAB" },
	{ "a forum's ZPK", 0x001, 'U', "5B012F0E75970D5DB96EE65249F1D949",
	    "61F612B4FD859AA204D0D2414F18C29F" },
	{ "go_hsm's ZMK", 0x000, 'U', "1334577991ABCDEF1334577991ABCDEF", "04A3A0285B653284CB52D0F5C1E3E835" },
	{ "go_hsm's TMK", 0x002, 'T', "1334577991ABCDEF1334577991ABCDEF1334577991ABCDEF",
	    "E0D7478DC363B5E2BE08F7253E80A37DDB4817AD5700B96B" },
	{ "a guide's ZMK", 0x000, 'U', "79CD23809B4FC1C47F9EFB2ADF2A674A",
	    "1BA5185AFCF15A1B274BE1E003B47C2A" },
	{ "a guide's other ZMK", 0x000, 'U', "7AEAB5A41A9E9B68EF80494C08194ADA",
	    "EE8D4F9EC8B2ADF49CD2F0D27F5C95C5" },
	{ "a simulator's ZPK", 0x001, 'Z', "13F10E5D868A529E", "BAB32D775A38E4AB" },
	{ "Z", 0x001, 'Z', CLEAR1, "8B4ECCAE01B4B17A" },
	{ "P", 0x402, 'P', CLEAR2, "0A61E674E88C6A7EEABC38C2B2BB492F" },
	{ "X", 0x001, 'X', CLEAR2, "8B4ECCAE01B4B17AAC951121A98DB14E" },
	{ "T", 0x002, 'T', CLEAR3, "7678CAE4F7CB262BA2D72FDC59A6B463209F247632413A4B" },
	{ "Y", 0x002, 'Y', CLEAR3, "FCBA7CF5972CF0DD6B96170C6593AA372E3A42AA9B2C013B" },
	{ "MK-SMI (payShield 10K programmer's manual)", 0x209, 'U',
	    "F1F1F1F1F1F1F1F1C1C1C1C1C1C1C1C1", "5178C9D3D1052B15BF6AEC458B4A4564" },
	{ "ZMK (ThalesSim test data)", 0x000, 'Z', "E951A1D6EF08EA15", "4ED06495741C280C" },
	{ "TPK (ThalesSim test data)", 0x002, 'Z', "0B681FC20E62C734", "0406FBB23A5214DF" },
	{ "ZPK (ThalesSim test data)", 0x001, 'U', "C7152C20BC2C830EA7EC9E8334ABE3FE",
	    "1EF828AA8F6B80EB83E19FBC373F3A85" },
	{ "triple ZPK (ThalesSim test data)", 0x001, 'T',
	    "EA040820ABB0CB9E8AF7ADD64F54C73D0289C8923D70FB8C",
	    "971803BA969012152827CC97A98D18D50BE6559CDFF6F7E1" },
	{ "MK-AC (jPOS)", 0x109, 'U', "13345779133457791334577913345779",
	    "0D39A43C864D1B40F33998B80BB02C95" },
};

static int
setup(void **state)
{
	return keys_setup(state) != 0 || lmk_load(0, "test-variant") != 0 ||
	    lmk_load(1, "test-aes-kb") != 0 || lmk_load(2, "test-3des-kb") != 0;
}

static void
test_row(void **state)
{
	const struct row *row = *state;
	struct key *key = keys_key(row->clear);
	uint8_t wrapped[24];

	assert_int_equal(lmk_wrap(lmk_get(0), row->type, row->scheme, key->bytes, wrapped,
	    key->len), 0);
	keys_same(wrapped, key->len, row->wrapped);
	memset(key->bytes, 0, sizeof(key->bytes));
	assert_int_equal(lmk_unwrap(lmk_get(0), row->type, row->scheme, wrapped, key->bytes,
	    key->len), 0);
	keys_same(key->bytes, key->len, row->clear);
	keys_done();
}

static const struct bad {
	const char *name;
	unsigned    lmk;
	char        scheme;
	size_t      len;
	int         want;
} bads[] = {
	{ "under an AES key block LMK",   1, 'U', 16, ERR_LMK },
	{ "under a 3DES key block LMK",   2, 'U', 16, ERR_LMK },
	{ "a scheme that is none",        0, 'S', 16, ERR_SCHEME },
	{ "a length the scheme is not of", 0, 'T', 16, ERR_KEY_LENGTH },
};

static void
test_bad(void **state)
{
	const struct bad *row = *state;
	struct key *key = keys_key(CLEAR3);

	assert_int_equal(lmk_wrap(lmk_get(row->lmk), 0x001, row->scheme, key->bytes,
	    key->bytes, row->len), row->want);
	assert_int_equal(lmk_unwrap(lmk_get(row->lmk), 0x001, row->scheme, key->bytes,
	    key->bytes, row->len), row->want);
	keys_same(key->bytes, 24, CLEAR3);
	keys_done();
}

static const struct about {
	const char     *name;
	unsigned        id;
	enum lmk_scheme scheme;
	const char     *check_value;
} abouts[] = {
	{ "test-variant", 0, LMK_VARIANT,    "268604" },
	{ "test-aes-kb",  1, LMK_AES_BLOCK,  "9D04A0" },
	{ "test-3des-kb", 2, LMK_3DES_BLOCK, "165126" },
};

static void
test_about(void **state)
{
	const struct about *row = *state;
	const struct lmk *lmk = lmk_get(row->id);

	assert_true(secret_holds(lmk));
	assert_int_equal(lmk_id(lmk), row->id);
	assert_string_equal(lmk_name(lmk), row->name);
	assert_string_equal(lmk_names[row->id], row->name);
	assert_int_equal(lmk_scheme(lmk), row->scheme);
	assert_string_equal(lmk_check_value(lmk), row->check_value);
	assert_true(lmk_is_test(lmk));
}

/* Blocks that payShields made under the public test LMKs, whose identifier the header says. */
static const struct block {
	const char *name;
	unsigned    id;
	const char *lmk, *text;
	int         want;
	const char *key;
} blocks[] = {
	{ "an AES block", 0, "test-aes-kb", "10096B0AN00S000156B82A787599FA184E25CC67CD24EC67E213A6F9"
	    "5808FF9630E5133D4441E445BCD6A901A898186F", ERR_LMK_BLOCK, NULL },
	{ "an AES block under its identifier", 1, "test-aes-kb", "10096B0AN00S000156B82A787599FA184E"
	    "25CC67CD24EC67E213A6F95808FF9630E5133D4441E445BCD6A901A898186F", 0,
	    "AFF176C59049CAD1A171A0D55E9162F6" },
	{ "a 3DES block", 1, "test-3des-kb", "00072P0TB00E0001EA421618B34F5FA1A77F7CF6480111B97CF0FA"
	    "E7BD77D589EC921EF9", 0, "98519E45CBB9291F49EFAD4AFEFDDC79" },
	{ "a block of the other cipher", 1, "test-aes-kb", "00072P0TB00E0001EA421618B34F5FA1A77F7CF6"
	    "480111B97CF0FAE7BD77D589EC921EF9", ERR_LMK_SCHEME, NULL },
	{ "a block under a variant LMK", 1, "test-variant", "00072P0TB00E0001EA421618B34F5FA1A77F7CF"
	    "6480111B97CF0FAE7BD77D589EC921EF9", ERR_LMK_SCHEME, NULL },
};

static void
test_block(void **state)
{
	const struct block *row = *state;
	struct keyblock_header h;
	uint8_t key[KEYBLOCK_KEY_MAX], back[KEYBLOCK_KEY_MAX];
	char text[KEYBLOCK_MAX];
	size_t len, n;

	lmk_wipe();
	assert_int_equal(lmk_load(row->id, row->lmk), 0);
	assert_int_equal(lmk_block_unwrap(lmk_get(row->id), span_str(row->text), &h, key, &len),
	    row->want);
	if (row->want == 0) {
		keys_same(key, len, row->key);
		assert_int_equal(lmk_block_wrap(lmk_get(row->id), &h, key, len, text, &n), 0);
		assert_memory_equal(text, row->text, KEYBLOCK_HEADER);
		assert_int_equal(lmk_block_unwrap(lmk_get(row->id), span_of(text, n), &h, back,
		    &len), 0);
		assert_memory_equal(key, back, len);
	}
	lmk_wipe();
	assert_int_equal(lmk_load(0, "test-variant"), 0);
}

/* AES keys need an AES LMK, and headers must make sense. */
static void
test_block_refused(void **state)
{
	struct keyblock_header h = { .usage = { '7', '2' }, .algorithm = 'A', .mode = 'B',
		.key_version = { '0', '0' }, .exportability = 'E' };
	const uint8_t key[16] = { 0 };
	char text[KEYBLOCK_MAX];
	size_t n;

	(void)state;
	assert_int_equal(lmk_load(2, "test-3des-kb"), 0);
	assert_int_equal(lmk_block_wrap(lmk_get(2), &h, key, 16, text, &n), ERR_WEAKER_LMK);
	h.algorithm = 'T';
	h.mode = 'C';
	assert_int_equal(lmk_block_wrap(lmk_get(2), &h, key, 16, text, &n), ERR_MODE);
	h.mode = 'B';
	assert_int_equal(lmk_block_wrap(lmk_get(0), &h, key, 16, text, &n), ERR_LMK_SCHEME);
	lmk_wipe();
	assert_int_equal(lmk_load(0, "test-variant"), 0);
}

/* Only LMKs 00 and 01, and nothing in key change storage. */
static void
two_lmks(const struct lmk **first, const struct lmk **second)
{
	lmk_wipe();
	assert_int_equal(lmk_load(0, "test-variant"), 0);
	assert_int_equal(lmk_load(1, "test-aes-kb"), 0);
	*first = lmk_get(0);
	*second = lmk_get(1);
}

/* Key change storage has a place of its own, and can be emptied. */
static void
test_old(void **state)
{
	uint8_t key[16] = { 0 }, live[16] = { 0 };
	const struct lmk *first, *second;

	(void)state;
	two_lmks(&first, &second);
	assert_null(lmk_old(first));
	lmk_erase_old(first);
	assert_int_equal(lmk_load(3, "sim-old"), ERR_LMK);
	assert_int_equal(lmk_load(LMK_OLD_ANY, "sim-old"), 0);
	assert_int_equal(lmk_load(LMK_OLD_ANY, "sim-old"), ERR_INDEX);
	assert_int_equal(lmk_load(LMK_OLD_ANY + 1, "sim-old"), ERR_INDEX);
	assert_int_equal(lmk_wrap(lmk_old(first), 0x001, 'U', key, key, 16), 0);
	assert_int_equal(lmk_wrap(first, 0x001, 'U', live, live, 16), 0);
	assert_memory_not_equal(key, live, 16);
	assert_ptr_equal(lmk_old(second), lmk_old(first));
	lmk_erase_old(first);
	assert_null(lmk_old(first));
	assert_non_null(lmk_old(second));
	assert_non_null(lmk_stored(LMK_IDS));
	lmk_erase_old(second);
	assert_null(lmk_old(second));
	assert_null(lmk_stored(LMK_IDS));
	assert_null(lmk_get(LMK_OLD_ANY));
	assert_non_null(lmk_get(0));
	assert_int_equal(lmk_load(LMK_OLD_ANY, "test-variant"), 0);
	assert_non_null(lmk_old(first));
	assert_non_null(lmk_old(second));
}

/* Each LMK may have one there of its own, which is erased alone. */
static void
test_old_each(void **state)
{
	const struct lmk *first, *second;

	(void)state;
	two_lmks(&first, &second);
	assert_int_equal(lmk_load(LMK_OLD_ANY, "test-variant"), 0);
	assert_int_equal(lmk_load(LMK_OLD + 1, "sim-old"), 0);
	assert_string_equal(lmk_name(lmk_old(first)), "test-variant");
	assert_string_equal(lmk_name(lmk_old(second)), "sim-old");
	assert_ptr_equal(lmk_stored(1), lmk_old(second));
	lmk_erase_old(second);
	assert_null(lmk_old(second));
	assert_null(lmk_stored(1));
	assert_non_null(lmk_old(first));
	lmk_erase_old(first);
	assert_null(lmk_old(first));
	assert_null(lmk_stored(LMK_IDS));
}

/* A key that is under no pair, such as one derived for a transaction. */
static void
test_no_pair(void **state)
{
	struct key *key = keys_key(CLEAR2);

	(void)state;
	assert_int_equal(lmk_wrap(lmk_get(0), KEYTYPE_DUKPT_PIN, 'U', key->bytes, key->bytes,
	    key->len), ERR_KEY_TYPE);
	assert_int_equal(lmk_unwrap(lmk_get(0), KEYTYPE_BLOCK, 'U', key->bytes, key->bytes,
	    key->len), ERR_KEY_TYPE);
	keys_done();
}

static void
test_load(void **state)
{
	static const uint8_t zeros[64];
	const struct lmk *lmk = lmk_get(0);

	(void)state;
	assert_int_equal(lmk_load(0, "test-variant"), ERR_INDEX);
	assert_int_equal(lmk_load(LMK_OLD_ANY + 1, "test-variant"), ERR_INDEX);
	assert_int_equal(lmk_load(3, "test"), ERR_LMK);
	assert_int_equal(lmk_load(3, ""), ERR_LMK);
	assert_null(lmk_get(3));
	assert_null(lmk_get(20));
	assert_null(lmk_names[3]);
	/* The same one under another id is another one. */
	assert_int_equal(lmk_load(19, "test-variant"), 0);
	assert_int_equal(lmk_id(lmk_get(19)), 19);
	lmk_wipe();
	assert_null(lmk_get(0));
	assert_memory_equal(lmk, zeros, sizeof(zeros));
	assert_int_equal(lmk_load(0, "test-variant"), 0);
	assert_int_equal(lmk_load(1, "test-aes-kb"), 0);
}

/* A stray write into an LMK ends the process before it does harm. */
static void
test_read_only(void **state)
{
	int status;
	pid_t pid;

	(void)state;
	if ((pid = fork()) == 0) {
		signal(SIGSEGV, SIG_DFL);
		memset((void *)(uintptr_t)lmk_get(0), 0, 1);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	ROWS(&r, bads, test_bad);
	ROWS(&r, abouts, test_about);
	rows_add(&r, "a key type without a pair", test_no_pair, NULL);
	rows_add(&r, "LMKs are read-only", test_read_only, NULL);
	rows_add(&r, "loading and wiping", test_load, NULL);
	ROWS(&r, blocks, test_block);
	rows_add(&r, "keys and headers that make no block", test_block_refused, NULL);
	rows_add(&r, "key change storage", test_old, NULL);
	rows_add(&r, "each LMK has its own key change storage", test_old_each, NULL);
	return rows_run(&r, "lmk", setup, NULL);
}
