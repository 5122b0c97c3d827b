/*
 * lua_rsa_key: keys of the LMK that travel encrypted under RSA, for scripts.
 */
#include <sodium.h>

#include "attributes.h"
#include "config.h"
#include "err.h"
#include "hex.h"
#include "key.h"
#include "keytype.h"
#include "lmk.h"
#include "lua_keys.h"
#include "lua_rsa.h"
#include "rsaform.h"
#include "sandbox.h"
#include "secret.h"

enum { ERR_MGF = -85, ERR_MGF_HASH = -86, ERR_LABEL = -87, PAIRED = 4, TYPE_DIGITS = 3 };

/* Clear bytes inside the padding, in the slab: one per process. */
static uint8_t *work;

/* The IV that the last key came with, and the request it belongs to. */
static struct {
	uint32_t request;
	uint8_t  bytes[RSAFORM_IV];
} last_iv;

static uint8_t *
get_work(lua_State *L)
{
	if (work == NULL && (work = secret_alloc(RSA_BYTES)) == NULL)
		luaL_error(L, "the memory for keys is used up");
	return work;
}

/* rsa.type(digits) -> data: the key type code of LMK pair 2N and variant 2N; FFF of FFFF. */
int
lua_rsa_type(lua_State *L)
{
	static const char digit[] = "0123456789ABCDEF";
	struct span text = value_data(L, 1);
	char code[TYPE_DIGITS] = { 'F', 'F', 'F' };
	bool found = text.n == PAIRED && memcmp(text.p, "FFFF", PAIRED) == 0;

	for (unsigned pair = 0; text.n == PAIRED && !found && pair < 0x0F; pair++) {
		unsigned first = keytype_pair(pair);

		code[0] = (char)text.p[3];
		code[1] = '0';
		code[2] = digit[pair];
		found = text.p[0] == '0' + first / 10 && text.p[1] == '0' + first % 10 &&
		    text.p[2] == '0' && keytype_parse(span_of(code, TYPE_DIGITS)) !=
		    KEYTYPE_NONE;
	}
	if (!found)
		return lua_raise(L, ERR_TYPE_CODE, "is no pair and variant of a key type");
	memcpy(value_push_data(L, TYPE_DIGITS), code, TYPE_DIGITS);
	return 1;
}

/* Two digits of text at at; the field was cut by schema_rsa. */
static unsigned
number(struct span text, size_t at)
{
	return (text.p[at] - '0') * 10u + (text.p[at + 1] - '0');
}

/* Padding at i, the group of OAEP (an oaep field) at i + 1. */
static struct rsa_scheme
scheme_at(lua_State *L, int i)
{
	struct rsa_scheme s = { .padding = (enum rsa_padding)value_int(L, i, 1, 2) };
	struct span text;

	if (s.padding == RSA_PKCS1)
		return s;
	text = value_data(L, i + 1);
	if (number(text, 0) != 1)
		lua_raise(L, ERR_MGF, "the mask generation function is not MGF1");
	s.hash = HASH_ID_SHA1;
	if (text.p[4] == ';')
		return s;
	s.hash = (enum hash_id)number(text, 2);
	if (hash_name(s.hash) == NULL)
		lua_raise(L, ERR_MGF_HASH, "is no hash for OAEP");
	s.label = span_sub(text, 6, text.n - 7);
	if (s.label.n != number(text, 4))
		lua_raise(L, ERR_LABEL, "the label is not as long as it says");
	return s;
}

/* The form at i: 1 when it is left out. */
static enum rsaform
form_at(lua_State *L, int i)
{
	return value_given(L, i) ? (enum rsaform)value_int(L, i, 1, 3) : RSAFORM_DER;
}

/* May the key leave under a public key? One in a key block is a trusted one. */
static int
judge_export(const struct key *key, struct span public)
{
	if (key->type != KEYTYPE_BLOCK)
		return keytype_pair(key->type) == KEYTYPE_NONE ? ERR_KEY_TYPE : 0;
	if (key->header.exportability == 'S')
		return 0;
	return key->header.exportability == 'E' && rsakey_is_block(public) ? 0 : ERR_EXPORT;
}

/*
 * rsa.wrap(key, public, auth, padding, oaep [, form]) -> data: the key under a
 * public key that the HSM has vouched for; padding 1 PKCS#1 v1.5, 2 OAEP.
 */
