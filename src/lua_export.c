/*
 * lua_export: TR-34 messages and certificate requests for scripts.
 */
#include <openssl/evp.h>

#include "attributes.h"
#include "crypto/csr.h"
#include "ecckey.h"
#include "err.h"
#include "key.h"
#include "keytype.h"
#include "lua_keys.h"
#include "lua_rsa.h"
#include "sandbox.h"
#include "tr34.h"

enum { ERR_DER = -4 };

/* The header of the key that was enveloped last, and the request it belongs to. */
static struct {
	uint32_t request;
	char     text[KEYBLOCK_HEADER];
} header;

/* The header that a key leaves with: its own, or what the attributes at i say. */
static struct keyblock_header
header_of(lua_State *L, const struct key *key, int i)
{
	struct keyblock_header h = key->header;
	struct attributes a;
	bool said = lua_key_attributes(L, i, "umvxb", &a);

	if (said == (key->type == KEYTYPE_BLOCK))
		lua_raise(L, ERR_INPUT, said ? "a key block has attributes of its own" :
		    "a key that is in no block needs attributes");
	if (said) {
		attributes_apply(&a, &h);
		h.version = '0';
		h.algorithm = key->len == 8 ? 'D' : 'T';
	}
	if (h.exportability == 'N')
		lua_raise(L, ERR_EXPORT, "the key may not leave");
	return h;
}

/*
 * tr34.envelope(key, kdh, krd, public, attributes, version) -> data: the key in enveloped data
 * for a device's public key (DER, vouched for by nobody); kdh, krd: credential ids, DER.
 */
static int
l_envelope(lua_State *L)
{
	const struct key *key = value_key(L, 1);
	struct tr34 t = { .kdh = value_data(L, 2), .krd = value_data(L, 3),
		.key = span_of(key->bytes, key->len) };
	struct span public = value_data(L, 4), made;
	struct keyblock_header h = header_of(L, key, 5);
	char version = value_character(L, 6);
	uint8_t *out = value_push_data(L, TR34_MAX);
	struct rsa_public numbers;
	EVP_PKEY *device;
	int r;

	if ((r = tr34_header(&h, key->len, version, t.header)) != 0)
		return lua_raise(L, r, "the key has no header outside");
	if (rsa_public_read(public, &numbers) != 0)
		return lua_raise(L, ERR_DER, "is no RSA public key");
	if ((r = rsa_public_key(&numbers, &device)) == 0) {
		r = tr34_envelope(&t, device, out, &made);
		EVP_PKEY_free(device);
	}
	if (r == 0) {
		memmove(out, made.p, made.n);
		value_cut(L, made.n);
		header.request = lua_request(L)->number;
		memcpy(header.text, t.header, KEYBLOCK_HEADER);
	}
	return lua_result(L, r);
}

/* tr34.attributes(nonce, enveloped) -> data: what is to be signed, a SET. */
static int
l_attributes(lua_State *L)
{
	struct span nonce = value_data(L, 1), enveloped = value_data(L, 2), made;
	uint8_t *out = value_push_data(L, TR34_MAX);
	int r;

	if (header.request != lua_request(L)->number)
		return luaL_error(L, "no key was enveloped in this request");
	if ((r = tr34_attributes(header.text, nonce, enveloped, out, &made)) == 0) {
		memmove(out, made.p, made.n);
		value_cut(L, made.n);
	}
	return lua_result(L, r);
}

/* Six texts, each ended by ";". */
static void
subject_at(lua_State *L, int i, struct csr *csr)
{
	struct span text = value_data(L, i);

	for (unsigned k = 0; k < CSR_NAMES; k++) {
		const uint8_t *end = text.n != 0 ? memchr(text.p, ';', text.n) : NULL;

		if (end == NULL) {
			lua_raise(L, ERR_INPUT, "the subject is not six texts");
			return;
		}
		csr->name[k] = span_of(text.p, (size_t)(end - text.p));
		text = span_sub(text, csr->name[k].n + 1, text.n - csr->name[k].n - 1);
	}
	if (csr->name[CSR_NAMES - 1].n != 0 && csr->name[CSR_NAMES - 1].n != 2)
		lua_raise(L, ERR_INPUT, "a country has two letters");
}

static int
make_rsa(const struct lmk *lmk, struct csr *csr, struct span private, char *out, size_t *n)
{
	uint8_t der[RSA_PUBLIC_MAX], bytes[RSA_BYTES + RSA_EXPONENT];
	struct rsa_public public, own;
	struct span sent;
	EVP_PKEY *key;
	int r;

	if (rsa_public_read(csr->public, &public) != 0)
		return ERR_DER;
	if ((r = rsakey_open(lmk, private, RSAKEY_SIGN, &key)) != 0 ||
	    (r = rsa_public_of(key, bytes, &own)) != 0)
		return r;
	sent = rsa_public_write(&own, RSA_SIGNED, der);
	if (sent.n != csr->public.n || memcmp(sent.p, csr->public.p, sent.n) != 0)
		return ERR_INPUT;
	return csr_make(csr, key, out, n);
}

static int
make_ecdsa(const struct lmk *lmk, struct csr *csr, struct span private, char *out, size_t *n)
{
	uint8_t der[ECC_PUBLIC];
	EVP_PKEY *key;
	size_t len;
	int r;

	if ((r = ecckey_open(lmk, private, "SN", &key)) != 0)
		return r == ERR_MODE ? RSAKEY_ERR_TYPE : r;
	if ((r = ecc_public_write(key, der, &len)) == 0)
		r = len == csr->public.n && memcmp(der, csr->public.p, len) == 0 ?
		    csr_make(csr, key, out, n) : ERR_INPUT;
	EVP_PKEY_free(key);
	return r;
}

/*
 * csr.make(method, public, private, hash, subject) -> data: a certificate request in
 * PEM; method 1 RSA, 2 ECDSA. Raises 15 when the keys are no pair.
 */
static int
l_make(lua_State *L)
{
	const struct lmk *lmk = lua_request(L)->lmk;
	struct csr csr = { .rsa = value_int(L, 1, 1, 2) == 1, .public = value_data(L, 2),
		.hash = (enum hash_id)value_int(L, 4, HASH_ID_SHA224, HASH_ID_SHA512) };
	struct span private = value_data(L, 3);
	char *out = (char *)value_push_data(L, CSR_MAX);
	size_t n = 0;
	int r;

	subject_at(L, 5, &csr);
	if (lmk_scheme(lmk) == LMK_VARIANT)
		return lua_raise(L, ERR_INPUT, "requests are made under key block LMKs");
	r = csr.rsa ? make_rsa(lmk, &csr, private, out, &n) :
	    make_ecdsa(lmk, &csr, private, out, &n);
	value_cut(L, n);
	return lua_result(L, r);
}

const luaL_Reg lua_tr34_functions[] = {
	{ "envelope",   l_envelope },
	{ "attributes", l_attributes },
	{ NULL, NULL }
};

const luaL_Reg lua_csr_functions[] = {
	{ "make", l_make },
	{ NULL, NULL }
};
