/*
 * lmk: the table of loaded LMKs, and wrapping under a variant LMK.
 */
#include "lmk.h"

#include <assert.h>
#include <string.h>

#include <sodium.h>

#include "crypto/des3.h"
#include "crypto/keyblock.h"
#include "crypto/keywrap.h"
#include "err.h"
#include "keytype.h"
#include "secret.h"

enum { PAIRS = 20, PAIR_LEN = 16, PIN_PAIR = 1, BLOCK_KEY_MAX = 32 };

/* In the slab's read-only part, at the place of its id. */
struct lmk {
	const struct test_lmk *from;
	unsigned               id;
	uint8_t                pair[PAIRS][PAIR_LEN];	/* LMK_VARIANT only */
	uint8_t                block_key[BLOCK_KEY_MAX];	/* key block LMKs only */
};

static_assert(LMK_IDS * sizeof(struct lmk) <= SECRET_FIXED, "all LMKs fit");

/* The published test pairs 00-01 to 38-39 (spec: keys.md 3.1). */
static const uint8_t test_pairs[PAIRS][PAIR_LEN] = {
	{ 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01,
	  0x79, 0x02, 0xCD, 0x1F, 0xD3, 0x6E, 0xF8, 0xBA },
	{ 0x20, 0x20, 0x20, 0x20, 0x20, 0x20, 0x20, 0x20,
	  0x31, 0x31, 0x31, 0x31, 0x31, 0x31, 0x31, 0x31 },
	{ 0x40, 0x40, 0x40, 0x40, 0x40, 0x40, 0x40, 0x40,
	  0x51, 0x51, 0x51, 0x51, 0x51, 0x51, 0x51, 0x51 },
	{ 0x61, 0x61, 0x61, 0x61, 0x61, 0x61, 0x61, 0x61,
	  0x70, 0x70, 0x70, 0x70, 0x70, 0x70, 0x70, 0x70 },
	{ 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
	  0x91, 0x91, 0x91, 0x91, 0x91, 0x91, 0x91, 0x91 },
	{ 0xA1, 0xA1, 0xA1, 0xA1, 0xA1, 0xA1, 0xA1, 0xA1,
	  0xB0, 0xB0, 0xB0, 0xB0, 0xB0, 0xB0, 0xB0, 0xB0 },
	{ 0xC1, 0xC1, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01,
	  0xD0, 0xD0, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01 },
	{ 0xE0, 0xE0, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01,
	  0xF1, 0xF1, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01 },
	{ 0x1C, 0x58, 0x7F, 0x1C, 0x13, 0x92, 0x4F, 0xEF,
	  0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01 },
	{ 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01,
	  0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01 },
	{ 0x02, 0x02, 0x02, 0x02, 0x02, 0x02, 0x02, 0x02,
	  0x04, 0x04, 0x04, 0x04, 0x04, 0x04, 0x04, 0x04 },
	{ 0x07, 0x07, 0x07, 0x07, 0x07, 0x07, 0x07, 0x07,
	  0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10 },
	{ 0x13, 0x13, 0x13, 0x13, 0x13, 0x13, 0x13, 0x13,
	  0x15, 0x15, 0x15, 0x15, 0x15, 0x15, 0x15, 0x15 },
	{ 0x16, 0x16, 0x16, 0x16, 0x16, 0x16, 0x16, 0x16,
	  0x19, 0x19, 0x19, 0x19, 0x19, 0x19, 0x19, 0x19 },
	{ 0x1A, 0x1A, 0x1A, 0x1A, 0x1A, 0x1A, 0x1A, 0x1A,
	  0x1C, 0x1C, 0x1C, 0x1C, 0x1C, 0x1C, 0x1C, 0x1C },
	{ 0x23, 0x23, 0x23, 0x23, 0x23, 0x23, 0x23, 0x23,
	  0x25, 0x25, 0x25, 0x25, 0x25, 0x25, 0x25, 0x25 },
	{ 0x26, 0x26, 0x26, 0x26, 0x26, 0x26, 0x26, 0x26,
	  0x29, 0x29, 0x29, 0x29, 0x29, 0x29, 0x29, 0x29 },
	{ 0x2A, 0x2A, 0x2A, 0x2A, 0x2A, 0x2A, 0x2A, 0x2A,
	  0x2C, 0x2C, 0x2C, 0x2C, 0x2C, 0x2C, 0x2C, 0x2C },
	{ 0x2F, 0x2F, 0x2F, 0x2F, 0x2F, 0x2F, 0x2F, 0x2F,
	  0x31, 0x31, 0x31, 0x31, 0x31, 0x31, 0x31, 0x31 },
	{ 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01,
	  0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01, 0x01 },
};

