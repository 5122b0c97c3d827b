/*
 * lua_cvv: card verification values for scripts.
 */
#include "crypto/cvv.h"
#include "key.h"
#include "lua_keys.h"
#include "sandbox.h"

/* cvv.make(cvk, account, expiry, service) -> data: CVV, CVC, CVV2 or iCVV, 3N. */
static int
l_make(lua_State *L)
{
	static const uint16_t cvks[] = { 0x402, 0 };
	struct key *cvk = value_key_for(L, 1, cvks);
	struct span pan = value_data(L, 2);
	struct span expiry = value_data(L, 3);
	struct span service = value_data(L, 4);

	return lua_result(L, cvv_make(cvk, pan, expiry, service,
	    (char *)value_push_data(L, CVV_DIGITS)));
}

const luaL_Reg lua_cvv_functions[] = {
	{ "make", l_make },
	{ NULL, NULL }
};
