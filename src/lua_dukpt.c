/*
 * lua_dukpt: keys of one transaction, for scripts. They are of key types that
 * no LMK pair belongs to, so that they can't be wrapped or used for more than
 * they were derived for.
 */
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

/* dukpt.derive(bdk, ksn, use) -> key: of one transaction; ksn 12H to 20H; use: "pin",
 * "mac", "mac response", "data", "data response". */
static int
l_derive(lua_State *L)
{
	static const uint16_t bdks[] = { 0x009, 0x609, 0x809, 0x909, 0 };
	struct key *bdk = value_key_for(L, 1, bdks);
	struct span digits = value_data(L, 2), name = value_data(L, 3);
	uint8_t ksn[DUKPT_KSN_LEN];
	struct key *key;
	size_t i = 0;

	while (!span_is(name, uses[i].name))
		if (++i == sizeof(uses) / sizeof(uses[0]))
			return luaL_error(L, "there is no such use of a DUKPT key");
	if (dukpt_ksn(digits, ksn) != 0)
		return lua_raise(L, ERR_INPUT, "the KSN is not hexadecimal");
	/* Spec: threats A20; the test profile takes what published examples use. */
	if (lua_request(L)->config->profile == PROFILE_STRICT && !dukpt_counter_good(ksn))
		return lua_raise(L, ERR_INPUT, "the KSN's counter is one no device comes to");
	key = value_push_key(L);
	key->type = uses[i].type;
	return lua_result(L, dukpt_derive(bdk, ksn, uses[i].use, key));
}

/* dukpt.mac(key, data, mode) -> data: the X9.19 MAC: 1 all 16H, 2 the left 8H, 3 the right 8H. */
static int
l_mac(lua_State *L)
{
	static const uint16_t macs[] = { KEYTYPE_DUKPT_MAC, 0 };
	struct key *key = value_key_for(L, 1, macs);
	struct span data = value_data(L, 2);
	long mode = value_int(L, 3, 1, 3);
	size_t n = mode == 1 ? MAC_LEN : MAC_LEN / 2;
	char *text = (char *)value_push_data(L, 2 * n);
	uint8_t mac[MAC_LEN];
	int r;

	if ((r = mac_retail(key->bytes, key->len, MAC_PAD_ZEROS, data, mac)) == 0)
		hex_encode(mac + (mode == 3 ? n : 0), n, text);
	return lua_result(L, r);
}

const luaL_Reg lua_dukpt_functions[] = {
	{ "derive", l_derive },
	{ "mac",    l_mac },
	{ NULL, NULL }
};
