/*
 * lua_value_meta: what a script may do with a value itself: compare it, ask for its length.
 */
#include "lua_value.h"

#include <sodium.h>

#include "key.h"
#include "keytype.h"
#include "sandbox.h"
#include "secret.h"

/* #v: bytes of data, digits of a secret, elements of a list. */
static int
l_length(lua_State *L)
{
	struct value *v = value_check(L, 1);

	switch (v->kind) {
	case VALUE_DATA:
		lua_pushinteger(L, (lua_Integer)v->span.n);
		break;
	case VALUE_SECRET:
		lua_pushinteger(L, (lua_Integer)v->secret->len);
		break;
	case VALUE_LIST:
		lua_pushinteger(L, v->count);
		break;
	default:
		return luaL_error(L, "a key has no length for a script");
	}
	return 1;
}

static bool
same(const struct value *a, const struct value *b)
{
	if (a->kind != b->kind)
		return false;
	switch (a->kind) {
	case VALUE_DATA:
		return a->span.n == b->span.n && (a->span.n == 0 ||
		    sodium_memcmp(a->span.p, b->span.p, a->span.n) == 0);
	case VALUE_SECRET:
		return sodium_memcmp(a->secret, b->secret, sizeof(*a->secret)) == 0;
	case VALUE_KEY:
		return a->key->len == b->key->len &&
		    sodium_memcmp(a->key->bytes, b->key->bytes, KEY_MAX) == 0;
	default:
		return false;
	}
}

/* v == w: same kind and same bytes, in time that does not depend on them. */
static int
l_equal(lua_State *L)
{
	lua_pushboolean(L, same(value_check(L, 1), value_check(L, 2)));
	return 1;
}

void
lua_value_tostring(lua_State *L, int i)
{
	struct value *v = value_at(L, i);

	if (v == NULL || v->kind == VALUE_ABSENT || v->kind == VALUE_LIST) {
		lua_pushliteral(L, "userdata");
		return;
	}
	v = value_check(L, i);
	if (v->kind == VALUE_DATA)
		lua_pushlstring(L, (const char *)v->span.p, v->span.n);
	else if (v->kind == VALUE_SECRET)
		lua_pushliteral(L, "<secret>");
	else
		lua_pushfstring(L, "<key %s>", keytype_name(v->key->type));
}

static int
l_index(lua_State *L)
{
	return luaL_error(L, "a value has no fields: pass it to a primitive");
}

static int
l_newindex(lua_State *L)
{
	return luaL_error(L, "a value can't be changed");
}

void
lua_value_open(lua_State *L, struct sandbox *sb)
{
	static const luaL_Reg meta[] = {
		{ "__len", l_length }, { "__eq", l_equal }, { "__index", l_index },
		{ "__newindex", l_newindex }, { NULL, NULL }
	};
	int i;

	lua_newtable(L);
	for (i = 0; meta[i].name != NULL; i++) {
		lua_pushcfunction(L, meta[i].func);
		lua_setfield(L, -2, meta[i].name);
	}
	lua_pushboolean(L, 0);
	lua_setfield(L, -2, "__metatable");
	sb->value_meta = luaL_ref(L, LUA_REGISTRYINDEX);
	for (i = 0; i < VALUE_RESULTS; i++)
		sb->result[i] = lua_value_new(L, &sb->result_ref[i]);
}