/* The published test keys of key block LMKs (spec: keys.md 3.1). */
static const uint8_t test_3des[24] = {
	0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF,
	0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
	0xFE, 0xDC, 0xBA, 0x98, 0x76, 0x54, 0x32, 0x10,
};
static const uint8_t test_aes[BLOCK_KEY_MAX] = {
	0x9B, 0x71, 0x33, 0x3A, 0x13, 0xF9, 0xFA, 0xE7,
	0x2F, 0x9D, 0x0E, 0x2D, 0xAB, 0x4A, 0xD6, 0x78,
	0x47, 0x18, 0x01, 0x2F, 0x92, 0x44, 0x03, 0x3F,
	0x3F, 0x26, 0xA2, 0xDE, 0x0C, 0x8A, 0xA1, 0x1A,
};

/* Check values are published constants: the formula of the first is not public. */
static const struct test_lmk {
	const char     *name;
	enum lmk_scheme scheme;
	const char     *check_value;
	const uint8_t  *key;		/* key block LMKs */
	uint8_t         len;
} tests[] = {
	{ "test-variant", LMK_VARIANT,    "268604", NULL,      0 },
	{ "test-aes-kb",  LMK_AES_BLOCK,  "9D04A0", test_aes,  sizeof(test_aes) },
	{ "test-3des-kb", LMK_3DES_BLOCK, "165126", test_3des, sizeof(test_3des) },
};

const char *const lmk_names[] = { "test-variant", "test-aes-kb", "test-3des-kb", NULL };

static const struct lmk *loaded[LMK_IDS];

/* PINs take twenty blocks each: the pair's schedule is kept, for one LMK. */
static struct des3      *pin_des;
static const struct lmk *pin_lmk;

int
lmk_load(unsigned id, const char *name)
{
	struct lmk *table;
	size_t i = 0;

	if (id >= LMK_IDS || loaded[id] != NULL)
		return ERR_INDEX;
	while (strcmp(tests[i].name, name) != 0)
		if (++i == sizeof(tests) / sizeof(tests[0]))
			return ERR_LMK;
	if ((table = secret_fixed(true)) == NULL)
		return ERR_NO_MEMORY;
	table[id].from = &tests[i];
	table[id].id = id;
	if (tests[i].scheme == LMK_VARIANT)
		memcpy(table[id].pair, test_pairs, sizeof(test_pairs));
	else
		memcpy(table[id].block_key, tests[i].key, tests[i].len);
	loaded[id] = &table[id];
	return secret_fixed(false) != NULL ? 0 : ERR_SYSTEM;
}

void
lmk_wipe(void)
{
	void *table = secret_fixed(true);

	if (table != NULL)
		sodium_memzero(table, LMK_IDS * sizeof(struct lmk));
	memset(loaded, 0, sizeof(loaded));
	(void)secret_fixed(false);
	des3_wipe(pin_des);
	pin_lmk = NULL;
}

const struct lmk *
lmk_get(unsigned id)
{
	return id < LMK_IDS ? loaded[id] : NULL;
}

unsigned
lmk_id(const struct lmk *lmk)
{
	return lmk->id;
}

const char *
lmk_name(const struct lmk *lmk)
{
	return lmk->from->name;
}

enum lmk_scheme
lmk_scheme(const struct lmk *lmk)
{
	return lmk->from->scheme;
}

bool
lmk_is_test(const struct lmk *lmk)
{
	/* Only the published ones can be loaded. */
	return lmk->from != NULL;
}

const char *
lmk_check_value(const struct lmk *lmk)
{
	return lmk->from->check_value;
}

/*
 * The wrapping key of a type: its pair, with the LMK variant in the first
 * byte (spec: keys.md 3.4, steps 1 and 2). k is in the slab.
 */
