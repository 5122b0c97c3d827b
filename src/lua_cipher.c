/*
 * lua_cipher: data under data keys, for scripts.
 *
 * Modes are numbers as in M0: 0 ECB, 1 CBC, 2 CFB8, 3 CFB64. IVs are
 * hexadecimal digits, as on the wire.
 */
#include "crypto/cipher.h"
#include "err.h"
#include "hex.h"
#include "key.h"
#include "keytype.h"
#include "lua_keys.h"
#include "sandbox.h"

/* ZEK, DEK, TEK; for one transaction. */
static const uint16_t data_keys[] = { 0x00A, 0x00B, 0x30B, KEYTYPE_DUKPT_DATA, 0 };

typedef int crypt_function(const struct key *, enum cipher_mode, uint8_t *, struct span,
    uint8_t *);

static int
crypt_data(lua_State *L, crypt_function *crypt)
{
	const struct key *key = value_key_for(L, 1, data_keys);
	enum cipher_mode mode = (enum cipher_mode)value_int(L, 2, CIPHER_ECB, CIPHER_CFB);
	struct span data = value_data(L, 3);
	uint8_t iv[CIPHER_BLOCK_MAX];

	if (data.n == 0 || data.n % cipher_block(key) != 0)
		return lua_raise(L, value_given(L, 5) ? value_code(L, 5) : ERR_DATA_LENGTH,
		    "the data is not of whole blocks");
	if (mode != CIPHER_ECB && hex_decode(value_data(L, 4), iv, cipher_block(key)) != 0)
		return lua_raise(L, ERR_INPUT, "the IV is not a block of hexadecimal digits");
	return lua_result(L, crypt(key, mode, iv, data, value_push_data(L, data.n)));
}

/* cipher.encrypt(key, mode, data [, iv [, code]]) -> data: as long as it was; iv but
 * in mode 0. code: for data that is not of whole blocks, which all modes want (80). */
static int
l_encrypt(lua_State *L)
{
	return crypt_data(L, cipher_encrypt);
}

/* cipher.decrypt(key, mode, data [, iv [, code]]) -> data: the other way. */
static int
l_decrypt(lua_State *L)
{
	return crypt_data(L, cipher_decrypt);
}

/* cipher.next(key, data) -> data: the IV behind that encrypted data: its last block. */
static int
l_next(lua_State *L)
{
	size_t block = cipher_block(value_key_for(L, 1, data_keys));
	struct span data = value_data(L, 2);

	if (data.n < block)
		return lua_raise(L, ERR_DATA_LENGTH, "the data is shorter than a block");
	hex_encode(data.p + data.n - block, block, (char *)value_push_data(L, 2 * block));
	return 1;
}

const luaL_Reg lua_cipher_functions[] = {
	{ "encrypt", l_encrypt },
	{ "decrypt", l_decrypt },
	{ "next",    l_next },
	{ NULL, NULL }
};
