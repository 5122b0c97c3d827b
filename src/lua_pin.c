/*
 * lua_pin: PINs and what they are verified with, for scripts.
 */
#include "config.h"
#include "crypto/ibm3624.h"
#include "crypto/pin.h"
#include "err.h"
#include "key.h"
#include "lua_keys.h"
#include "lua_pins.h"
#include "sandbox.h"

static const uint16_t pvks[] = { 0x002, 0 };

/* pin.pvv(pvk, pin, account, pvki) -> data: the Visa PVV, 4N; account 12N, pvki 1N. */
static int
l_pvv(lua_State *L)
{
	struct key *pvk = value_key_for(L, 1, pvks);
	struct secret *pin = pins_secret(L, 2);
	struct span account = value_data(L, 3);
	struct span pvki = value_data(L, 4);
	char *pvv;

	if (pvki.n != 1)
		return luaL_error(L, "pvki is one digit");
	value_key_usage(L, pvk, PINS_VISA, "CGN");
	pins_check_bound(L, 2);
	pvv = (char *)value_push_data(L, PIN_PVV_DIGITS);
	return lua_result(L, pin_pvv(pvk, pin, account, (char)pvki.p[0], pvv));
}

/* What the IBM functions take beside their second argument. */
static struct ibm3624
ibm_at(lua_State *L)
{
	struct ibm3624 card = {
		.pvk = value_key_for(L, 1, pvks),
		.length = (unsigned)value_int(L, 3, PIN_LEAST, PIN_MOST),
		.account = value_data(L, 4),
		.table = value_secret(L, 5),
		.validation = value_data(L, 6),
	};

	value_key_usage(L, card.pvk, PINS_IBM, "CGN");
	return card;
}

/* pin.offset(pvk, pin, length, account, table, validation) -> data: the IBM offset, 12H;
 * length: the check length, which the PIN must have. */
static int
l_offset(lua_State *L)
{
	struct ibm3624 card = ibm_at(L);
	struct secret *pin = pins_secret(L, 2);

	pins_check_bound(L, 2);
	return lua_result(L, ibm3624_offset(&card, pin,
	    (char *)value_push_data(L, IBM3624_OFFSET)));
}

/* pin.derive(pvk, offset, length, account, table, validation) -> secret: the PIN that
 * the IBM offset stands for. */
static int
l_derive(lua_State *L)
{
	struct ibm3624 card = ibm_at(L);
	struct span offset = value_data(L, 2);

	return lua_result(L, ibm3624_pin(&card, offset, value_push_secret(L)));
}

/* pin.warning(pvk) -> 02 or nothing: what an IBM command ends with when all is well; a PVK of
 * more than one part is against the method's first description. */
static int
l_warning(lua_State *L)
{
	const struct key *pvk = value_key_for(L, 1, pvks);

	lua_pushinteger(L, -ERR_LENGTH_WARN);
	return pvk->len > 8 ? 1 : 0;
}

static struct span
list_at(lua_State *L, int i)
{
	return value_given(L, i) ? value_data(L, i) : span_of(NULL, 0);
}

/* pin.random(length [, excluded]) -> secret: a new PIN, none of an excluded list or of
 * pin.excluded. */
static int
l_random(lua_State *L)
{
	unsigned length = (unsigned)value_int(L, 1, PIN_LEAST, PIN_MOST);
	struct span excluded = list_at(L, 2);

	return lua_result(L, pin_random(length, excluded, lua_request(L)->config->pin_excluded,
	    value_push_secret(L)));
}

/* pin.permit(pin [, excluded]): raises 86 when the PIN is on the list or in
 * pin.excluded, 81 when the list is of another length. */
static int
l_permit(lua_State *L)
{
	int r = pin_permit(pins_secret(L, 1), list_at(L, 2),
	    lua_request(L)->config->pin_excluded);

	return r == 0 ? 0 : lua_raise(L, r, NULL);
}

const luaL_Reg lua_pin_functions[] = {
	{ "pvv",    l_pvv },
	{ "offset", l_offset },
	{ "derive", l_derive },
	{ "warning", l_warning },
	{ "random", l_random },
	{ "permit", l_permit },
	{ NULL, NULL }
};
