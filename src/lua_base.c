/*
 * lua_base: the functions of the allow-list that are ours because Lua's own
 * would print addresses, copy without bound or differ between engines.
 *
 * The rest of the list (ipairs, math.floor, string.sub ...) is the engine's;
 * sandbox.c picks it by name.
 */
#include <math.h>

#include "lua_compat.h"
#include "sandbox.h"

enum {
	CONCAT_MAX  = 64 * 1024,	/* bytes of a table.concat */
	ELEMENTS_MAX = 4096		/* elements of concat and unpack */
};

/* assert(v, message): raises text only, so that a code comes from fail alone. */
static int
l_assert(lua_State *L)
{
	luaL_checkany(L, 1);
	if (lua_toboolean(L, 1))
		return lua_gettop(L);
	if (lua_type(L, 2) == LUA_TSTRING)
		return luaL_error(L, "%s", lua_tostring(L, 2));
	return luaL_error(L, "assertion failed");
}

/* tostring(v): numbers and strings as they are, values as lua_value says, else the type. */
static int
l_tostring(lua_State *L)
{
	luaL_checkany(L, 1);
	switch (lua_type(L, 1)) {
	case LUA_TNUMBER:
	case LUA_TSTRING:
		lua_settop(L, 1);
		lua_tostring(L, 1);
		return 1;
	case LUA_TBOOLEAN:
		lua_pushstring(L, lua_toboolean(L, 1) ? "true" : "false");
		return 1;
	case LUA_TUSERDATA:
		lua_value_tostring(L, 1);
		return 1;
	default:
		lua_pushstring(L, luaL_typename(L, 1));
		return 1;
	}
}

static int
count_elements(lua_State *L, int i)
{
	size_t n;

	luaL_checktype(L, i, LUA_TTABLE);
	n = lua_rawlen(L, i);
	if (n > ELEMENTS_MAX)
		return luaL_error(L, "table has more than %d elements", ELEMENTS_MAX);
	return (int)n;
}

/* table.concat(list, separator): strings and numbers, at most 64 KiB in all. */
static int
l_concat(lua_State *L)
{
	int n = count_elements(L, 1);
	size_t sep_n, one, sum = 0;
	const char *sep = luaL_optlstring(L, 2, "", &sep_n);
	luaL_Buffer b;

	for (int k = 1; k <= n; k++) {
		lua_rawgeti(L, 1, k);
		if (lua_type(L, -1) != LUA_TSTRING && lua_type(L, -1) != LUA_TNUMBER)
			return luaL_error(L, "element %d can't be joined", k);
		lua_tolstring(L, -1, &one);
		sum += one + sep_n;
		if (sum > CONCAT_MAX)
			return luaL_error(L, "the joined text is longer than %d bytes",
			    CONCAT_MAX);
		lua_pop(L, 1);
	}
	luaL_buffinit(L, &b);
	for (int k = 1; k <= n; k++) {
		lua_rawgeti(L, 1, k);
		luaL_addvalue(&b);
		if (k < n)
			luaL_addlstring(&b, sep, sep_n);
	}
	luaL_pushresult(&b);
	return 1;
}

/* table.unpack(list): all its elements, at most 4096. */
static int
l_unpack(lua_State *L)
{
	int n = count_elements(L, 1);

	if (lua_gettop(L) > 1)
		return luaL_error(L, "unpack takes the table alone");
	luaL_checkstack(L, n, "too many elements");
	for (int k = 1; k <= n; k++)
		lua_rawgeti(L, 1, k);
	return n;
}

/* math.tointeger(x): x when it is a whole number, else nil. */
static int
l_tointeger(lua_State *L)
{
	lua_Number x;

	luaL_checkany(L, 1);
	if (lua_type(L, 1) != LUA_TNUMBER) {
		lua_pushnil(L);
		return 1;
	}
	x = lua_tonumber(L, 1);
	/* From 2^53 on the two engines' numbers part ways. */
	if (!isfinite(x) || floor(x) < x || fabs(x) >= 9007199254740992.0)
		lua_pushnil(L);
	else
		lua_pushinteger(L, (lua_Integer)x);
	return 1;
}

const luaL_Reg lua_base_functions[] = {
	{ "assert",   l_assert },
	{ "tostring", l_tostring },
	{ NULL, NULL }
};

const luaL_Reg lua_table_functions[] = {
	{ "concat", l_concat },
	{ "unpack", l_unpack },
	{ NULL, NULL }
};

const luaL_Reg lua_math_functions[] = {
	{ "tointeger", l_tointeger },
	{ NULL, NULL }
};
