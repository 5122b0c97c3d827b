/*
 * lua_hash: hashes for scripts, by the hash identifiers of the host commands.
 */
#include "crypto/hash.h"
#include "sandbox.h"
#include "lua_value.h"

/* hash(id, data) -> data: the digest; 01 SHA-1, 02 MD5, 03 MDC-2, 05 to 08 SHA-2. */
static int
l_hash(lua_State *L)
{
	enum hash_id id = (enum hash_id)value_int(L, 1, 0, 99);
	struct span data = value_data(L, 2);
	int r;

	r = hash_make(id, data, value_push_data(L, HASH_MAX));
	value_cut(L, hash_length(id));
	return lua_result(L, r);
}

const luaL_Reg lua_hash_functions[] = {
	{ "hash", l_hash },
	{ NULL, NULL }
};
