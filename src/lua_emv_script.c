/*
 * lua_emv_script: issuer scripts for chip cards. What a script conceals is a
 * secret until it is encrypted for the card.
 */
#include "crypto/cipher.h"
#include "crypto/emv_script.h"
#include "err.h"
#include "key.h"
#include "keytype.h"
#include "lua_keys.h"
#include "lua_pins.h"
#include "sandbox.h"
#include "secret.h"

/* Commands let one issuer key serve for both integrity and confidentiality. */
static const uint16_t concealing[] = { KEYTYPE_SESSION_SMI, KEYTYPE_SESSION_SMC, 0 };

/* emvscript.mac(session, message) -> data: 8B over the whole message. */
static int
l_mac(lua_State *L)
{
	static const uint16_t smi[] = { KEYTYPE_SESSION_SMI, 0 };
	struct key *session = value_key_for(L, 1, smi);
	struct span message = value_data(L, 2);

	return lua_result(L, emv_script_mac(session, message,
	    value_push_data(L, EMV_SCRIPT_MAC_LEN)));
}

static enum emv_conceal
how_at(lua_State *L, int i)
{
	static const char *const names[] = { "visa", "mchip", "emv", NULL };
	struct span text = value_data(L, i);
	int k = 0;

	while (names[k] != NULL && !span_is(text, names[k]))
		k++;
	if (names[k] == NULL)
		luaL_error(L, "secure data is for \"visa\", \"mchip\" or \"emv\"");
	return (enum emv_conceal)k;
}

/* emvscript.conceal(session, how, secret) -> data: padded and encrypted as "visa",
 * "mchip" or "emv" do. */
static int
l_conceal(lua_State *L)
{
	struct key *session = value_key_for(L, 1, concealing);
	enum emv_conceal how = how_at(L, 2);
	struct secret *clear = value_secret(L, 3);

	return lua_result(L, emv_conceal(session, how, clear,
	    value_push_data(L, emv_conceal_length(how, clear->len))));
}

/* emvscript.open(tk, data) -> secret: data that came under a transport key (TEK), in ECB. */
static int
l_open(lua_State *L)
{
	static const uint16_t tek[] = { 0x30B, 0 };
	struct key *tk = value_key_for(L, 1, tek);
	struct span data = value_data(L, 2);
	struct secret *clear = value_push_secret(L);

	value_key_mode(L, tk, "BDN");
	if (data.n > sizeof(clear->bytes))
		return lua_raise(L, ERR_DATA_LENGTH, "secure data is at most 56 bytes");
	clear->len = (uint32_t)data.n;
	return lua_result(L, cipher_decrypt(tk, CIPHER_ECB, NULL, data, clear->bytes));
}

/* emvscript.pinblock(format, pin, account [, card [, old]]) -> secret: a PIN block that
 * only cards see: 34, 35 (account), 41 (the card's key from MK-AC), 42 (and the PIN so far). */
static int
l_pinblock(lua_State *L)
{
	static const uint16_t card_ac[] = { KEYTYPE_CARD_AC, 0 };
	unsigned format = (unsigned)value_int(L, 1, 0, 99);
	struct secret *pin = pins_secret(L, 2);
	struct span account = value_data(L, 3);
	const struct key *card = value_given(L, 4) ? value_key_for(L, 4, card_ac) : NULL;
	const struct secret *old = value_given(L, 5) ? pins_secret(L, 5) : NULL;

	pins_check_on(L, format);
	return lua_result(L, emv_pin_block(format, pin, account, card, old,
	    value_push_secret(L)));
}

const luaL_Reg lua_emvscript_functions[] = {
	{ "mac",      l_mac },
	{ "conceal",  l_conceal },
	{ "open",     l_open },
	{ "pinblock", l_pinblock },
	{ NULL, NULL }
};
