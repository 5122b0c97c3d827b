/*
 * lua_dukpt: keys of one transaction, for scripts. They are of key types that
 * no LMK pair belongs to, so that they can't be wrapped or used for more than
 * they were derived for.
 */
#include <sodium.h>

#include "config.h"
#include "crypto/dukpt.h"
#include "crypto/dukpt_aes.h"
#include "crypto/mac.h"
#include "err.h"
#include "hex.h"
#include "key.h"
#include "keytype.h"
#include "lua_keys.h"
#include "sandbox.h"

static const struct {
	const char        *name;
	enum dukpt_use     use, both;	/* both: under a BDK whose keys are for both ways */
	enum dukpt_aes_use aes, aes_both;
	uint16_t           type;
} uses[] = {
	{ "pin", DUKPT_PIN, DUKPT_PIN, DUKPT_AES_PIN, DUKPT_AES_PIN, KEYTYPE_DUKPT_PIN },
	{ "mac", DUKPT_MAC, DUKPT_MAC, DUKPT_AES_MAC_GENERATE, DUKPT_AES_MAC_BOTH,
	    KEYTYPE_DUKPT_MAC },
	{ "mac response", DUKPT_MAC_RESPONSE, DUKPT_MAC, DUKPT_AES_MAC_VERIFY,
	    DUKPT_AES_MAC_BOTH, KEYTYPE_DUKPT_MAC },
	{ "data", DUKPT_DATA, DUKPT_DATA, DUKPT_AES_DATA_ENCRYPT, DUKPT_AES_DATA_BOTH,
	    KEYTYPE_DUKPT_DATA },
	{ "data response", DUKPT_DATA_RESPONSE, DUKPT_DATA, DUKPT_AES_DATA_DECRYPT,
	    DUKPT_AES_DATA_BOTH, KEYTYPE_DUKPT_DATA },
};

enum { USE_MAC = 1 };

/* Where a transaction's key comes from. */
struct source {
	struct key *bdk;
	bool        both;	/* BDK-2: one key serves both ways */
	uint8_t     ksn[DUKPT_KSN_LEN];		/* of a DES BDK */
	uint8_t     aes_ksn[DUKPT_AES_KSN_LEN];	/* of an AES one */
};

/* The BDK and the KSN that both functions start with. */
static struct source
source_at(lua_State *L)
{
	static const uint16_t bdks[] = { 0x009, 0x609, 0x809, 0x909, 0 };
	struct source from = { .bdk = value_key_for(L, 1, bdks) };
	struct span ksn = value_data(L, 2);
	bool good;

	value_key_mode(L, from.bdk, "XN");
	if ((from.bdk->aes ? dukpt_aes_ksn(ksn, from.aes_ksn) : dukpt_ksn(ksn, from.ksn)) != 0)
		lua_raise(L, ERR_INPUT, "the KSN is not one for this BDK");
	good = from.bdk->aes ? dukpt_aes_counter_good(from.aes_ksn) :
	    dukpt_counter_good(from.ksn);
	/* Spec: threats A20; the test profile takes what published examples use. */
	if (lua_request(L)->config->dukpt_counter && !good)
		lua_raise(L, ERR_INPUT, "the KSN's counter is one no device comes to");
	from.both = from.bdk->type == 0x609 || (from.bdk->type == KEYTYPE_BLOCK &&
	    memcmp(from.bdk->header.usage, "41", 2) == 0);
	return from;
}

/* The key of a use: of an AES BDK as long as that itself. */
static int
derive(const struct source *from, size_t i, struct key *key)
{
	static const enum dukpt_aes_type types[] = {
		[16] = DUKPT_AES_128, [24] = DUKPT_AES_192, [32] = DUKPT_AES_256
	};

	if (!from->bdk->aes)
		return dukpt_derive(from->bdk, from->ksn, from->both ? uses[i].both :
		    uses[i].use, key);
	return dukpt_aes_derive(from->bdk, from->aes_ksn, from->both ? uses[i].aes_both :
	    uses[i].aes, types[from->bdk->len], key);
}

/* dukpt.derive(bdk, ksn, use) -> key: of one transaction; use: "pin", "mac", "mac response",
 * "data", "data response". */
static int
l_derive(lua_State *L)
{
	struct source from = source_at(L);
	struct span name = value_data(L, 3);
	struct key *key;
	size_t i = 0;

	while (!span_is(name, uses[i].name))
		if (++i == sizeof(uses) / sizeof(uses[0]))
			return luaL_error(L, "there is no such use of a DUKPT key");
	key = value_push_key(L);
	key->type = uses[i].type;
	return lua_result(L, derive(&from, i, key));
}

/* dukpt.verify(bdk, ksn, mode, message, mac) -> boolean: is this the request's X9.19 MAC? mode:
 * 1 all 16H of it, 2 the left 8H, 3 the right 8H. An AES BDK gives a double-length DES
 * key for it. */
static int
l_verify(lua_State *L)
{
	struct source from = source_at(L);
	struct key *key = value_push_key(L);
	long mode = value_int(L, 3, 1, 3);
	struct span message = value_data(L, 4), given = value_data(L, 5);
	size_t n = mode == 1 ? MAC_LEN : MAC_LEN / 2;
	uint8_t mac[MAC_LEN];
	char text[2 * MAC_LEN];
	int r;

	if (from.bdk->aes)
		r = dukpt_aes_derive(from.bdk, from.aes_ksn, from.both ? uses[USE_MAC].aes_both :
		    uses[USE_MAC].aes, DUKPT_AES_TDES2, key);
	else
		r = derive(&from, USE_MAC, key);
	if (r != 0 || (r = mac_retail(key->bytes, key->len, MAC_PAD_ZEROS, message, mac)) != 0)
		return lua_raise(L, r, NULL);
	hex_encode(mac + (mode == 3 ? n : 0), n, text);
	if (given.n != 2 * n || sodium_memcmp(text, given.p, 2 * n) != 0)
		return lua_raise(L, ERR_VERIFY, "the MAC is wrong");
	return 0;
}

const luaL_Reg lua_dukpt_functions[] = {
	{ "derive", l_derive },
	{ "verify", l_verify },
	{ NULL, NULL }
};
