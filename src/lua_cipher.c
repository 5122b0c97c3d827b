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

static enum cipher_mode
mode_at(lua_State *L, int i)
{
	return (enum cipher_mode)value_int(L, i, CIPHER_ECB, CIPHER_CFB);
}

/* Argument i is the IV for the key, in every mode but ECB. */
static void
iv_at(lua_State *L, int i, const struct key *key, enum cipher_mode mode, uint8_t *iv)
{
	if (mode != CIPHER_ECB && hex_decode(value_data(L, i), iv, cipher_block(key)) != 0)
		lua_raise(L, ERR_INPUT, "the IV is not a block of hexadecimal digits");
}

/* Whole blocks, at least one, in all modes. Argument i: the code if not so. */
static void
check_length(lua_State *L, int i, const struct key *key, struct span data)
{
	if (data.n == 0 || data.n % cipher_block(key) != 0)
		lua_raise(L, value_given(L, i) ? value_code(L, i) : ERR_DATA_LENGTH,
		    "the data is not of whole blocks");
}

static int
crypt_data(lua_State *L, crypt_function *crypt, const char *modes)
{
	const struct key *key = value_key_for(L, 1, data_keys);
	enum cipher_mode mode = mode_at(L, 2);
	struct span data = value_data(L, 3);
	uint8_t iv[CIPHER_BLOCK_MAX];

	value_key_mode(L, key, modes);
	check_length(L, 5, key, data);
	iv_at(L, 4, key, mode, iv);
	return lua_result(L, crypt(key, mode, iv, data, value_push_data(L, data.n)));
}

/* cipher.encrypt(key, mode, data [, iv [, code]]) -> data: as long as it was; iv but
 * in mode 0. code: for data that is not of whole blocks, which all modes want (80). */
static int
l_encrypt(lua_State *L)
{
	return crypt_data(L, cipher_encrypt, "BEN");
}

/* cipher.decrypt(key, mode, data [, iv [, code]]) -> data: the other way. */
static int
l_decrypt(lua_State *L)
{
	return crypt_data(L, cipher_decrypt, "BDN");
}

/* cipher.translate(key, mode, key, mode, data, iv, iv [, code]) -> data: out of the
 * first key, mode and IV (nil for mode 0) into the second; a script sees no clear data. */
static int
l_translate(lua_State *L)
{
	const struct key *from = value_key_for(L, 1, data_keys);
	const struct key *to = value_key_for(L, 3, data_keys);
	enum cipher_mode from_mode = mode_at(L, 2), to_mode = mode_at(L, 4);
	struct span data = value_data(L, 5);
	uint8_t from_iv[CIPHER_BLOCK_MAX], to_iv[CIPHER_BLOCK_MAX], *out;
	int r;

	value_key_mode(L, from, "BDN");
	value_key_mode(L, to, "BEN");
	check_length(L, 8, from, data);
	check_length(L, 8, to, data);
	iv_at(L, 6, from, from_mode, from_iv);
	iv_at(L, 7, to, to_mode, to_iv);
	out = value_push_data(L, data.n);
	if ((r = cipher_decrypt(from, from_mode, from_iv, data, out)) == 0)
		r = cipher_encrypt(to, to_mode, to_iv, span_of(out, data.n), out);
	return lua_result(L, r);
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
	{ "translate", l_translate },
	{ "next",    l_next },
	{ NULL, NULL }
};
