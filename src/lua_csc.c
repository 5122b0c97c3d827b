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

/* csc.make(csck, flag, account, expiry, service, digits) -> data: the code of 3, 4 or 5
 * digits; flag 0 version 1, without a service code; 2 and 3 version 2. */
static int
l_make(lua_State *L)
{
	static const uint16_t cscks[] = { 0x402, 0 };
	struct key *csck = value_key_for(L, 1, cscks);
	long flag = value_int(L, 2, 0, 3);
	struct span account = value_data(L, 3), expiry = value_data(L, 4);
	struct span service = value_given(L, 5) ? value_data(L, 5) : span_of(NULL, 0);
	size_t digits = (size_t)value_int(L, 6, 3, 5);
	uint8_t *out = value_push_data(L, digits);
	char all[CSC_DIGITS];
	int r;

	r = csc_make(csck, flag == 0 ? CSC_1 : CSC_2, account, expiry, service, all);
	if (r == 0)
		memcpy(out, all + code_at[digits], digits);
	return lua_result(L, r);
}

/* csc.verdict(code, given) -> number: 0 the same, 1 not to be checked (all F), 2 wrong. */
static int
l_verdict(lua_State *L)
{
	struct span code = value_data(L, 1), given = value_data(L, 2);
	size_t wrong = given.n != code.n, checked = wrong;

	for (size_t i = 0; i < code.n && i < given.n; i++) {
		wrong |= given.p[i] != code.p[i];
		checked |= given.p[i] != 'F';
	}
	lua_pushinteger(L, checked == 0 ? 1 : wrong != 0 ? 2 : 0);
	return 1;
}

const luaL_Reg lua_csc_functions[] = {
	{ "make",    l_make },
	{ "verdict", l_verdict },
	{ NULL, NULL }
};
