/*
 * lua_rsa: RSA keys and signatures for scripts; keys under RSA are in
 * lua_rsa_key.c.
 *
 * Private keys are fields under the LMK: no script sees one opened. A public key
 * is one that the HSM has vouched for, with the authentication data that
 * its MAC covers.
 */
#include "lua_rsa.h"

#include "attributes.h"
#include "config.h"
#include "err.h"
#include "lmk.h"
#include "rsastore.h"
#include "sandbox.h"

enum { ERR_EXPONENT_LENGTH = -6, ERR_EXPONENT = -8, ERR_HASH = -5, ERR_DER = -4 };

static bool
is_block_lmk(lua_State *L)
{
	return lmk_scheme(lua_request(L)->lmk) != LMK_VARIANT;
}

struct span
lua_rsa_auth(lua_State *L, int i, struct span *before)
{
	struct span auth = value_given(L, i) ? value_data(L, i) : span_of(NULL, 0);
	uint8_t *p;

	if (auth.n == 0 || auth.p == before->p + before->n)
		return auth;
	if ((p = request_bytes(lua_request(L), before->n + auth.n)) == NULL)
		luaL_error(L, "a request may make at most %d bytes", REQUEST_ARENA);
	memcpy(p, before->p, before->n);
	memcpy(p + before->n, auth.p, auth.n);
	*before = span_of(p, before->n);
	return span_of(p + before->n, auth.n);
}

/*
 * The header that version 2N, optional blocks 2N and, behind &, exportability 1A at
 * i describe. Under a variant LMK there is none: what is there is refused in strict.
 */
static void
header_at(lua_State *L, int i, struct keyblock_header *h)
{
	struct span text;
	struct attributes a;
	size_t n;
	int r;

	*h = (struct keyblock_header){ .exportability = 'S' };
	if (!is_block_lmk(L)) {
		if (value_given(L, i) && lua_request(L)->config->profile == PROFILE_STRICT)
			lua_raise(L, ERR_INPUT, "attributes are for key blocks");
		return;
	}
	if (!value_given(L, i))
		lua_raise(L, ERR_INPUT, "a key block needs attributes");
	text = value_data(L, i);
	if ((r = attributes_read("vb", text, &a, &n)) != 0)
		lua_raise(L, r, "the attributes do not fit here");
	attributes_apply(&a, h);
	if (text.n == n + 2 && text.p[n] == '&')
		h->exportability = (char)text.p[n + 1];
	else if (text.n != n)
		lua_raise(L, ERR_INPUT, "the attributes do not fit here");
}

/* The public exponent at i, by default 65537. */
static struct span
exponent_at(lua_State *L, int i)
{
	struct span e = value_given(L, i) ? value_data(L, i) : SPAN("\1\0\1");

	while (e.n > 1 && e.p[0] == 0)
		e = span_sub(e, 1, e.n - 1);
	if (e.n == 0 || e.n > RSA_EXPONENT)
		lua_raise(L, ERR_EXPONENT_LENGTH, "an exponent has 1 to 64 bits");
	if ((e.p[e.n - 1] & 1) == 0 || (e.n == 1 && e.p[0] == 1))
		lua_raise(L, ERR_EXPONENT, "an exponent is odd and not 1");
	return e;
}

/*
 * rsa.generate(type, bits [, exponent [, attributes]]) -> data: a new private key under the
 * LMK, its length in front; type 0 signature, 1 key management, 2 both, 3 ICC, 4 TLS.
 */
static int
l_generate(lua_State *L)
{
	const struct lmk *lmk = lua_request(L)->lmk;
	enum rsakey_type type = (enum rsakey_type)value_int(L, 1, 0, RSAKEY_TLS);
	long bits = value_int(L, 2, 0, 9999);
	struct span e = exponent_at(L, 3);
	struct keyblock_header h;
	EVP_PKEY *key;
	uint8_t *out;
	size_t n = 0;
	int r;

	if (bits < RSA_BITS_LEAST || bits > RSA_BITS_MOST || bits % 2 != 0)
		return lua_raise(L, RSAKEY_ERR_BITS, "a modulus has 512 to 4096 bits");
	header_at(L, 4, &h);
	if (lmk_scheme(lmk) == LMK_3DES_BLOCK && bits > RSAKEY_DES3_BITS)
		return lua_raise(L, ERR_WEAKER_LMK, "a triple DES LMK takes up to 2048 bits");
	out = value_push_data(L, RSAKEY_FIELD);
	if ((r = rsa_generate((unsigned)bits, e, &key)) == 0)
		r = rsakey_wrap(lmk, key, type, &h, out, &n);
	rsa_free(key);
	value_cut(L, n);
	return lua_result(L, r);
}

