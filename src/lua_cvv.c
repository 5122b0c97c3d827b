/*
 * lua_cvv: card verification values for scripts.
 */
#include "crypto/cvv.h"
#include "crypto/dcvv.h"
#include "err.h"
#include "key.h"
#include "lua_keys.h"
#include "sandbox.h"

enum { ATC_MOST = 99999 };	/* what five digits can say; 65535 is for the primitive */

/* cvv.make(cvk, account, expiry, service) -> data: CVV, CVC, CVV2 or iCVV, 3N. */
static int
l_make(lua_State *L)
{
	static const uint16_t cvks[] = { 0x402, 0 };
	struct key *cvk = value_key_for(L, 1, cvks);
	struct span pan = value_data(L, 2);
	struct span expiry = value_data(L, 3);
	struct span service = value_data(L, 4);

	value_key_usage(L, cvk, "C0 12 13", "CGN");
	return lua_result(L, cvv_make(cvk, pan, expiry, service,
	    (char *)value_push_data(L, CVV_DIGITS)));
}

/* The derivation of a card's key: one character, A or B. */
static char
option_at(lua_State *L, int i)
{
	struct span option = value_data(L, i);

	return option.n == 1 ? (char)option.p[0] : '\0';
}

/* cvv.dcvv(mk_ac, option, account, expiry, service, atc) -> data: Visa dCVV, 3N. */
static int
l_dcvv(lua_State *L)
{
	static const uint16_t mks[] = { 0x109, 0 };
	struct key *mk = value_key_for(L, 1, mks);
	char option = option_at(L, 2);
	struct span pan = value_data(L, 3), expiry = value_data(L, 4);
	struct span service = value_data(L, 5), atc = value_data(L, 6);

	value_key_mode(L, mk, "XN");
	return lua_result(L, dcvv_visa(mk, option, pan, expiry, service, atc,
	    (char *)value_push_data(L, DCVV_DIGITS)));
}

/* cvv.cvc3(mk_cvc3, option, account, psn, track, un, atc) -> data: Mastercard CVC3, 5N. */
static int
l_cvc3(lua_State *L)
{
	static const uint16_t mks[] = { 0x709, 0 };
	struct key *mk = value_key_for(L, 1, mks);
	char option = option_at(L, 2);
	struct span pan = value_data(L, 3), psn = value_data(L, 4);
	struct span track = value_data(L, 5), un = value_data(L, 6);
	long atc = value_int(L, 7, 0, ATC_MOST);

	value_key_mode(L, mk, "XN");
	return lua_result(L, dcvv_cvc3(mk, option, pan, psn, track, un, atc,
	    (char *)value_push_data(L, DCVV_CVC3_DIGITS)));
}

/* cvv.matches(code, given) -> boolean: the same but where given has an X. */
static int
l_matches(lua_State *L)
{
	struct span code = value_data(L, 1), given = value_data(L, 2);
	unsigned wrong = given.n != code.n;

	for (size_t i = 0; i < code.n && i < given.n; i++)
		wrong |= given.p[i] != 'X' && given.p[i] != code.p[i];
	lua_pushboolean(L, wrong == 0);
	return 1;
}

const luaL_Reg lua_cvv_functions[] = {
	{ "make",    l_make },
	{ "dcvv",    l_dcvv },
	{ "cvc3",    l_cvc3 },
	{ "matches", l_matches },
	{ NULL, NULL }
};
