/*
 * lua_emv: application cryptograms for scripts.
 */
#include "crypto/emv.h"
#include "err.h"
#include "key.h"
#include "lua_keys.h"
#include "sandbox.h"

static const uint16_t mk_ac[] = { 0x109, 0 };
static const uint16_t mk_smi[] = { 0x209, 0 };

/* emv.cryptogram(mk_ac, scheme, pan_psn, atc, un, data) -> data: ARQC, TC or AAC, 8B.
 * scheme 0 Visa, 1 Mastercard, 2 Amex; pan_psn 8B, atc 2B, un 4B. */
static int
l_cryptogram(lua_State *L)
{
	struct key *mk = value_key_for(L, 1, mk_ac);
	enum emv_scheme scheme = (enum emv_scheme)value_int(L, 2, EMV_VISA, EMV_AMEX);
	const struct emv_card card = { value_data(L, 3), value_data(L, 4),
		value_data(L, 5) };
	struct span data = value_data(L, 6);

	return lua_result(L, emv_cryptogram(mk, scheme, &card, data,
	    value_push_data(L, EMV_CRYPTOGRAM_LEN)));
}

/* emv.arpc(mk_ac, pan_psn, arqc, arc) -> data: ARPC by method 1, 8B; arqc 8B, arc 2B. */
static int
l_arpc(lua_State *L)
{
	struct key *mk = value_key_for(L, 1, mk_ac);
	struct span pan_psn = value_data(L, 2), arqc = value_data(L, 3);
	struct span arc = value_data(L, 4);

	return lua_result(L, emv_arpc(mk, pan_psn, arqc, arc,
	    value_push_data(L, EMV_CRYPTOGRAM_LEN)));
}

/* emv.mac(mk_smi, pan_psn, data) -> data: the MAC over discretionary data, 4B. */
static int
l_mac(lua_State *L)
{
	struct key *mk = value_key_for(L, 1, mk_smi);
	struct span pan_psn = value_data(L, 2), data = value_data(L, 3);

	return lua_result(L, emv_data_mac(mk, pan_psn, data,
	    value_push_data(L, EMV_DATA_MAC_LEN)));
}

const luaL_Reg lua_emv_functions[] = {
	{ "cryptogram", l_cryptogram },
	{ "arpc",       l_arpc },
	{ "mac",        l_mac },
	{ NULL, NULL }
};