/* rsa.public(private, encoding) -> data: the public key in DER, 1 without signs, 2 with. */
static int
l_public(lua_State *L)
{
	struct span field = value_data(L, 1);
	enum rsa_encoding encoding = (enum rsa_encoding)value_int(L, 2, 1, 2);
	uint8_t *out = value_push_data(L, RSA_PUBLIC_MAX), bytes[RSA_BYTES + RSA_EXPONENT];
	struct rsa_public public;
	struct span der;
	EVP_PKEY *key;
	int r;

	if ((r = rsakey_open(lua_request(L)->lmk, field, RSAKEY_ANY, &key)) == 0 &&
	    (r = rsa_public_of(key, bytes, &public)) == 0) {
		der = rsa_public_write(&public, encoding, out);
		memmove(out, der.p, der.n);
		value_cut(L, der.n);
	}
	return lua_result(L, r);
}

/* rsa.vouch(der, auth [, attributes]) -> data: MAC and key, or an S block with these attributes. */
static int
l_vouch(lua_State *L)
{
	struct span der = value_data(L, 1), auth = lua_rsa_auth(L, 2, &der);
	struct keyblock_header h = { 0 };
	struct attributes a;
	size_t n = 0, used;
	int r;

	if (is_block_lmk(L) != value_given(L, 3))
		return lua_raise(L, ERR_INPUT, is_block_lmk(L) ?
		    "a key block needs attributes" : "attributes are for key blocks");
	if (value_given(L, 3)) {
		if ((r = attributes_read("mvxb", value_data(L, 3), &a, &used)) != 0)
			return lua_raise(L, r, "the attributes do not fit here");
		attributes_apply(&a, &h);
	}
	r = rsakey_vouch(lua_request(L)->lmk, der, auth, &h,
	    value_push_data(L, RSAKEY_PUBLIC), &n);
	value_cut(L, n);
	return r == ERR_INPUT ? lua_raise(L, ERR_DER, "is no RSA public key") : lua_result(L, r);
}

/* rsa.check(public, auth): raises 01 when the HSM has not vouched for the key, 04. */
static int
l_check(lua_State *L)
{
	struct span public = value_data(L, 1), auth = lua_rsa_auth(L, 2, &public);
	uint8_t buffer[RSAKEY_PUBLIC];
	struct rsa_public key;
	int r = rsakey_public(lua_request(L)->lmk, public, auth, buffer, &key);

	return r == 0 ? 0 : lua_raise(L, r == ERR_INPUT ? ERR_DER : r, NULL);
}

/* rsa.remac(public, auth) -> data: the MAC under the LMK of a key with one of the old LMK. */
static int
l_remac(lua_State *L)
{
	const struct lmk *old = lmk_old(lua_request(L)->lmk);
	struct span public = value_data(L, 1), auth = lua_rsa_auth(L, 2, &public);
	uint8_t buffer[RSAKEY_PUBLIC], *mac = value_push_data(L, RSAKEY_MAC);
	struct rsa_public key;
	int r;

	if (old == NULL)
		return lua_raise(L, ERR_OLD_LMK, NULL);
	if (rsakey_is_block(public))
		return lua_raise(L, ERR_LMK_SCHEME, "a key block has no MAC to move");
	if ((r = rsakey_public(old, public, auth, buffer, &key)) == 0)
		r = rsakey_mac(lua_request(L)->lmk, span_of(public.p + RSAKEY_MAC,
		    public.n - RSAKEY_MAC + auth.n), mac);
	return lua_result(L, r == ERR_INPUT ? ERR_DER : r);
}