int
lua_rsa_wrap(lua_State *L)
{
	static const uint8_t zeros[RSAFORM_IV];
	const struct key *key = value_key(L, 1);
	struct span public = value_data(L, 2), auth = lua_rsa_auth(L, 3, &public);
	struct rsa_scheme scheme = scheme_at(L, 4);
	const struct rsaform_key parts = { span_of(key->bytes, key->len),
		span_of(zeros, RSAFORM_IV) };
	struct span clear = rsaform_write(form_at(L, 6), &parts, get_work(L), RSA_BYTES);
	uint8_t *out = value_push_data(L, RSA_BYTES);
	size_t n = 0;
	int r;

	if ((r = judge_export(key, public)) == 0)
		r = rsakey_encrypt(lua_request(L)->lmk, public, auth, &scheme, clear, out, &n);
	sodium_memzero(work, RSA_BYTES);
	value_cut(L, n);
	return r == ERR_INPUT ? lua_raise(L, ERR_TYPE_CODE, "is no RSA public key") :
	    lua_result(L, r);
}

/* The clear bytes as a key. size: the length flag, or -1. */
static int
take_key(lua_State *L, enum rsaform form, struct span clear, long size, struct key *key)
{
	struct rsaform_key parts;

	if (rsaform_read(form, clear, &parts) != 0)
		return RSAFORM_ERR;
	if ((parts.key.n != 8 && parts.key.n != 16 && parts.key.n != 24) ||
	    (size >= 0 && parts.key.n != 8 * (size_t)(size + 1)))
		return ERR_LENGTH_WARN;
	memcpy(key->bytes, parts.key.p, parts.key.n);
	key->len = (uint8_t)parts.key.n;
	key->scheme = "ZPT"[parts.key.n / 8 - 1];
	key_force_parity(key);
	last_iv.request = lua_request(L)->number;
	memset(last_iv.bytes, 0, RSAFORM_IV);
	if (parts.iv.n != 0)
		memcpy(last_iv.bytes, parts.iv.p, RSAFORM_IV);
	return 0;
}

/* Strict tells nothing of what was decrypted but that it is no good. */
static int
conceal(lua_State *L, int r)
{
	bool told = r == RSAFORM_ERR || r == ERR_LENGTH_WARN || r == RSA_ERR_BLOCK;

	return told && lua_request(L)->config->profile == PROFILE_STRICT ? RSA_ERR_BLOCK : r;
}

/*
 * rsa.unwrap(private, padding, oaep, data, type [, size [, form [, attributes]]]) -> key:
 * a key that came under the public key; size 0 single, 1 double, 2 triple. Parity is made odd.
 */
int
lua_rsa_unwrap(lua_State *L)
{
	const struct lmk *lmk = lua_request(L)->lmk;
	struct span field = value_data(L, 1), data = value_data(L, 4);
	struct rsa_scheme scheme = scheme_at(L, 2);
	unsigned type = lua_key_type(L, 5);
	long size = value_given(L, 6) ? value_int(L, 6, 0, 2) : -1;
	enum rsaform form = form_at(L, 7);
	struct attributes a;
	bool said = lua_key_attributes(L, 8, "umvxb", &a);
	struct key *key = value_push_key(L);
	EVP_PKEY *own;
	size_t n;
	int r;

	(void)get_work(L);
	if ((r = rsakey_open(lmk, field, RSAKEY_DECRYPT, &own)) == 0 &&
	    (r = rsa_decrypt(own, &scheme, data, work, &n)) == 0)
		r = take_key(L, form, span_of(work, n), size, key);
	sodium_memzero(work, RSA_BYTES);
	if (r == 0 && (r = lua_key_settle(L, key, type, said ? &a : NULL)) == 0 &&
	    lua_request(L)->config->profile == PROFILE_STRICT && key_is_weak(key))
		r = ERR_WEAK;
	return lua_result(L, conceal(L, r));
}

/* rsa.iv() -> data: the IV in front of the key that rsa.unwrap has opened, 16H. */
int
lua_rsa_iv(lua_State *L)
{
	if (last_iv.request != lua_request(L)->number)
		return luaL_error(L, "no key was unwrapped in this request");
	hex_encode(last_iv.bytes, RSAFORM_IV, (char *)value_push_data(L, 2 * RSAFORM_IV));
	return 1;
}
