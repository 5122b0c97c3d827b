/* key_wrap: fields under LMK and ZMK, with Atalla variants, and keys made here. */
#include "key.h"

#include "crypto/parity.h"
#include "err.h"
#include "keys.h"
#include "lmk.h"

#define CLEAR1 "0123456789ABCDEF"
#define CLEAR2 CLEAR1 "FEDCBA9876543210"
#define CLEAR3 CLEAR2 "89ABCDEF01234567"
#define ZMK    "1A2B3C4D5E6F70815D6E7F8091A2B3C4"
#define GO_ZMK "1334577991ABCDEF1334577991ABCDEF"	/* of go_hsm's README, parity set */

static int
setup(void **state)
{
	return keys_setup(state) != 0 || lmk_load(0, "test-variant") != 0 ||
	    lmk_load(1, "test-aes-kb") != 0;
}

/* As in test_lmk.c. */
static const struct wrap {
	const char *name;
	unsigned    lmk;
	unsigned    type;
	char        scheme;
	const char *clear;
	int         want;
	const char *field;
} wraps[] = {
	{ "a single key has no tag", 0, 0x001, 'Z', CLEAR1, 0, "8B4ECCAE01B4B17A" },
	{ "a pair has none either", 0, 0x402, 'P', CLEAR2, 0,
	    "0A61E674E88C6A7EEABC38C2B2BB492F" },
	{ "U", 0, 0x002, 'U', CLEAR2, 0, "U1750CDFB0757D3B3994430636DBB281B" },
	{ "X", 0, 0x001, 'X', CLEAR2, 0, "X8B4ECCAE01B4B17AAC951121A98DB14E" },
	{ "T", 0, 0x002, 'T', CLEAR3, 0, "T7678CAE4F7CB262BA2D72FDC59A6B463209F247632413A4B" },
	{ "U is not for a single key", 0, 0x002, 'U', CLEAR1, ERR_KEY_LENGTH, NULL },
	{ "T is not for a double key", 0, 0x002, 'T', CLEAR2, ERR_KEY_LENGTH, NULL },
	{ "S is no scheme of this LMK", 0, 0x002, 'S', CLEAR2, ERR_LMK_SCHEME, NULL },
	{ "a key block LMK has no scheme U", 1, 0x002, 'U', CLEAR2, ERR_LMK_SCHEME, NULL },
};

static void
test_wrap(void **state)
{
	const struct wrap *row = *state;
	struct key *key = keys_key(row->clear);
	char field[KEY_FIELD_MAX];
	size_t n = 0;

	assert_int_equal(key_wrap(lmk_get(row->lmk), key, row->type, row->scheme, field, &n),
	    row->want);
	if (row->want == 0) {
		assert_int_equal(n, strlen(row->field));
		assert_memory_equal(field, row->field, n);
	} else
		assert_int_equal(n, 0);
	keys_done();
}

/* Made part by part with openssl enc -des-ede3 -nopad under the modified ZMK. */
static const struct move {
	const char *name;
	const char *zmk;
	unsigned    atalla;
	char        scheme;
	const char *clear;
	const char *field;
} moves[] = {
	{ "Z", ZMK, 0, 'Z', CLEAR1, "3FB22725A8E58E3A" },
	{ "U", ZMK, 0, 'U', CLEAR2, "U3DB1AE8C2BEE6BCEAB1EF494E4EDCB7B" },
	{ "X", ZMK, 0, 'X', CLEAR2, "X3FB22725A8E58E3A14F7521E7F2E19A9" },
	{ "T", ZMK, 0, 'T', CLEAR3, "T3236B2694D4C4B39388F0D803D19AF0107E3AC6D477B8629" },
	{ "Y", ZMK, 0, 'Y', CLEAR3, "Y3FB22725A8E58E3A14F7521E7F2E19A99436F3BCAF3CBCC0" },
	{ "Atalla 1, X",  ZMK, 1,  'X', CLEAR2, "X95B870F90BD6AA18077013EC3DE51AEA" },
	{ "Atalla 1, U",  ZMK, 1,  'U', CLEAR2, "U4D4493C678BA64F31E64FA19C4A85126" },
	{ "Atalla 12, U", ZMK, 12, 'U', CLEAR2, "U0EBB65A8EA3164540718F259F1557002" },
	{ "Atalla 12, T", ZMK, 12, 'T', CLEAR3,
	    "TA4B07C9B3509B4AE924F63119299B7D8B9933DAA995082E4" },
	{ "Atalla 32 is none again", ZMK, 32, 'Z', CLEAR1, "3FB22725A8E58E3A" },
	{ "ZMK of three parts", CLEAR3, 0, 'U', CLEAR2, "UBC5C3B54762C2375366B79B597518D8D" },
	{ "ZMK of one part",    CLEAR1, 0, 'X', CLEAR2, "X56CC09E7CFDC4CEF12C626AF058B433B" },
	{ "go_hsm's ZMK, Atalla 1",  GO_ZMK, 1,  'X', CLEAR2,
	    "XF0BC718E326F6C342DA94338B7BB76BD" },
	{ "go_hsm's ZMK, Atalla 2",  GO_ZMK, 2,  'U', CLEAR2,
	    "U81E34403E266BCE58EDF41113A48FE45" },
	{ "go_hsm's ZMK, Atalla 12", GO_ZMK, 12, 'X', CLEAR2,
	    "X55217459138826A119B7638BC7C21784" },
};

