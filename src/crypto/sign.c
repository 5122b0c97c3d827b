/*
 * sign: one struct for both libraries.
 *
 * libcrypto's contexts are kept with the key, because making one costs more
 * than an ECDSA signature.
 */
#include "crypto/sign.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <sodium.h>

#include "crypto/ed25519ph.h"
#include "err.h"
#include "secret.h"

enum { USES = 2, SMALLEST = 64 };	/* bytes of a piece of the secure heap */

enum use { USE_SIGN, USE_VERIFY };

struct sign_key {
	const struct algorithm *algorithm;
	EVP_PKEY     *pkey;
	EVP_PKEY_CTX *context[USES];
	unsigned      hash[USES];	/* that the context is set up for */
	uint8_t      *secret;		/* Ed25519: libsodium's form, in the slab */
	uint8_t       public[ED25519_PUBLIC];
};

static bool
is_ed25519(const struct algorithm *a)
{
	return a->kind == ALGORITHM_ED25519 || a->kind == ALGORITHM_ED25519PH;
}

static bool
is_rsa(const struct algorithm *a)
{
	return a->kind == ALGORITHM_RSA_PKCS1 || a->kind == ALGORITHM_RSA_PSS;
}

static const char *
curve(const struct algorithm *a)
{
	return a->bits == 256 ? "P-256" : a->bits == 384 ? "P-384" : "P-521";
}

int
sign_init(void)
{
	/* 2: it is there, but could not be locked, which secret_init has told of */
	if (!CRYPTO_secure_malloc_initialized() && CRYPTO_secure_malloc_init(SIGN_HEAP,
	    SMALLEST) == 0)
		return ERR_CRYPTO;
	return 0;
}

void
sign_free(struct sign_key *k)
{
	if (k == NULL)
		return;
	for (int i = 0; i < USES; i++)
		EVP_PKEY_CTX_free(k->context[i]);
	EVP_PKEY_free(k->pkey);
	secret_free(k->secret);
	free(k);
}

/* Is pkey of that algorithm? */
static bool
fits(const struct algorithm *a, EVP_PKEY *pkey)
{
	char group[32];
	size_t n;

	if (is_ed25519(a))
		return EVP_PKEY_get_base_id(pkey) == EVP_PKEY_ED25519;
	if (is_rsa(a))
		return EVP_PKEY_get_base_id(pkey) == EVP_PKEY_RSA &&
		    EVP_PKEY_get_bits(pkey) == a->bits;
	return EVP_PKEY_get_base_id(pkey) == EVP_PKEY_EC &&
	    EVP_PKEY_get_group_name(pkey, group, sizeof(group), &n) == 1 &&
	    OBJ_sn2nid(group) == EC_curve_nist2nid(curve(a));
}

/* libsodium's form of the pair. */
static bool
take_ed25519(struct sign_key *k)
{
	uint8_t seed[crypto_sign_SEEDBYTES];
	size_t n = sizeof(seed);

	if ((k->secret = secret_alloc(ED25519_SECRET)) == NULL ||
	    EVP_PKEY_get_raw_private_key(k->pkey, seed, &n) != 1)
		return false;
	crypto_sign_seed_keypair(k->public, k->secret, seed);
	sodium_memzero(seed, sizeof(seed));
	return true;
}

/* A key around pkey, which is taken over (NULL is fine). NULL: it is not of that algorithm. */
static struct sign_key *
wrap(const struct algorithm *a, EVP_PKEY *pkey, bool private)
{
	struct sign_key *k = pkey != NULL ? calloc(1, sizeof(*k)) : NULL;
	size_t n = ED25519_PUBLIC;
	bool good = k != NULL && fits(a, pkey);

	if (k == NULL) {
		EVP_PKEY_free(pkey);
	} else {
		k->algorithm = a;
		k->pkey = pkey;
	}
	if (good && is_ed25519(a))
		good = private ? take_ed25519(k) :
		    EVP_PKEY_get_raw_public_key(pkey, k->public, &n) == 1;
	ERR_clear_error();
	if (good)
		return k;
	sign_free(k);
	return NULL;
}

