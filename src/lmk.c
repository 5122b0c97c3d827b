/*
 * lmk: the table of loaded LMKs, and wrapping under a variant LMK, pair by pair.
 */
#include "lmk.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "crypto/keywrap.h"
#include "crypto/mac.h"
#include "err.h"
#include "keytype.h"
#include "lmk_host.h"
#include "lmk_inside.h"
#include "lmk_test.h"
#include "secret.h"
#include "shared.h"

enum { PIN_PAIR = 1 };

enum { PLACES = LMK_OLD_ANY + 1 };

static_assert(PLACES * sizeof(struct lmk) <= SECRET_FIXED, "all LMKs fit");

static const struct lmk *loaded[PLACES];

/* In a page that processes share: a place of key change storage has been erased; or it is empty,
 * and its LMK no longer has what is in LMK_OLD_ANY. */
static atomic_bool *erased;

static int
share_erasure(unsigned place)
{
	if (erased == NULL && (erased = shared_map(PLACES * sizeof(*erased))) == NULL)
		return ERR_NO_MEMORY;
	atomic_store(&erased[place], false);
	/* what is common is, when it comes, common to all that have nothing else */
	for (unsigned i = LMK_OLD; place == LMK_OLD_ANY && i < LMK_OLD_ANY; i++)
		if (loaded[i] == NULL)
			atomic_store(&erased[i], false);
	return 0;
}

static bool
is_erased(unsigned place)
{
	return erased != NULL && atomic_load(&erased[place]);
}

/* Where LMK id goes, writable. 0, or why it can't be loaded. */
static int
open_place(unsigned id, const char *name, struct lmk **place)
{
	struct lmk *table;
	int r;

	if (id >= PLACES || loaded[id] != NULL)
		return ERR_INDEX;
	if (strlen(name) > LMK_NAME)
		return ERR_LMK;
	if (id >= LMK_OLD && (r = share_erasure(id)) != 0)
		return r;
	if ((table = secret_fixed(true)) == NULL)
		return ERR_NO_MEMORY;
	*place = &table[id];
	(*place)->id = id;
	memcpy((*place)->name, name, strlen(name) + 1);
	return 0;
}

static int
close_place(struct lmk *place)
{
	loaded[place->id] = place;
	return secret_fixed(false) != NULL ? 0 : ERR_SYSTEM;
}

int
lmk_load(unsigned id, const char *name)
{
	const struct test_lmk *from = lmk_test_find(name);
	struct lmk *place;
	int r;

	if (from == NULL || (id < LMK_OLD && strcmp(name, "sim-old") == 0))
		return id >= PLACES || loaded[id] != NULL ? ERR_INDEX : ERR_LMK;
	if ((r = open_place(id, name, &place)) != 0)
		return r;
	place->test = true;
	memcpy(place->check, from->check_value, strlen(from->check_value) + 1);
	place->value.scheme = from->scheme;
	place->value.len = lmk_value_length(from->scheme);
	memcpy(place->value.bytes,
	    from->scheme == LMK_VARIANT ? from->pairs[0] : from->key, place->value.len);
	return close_place(place);
}

int
lmk_put(unsigned id, const char *name, const char *comment, bool test,
    const struct lmk_value *value)
{
	struct lmk *place;
	char check[LMK_CHECK + 1];
	int r;

	if ((r = lmk_value_check(value, check)) != 0 ||
	    (r = open_place(id, name, &place)) != 0)
		return r;
	place->test = test;
	snprintf(place->comment, sizeof(place->comment), "%s", comment);
	memcpy(place->check, check, sizeof(check));
	place->value = *value;
	return close_place(place);
}

void
lmk_wipe(void)
{
	void *table = secret_fixed(true);

	if (table != NULL)
		sodium_memzero(table, PLACES * sizeof(struct lmk));
	memset(loaded, 0, sizeof(loaded));
	(void)secret_fixed(false);
	lmk_host_wipe();
}

const struct lmk *
lmk_get(unsigned id)
{
	return id < LMK_IDS ? loaded[id] : NULL;
}

const struct lmk *
lmk_stored(unsigned id)
{
	unsigned place = LMK_OLD + id;
	struct lmk *table;

	if (loaded[place] == NULL || !is_erased(place))
		return loaded[place];
	lmk_host_wipe();
	if ((table = secret_fixed(true)) != NULL)
		sodium_memzero(&table[place], sizeof(*table));
	(void)secret_fixed(false);
	loaded[place] = NULL;
	return NULL;
}

/* Whose place in the storage counts for a live one: its own, if something is or was in it. */
static unsigned
storage_of(const struct lmk *live)
{
	assert(live->id < LMK_IDS);
	return loaded[LMK_OLD + live->id] != NULL || is_erased(LMK_OLD + live->id) ? live->id :
	    LMK_IDS;
}

