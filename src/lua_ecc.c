/*
 * lua_ecc: elliptic curve keys for scripts.
 *
 * Private keys are key blocks under the LMK, and what two keys agree on is a key: no
 * script sees either.
 */
#include <openssl/evp.h>
#include <sodium.h>

#include "attributes.h"
#include "ecckey.h"
#include "err.h"
#include "key.h"
#include "keytype.h"
#include "lua_keys.h"
#include "sandbox.h"
#include "secret.h"

enum { ERR_PEER = -4, ERR_CURVE = ERR_HSM('D', '2') };

/* The shared coordinate, in the slab: one per process. */
static uint8_t *work;

/* ecc.generate(curve, attributes) -> data: a new private key; 0 P-256, 1 P-384, 2 P-521. */
static int
l_generate(lua_State *L)
{
	const struct lmk *lmk = lua_request(L)->lmk;
	enum ecc_curve curve = (enum ecc_curve)value_int(L, 1, 0, ECC_CURVES - 1);
	struct keyblock_header h = { 0 };
	struct attributes a;
	EVP_PKEY *key;
	uint8_t *out;
	size_t n = 0;
	int r;

	if (!lua_key_attributes(L, 2, "mvxb", &a))
		return lua_raise(L, ERR_INPUT, "a key block needs attributes");
	attributes_apply(&a, &h);
	if (lmk_scheme(lmk) != LMK_AES_BLOCK)
		return lua_raise(L, lmk_scheme(lmk) == LMK_VARIANT ? ERR_LMK_SCHEME :
		    ERR_WEAKER_LMK, "a curve's key needs an AES key block LMK");
	out = value_push_data(L, ECCKEY_FIELD);
	if ((r = ecc_generate(curve, &key)) == 0)
		r = ecckey_wrap(lmk, key, &h, out, &n);
	EVP_PKEY_free(key);
	value_cut(L, n);
	return lua_result(L, r);
}

/* ecc.public(private) -> data: the public key as SubjectPublicKeyInfo in DER. */
static int
l_public(lua_State *L)
{
	struct span field = value_data(L, 1);
	uint8_t *out = value_push_data(L, ECC_PUBLIC);
	EVP_PKEY *key;
	size_t n = 0;
	int r;

	if ((r = ecckey_open(lua_request(L)->lmk, field, "SXN", &key)) == 0) {
		r = ecc_public_write(key, out, &n);
		EVP_PKEY_free(key);
	}
	value_cut(L, n);
	return lua_result(L, r);
}

/* What the two keys agree on, to work. */
static int
agree(const struct lmk *lmk, struct span field, struct span public, size_t *n)
{
	EVP_PKEY *own, *peer;
	int r;

	if ((r = ecckey_open(lmk, field, "XN", &own)) != 0)
		return r;
	if (ecc_public_read(public, &peer) != 0)
		r = ERR_PEER;
	else if (ecc_curve_of(own) != ecc_curve_of(peer))
		r = ERR_CURVE;
	else
		r = ecc_agree(own, peer, work);
	*n = ecc_length(ecc_curve_of(own));
	EVP_PKEY_free(peer);
	EVP_PKEY_free(own);
	return r;
}

/*
 * ecc.derive(private, public, kdf, hash, info, bits, attributes) -> key: kdf 1 NIST
 * SP 800-56A, 2 ANSI X9.63. A DES key gets odd parity.
 */
static int
l_derive(lua_State *L)
{
	struct span field = value_data(L, 1), public = value_data(L, 2);
	enum ecc_kdf kdf = (enum ecc_kdf)value_int(L, 3, 1, 2);
	enum hash_id hash = (enum hash_id)value_int(L, 4, 0, 99);
	struct span info = value_data(L, 5);
	long bits = value_int(L, 6, 0, 99999);
	struct attributes a;
	struct key *key;
	size_t n = 0;
	int r;

	if (!lua_key_attributes(L, 7, "uamvxb", &a) || bits != 8 * a.key_len ||
	    info.n > ECC_INFO)
		return lua_raise(L, ERR_DATA_LENGTH, "a length does not fit");
	if (work == NULL && (work = secret_alloc(ECC_BYTES)) == NULL)
		return luaL_error(L, "the memory for keys is used up");
	key = value_push_key(L);
	if ((r = agree(lua_request(L)->lmk, field, public, &n)) == 0)
		r = ecc_derive(kdf, hash, span_of(work, n), info, key->bytes, a.key_len);
	sodium_memzero(work, ECC_BYTES);
	key->len = a.key_len;
	key->aes = a.header.algorithm == 'A';
	key->odd = true;
	key->scheme = 'S';
	key->type = KEYTYPE_BLOCK;
	key->header.version = '1';
	attributes_apply(&a, &key->header);
	if (r == 0 && !key->aes)
		key_force_parity(key);
	return lua_result(L, r);
}

const luaL_Reg lua_ecc_functions[] = {
	{ "generate", l_generate },
	{ "public",   l_public },
	{ "derive",   l_derive },
	{ NULL, NULL }
};