static int
wrapping_key(const struct lmk *lmk, unsigned type, uint8_t k[PAIR_LEN])
{
	static const uint8_t variants[] = {
		0x00, 0xA6, 0x5A, 0x6A, 0xDE, 0x2B, 0x50, 0x74, 0x9C, 0xFA
	};
	unsigned pair = keytype_pair(type), variant = keytype_variant(type & 0xFFF);

	if (lmk->from->scheme != LMK_VARIANT)
		return ERR_LMK;
	if (pair == KEYTYPE_NONE)
		return ERR_KEY_TYPE;
	/* Types come from keytype_parse or the tables of keytype.c. */
	assert(pair / 2 < PAIRS && variant < sizeof(variants));
	memcpy(k, lmk->pair[pair / 2], PAIR_LEN);
	k[0] ^= variants[variant];
	if ((type & KEYTYPE_COMPONENT) != 0)
		k[0] ^= 0xFF;
	return 0;
}

/* The modified pair of the call that runs: too secret for the stack. */
static uint8_t *
scratch(void)
{
	static uint8_t *k;

	if (k == NULL)
		k = secret_alloc(PAIR_LEN);
	return k;
}

int
lmk_pin_encrypt(const struct lmk *lmk, const uint8_t in[DES_BLOCK], uint8_t out[DES_BLOCK])
{
	int r;

	if (lmk->from->scheme != LMK_VARIANT)
		return ERR_LMK;
	if (pin_des == NULL && (pin_des = des3_new()) == NULL)
		return ERR_NO_MEMORY;
	if (pin_lmk != lmk) {
		if ((r = des3_key(pin_des, lmk->pair[PIN_PAIR], PAIR_LEN)) != 0)
			return r;
		pin_lmk = lmk;
	}
	return des3_encrypt(pin_des, in, out, DES_BLOCK);
}

int
lmk_wrap(const struct lmk *lmk, unsigned type, char scheme, const uint8_t *in, uint8_t *out,
    size_t len)
{
	uint8_t *k = scratch();
	int r;

	if (k == NULL)
		return ERR_NO_MEMORY;
	if ((r = wrapping_key(lmk, type, k)) == 0)
		r = keywrap_wrap(k, PAIR_LEN, scheme, in, out, len);
	sodium_memzero(k, PAIR_LEN);
	return r;
}

int
lmk_unwrap(const struct lmk *lmk, unsigned type, char scheme, const uint8_t *in,
    uint8_t *out, size_t len)
{
	uint8_t *k = scratch();
	int r;

	if (k == NULL)
		return ERR_NO_MEMORY;
	if ((r = wrapping_key(lmk, type, k)) == 0)
		r = keywrap_unwrap(k, PAIR_LEN, scheme, in, out, len);
	sodium_memzero(k, PAIR_LEN);
	return r;
}

int
lmk_block_unwrap(const struct lmk *lmk, struct span text, struct keyblock_header *h,
    uint8_t *key, size_t *len)
{
	int r;

	if (lmk->from->scheme == LMK_VARIANT)
		return ERR_LMK_SCHEME;
	if ((r = keyblock_read('S', text, h)) != 0)
		return r;
	if (h->version != (lmk->from->scheme == LMK_AES_BLOCK ? '1' : '0'))
		return ERR_LMK_SCHEME;
	if (h->lmk[0] != (char)('0' + lmk->id / 10) || h->lmk[1] != (char)('0' + lmk->id % 10))
		return ERR_LMK_BLOCK;
	if ((r = keyblock_unwrap(h, text, lmk->block_key, lmk->from->len, key, len)) != 0)
		return r;
	return keyblock_check(h);
}

int
lmk_block_wrap(const struct lmk *lmk, const struct keyblock_header *h, const uint8_t *key,
    size_t len, char *out, size_t *n)
{
	struct keyblock_header own = *h;
	int r;

	if (lmk->from->scheme == LMK_VARIANT)
		return ERR_LMK_SCHEME;
	if (lmk->from->scheme == LMK_3DES_BLOCK && h->algorithm != 'D' && h->algorithm != 'T')
		return ERR_WEAKER_LMK;
	own.version = lmk->from->scheme == LMK_AES_BLOCK ? '1' : '0';
	own.lmk[0] = (char)('0' + lmk->id / 10);
	own.lmk[1] = (char)('0' + lmk->id % 10);
	if ((r = keyblock_check(&own)) != 0)
		return r;
	return keyblock_wrap(&own, lmk->block_key, lmk->from->len, key, len, out, n);
}