struct sign_key *
sign_open(const struct algorithm *a, struct span der)
{
	int type = is_ed25519(a) ? EVP_PKEY_ED25519 : is_rsa(a) ? EVP_PKEY_RSA : EVP_PKEY_EC;
	const unsigned char *p = der.p;
	EVP_PKEY *pkey = d2i_PrivateKey(type, NULL, &p, (long)der.n);

	if (pkey != NULL && p != der.p + der.n) {
		EVP_PKEY_free(pkey);
		pkey = NULL;
	}
	return wrap(a, pkey, true);
}

struct sign_key *
sign_open_public(const struct algorithm *a, struct span pem)
{
	BIO *in = BIO_new_mem_buf(pem.p, (int)pem.n);
	EVP_PKEY *pkey = NULL;
	unsigned char *der;
	const unsigned char *p;
	long n;

	/* PEM_read_bio_PUBKEY tries all that libcrypto reads: four times as long */
	if (in != NULL && PEM_bytes_read_bio(&der, &n, NULL, PEM_STRING_PUBLIC, in, NULL,
	    NULL) == 1) {
		p = der;
		pkey = d2i_PUBKEY(NULL, &p, n);
		OPENSSL_free(der);
	}
	BIO_free(in);
	return wrap(a, pkey, false);
}

/* Sign something and verify it, as a module has to before it hands out a key. */
static bool
works(struct sign_key *k)
{
	static const uint8_t digest[ALGORITHM_DIGEST_MAX] = { 0xA5 };
	struct span data = span_of(digest, algorithm_digest_length(k->algorithm->hash));
	uint8_t signature[SIGN_SIGNATURE];
	size_t n;

	return sign_make(k, k->algorithm->hash, data, signature, &n) == 0 &&
	    sign_verify(k, k->algorithm->hash, data, span_of(signature, n)) == 0;
}

struct sign_key *
sign_generate(const struct algorithm *a)
{
	struct sign_key *k;
	EVP_PKEY *pkey;

	if (is_ed25519(a))
		pkey = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	else if (is_rsa(a))
		pkey = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)a->bits);
	else
		pkey = EVP_PKEY_Q_keygen(NULL, NULL, "EC", curve(a));
	if ((k = wrap(a, pkey, true)) == NULL || works(k))
		return k;
	sign_free(k);
	return NULL;
}

int
sign_private(const struct sign_key *k, uint8_t der[SIGN_DER], size_t *n)
{
	PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(k->pkey);
	unsigned char *p = der;
	int len = info != NULL ? i2d_PKCS8_PRIV_KEY_INFO(info, NULL) : 0, r = ERR_CRYPTO;

	if (len > 0 && len <= SIGN_DER && i2d_PKCS8_PRIV_KEY_INFO(info, &p) == len) {
		*n = (size_t)len;
		r = 0;
	}
	PKCS8_PRIV_KEY_INFO_free(info);
	ERR_clear_error();
	return r;
}

int
sign_public(const struct sign_key *k, char pem[SIGN_PEM], size_t *n)
{
	BIO *out = BIO_new(BIO_s_mem());
	char *text;
	long len = 0;
	int r = ERR_CRYPTO;

	if (out != NULL && PEM_write_bio_PUBKEY(out, k->pkey) == 1)
		len = BIO_get_mem_data(out, &text);
	if (len > 0 && len <= SIGN_PEM) {
		memcpy(pem, text, (size_t)len);
		*n = (size_t)len;
		r = 0;
	}
	BIO_free(out);
	ERR_clear_error();
	return r;
}

/* --- using --------------------------------------------------------------- */

/* May this key sign this? 0, ERR_WANTS_MESSAGE, ERR_DIGEST. */
static int
check_data(const struct algorithm *a, unsigned hash, struct span data)
{
	if (a->kind == ALGORITHM_ED25519)
		return hash == HASH_NONE ? 0 : ERR_WANTS_MESSAGE;
	if (hash == HASH_NONE || data.n != algorithm_digest_length(hash))
		return ERR_DIGEST;
	return a->kind == ALGORITHM_ED25519PH && hash != HASH_SHA512 ? ERR_DIGEST : 0;
}

