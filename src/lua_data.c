/*
 * lua_data: data of a request taken apart and put together, for scripts.
 *
 * Here so that no script does it with Lua's strings, which would be garbage
 * and would outlive the request. All results are in the request's arena.
 */
#include "err.h"
#include "hex.h"
#include "sandbox.h"

enum { JOIN_MAX = 8 };

/* join(v, ...) -> data: up to eight pieces of data, one behind the other. */
static int
l_join(lua_State *L)
{
	int n = lua_gettop(L);
	size_t sum = 0;
	uint8_t *p;

	if (n > JOIN_MAX)
		return luaL_error(L, "join takes at most %d pieces", JOIN_MAX);
	for (int i = 1; i <= n; i++)
		sum += value_data(L, i).n;
	p = value_push_data(L, sum);
	for (int i = 1; i <= n; i++) {
		struct span s = value_data(L, i);

		if (s.n != 0)
			memcpy(p, s.p, s.n);
		p += s.n;
	}
	return 1;
}

/* sub(v, first, last) -> data: bytes first to last as string.sub counts them. */
static int
l_sub(lua_State *L)
{
	struct span s = value_data(L, 1);
	long n = (long)s.n, first = (long)luaL_checkinteger(L, 2);
	long last = (long)luaL_optinteger(L, 3, -1);
	uint8_t *p;

	if (first < 0)
		first = first < -n ? 1 : n + first + 1;
	if (first == 0)
		first = 1;
	if (last < 0)
		last = n + last + 1;
	if (last > n)
		last = n;
	s = first > last ? span_of(NULL, 0) :
	    span_sub(s, (size_t)(first - 1), (size_t)(last - first + 1));
	p = value_push_data(L, s.n);
	if (s.n != 0)
		memcpy(p, s.p, s.n);
	return 1;
}

/* hex(v) -> data: two upper-case hexadecimal digits for each byte. */
static int
l_hex(lua_State *L)
{
	struct span s = value_data(L, 1);

	hex_encode(s.p, s.n, (char *)value_push_data(L, 2 * s.n));
	return 1;
}

/* Argument i as a format of data on the wire. */
static long
format_at(lua_State *L, int i)
{
	return value_int(L, i, 0, 2);
}

/* decode(format, v [, code]) -> data: what a field of that format stands for: 0
 * binary, 1 hexadecimal digits, 2 text. An odd number of digits is code (15). */
static int
l_decode(lua_State *L)
{
	long format = format_at(L, 1);
	struct span s = value_data(L, 2);

	if (format != 1) {
		lua_settop(L, 2);
		return 1;
	}
	if (s.n % 2 != 0)
		return lua_raise(L, value_given(L, 3) ? value_code(L, 3) : ERR_INPUT,
		    "the number of hexadecimal digits is odd");
	return lua_result(L, hex_decode(s, value_push_data(L, s.n / 2), s.n / 2));
}

/* encode(format, v) -> data: the other way. */
static int
l_encode(lua_State *L)
{
	if (format_at(L, 1) != 1) {
		lua_settop(L, 2);
		return 1;
	}
	lua_remove(L, 1);
	return l_hex(L);
}

const luaL_Reg lua_data_functions[] = {
	{ "join",   l_join },
	{ "sub",    l_sub },
	{ "hex",    l_hex },
	{ "decode", l_decode },
	{ "encode", l_encode },
	{ NULL, NULL }
};