const struct lmk *
lmk_old(const struct lmk *live)
{
	(void)lmk_stored(LMK_IDS);	/* to wipe it here too */
	return lmk_stored(storage_of(live));
}

/* Does a live LMK still have what is common? */
static bool
is_common_used(void)
{
	for (unsigned id = 0; id < LMK_IDS; id++)
		if (loaded[id] != NULL && storage_of(loaded[id]) == LMK_IDS)
			return true;
	return false;
}

void
lmk_erase_old(const struct lmk *live)
{
	if (erased == NULL)
		return;			/* nothing was ever there */
	atomic_store(&erased[LMK_OLD + live->id], true);
	(void)lmk_stored(live->id);
	if (!is_common_used())
		atomic_store(&erased[LMK_OLD_ANY], true);
	(void)lmk_stored(LMK_IDS);
}

unsigned
lmk_id(const struct lmk *lmk)
{
	return lmk->id;
}

const char *
lmk_name(const struct lmk *lmk)
{
	return lmk->name;
}

const char *
lmk_comment(const struct lmk *lmk)
{
	return lmk->comment[0] != '\0' ? lmk->comment : lmk->name;
}

enum lmk_scheme
lmk_scheme(const struct lmk *lmk)
{
	return lmk->value.scheme;
}

bool
lmk_is_test(const struct lmk *lmk)
{
	return lmk->test;
}

const char *
lmk_check_value(const struct lmk *lmk)
{
	return lmk->check;
}

/* Pair number n of a variant LMK: 0 is 00-01. */
static const uint8_t *
pair_of(const struct lmk *lmk, unsigned n)
{
	return lmk->value.bytes + (size_t)n * LMK_PAIR_LEN;
}

/*
 * The wrapping key of a type: its pair, with the LMK variant in the first
 * byte (spec: keys.md 3.4, steps 1 and 2). k is in the slab.
 */
static int
wrapping_key(const struct lmk *lmk, unsigned type, uint8_t k[LMK_PAIR_LEN])
{
	static const uint8_t variants[] = {
		0x00, 0xA6, 0x5A, 0x6A, 0xDE, 0x2B, 0x50, 0x74, 0x9C, 0xFA
	};
	unsigned pair = keytype_pair(type), variant = keytype_variant(type & 0xFFF);

	if (lmk->value.scheme != LMK_VARIANT)
		return ERR_LMK;
	if (pair == KEYTYPE_NONE)
		return ERR_KEY_TYPE;
	/* Types come from keytype_parse or the tables of keytype.c. */
	assert(pair / 2 < LMK_PAIRS && variant < sizeof(variants));
	memcpy(k, pair_of(lmk, pair / 2), LMK_PAIR_LEN);
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
		k = secret_alloc(LMK_PAIR_LEN);
	return k;
}

int
lmk_host_key(const struct lmk *lmk, enum lmk_host use, uint8_t key[LMK_HOST_KEY], size_t *len)
{
	static const struct {
		uint16_t type;		/* whose pair it is */
		uint8_t  mask, use;	/* how it is derived */
	} uses[] = {
		[LMK_IVS]        = { 0x103, 0x55, 2 },
		[LMK_PINS]       = { KEYTYPE_NONE, 0x50, 3 },	/* pair 02-03 has no type */
		[LMK_TABLES]     = { 0x104, 0x58, 4 },
		[LMK_REFERENCES] = { 0x004, 0x52, 5 },
	};

	*len = lmk->value.scheme == LMK_VARIANT ? LMK_PAIR_LEN : lmk->value.len;
	if (lmk->value.scheme != LMK_VARIANT)
		return keyblock_derive_use(lmk->value.scheme == LMK_AES_BLOCK ? '1' : '0',
		    lmk->value.bytes, *len, uses[use].mask, uses[use].use, key);
	if (use != LMK_PINS)
		return wrapping_key(lmk, uses[use].type, key);
	memcpy(key, pair_of(lmk, PIN_PAIR), LMK_PAIR_LEN);
	return 0;
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
		r = keywrap_wrap(k, LMK_PAIR_LEN, scheme, in, out, len);
	sodium_memzero(k, LMK_PAIR_LEN);
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
		r = keywrap_unwrap(k, LMK_PAIR_LEN, scheme, in, out, len);
	sodium_memzero(k, LMK_PAIR_LEN);
	return r;
}

int
lmk_mac(const struct lmk *lmk, unsigned type, struct span data, uint8_t mac[MAC_LEN])
{
	uint8_t *k = scratch();
	int r;

	if (k == NULL)
		return ERR_NO_MEMORY;
	if ((r = wrapping_key(lmk, type, k)) == 0)
		r = mac_retail(k, LMK_PAIR_LEN, MAC_PAD_ZEROS, data, mac);
	sodium_memzero(k, LMK_PAIR_LEN);
	return r;
}
