/*
 * lua_hmac: HMACs for scripts, by the hash identifiers of the host commands. Keys
 * are fields (the type keyblob) under the LMK: four digits of length and so many
 * bytes, or FFFF and a key block. No script sees one opened.
 */
#include <stdio.h>

#include <sodium.h>

#include "attributes.h"
#include "config.h"
#include "crypto/hash.h"
#include "err.h"
#include "hmackey.h"
#include "key.h"
#include "keyuse.h"
#include "lmk.h"
#include "lua_keys.h"
#include "rng.h"
#include "sandbox.h"

enum { PREFIX = 4, TYPE = 0x10C };

static const uint16_t zmk_type[] = { 0x000, 0 };

static enum hash_id
hash_at(lua_State *L, int i)
{
	return (enum hash_id)value_int(L, i, 0, 99);
}

static bool
is_block_lmk(lua_State *L)
{
	return lmk_scheme(lua_request(L)->lmk) != LMK_VARIANT;
}

static bool
is_strict(lua_State *L)
{
	return lua_request(L)->config->profile == PROFILE_STRICT;
}

/* Argument i without what tells its length; *block: is it a key block? */
static struct span
field_at(lua_State *L, int i, bool *block)
{
	struct span field = value_data_kept(L, i);

	if (field.n <= PREFIX)
		luaL_error(L, "argument %d is no key with its length", i);
	*block = memcmp(field.p, "FFFF", PREFIX) == 0;
	return span_sub(field, PREFIX, field.n - PREFIX);
}

/* The same, of a key under the request's LMK: raises A1 when it is of the other kind. */
static struct span
own_field_at(lua_State *L, int i)
{
	bool block;
	struct span field = field_at(L, i, &block);

	if (block != is_block_lmk(L))
		lua_raise(L, ERR_LMK_SCHEME, "the key is not of this LMK's scheme");
	return field;
}

/* Push a field of n bytes behind a place for its length, which finish fills. */
static uint8_t *
start(lua_State *L, size_t n)
{
	return value_push_data(L, PREFIX + n) + PREFIX;
}

static int
finish(lua_State *L, uint8_t *out, size_t n, bool block, int r)
{
	char digits[24];

	(void)snprintf(digits, sizeof(digits), "%04zu", r == 0 ? n : 0);
	memcpy(out - PREFIX, block ? "FFFF" : digits, PREFIX);
	value_cut(L, r == 0 ? PREFIX + n : 0);
	return lua_result(L, r);
}

/* Push a key as a key block under the LMK. r: a failure so far. */
static int
push_block(lua_State *L, const struct key *key, int r)
{
	uint8_t *out = start(L, KEY_FIELD_MAX);
	size_t n = 0;

	if (r == 0)
		r = key_wrap(lua_request(L)->lmk, key, TYPE, 'S', (char *)out, &n);
	return finish(L, out, n, true, r);
}

/* The whole HMAC; arguments 1 key, 2 hash, 3 data. */
static int
make(lua_State *L, enum hmackey_usage use, uint8_t mac[HASH_MAX])
{
	const struct lmk *lmk = lua_request(L)->lmk;
	struct span field = own_field_at(L, 1), data = value_data(L, 3);
	struct key *key;
	int r;

	if (!is_block_lmk(L))
		return hmackey_make(lmk, field, hash_at(L, 2), use, data, mac);
	if ((r = hmackey_block_open(lmk, field, &key)) != 0)
		return r;
	return hmackey_block_make(key, hash_at(L, 2), use, data, mac);
}

/* Is n a length that an HMAC may be cut to? Raises 04. */
static void
check_length(lua_State *L, size_t n)
{
	size_t most = hash_length(hash_at(L, 2));

	if (n < most / 2 || n > most)
		lua_raise(L, HMACKEY_ERR_LENGTH, "an HMAC is half of the hash to all of it");
}

/* hmac.make(key, hash, data, length) -> data: the HMAC's first bytes; raises 04, 05, 06, 08. */
static int
l_make(lua_State *L)
{
	size_t n = (size_t)value_int(L, 4, 0, 9999);
	int r;

	check_length(L, n);
	r = make(L, HMACKEY_GENERATE, value_push_data(L, HASH_MAX));
	value_cut(L, n);
	return lua_result(L, r);
}

/* hmac.verify(key, hash, data, hmac): raises 01 when hmac is not how the HMAC
 * begins; else as hmac.make. */
static int
l_verify(lua_State *L)
{
	struct span mac = value_data(L, 4);
	uint8_t right[HASH_MAX];
	int r;

	check_length(L, mac.n);
	if ((r = make(L, HMACKEY_VERIFY, right)) == 0 &&
	    sodium_memcmp(right, mac.p, mac.n) != 0)
		r = ERR_VERIFY;
	return r == 0 ? 0 : lua_raise(L, r, NULL);
}

/* Arguments i: hash, usage, length of a key. */
static struct hmackey_info
info_at(lua_State *L, int i)
{
	return (struct hmackey_info){
		.hash = hash_at(L, i),
		.usage = (enum hmackey_usage)value_int(L, i + 1, 0, 99),
		.len = (size_t)value_int(L, i + 2, 0, 9999)
	};
}

/*
 * hmac.random(hash, usage, length [, attributes]) -> data: a new key under the LMK;
 * usage 1 generate, 2 verify, 3 both. attributes: of a key block; "hmac".
 */
