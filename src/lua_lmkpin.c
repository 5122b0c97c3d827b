/*
 * lua_lmkpin: PINs under the LMK, for scripts; length and method are settings.
 */
#include "config.h"
#include "crypto/lmkpin.h"
#include "lua_pins.h"
#include "sandbox.h"

/* lmkpin.open(lpin, account) -> secret: the PIN of an LMK-encrypted one. */
static int
l_open(lua_State *L)
{
	struct request *rq = lua_request(L);
	struct span text = value_data(L, 1);
	struct span account = value_data(L, 2);
	struct secret *pin = value_push_secret(L);

	/* As bound to the account as a block of format 01. */
	pins_note(L, 1, account, false);
	return lua_result(L, lmkpin_open(rq->lmk, rq->config->pin_lmk_method, text, account,
	    pin));
}

/* lmkpin.seal(pin, account) -> data: the PIN encrypted under the LMK. */
static int
l_seal(lua_State *L)
{
	struct request *rq = lua_request(L);
	struct secret *pin = value_secret(L, 1);
	struct span account = value_data(L, 2);
	size_t length = rq->config->pin_length + 1;

	return lua_result(L, lmkpin_seal(rq->lmk, rq->config->pin_lmk_method, pin, account,
	    length, (char *)value_push_data(L, length)));
}

/* lmkpin.reference(account) -> data: the number that NG shows with a PIN, 12N. */
static int
l_reference(lua_State *L)
{
	struct span account = value_data(L, 1);

	return lua_result(L, lmkpin_reference(lua_request(L)->lmk, account,
	    (char *)value_push_data(L, LMKPIN_REFERENCE)));
}

const luaL_Reg lua_lmkpin_functions[] = {
	{ "open",      l_open },
	{ "seal",      l_seal },
	{ "reference", l_reference },
	{ NULL, NULL }
};