/* rsa.store(index, private): keep a private key under an index from 0 to 20. */
static int
l_store(lua_State *L)
{
	long index = value_int(L, 1, 0, RSASTORE_INDEXES - 1);
	struct span field = value_data(L, 2);
	EVP_PKEY *key;
	int r;

	if ((r = rsakey_open(lua_request(L)->lmk, field, RSAKEY_ANY, &key)) != 0)
		return lua_raise(L, r, NULL);
	rsastore_put((unsigned)index, field);
	return 0;
}

/* rsa.move(private [, attributes]) -> data: a private key of the old LMK under the live one. */
static int
l_move(lua_State *L)
{
	const struct lmk *old = lmk_old(lua_request(L)->lmk);
	struct span field = value_data(L, 1);
	struct keyblock_header h;
	size_t n = 0;
	int r;

	if (old == NULL)
		return lua_raise(L, ERR_OLD_LMK, NULL);
	if (lmk_scheme(old) != LMK_VARIANT && !is_block_lmk(L))
		return lua_raise(L, ERR_LMK_SCHEME, "keys don't go from key blocks to variants");
	header_at(L, 2, &h);
	r = rsakey_move(old, lua_request(L)->lmk, field, &h,
	    value_push_data(L, RSAKEY_FIELD), &n);
	value_cut(L, n);
	return lua_result(L, r);
}

/* Hash at i, padding at i + 1, as the commands number them. */
static void
method_at(lua_State *L, int i, enum hash_id *hash, enum rsa_padding *padding)
{
	*hash = (enum hash_id)value_int(L, i, 0, 99);
	*padding = value_int(L, i + 1, 1, 4) == RSA_PSS ? RSA_PSS : RSA_PKCS1;
	if (*padding == RSA_PSS ? hash_name(*hash) == NULL :
	    *hash != HASH_ID_NONE && hash_length(*hash) == 0)
		lua_raise(L, ERR_HASH, "is no hash for this padding");
}

/* rsa.sign(private, hash, padding, data) -> data: padding 1 PKCS#1 v1.5, 4 PSS. */
static int
l_sign(lua_State *L)
{
	struct span field = value_data(L, 1), data = value_data(L, 4);
	uint8_t *out = value_push_data(L, RSA_BYTES);
	enum rsa_padding padding;
	enum hash_id hash;
	EVP_PKEY *key;
	size_t n = 0;
	int r;

	method_at(L, 2, &hash, &padding);
	if ((r = rsakey_open(lua_request(L)->lmk, field, RSAKEY_SIGN, &key)) == 0)
		r = rsa_sign(key, padding, hash, data, out, &n);
	value_cut(L, n);
	return lua_result(L, r);
}

/* rsa.verify(public, auth, hash, padding, data, signature [, code]): raises 01 for the
 * key, code (02) for the signature. */
static int
l_verify(lua_State *L)
{
	struct span public = value_data(L, 1), auth = lua_rsa_auth(L, 2, &public);
	struct span data = value_data(L, 5);
	struct rsakey_signature s;
	int r;

	method_at(L, 3, &s.hash, &s.padding);
	s.bytes = value_data(L, 6);
	r = rsakey_verify(lua_request(L)->lmk, public, auth, &s, data);
	if (r == RSAKEY_ERR_SIGNATURE && value_given(L, 7))
		r = value_code(L, 7);
	return r == 0 ? 0 : lua_raise(L, r == ERR_INPUT ? ERR_DER : r, NULL);
}

const luaL_Reg lua_rsa_functions[] = {
	{ "generate", l_generate },
	{ "public",   l_public },
	{ "vouch",    l_vouch },
	{ "check",    l_check },
	{ "remac",    l_remac },
	{ "store",    l_store },
	{ "move",     l_move },
	{ "sign",     l_sign },
	{ "verify",   l_verify },
	{ "type",     lua_rsa_type },
	{ "wrap",     lua_rsa_wrap },
	{ "unwrap",   lua_rsa_unwrap },
	{ "iv",       lua_rsa_iv },
	{ NULL, NULL }
};