static int
l_random(lua_State *L)
{
	struct hmackey_info info = info_at(L, 1);
	struct attributes a;
	bool said = lua_key_attributes(L, 4, "vxb", &a);
	struct key *key;
	uint8_t *out;
	size_t n = 0;
	int r;

	if (is_block_lmk(L)) {
		key = value_push_key(L);
		if ((r = hmackey_block(key, &info)) == 0)
			rng_bytes(key->bytes, info.len);
		if (said)
			attributes_apply(&a, &key->header);
		return push_block(L, key, r);
	}
	if (said)
		return lua_raise(L, ERR_INPUT, "attributes are for key blocks");
	out = start(L, HMACKEY_BLOCK);
	r = hmackey_random(lua_request(L)->lmk, &info, out, &n);
	return finish(L, out, n, false, r);
}

/* A key block or a key alone under the ZMK, to a key block under the LMK. */
static int
import_block(lua_State *L, const struct key *zmk, enum hmackey_form form, struct span field,
    bool block)
{
	struct key *key;
	struct hmackey_info info;
	int r;

	if ((form == HMACKEY_LAYOUT) != block)
		return lua_raise(L, ERR_LMK_SCHEME, "the key is not of this LMK's scheme");
	if ((r = keyuse_import(zmk, block ? 'S' : 'U', is_strict(L))) != 0)
		return lua_raise(L, r, "no such key may come in under this one");
	key = value_push_key(L);
	if (!block) {
		info = info_at(L, 4);
		return push_block(L, key, hmackey_block_import(zmk, form, field, &info, key));
	}
	if ((r = key_import_block(zmk, field, key)) == 0 && !keyuse_is(&key->header, TYPE))
		r = ERR_USAGE;
	return push_block(L, key, r);
}

/*
 * hmac.import(zmk, form, key [, hash, usage, length]) -> data: from the ZMK to
 * the LMK; form 0 with, 1 and 2 without what follows inside: ECB, CBC.
 */
static int
l_import(lua_State *L)
{
	struct key *zmk = value_key_for(L, 1, zmk_type);
	enum hmackey_form form = (enum hmackey_form)value_int(L, 2, 0, 2);
	bool block;
	struct span field = field_at(L, 3, &block);
	struct hmackey_info info = { 0 };
	uint8_t *out;
	size_t n = 0;
	int r;

	if (is_block_lmk(L))
		return import_block(L, zmk, form, field, block);
	if (block)
		return lua_raise(L, ERR_LMK_SCHEME, "a key block can't be taken in here");
	if (form != HMACKEY_LAYOUT)
		info = info_at(L, 4);
	out = start(L, HMACKEY_BLOCK);
	r = hmackey_import(lua_request(L)->lmk, zmk, form, field, &info, out, &n);
	return finish(L, out, n, false, r);
}

/* From a key block under the LMK to one under the ZMK, or alone. */
static int
export_block(lua_State *L, const struct key *zmk, enum hmackey_form form, struct span field)
{
	bool block = form == HMACKEY_LAYOUT;
	struct key_block_form how = { .scheme = 'S' };
	struct key *key;
	uint8_t *out;
	size_t n = 0;
	int r;

	if ((r = hmackey_block_open(lua_request(L)->lmk, field, &key)) != 0 ||
	    (r = keyuse_export(zmk, key, block ? 'S' : 'U', is_strict(L))) != 0)
		return lua_raise(L, r, "the key may not leave so");
	how.header = &key->header;
	out = start(L, block ? KEY_FIELD_MAX : HMACKEY_BLOCK);
	r = block ? key_export_block(zmk, key, &how, (char *)out, &n) :
	    hmackey_block_export(zmk, form, key, out, &n);
	return finish(L, out, n, block, r);
}

/* hmac.export(zmk, form, key) -> data: from the LMK to the ZMK. */
static int
l_export(lua_State *L)
{
	struct key *zmk = value_key_for(L, 1, zmk_type);
	enum hmackey_form form = (enum hmackey_form)value_int(L, 2, 0, 2);
	struct span field = own_field_at(L, 3);
	uint8_t *out;
	size_t n = 0;
	int r;

	if (is_block_lmk(L))
		return export_block(L, zmk, form, field);
	out = start(L, HMACKEY_BLOCK);
	r = hmackey_export(lua_request(L)->lmk, zmk, form, field, out, &n);
	return finish(L, out, n, false, r);
}

/* hmac.change(key) -> data: from the LMK in key change storage to this request's. */
static int
l_change(lua_State *L)
{
	const struct lmk *lmk = lua_request(L)->lmk, *old = lmk_old(lmk);
	bool block;
	struct span field = field_at(L, 1, &block);
	struct key *key;
	uint8_t *out;
	size_t n = 0;
	int r;

	if (old == NULL)
		return lua_raise(L, ERR_OLD_LMK, "key change storage is empty");
	if (block != (lmk_scheme(old) != LMK_VARIANT) || (block && !is_block_lmk(L)))
		return lua_raise(L, ERR_LMK_SCHEME, "keys don't go from key blocks to variants");
	if (block) {
		if ((r = hmackey_block_open(old, field, &key)) != 0)
			return lua_raise(L, r, "a key can't be opened under the old LMK");
		return push_block(L, key, 0);
	}
	if (is_block_lmk(L)) {
		key = value_push_key(L);
		return push_block(L, key, hmackey_open(old, field, key));
	}
	out = start(L, HMACKEY_BLOCK);
	r = hmackey_change(old, lmk, field, out, &n);
	return finish(L, out, n, false, r);
}

const luaL_Reg lua_hmac_functions[] = {
	{ "make",   l_make },
	{ "verify", l_verify },
	{ "random", l_random },
	{ "import", l_import },
	{ "export", l_export },
	{ "change", l_change },
	{ NULL, NULL }
};