static const EVP_MD *
digest_of(unsigned hash)
{
	switch (hash) {
	case HASH_SHA224: return EVP_sha224();
	case HASH_SHA256: return EVP_sha256();
	case HASH_SHA384: return EVP_sha384();
	default: return EVP_sha512();
	}
}

/* RSA: PKCS#1 v1.5 with its DigestInfo, or PSS with all parts by the same hash. */
static bool
set_padding(EVP_PKEY_CTX *c, const struct algorithm *a, unsigned hash)
{
	bool pss = a->kind == ALGORITHM_RSA_PSS;

	return EVP_PKEY_CTX_set_rsa_padding(c, pss ? RSA_PKCS1_PSS_PADDING :
	    RSA_PKCS1_PADDING) == 1 && EVP_PKEY_CTX_set_signature_md(c, digest_of(hash)) == 1 &&
	    (!pss || EVP_PKEY_CTX_set_rsa_pss_saltlen(c, RSA_PSS_SALTLEN_DIGEST) == 1);
}

/* The key's context for this use and hash. NULL: libcrypto refused. */
static EVP_PKEY_CTX *
context(struct sign_key *k, enum use use, unsigned hash)
{
	EVP_PKEY_CTX *c = k->context[use];

	/* ECDSA cuts any digest to the curve's length; RSA writes the hash's name into it */
	if (c != NULL && (!is_rsa(k->algorithm) || k->hash[use] == hash))
		return c;
	EVP_PKEY_CTX_free(c);
	k->context[use] = NULL;
	if ((c = EVP_PKEY_CTX_new_from_pkey(NULL, k->pkey, NULL)) == NULL ||
	    (use == USE_SIGN ? EVP_PKEY_sign_init(c) : EVP_PKEY_verify_init(c)) != 1 ||
	    (is_rsa(k->algorithm) && !set_padding(c, k->algorithm, hash))) {
		EVP_PKEY_CTX_free(c);
		return NULL;
	}
	k->context[use] = c;
	k->hash[use] = hash;
	return c;
}

static int
sign_by_libcrypto(struct sign_key *k, unsigned hash, struct span data,
    uint8_t signature[SIGN_SIGNATURE], size_t *n)
{
	EVP_PKEY_CTX *c = context(k, USE_SIGN, hash);
	int good;

	*n = SIGN_SIGNATURE;
	good = c != NULL && EVP_PKEY_sign(c, signature, n, data.p, data.n) == 1;
	ERR_clear_error();
	return good ? 0 : ERR_CRYPTO;
}

int
sign_make(struct sign_key *k, unsigned hash, struct span data,
    uint8_t signature[SIGN_SIGNATURE], size_t *n)
{
	int r = check_data(k->algorithm, hash, data);

	if (r != 0)
		return r;
	if (!is_ed25519(k->algorithm))
		return sign_by_libcrypto(k, hash, data, signature, n);
	if (k->secret == NULL)
		return ERR_CRYPTO;
	*n = ED25519PH_SIGNATURE;
	if (k->algorithm->kind == ALGORITHM_ED25519PH)
		return ed25519ph_sign(k->secret, data.p, signature);
	crypto_sign_detached(signature, NULL, data.p, data.n, k->secret);
	return 0;
}

int
sign_verify(struct sign_key *k, unsigned hash, struct span data, struct span signature)
{
	int r = check_data(k->algorithm, hash, data);
	EVP_PKEY_CTX *c;

	if (r != 0)
		return r;
	if (is_ed25519(k->algorithm) && signature.n != ED25519PH_SIGNATURE)
		return ERR_VERIFY;
	if (k->algorithm->kind == ALGORITHM_ED25519PH)
		return ed25519ph_verify(k->public, data.p, signature.p);
	if (k->algorithm->kind == ALGORITHM_ED25519)
		return crypto_sign_verify_detached(signature.p, data.p, data.n,
		    k->public) == 0 ? 0 : ERR_VERIFY;
	if ((c = context(k, USE_VERIFY, hash)) == NULL)
		r = ERR_CRYPTO;
	else if (EVP_PKEY_verify(c, signature.p, signature.n, data.p, data.n) != 1)
		r = ERR_VERIFY;
	ERR_clear_error();
	return r;
}
