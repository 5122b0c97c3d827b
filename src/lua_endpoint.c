/*
 * lua_endpoint: the proof of end points of AS 2805, for scripts.
 */
#include "crypto/endpoint.h"
#include "err.h"
#include "hex.h"
#include "key.h"
#include "lua_keys.h"
#include "sandbox.h"

/* KEKr, KEKs. */
static const uint16_t keks[] = { 0x300, 0x400, 0 };

/* endpoint.ask(kek) -> data: a random number and its inverse, each under the key, 16H and 16H.
 * A key in a key block is for encryption. */
static int
l_ask(lua_State *L)
{
	struct key *kek = value_key_for(L, 1, keks);
	char *text = (char *)value_push_data(L, 4 * ENDPOINT_LEN);
	uint8_t krs[ENDPOINT_LEN], krr[ENDPOINT_LEN];
	int r;

	value_key_mode(L, kek, "BEN");
	if ((r = endpoint_ask(kek, krs, krr)) == 0) {
		hex_encode(krs, sizeof(krs), text);
		hex_encode(krr, sizeof(krr), text + 2 * sizeof(krs));
	}
	return lua_result(L, r);
}

/* endpoint.answer(kek, krs) -> data: the inverse of the number in krs, 16H each. A key in
 * a key block is for both ways. */
static int
l_answer(lua_State *L)
{
	struct key *kek = value_key_for(L, 1, keks);
	struct span text = value_data(L, 2);
	char *out = (char *)value_push_data(L, 2 * ENDPOINT_LEN);
	uint8_t block[ENDPOINT_LEN];
	int r;

	value_key_mode(L, kek, "BN");
	if ((r = hex_decode(text, block, sizeof(block))) == 0 &&
	    (r = endpoint_answer(kek, block, block)) == 0)
		hex_encode(block, sizeof(block), out);
	return lua_result(L, r);
}

const luaL_Reg lua_endpoint_functions[] = {
	{ "ask",    l_ask },
	{ "answer", l_answer },
	{ NULL, NULL }
};
