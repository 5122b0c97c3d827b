/*
 * lua_hash: hashes and HMACs for scripts, by the hash identifiers of the host
 * commands. HMAC keys are blocks under the LMK: no script sees one opened.
 */
#include <sodium.h>

#include "crypto/hash.h"
#include "err.h"
#include "hmackey.h"
#include "key.h"
#include "lmk.h"
#include "lua_keys.h"
#include "sandbox.h"

static const uint16_t zmk_type[] = { 0x000, 0 };

static enum hash_id
hash_at(lua_State *L, int i)
{
	return (enum hash_id)value_int(L, i, 0, 99);
}

/* hash(id, data) -> data: the digest; 01 SHA-1, 02 MD5, 03 MDC-2, 05 to 08 SHA-2. */
static int
l_hash(lua_State *L)
{
	enum hash_id id = hash_at(L, 1);
	struct span data = value_data(L, 2);
	int r;

	r = hash_make(id, data, value_push_data(L, HASH_MAX));
	value_cut(L, hash_length(id));
	return lua_result(L, r);
}

/* The whole HMAC; arguments 1 block, 2 hash, 3 data. */
static int
make(lua_State *L, enum hmackey_usage use, uint8_t mac[HASH_MAX])
{
	struct span block = value_data(L, 1), data = value_data(L, 3);

	return hmackey_make(lua_request(L)->lmk, block, hash_at(L, 2), use, data, mac);
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

/* hmac.random(hash, usage, length) -> data: a new key under the LMK; usage 1
 * generate, 2 verify, 3 both. */
static int
l_random(lua_State *L)
{
	struct hmackey_info info = info_at(L, 1);
	size_t n = 0;
	int r;

	r = hmackey_random(lua_request(L)->lmk, &info, value_push_data(L, HMACKEY_BLOCK), &n);
	value_cut(L, n);
	return lua_result(L, r);
}

/* hmac.import(zmk, form, key [, hash, usage, length]) -> data: from the ZMK to
 * the LMK; form 0 with, 1 and 2 without what follows inside: ECB, CBC. */
static int
l_import(lua_State *L)
{
	struct key *zmk = value_key_for(L, 1, zmk_type);
	enum hmackey_form form = (enum hmackey_form)value_int(L, 2, 0, 2);
	struct span block = value_data(L, 3);
	struct hmackey_info info = { 0 };
	size_t n = 0;
	int r;

	if (form != HMACKEY_LAYOUT)
		info = info_at(L, 4);
	r = hmackey_import(lua_request(L)->lmk, zmk, form, block, &info,
	    value_push_data(L, HMACKEY_BLOCK), &n);
	value_cut(L, n);
	return lua_result(L, r);
}

/* hmac.export(zmk, form, key) -> data: from the LMK to the ZMK. */
static int
l_export(lua_State *L)
{
	struct key *zmk = value_key_for(L, 1, zmk_type);
	enum hmackey_form form = (enum hmackey_form)value_int(L, 2, 0, 2);
	struct span block = value_data(L, 3);
	size_t n = 0;
	int r;

	r = hmackey_export(lua_request(L)->lmk, zmk, form, block,
	    value_push_data(L, HMACKEY_BLOCK), &n);
	value_cut(L, n);
	return lua_result(L, r);
}

/* hmac.change(key) -> data: from the LMK in key change storage to this request's. */
static int
l_change(lua_State *L)
{
	const struct lmk *old = lmk_old();
	struct span block = value_data(L, 1);
	size_t n = 0;
	int r;

	if (old == NULL)
		return lua_raise(L, ERR_OLD_LMK, "key change storage is empty");
	r = hmackey_change(old, lua_request(L)->lmk, block,
	    value_push_data(L, HMACKEY_BLOCK), &n);
	value_cut(L, n);
	return lua_result(L, r);
}

const luaL_Reg lua_hash_functions[] = {
	{ "hash", l_hash },
	{ NULL, NULL }
};

const luaL_Reg lua_hmac_functions[] = {
	{ "make",   l_make },
	{ "verify", l_verify },
	{ "random", l_random },
	{ "import", l_import },
	{ "export", l_export },
	{ "change", l_change },
	{ NULL, NULL }
};