static void
test_move(void **state)
{
	const struct move *row = *state;
	struct key *zmk = keys_key(row->zmk), *key = keys_key(row->clear), *back = key_take();
	char field[KEY_FIELD_MAX];
	size_t n;

	assert_int_equal(key_export(zmk, row->atalla, key, row->scheme, field, &n), 0);
	assert_int_equal(n, strlen(row->field));
	assert_memory_equal(field, row->field, n);
	/* Into a key that had another value and a schedule of it. */
	assert_non_null(key_des(key));
	assert_int_equal(key_import(zmk, row->atalla, span_of(field, n), back), 0);
	keys_same(back->bytes, back->len, row->clear);
	assert_true(back->odd && !back->keyed && back->scheme == row->scheme);
	keys_same(zmk->bytes, zmk->len, row->zmk);
	keys_done();
}

static const struct bad {
	const char *name;
	const char *zmk;
	char        scheme;
	const char *clear;
	const char *field;
	int         want_export, want_import;
} bads[] = {
	{ "an unknown scheme", ZMK, 'G', CLEAR2,
	    "G3DB1AE8C2BEE6BCEAB1EF494E4EDCB7B", ERR_SCHEME, ERR_SCHEME },
	{ "another length", ZMK, 'T', CLEAR2,
	    "T3DB1AE8C2BEE6BCEAB1EF494E4EDCB7B", ERR_KEY_LENGTH, ERR_INPUT },
};

static void
test_bad(void **state)
{
	const struct bad *row = *state;
	struct key *zmk = keys_key(row->zmk), *key = keys_key(row->clear);
	char field[KEY_FIELD_MAX];
	size_t n;

	assert_int_equal(key_export(zmk, 0, key, row->scheme, field, &n), row->want_export);
	assert_int_equal(key_import(zmk, 0, span_str(row->field), key), row->want_import);
	keys_done();
}

/* A key that arrives with wrong parity is told apart, and put right on request. */
static void
test_parity(void **state)
{
	struct key *zmk = keys_key(ZMK), *key = keys_key("0022446688AACCEEFEDCBA9876543210");
	char field[KEY_FIELD_MAX], kcv[6];
	size_t n;

	(void)state;
	assert_int_equal(key_export(zmk, 0, key, 'X', field, &n), 0);
	assert_int_equal(key_import(zmk, 0, span_of(field, n), key), 0);
	assert_false(key->odd);
	assert_int_equal(key_kcv(key, 6, kcv), 0);
	key_force_parity(key);
	assert_true(key->odd && !key->keyed);
	keys_same(key->bytes, key->len, "0123456789ABCDEFFEDCBA9876543210");
	keys_done();
}

static const struct zero {
	const char *name;
	const char *clear;
	int         want, whole;	/* without parity, and with it */
} zeros[] = {
	{ "all zeros",              "0000000000000000", 1, 1 },
	{ "all zeros, odd parity",  "0101010101010101", 1, 0 },
	{ "one bit",                "0101010101010102", 0, 0 },
	{ "a bit in the last part", "00000000000000000000000000000080", 0, 0 },
};

