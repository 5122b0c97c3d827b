/*
 * lua_pin: PIN verification values for scripts.
 */
#include "crypto/pin.h"
#include "err.h"
#include "key.h"
#include "lua_keys.h"
#include "sandbox.h"

/* pin.pvv(pvk, pin, account, pvki) -> data: the Visa PVV, 4N; account 12N, pvki 1N. */
static int
l_pvv(lua_State *L)
{
	static const uint16_t pvks[] = { 0x002, 0 };
	struct key *pvk = value_key_for(L, 1, pvks);
	struct secret *pin = value_secret(L, 2);
	struct span account = value_data(L, 3);
	struct span pvki = value_data(L, 4);
	char *pvv = (char *)value_push_data(L, PIN_PVV_DIGITS);

	if (pvki.n != 1)
		return luaL_error(L, "pvki is one digit");
	return lua_result(L, pin_pvv(pvk, pin, account, (char)pvki.p[0], pvv));
}

const luaL_Reg lua_pin_functions[] = {
	{ "pvv", l_pvv },
	{ NULL, NULL }
};
