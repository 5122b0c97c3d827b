/*
 * lua_lmkpin: PINs under the LMK, for scripts; length and method are settings.
 */
#include "config.h"
#include "crypto/dtab.h"
#include "crypto/lmkpin.h"
#include "err.h"
#include "lmk.h"
#include "lua_pins.h"
#include "sandbox.h"

/* The PIN of text 1 and account 2, pushed: as bound to the account as a block of format 01. */
static int
open_under(lua_State *L, const struct lmk *lmk)
{
	struct span text = value_data(L, 1);
	struct span account = value_data_kept(L, 2);
	struct secret *pin = value_push_secret(L);
	int r;

	pins_note(L, 1, account, false);
	r = lmkpin_open(lmk, lua_request(L)->config->pin_lmk_method, text, account, pin);
	return lua_result(L, r == LMKPIN_UNREAD ? pins_keep_unread(L, ERR_LMK_PIN) : r);
}

/* lmkpin.open(lpin, account) -> secret: the PIN of an LMK-encrypted one. */
static int
l_open(lua_State *L)
{
	return open_under(L, lua_request(L)->lmk);
}

/* lmkpin.seal(pin, account) -> data: the PIN encrypted under the LMK. */
static int
l_seal(lua_State *L)
{
	struct request *rq = lua_request(L);
	enum lmk_pin_method method = rq->config->pin_lmk_method;
	struct span account = value_data(L, 2);
	struct secret *pin = lmkpin_has_letters(rq->lmk, method) ?
	    pins_secret_for(L, 1, account) : value_secret(L, 1);
	size_t length = rq->config->pin_length + 1;

	return lua_result(L, lmkpin_seal(rq->lmk, method, pin, account, length,
	    (char *)value_push_data(L, lmkpin_length(rq->lmk, length))));
}

/* lmkpin.reference(account) -> data: the number that NG shows with a PIN, 12N. */
static int
l_reference(lua_State *L)
{
	struct span account = value_data(L, 1);

	return lua_result(L, lmkpin_reference(lua_request(L)->lmk, account,
	    (char *)value_push_data(L, LMKPIN_REFERENCE)));
}

/* lmkpin.check(pin, account) -> data: what a mailer's PIN is checked by: as long as the PIN
 * under the LMK, and bound to the account's reference number. */
static int
l_check(lua_State *L)
{
	struct request *rq = lua_request(L);
	const struct secret *pin = value_secret(L, 1);
	struct span account = value_data(L, 2);
	size_t length = rq->config->pin_length + 1;
	char reference[LMKPIN_REFERENCE];
	char *out = (char *)value_push_data(L, lmkpin_length(rq->lmk, length));
	int r;

	if ((r = lmkpin_reference(rq->lmk, account, reference)) == 0)
		r = lmkpin_seal(rq->lmk, rq->config->pin_lmk_method, pin,
		    span_of(reference, sizeof(reference)), length, out);
	return lua_result(L, r);
}

/* lmkpin.old(text, account) -> secret: the same under the old LMK, in key change storage. */
static int
l_old(lua_State *L)
{
	const struct lmk *old = lmk_old(lua_request(L)->lmk);

	return old != NULL ? open_under(L, old) : lua_raise(L, ERR_OLD_LMK, NULL);
}

/* lmkpin.sealtable(table) -> data: a decimalisation table encrypted under the LMK. */
static int
l_sealtable(lua_State *L)
{
	const struct lmk *lmk = lua_request(L)->lmk;
	struct secret *table = value_secret(L, 1);

	return lua_result(L, dtab_seal(lmk, table,
	    (char *)value_push_data(L, dtab_length(lmk))));
}

const luaL_Reg lua_lmkpin_functions[] = {
	{ "open",      l_open },
	{ "seal",      l_seal },
	{ "reference", l_reference },
	{ "check",     l_check },
	{ "old",       l_old },
	{ "sealtable", l_sealtable },
	{ NULL, NULL }
};
