/*
 * lua_sign: signing keys for scripts, which see neither keys nor the keeper.
 *
 * A primitive whose answer is not here yet ends the handler's run; it is run
 * again, from its start, when the answer has come (signer.h).
 */
#include "err.h"
#include "sandbox.h"
#include "signer.h"

/* A key's columns: algorithm 2N, version 6N, state 1N, PEM. */
enum { COLUMNS = 2 + 6 + 1, VERSION = 6, VERSION_MOST = 999999 };

/* 0: one result, on the stack's top. Otherwise end the run: raise r, or have it asked. */
static int
result(lua_State *L, int r)
{
	if (r <= 0)
		return lua_result(L, r);
	lua_request(L)->next = r;
	lua_pushinteger(L, -ERR_STORE);
	return lua_error(L);
}

static uint32_t
version_at(lua_State *L, int i)
{
	return (uint32_t)value_int(L, i, 0, VERSION_MOST);
}

/* Digits with noughts in front. */
static void
put_number(uint8_t *out, size_t digits, uint32_t value)
{
	while (digits > 0) {
		out[--digits] = (uint8_t)('0' + value % 10);
		value /= 10;
	}
}

static int
key_result(lua_State *L, int r, const struct signer_key *key)
{
	uint8_t *p;

	if (r == 0) {
		p = value_push_data(L, COLUMNS + key->public.n);
		put_number(p, 2, key->algorithm);
		put_number(p + 2, VERSION, key->version);
		put_number(p + 2 + VERSION, 1, key->state);
		memcpy(p + COLUMNS, key->public.p, key->public.n);
	}
	return result(L, r);
}

/*
 * sign.create(name, algorithm, strict) -> data: a new key, or the one of this name
 * unless strict is 1: its algorithm 2N, version 6N, state 1N, public key in PEM.
 */
static int
l_create(lua_State *L)
{
	struct span name = value_data(L, 1);
	unsigned algorithm = (unsigned)value_int(L, 2, 0, 99);
	int strict = (int)value_int(L, 3, 0, 1);
	struct signer_key key;

	return key_result(L, signer_create(lua_request(L), name, algorithm, strict, &key), &key);
}

/* sign.public(name, version) -> data: as sign.create. */
static int
l_public(lua_State *L)
{
	struct span name = value_data(L, 1);
	uint32_t version = version_at(L, 2);
	struct signer_key key;

	return key_result(L, signer_public(lua_request(L), name, version, &key), &key);
}

/* sign.make(name, version, hash, data) -> data: the version that signed, 6N, and its signature. */
static int
l_make(lua_State *L)
{
	struct span name = value_data(L, 1), data = value_data(L, 4);
	uint32_t version = version_at(L, 2), by = 0;
	unsigned hash = (unsigned)value_int(L, 3, 0, 99);
	uint8_t *p = value_push_data(L, VERSION + SIGN_SIGNATURE);
	size_t n = 0;
	int r = signer_sign(lua_request(L), name, version, hash, data, p + VERSION, &n, &by);

	put_number(p, VERSION, by);
	value_cut(L, VERSION + n);
	return result(L, r);
}

/* sign.verify(name, version, hash, signature, data) -> data: the version that signed, 6N. */
static int
l_verify(lua_State *L)
{
	struct span name = value_data(L, 1), signature = value_data(L, 4);
	struct span data = value_data(L, 5);
	uint32_t version = version_at(L, 2), by = 0;
	unsigned hash = (unsigned)value_int(L, 3, 0, 99);
	uint8_t *p = value_push_data(L, VERSION);
	int r = signer_verify(lua_request(L), name, version, hash, data, signature, &by);

	put_number(p, VERSION, by);
	return result(L, r);
}

/* sign.rotate(name) -> data: the new version, as sign.create. */
static int
l_rotate(lua_State *L)
{
	struct span name = value_data(L, 1);
	struct signer_key key;

	return key_result(L, signer_rotate(lua_request(L), name, &key), &key);
}

/* sign.state(name, version, state): 0 enable, 1 disable, 2 destroy. */
static int
l_state(lua_State *L)
{
	struct span name = value_data(L, 1);
	uint32_t version = version_at(L, 2);
	unsigned state = (unsigned)value_int(L, 3, 0, 2);
	int r = signer_set_state(lua_request(L), name, version, state);

	return r == 0 ? 0 : result(L, r);
}

/* How many entries 2N, and these. */
static int
entries_result(lua_State *L, int r, unsigned count, struct span entries)
{
	uint8_t *p;

	if (r == 0) {
		p = value_push_data(L, 2 + entries.n);
		put_number(p, 2, count);
		if (entries.n != 0)
			memcpy(p + 2, entries.p, entries.n);
	}
	return result(L, r);
}

/* sign.list(name) -> data: the keys behind this name: how many, 2N, and an entry for each. */
static int
l_list(lua_State *L)
{
	struct span name = value_data(L, 1), entries;
	unsigned count = 0;
	int r = signer_list(lua_request(L), name, &count, &entries);

	return entries_result(L, r, count, entries);
}

/* sign.describe(name, version) -> data: the same for its versions. */
static int
l_describe(lua_State *L)
{
	struct span name = value_data(L, 1), entries;
	uint32_t version = version_at(L, 2);
	unsigned count = 0;
	int r = signer_describe(lua_request(L), name, version, &count, &entries);

	return entries_result(L, r, count, entries);
}

const luaL_Reg lua_sign_functions[] = {
	{ "create",   l_create },
	{ "public",   l_public },
	{ "make",     l_make },
	{ "verify",   l_verify },
	{ "rotate",   l_rotate },
	{ "state",    l_state },
	{ "list",     l_list },
	{ "describe", l_describe },
	{ NULL, NULL }
};
