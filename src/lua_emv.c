/*
 * lua_emv: chip cards for scripts: keys, application cryptograms, ARPCs.
 * Issuer scripts are in lua_emv_script.c.
 *
 * A card's keys and those of a transaction are of key types that no LMK pair
 * belongs to: they can't be wrapped, nor put to a use that is not their
 * issuer key's.
 */
#include "crypto/emv.h"
#include "err.h"
#include "key.h"
#include "keytype.h"
#include "keyuse.h"
#include "lua_keys.h"
#include "sandbox.h"

/* From the issuer's key to the card's, and on to the transaction's. */
static const struct family {
	uint16_t issuer, card, session;
} families[] = {
	{ 0x109, KEYTYPE_CARD_AC,  KEYTYPE_SESSION_AC },
	{ 0x209, KEYTYPE_CARD_SMI, KEYTYPE_SESSION_SMI },
	{ 0x309, KEYTYPE_CARD_SMC, KEYTYPE_SESSION_SMC },
	{ 0x409, KEYTYPE_CARD_DAC, KEYTYPE_NONE },
	{ 0x509, KEYTYPE_CARD_DN,  KEYTYPE_NONE },
};

static const uint16_t issuers[] = { 0x109, 0x209, 0x309, 0x409, 0x509, 0 };
static const uint16_t cards[] = {
	KEYTYPE_CARD_AC, KEYTYPE_CARD_SMI, KEYTYPE_CARD_SMC, 0
};
static const uint16_t cryptograms[] = { KEYTYPE_CARD_AC, KEYTYPE_SESSION_AC, 0 };

/* A key that came in a block is told by its header. */
static const struct family *
family_of(lua_State *L, const struct key *key)
{
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		const struct family *f = &families[i];

		if (f->issuer == key->type || f->card == key->type ||
		    (key->type == KEYTYPE_BLOCK && keyuse_is(&key->header, f->issuer)))
			return f;
	}
	luaL_error(L, "a key of type %s is not for cards", keytype_name(key->type));
	return NULL;
}

/* emv.card(issuer, pan_psn [, option]) -> key: the card's own; option A (8B, ready-made)
 * or B (all digits, packed). */
static int
l_card(lua_State *L)
{
	struct key *issuer = value_key_for(L, 1, issuers), *card;
	struct span pan_psn = value_data(L, 2);
	bool b = value_given(L, 3) && span_is(value_data(L, 3), "B");

	value_key_mode(L, issuer, "XN");
	card = value_push_key(L);
	card->type = family_of(L, issuer)->card;
	return lua_result(L, (b ? emv_card_b : emv_card)(issuer, pan_psn, card));
}

/* emv.session(card, r) -> key: the common session key; r 8B, of which the third is not used. */
static int
l_session(lua_State *L)
{
	struct key *card = value_key_for(L, 1, cards), *session;
	struct span r = value_data(L, 2);

	session = value_push_key(L);
	session->type = family_of(L, card)->session;
	return lua_result(L, emv_session(card, r, session));
}

/* emv.visa(card, data) -> key: Visa's session key for scripts; data 8B, ends in the ATC. */
static int
l_visa(lua_State *L)
{
	static const uint16_t scripts[] = { KEYTYPE_CARD_SMI, KEYTYPE_CARD_SMC, 0 };
	struct key *card = value_key_for(L, 1, scripts), *session;
	struct span data = value_data(L, 2);

	session = value_push_key(L);
	session->type = family_of(L, card)->session;
	return lua_result(L, emv_session_visa(card, data, session));
}

/* emv.tree(card, iv, atc, form) -> key: the EMV2000 session key; iv 16B, atc 2B; form 0: two
 * branches, height 16; 1: four, 8. */
static int
l_tree(lua_State *L)
{
	struct key *card = value_key_for(L, 1, cards), *session;
	struct span iv = value_data(L, 2), atc = value_data(L, 3);
	enum emv_tree form = (enum emv_tree)value_int(L, 4, EMV_TREE_2_16, EMV_TREE_4_8);

	session = value_push_key(L);
	session->type = family_of(L, card)->session;
	return lua_result(L, emv_session_tree(card, iv, atc, form, session));
}

/* emv.cryptogram(key, data) -> data: ARQC, TC or AAC, 8B, with the card's or a session's key. */
static int
l_cryptogram(lua_State *L)
{
	struct key *key = value_key_for(L, 1, cryptograms);
	struct span data = value_data(L, 2);

	return lua_result(L, emv_cryptogram(key, data,
	    value_push_data(L, EMV_CRYPTOGRAM_LEN)));
}

/* emv.arpc(key, arqc, arc) -> data: ARPC by method 1, 8B; arqc 8B, arc 2B. */
static int
l_arpc(lua_State *L)
{
	struct key *key = value_key_for(L, 1, cryptograms);
	struct span arqc = value_data(L, 2), arc = value_data(L, 3);

	return lua_result(L, emv_arpc(key, arqc, arc,
	    value_push_data(L, EMV_CRYPTOGRAM_LEN)));
}

/* emv.arpc2(key, arqc, csu, own) -> data: ARPC by method 2, 4B; csu 4B, own data 0B to 8B. */
static int
l_arpc2(lua_State *L)
{
	struct key *key = value_key_for(L, 1, cryptograms);
	struct span arqc = value_data(L, 2), csu = value_data(L, 3), own = value_data(L, 4);

	return lua_result(L, emv_arpc2(key, arqc, csu, own,
	    value_push_data(L, EMV_ARPC2_LEN)));
}

/* emv.mac(card, data) -> data: the MAC over discretionary data, 4B; a card's key from MK-SMI. */
static int
l_mac(lua_State *L)
{
	static const uint16_t smi[] = { KEYTYPE_CARD_SMI, 0 };
	struct key *card = value_key_for(L, 1, smi);
	struct span data = value_data(L, 2);

	return lua_result(L, emv_data_mac(card, data, value_push_data(L, EMV_DATA_MAC_LEN)));
}

/* emv.code(card, block) -> data: DAC or dynamic number, 2B, of an 8B block. */
static int
l_code(lua_State *L)
{
	static const uint16_t codes[] = { KEYTYPE_CARD_DAC, KEYTYPE_CARD_DN, 0 };
	struct key *card = value_key_for(L, 1, codes);
	struct span block = value_data(L, 2);

	return lua_result(L, emv_code(card, block, value_push_data(L, EMV_CODE_LEN)));
}

/* emv.counters(session, block) -> data: a card's off-line amount (6B) and number
 * (1B) out of an encrypted block; raises 01 when that is not what is inside. */
static int
l_counters(lua_State *L)
{
	static const uint16_t session_ac[] = { KEYTYPE_SESSION_AC, 0 };
	struct key *session = value_key_for(L, 1, session_ac);
	struct span block = value_data(L, 2);

	return lua_result(L, emv_counters(session, block,
	    value_push_data(L, EMV_COUNTERS_LEN)));
}

const luaL_Reg lua_emv_functions[] = {
	{ "card",       l_card },
	{ "session",    l_session },
	{ "visa",       l_visa },
	{ "tree",       l_tree },
	{ "cryptogram", l_cryptogram },
	{ "arpc",       l_arpc },
	{ "arpc2",      l_arpc2 },
	{ "mac",        l_mac },
	{ "code",       l_code },
	{ "counters",   l_counters },
	{ NULL, NULL }
};
