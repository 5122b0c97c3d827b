/*
 * lua_dukpt: keys of one transaction, for scripts. They are of key types that
 * no LMK pair belongs to, so that they can't be wrapped or used for more than
 * they were derived for.
 */
#include <sodium.h>

#include "config.h"
#include "crypto/dukpt.h"
#include "crypto/mac.h"
#include "err.h"
#include "hex.h"
#include "key.h"
#include "keytype.h"
#include "lua_keys.h"
#include "sandbox.h"

static const struct {
	const char    *name;
	enum dukpt_use use;
	uint16_t       type;
} uses[] = {
	{ "pin",           DUKPT_PIN,           KEYTYPE_DUKPT_PIN },
	{ "mac",           DUKPT_MAC,           KEYTYPE_DUKPT_MAC },
	{ "mac response",  DUKPT_MAC_RESPONSE,  KEYTYPE_DUKPT_MAC },
	{ "data",          DUKPT_DATA,          KEYTYPE_DUKPT_DATA },
	{ "data response", DUKPT_DATA_RESPONSE, KEYTYPE_DUKPT_DATA },
};

/* The BDK and the KSN (12H to 20H) that both functions start with. */
static struct key *
bdk_at(lua_State *L, uint8_t ksn[DUKPT_KSN_LEN])
{
	static const uint16_t bdks[] = { 0x009, 0x609, 0x809, 0x909, 0 };
	struct key *bdk = value_key_for(L, 1, bdks);

	value_key_mode(L, bdk, "XN");
	if (dukpt_ksn(value_data(L, 2), ksn) != 0)
		lua_raise(L, ERR_INPUT, "the KSN is not hexadecimal");
	/* Spec: threats A20; the test profile takes what published examples use. */
	if (lua_request(L)->config->dukpt_counter && !dukpt_counter_good(ksn))
		lua_raise(L, ERR_INPUT, "the KSN's counter is one no device comes to");
	return bdk;
}

/* dukpt.derive(bdk, ksn, use) -> key: of one transaction; use: "pin", "mac", "mac response",
 * "data", "data response". */
static int
l_derive(lua_State *L)
{
	uint8_t ksn[DUKPT_KSN_LEN];
	struct key *bdk = bdk_at(L, ksn), *key;
	struct span name = value_data(L, 3);
	size_t i = 0;

	while (!span_is(name, uses[i].name))
		if (++i == sizeof(uses) / sizeof(uses[0]))
			return luaL_error(L, "there is no such use of a DUKPT key");
	key = value_push_key(L);
	key->type = uses[i].type;
	return lua_result(L, dukpt_derive(bdk, ksn, uses[i].use, key));
}

/* dukpt.verify(bdk, ksn, mode, message, mac) -> boolean: is this the request's X9.19 MAC? mode:
 * 1 all 16H of it, 2 the left 8H, 3 the right 8H. */
static int
l_verify(lua_State *L)
{
	uint8_t ksn[DUKPT_KSN_LEN], mac[MAC_LEN];
	struct key *bdk = bdk_at(L, ksn), *key = value_push_key(L);
	long mode = value_int(L, 3, 1, 3);
	struct span message = value_data(L, 4), given = value_data(L, 5);
	size_t n = mode == 1 ? MAC_LEN : MAC_LEN / 2;
	char text[2 * MAC_LEN];
	int r;

	if ((r = dukpt_derive(bdk, ksn, DUKPT_MAC, key)) != 0 ||
	    (r = mac_retail(key->bytes, key->len, MAC_PAD_ZEROS, message, mac)) != 0)
		return lua_raise(L, r, NULL);
	hex_encode(mac + (mode == 3 ? n : 0), n, text);
	lua_pushboolean(L, given.n == 2 * n && sodium_memcmp(text, given.p, 2 * n) == 0);
	return 1;
}

const luaL_Reg lua_dukpt_functions[] = {
	{ "derive", l_derive },
	{ "verify", l_verify },
	{ NULL, NULL }
};