static void
test_zero(void **state)
{
	const struct zero *row = *state;

	assert_int_equal(key_is_zero(keys_key(row->clear), false), row->want);
	assert_int_equal(key_is_zero(keys_key(row->clear), true), row->whole);
	keys_done();
}

static const struct random {
	const char *name;
	size_t      len;
	char        scheme;	/* 0: refused */
} randoms[] = {
	{ "random single", 8,  'Z' },
	{ "random double", 16, 'U' },
	{ "random triple", 24, 'T' },
	{ "random nothing", 0, 0 },
	{ "random 32 bytes", 32, 0 },
};

static void
test_random(void **state)
{
	const struct random *row = *state;
	struct key *key = key_take(), *other = key_take();

	if (row->scheme == 0) {
		assert_int_equal(key_random(key, row->len), ERR_KEY_LENGTH);
		keys_done();
		return;
	}
	assert_int_equal(key_random(key, row->len), 0);
	assert_int_equal(key_random(other, row->len), 0);
	assert_true(key->len == row->len && key->scheme == row->scheme && key->odd);
	assert_memory_not_equal(key->bytes, other->bytes, row->len);
	for (size_t i = 0; i < row->len; i += 8) {
		assert_true(parity_odd(key->bytes + i, 8) && !parity_weak(key->bytes + i));
		for (size_t j = 0; j < i; j += 8)
			assert_memory_not_equal(key->bytes + i, key->bytes + j, 8);
	}
	keys_done();
}

static const struct join {
	const char *name, *a, *b;
	char        usage;	/* second character of b's usage in a key block; 0: none */
	int         want;
	const char *sum;
} joins[] = {
	{ "two components",      CLEAR2, "FFFFFFFFFFFFFFFF0000000000000000", 0, 0,
	    "FEDCBA9876543210FEDCBA9876543210" },
	{ "twice the same",      CLEAR1, CLEAR1, 0, 0, "0000000000000000" },
	{ "of different length", CLEAR2, CLEAR1, 0, ERR_KEY_LENGTH, "" },
	{ "of different usage",  CLEAR2, CLEAR2, '1', ERR_PARTS, "" },
};

static void
test_join(void **state)
{
	const struct join *row = *state;
	struct key *a = keys_key(row->a), *b = keys_key(row->b), *sum = key_take();

	if (row->usage != 0)
		b->header.usage[1] = row->usage;
	assert_int_equal(key_join(a, b, 0x001, sum), row->want);
	if (row->want == 0) {
		keys_same(sum->bytes, sum->len, row->sum);
		assert_int_equal(sum->type, 0x001);
	}
	keys_done();
}

/* Check values of each half: openssl enc -des-ede3-ecb of zeros under each. */
static void
test_halves(void **state)
{
	char hex[12];

	(void)state;
	assert_int_equal(key_kcv_halves(keys_key(CLEAR2), 6, hex), 0);
	assert_memory_equal(hex, "D5D44FA68CDC", 12);
	assert_int_equal(key_kcv_halves(keys_key(CLEAR1), 6, hex), ERR_KEY_LENGTH);
	assert_int_equal(key_kcv_halves(keys_key(CLEAR3), 6, hex), ERR_KEY_LENGTH);
	keys_done();
}

/* An AES key is for no scheme without a header. */
static void
test_aes(void **state)
{
	struct key *key = key_take(), *zmk = keys_key(ZMK);
	char field[KEY_FIELD_MAX];
	size_t n;

	(void)state;
	key_random_plain(key, 16, true);
	assert_true(key->aes && key->odd && key->len == 16);
	assert_int_equal(key_wrap(lmk_get(0), key, 0x001, 'U', field, &n), ERR_WEAKER_LMK);
	assert_int_equal(key_export(zmk, 0, key, 'X', field, &n), ERR_SCHEME);
	assert_null(key_des(key));
	assert_non_null(key_aes(key));
	assert_null(key_aes(zmk));
	keys_done();
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, wraps, test_wrap);
	ROWS(&r, moves, test_move);
	ROWS(&r, bads, test_bad);
	ROWS(&r, zeros, test_zero);
	ROWS(&r, randoms, test_random);
	ROWS(&r, joins, test_join);
	rows_add(&r, "check values of halves", test_halves, NULL);
	rows_add(&r, "an AES key", test_aes, NULL);
	rows_add(&r, "parity of an imported key", test_parity, NULL);
	return rows_run(&r, "key_wrap", setup, NULL);
}
