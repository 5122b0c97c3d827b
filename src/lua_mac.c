/*
 * lua_mac: message authentication codes for scripts.
 *
 * MACs and the IVs between pieces of a message are hexadecimal digits, as on
 * the wire. Algorithms and padding methods are numbers as in M6: 1 ISO 9797-1
 * algorithm 1, 3 algorithm 3, 5 algorithm 1 with AES, 6 CMAC; 0 no padding, 1
 * zeros, 2 a bit and zeros.
 */
#include <sodium.h>

#include "config.h"
#include "crypto/cipher.h"
#include "crypto/mac.h"
#include "err.h"
#include "hex.h"
#include "key.h"
#include "keytype.h"
#include "lmk_host.h"
#include "lua_keys.h"
#include "sandbox.h"
#include "secret.h"

enum { ALGORITHM_AES = 5 };

/* TAK, ZAK; for one transaction. */
static const uint16_t mac_keys[] = { 0x003, 0x008, KEYTYPE_DUKPT_MAC, 0 };

/* What all MACs are made with: arguments 1 and 2. */
struct how {
	struct key        *key;
	enum mac_algorithm algorithm;
	size_t             block;
};

static struct how
how_at(lua_State *L)
{
	struct how how = { .key = value_key_for(L, 1, mac_keys) };
	long algorithm = value_int(L, 2, 1, 6);

	if (algorithm == ALGORITHM_AES && !how.key->aes)
		lua_raise(L, ERR_KEY_LENGTH, "the algorithm is for AES keys");
	if (algorithm == ALGORITHM_AES)
		algorithm = MAC_CBC;
	if (algorithm != MAC_CBC && algorithm != MAC_RETAIL && algorithm != MAC_CMAC)
		luaL_error(L, "there is no MAC algorithm %d", (int)algorithm);
	how.algorithm = (enum mac_algorithm)algorithm;
	how.block = cipher_block(how.key);
	return how;
}

/* Argument i, if given, is the state of a message that goes on. */
static void
state_at(lua_State *L, int i, size_t block, uint8_t state[MAC_MAX])
{
	memset(state, 0, MAC_MAX);
	if (value_given(L, i) && hex_decode(value_data(L, i), state, block) != 0)
		lua_raise(L, ERR_INPUT, "the IV is not a block of hexadecimal digits");
}

/* The MAC over data, arguments 3 (padding) and 4, going on from the IV at i. */
static int
finish(lua_State *L, const struct how *how, int i, uint8_t state[MAC_MAX])
{
	enum mac_padding padding = (enum mac_padding)value_int(L, 3, 0, 2);
	struct span data = value_data(L, 4);

	state_at(L, i, how->block, state);
	return mac_finish(how->key, how->algorithm, padding, data, state);
}

static void
push_digits(lua_State *L, const uint8_t *bytes, size_t n)
{
	hex_encode(bytes, n, (char *)value_push_data(L, 2 * n));
}

/* Argument i, if given, is the code for data of a length that does not fit. */
static int
length_code(lua_State *L, int i, int r)
{
	return r == ERR_DATA_LENGTH && value_given(L, i) ? value_code(L, i) : r;
}

/* mac.make(key, algorithm, padding, data [, iv [, code]]) -> data: the MAC, a block
 * in digits. code: for data that is not of whole blocks and must be (80). */
static int
l_make(lua_State *L)
{
	struct how how = how_at(L);
	uint8_t state[MAC_MAX];
	int r;

	value_key_mode(L, how.key, "CGN");
	r = length_code(L, 6, finish(L, &how, 5, state));
	push_digits(L, state, how.block);
	return lua_result(L, r);
}

/* mac.verify(key, algorithm, padding, data, mac [, iv [, code]]): raises 01 when mac,
 * digits in either case, is not how the MAC begins. */
static int
l_verify(lua_State *L)
{
	struct how how = how_at(L);
	struct span text = value_data(L, 5);
	char digits[2 * MAC_MAX];
	uint8_t state[MAC_MAX], mac[MAC_MAX];
	int r;

	value_key_mode(L, how.key, "CVN");
	if (text.n == 0 || text.n > 2 * how.block)
		return lua_raise(L, ERR_INPUT, "the MAC has another length");
	for (size_t k = 0; k < text.n; k++)
		digits[k] = (char)(text.p[k] >= 'a' && text.p[k] <= 'f' ?
		    text.p[k] - 'a' + 'A' : text.p[k]);
	if ((r = hex_decode(span_of(digits, text.n), mac, text.n / 2)) != 0)
		return lua_raise(L, r, "the MAC is not hexadecimal digits");
	if ((r = length_code(L, 7, finish(L, &how, 6, state))) != 0)
		return lua_raise(L, r, NULL);
	if (sodium_memcmp(state, mac, text.n / 2) != 0)
		return lua_raise(L, ERR_VERIFY, "the MAC is wrong");
	return 0;
}

/* mac.chain(key, algorithm, data [, iv [, code]]) -> data: the IV for the next piece. */
static int
l_chain(lua_State *L)
{
	struct how how = how_at(L);
	struct span data = value_data(L, 3);
	uint8_t state[MAC_MAX];
	int r;

	state_at(L, 4, how.block, state);
	r = length_code(L, 5, mac_chain(how.key, how.algorithm, data, state));
	push_digits(L, state, how.block);
	return lua_result(L, r);
}

/* mac.sealiv(iv) -> data: an IV of eight bytes as it leaves in MU and MW, under the
 * LMK: 16H, 32H under an AES one. */
static int
l_sealiv(lua_State *L)
{
	struct span text = value_data(L, 1);
	uint8_t sealed[LMK_HOST_BLOCK], *iv = value_push_secret(L)->bytes;
	const struct lmk *lmk = lua_request(L)->lmk;
	int r;

	if ((r = hex_decode(text, iv, LMK_HOST_IV)) != 0 ||
	    (r = lmk_host_seal_iv(lmk, iv, sealed)) != 0)
		return lua_raise(L, r, "the IV is not eight bytes in hexadecimal digits");
	push_digits(L, sealed, lmk_host_block(lmk));
	return 1;
}

/* mac.openiv(iv) -> data: the other way. */
static int
l_openiv(lua_State *L)
{
	struct span text = value_data(L, 1);
	uint8_t sealed[LMK_HOST_BLOCK], *iv = value_push_secret(L)->bytes;
	size_t n = text.n / 2;
	int r;

	if (n > sizeof(sealed))
		return lua_raise(L, ERR_INPUT, "the IV is longer than any");
	if ((r = hex_decode(text, sealed, n)) != 0 ||
	    (r = lmk_host_open_iv(lua_request(L)->lmk, span_of(sealed, n), iv)) != 0)
		return lua_raise(L, r, "the IV is not one that went out under this LMK");
	push_digits(L, iv, LMK_HOST_IV);
	return 1;
}

/* mac.counted() -> boolean: does M6 put a length in front of a MAC (message.mac_length)? */
static int
l_counted(lua_State *L)
{
	lua_pushboolean(L, lua_request(L)->config->mac_length);
	return 1;
}

const luaL_Reg lua_mac_functions[] = {
	{ "make",   l_make },
	{ "verify", l_verify },
	{ "chain",  l_chain },
	{ "sealiv", l_sealiv },
	{ "openiv", l_openiv },
	{ "counted", l_counted },
	{ NULL, NULL }
};
