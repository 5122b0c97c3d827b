/*
 * lua_csc: American Express card security codes, for scripts.
 */
#include "crypto/csc.h"
#include "err.h"
#include "key.h"
#include "lua_keys.h"
#include "sandbox.h"

/* Where the codes of 3, 4 and 5 digits stand among the twelve. */
static const uint8_t code_at[] = { [3] = 9, [4] = 5, [5] = 0 };

/* All twelve digits, of arguments 1 to 5, with a key of such a mode of use. */
static int
make_all(lua_State *L, const char *modes, char all[CSC_DIGITS])
{
	static const uint16_t cscks[] = { 0x402, 0 };
	struct key *csck = value_key_for(L, 1, cscks);
	long flag = value_int(L, 2, 0, 3);
	struct span account = value_data(L, 3), expiry = value_data(L, 4);
	struct span service = value_given(L, 5) ? value_data(L, 5) : span_of(NULL, 0);

	value_key_usage(L, csck, "C0 11", modes);
	return csc_make(csck, flag == 0 ? CSC_1 : CSC_2, account, expiry, service, all);
}

/* csc.make(csck, flag, account, expiry, service, digits) -> data: the code of 3, 4 or 5
 * digits; flag 0 version 1, without a service code; 2 and 3 version 2. */
static int
l_make(lua_State *L)
{
	size_t digits = (size_t)value_int(L, 6, 3, 5);
	char all[CSC_DIGITS];
	int r = make_all(L, "CGN", all);
	uint8_t *out = value_push_data(L, digits);

	if (r == 0)
		memcpy(out, all + code_at[digits], digits);
	return lua_result(L, r);
}

/* csc.verdict(csck, flag, account, expiry, service, given) -> number: is given, of 3, 4 or 5
 * characters, the code? 0 it is, 1 not to be checked (all F), 2 wrong. */
static int
l_verdict(lua_State *L)
{
	struct span given = value_data(L, 6);
	char all[CSC_DIGITS];
	unsigned wrong = 0, checked = 0;
	int r = make_all(L, "CVN", all);

	if (r != 0)
		return lua_raise(L, r, NULL);
	if (given.n < 3 || given.n > 5)
		return luaL_error(L, "a code has 3, 4 or 5 characters");
	for (size_t i = 0; i < given.n; i++) {
		wrong |= given.p[i] ^ (uint8_t)all[code_at[given.n] + i];
		checked |= given.p[i] ^ 'F';
	}
	lua_pushinteger(L, checked == 0 ? 1 : wrong != 0 ? 2 : 0);
	return 1;
}

const luaL_Reg lua_csc_functions[] = {
	{ "make",    l_make },
	{ "verdict", l_verdict },
	{ NULL, NULL }
};
