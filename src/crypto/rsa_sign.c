/*
 * rsa_sign: signatures.
 *
 * PKCS#1 v1.5 is signed over a DigestInfo that is made here, so that every hash
 * of the host commands goes the same way, and verified by comparing with the one
 * DigestInfo that is right: nothing is parsed that a forger has made.
 */
#include "crypto/rsa.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <sodium.h>

#include "crypto/der.h"
#include "err.h"
#include "secret.h"

enum { PREFIX_MAX = 19, INFO_MAX = PREFIX_MAX + HASH_MAX, PKCS1_OVERHEAD = 11 };

/* DigestInfo up to the digest: algorithm with NULL, and the head of the OCTET STRING. */
static const struct {
	uint8_t n;
	uint8_t bytes[PREFIX_MAX];
} prefixes[HASH_IDS] = {
	[HASH_ID_SHA1] = { 15, { 0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2B, 0x0E, 0x03, 0x02,
	    0x1A, 0x05, 0x00, 0x04, 0x14 } },
	[HASH_ID_MD5] = { 18, { 0x30, 0x20, 0x30, 0x0C, 0x06, 0x08, 0x2A, 0x86, 0x48, 0x86,
	    0xF7, 0x0D, 0x02, 0x05, 0x05, 0x00, 0x04, 0x10 } },
	[HASH_ID_MDC2] = { 14, { 0x30, 0x1C, 0x30, 0x08, 0x06, 0x04, 0x55, 0x08, 0x03, 0x65,
	    0x05, 0x00, 0x04, 0x10 } },
	[HASH_ID_SHA224] = { 19, { 0x30, 0x2D, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
	    0x65, 0x03, 0x04, 0x02, 0x04, 0x05, 0x00, 0x04, 0x1C } },
	[HASH_ID_SHA256] = { 19, { 0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
	    0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20 } },
	[HASH_ID_SHA384] = { 19, { 0x30, 0x41, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
	    0x65, 0x03, 0x04, 0x02, 0x02, 0x05, 0x00, 0x04, 0x30 } },
	[HASH_ID_SHA512] = { 19, { 0x30, 0x51, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
	    0x65, 0x03, 0x04, 0x02, 0x03, 0x05, 0x00, 0x04, 0x40 } },
};

/* Is it SEQUENCE { SEQUENCE { OID .. }, OCTET STRING } and nothing else? */
static bool
is_digest_info(struct span data)
{
	struct span body, algorithm, oid, digest;

	return der_take(&data, DER_SEQUENCE, &body) == 0 && data.n == 0 &&
	    der_take(&body, DER_SEQUENCE, &algorithm) == 0 &&
	    der_take(&algorithm, DER_OID, &oid) == 0 &&
	    der_take(&body, DER_OCTETS, &digest) == 0 && body.n == 0;
}

/* Is it as long as a digest, that of SSL's MD5 and SHA-1 together included? */
static bool
is_digest(struct span data)
{
	for (int id = 0; id < HASH_IDS; id++)
		if (data.n == hash_length((enum hash_id)id) && data.n != 0)
			return true;
	return data.n == 36;
}

/* What is signed: the host's own digest, or the DigestInfo of data. */
static int
make_info(enum hash_id hash, struct span data, uint8_t info[INFO_MAX], struct span *out)
{
	int r;

	*out = data;
	if (hash == HASH_ID_NONE)
		return is_digest(data) || is_digest_info(data) ? 0 : RSA_ERR_DIGEST_INFO;
	if (hash_length(hash) == 0)
		return ERR_INPUT;
	memcpy(info, prefixes[hash].bytes, prefixes[hash].n);
	if ((r = hash_make(hash, data, info + prefixes[hash].n)) != 0)
		return r;
	*out = span_of(info, prefixes[hash].n + hash_length(hash));
	return 0;
}

static size_t
modulus(const EVP_PKEY *key)
{
	return (size_t)EVP_PKEY_get_size(key);
}

/* Set padding, and for PSS hash and length of the salt. */
static bool
set_padding(EVP_PKEY_CTX *ctx, enum rsa_padding padding, enum hash_id hash, int salt)
{
	if (padding != RSA_PSS)
		return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) == 1;
	return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) == 1 &&
	    EVP_PKEY_CTX_set_signature_md(ctx, EVP_get_digestbyname(hash_name(hash))) == 1 &&
	    EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, salt) == 1;
}

/* The digest or DigestInfo to sign or compare, if the modulus has room for it. */
static int
prepare(const EVP_PKEY *key, enum rsa_padding padding, enum hash_id hash, struct span data,
    uint8_t info[INFO_MAX], struct span *out)
{
	int r;

	if (padding == RSA_PSS) {
		if (hash_length(hash) == 0 || hash_name(hash) == NULL)
			return ERR_INPUT;
		*out = span_of(info, hash_length(hash));
		if ((r = hash_make(hash, data, info)) != 0)
			return r;
		return modulus(key) < 2 * out->n + 2 ? RSA_ERR_LENGTH : 0;
	}
	if ((r = make_info(hash, data, info, out)) != 0)
		return r;
	return modulus(key) < out->n + PKCS1_OVERHEAD ? RSA_ERR_LENGTH : 0;
}

int
rsa_sign(EVP_PKEY *key, enum rsa_padding padding, enum hash_id hash, struct span data,
    uint8_t *signature, size_t *n)
{
	EVP_PKEY_CTX *ctx;
	uint8_t info[INFO_MAX];
	struct span digest;
	int r;

	if ((r = prepare(key, padding, hash, data, info, &digest)) != 0)
		return r;
	*n = RSA_BYTES;
	secret_enter();
	ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
	if (ctx == NULL || EVP_PKEY_sign_init(ctx) != 1 ||
	    !set_padding(ctx, padding, hash, RSA_PSS_SALTLEN_DIGEST) ||
	    EVP_PKEY_sign(ctx, signature, n, digest.p, digest.n) != 1)
		r = ERR_CRYPTO;
	EVP_PKEY_CTX_free(ctx);
	secret_leave();
	return r;
}

static int
verify_pkcs1(EVP_PKEY_CTX *ctx, struct span digest, struct span signature)
{
	uint8_t found[RSA_BYTES];
	size_t n = sizeof(found);

	if (EVP_PKEY_verify_recover_init(ctx) != 1 || !set_padding(ctx, RSA_PKCS1, 0, 0))
		return ERR_CRYPTO;
	if (EVP_PKEY_verify_recover(ctx, found, &n, signature.p, signature.n) != 1 ||
	    n != digest.n || memcmp(found, digest.p, n) != 0)
		return ERR_VERIFY;
	return 0;
}

static int
verify_pss(EVP_PKEY_CTX *ctx, enum hash_id hash, struct span digest, struct span signature)
{
	if (EVP_PKEY_verify_init(ctx) != 1 ||
	    !set_padding(ctx, RSA_PSS, hash, RSA_PSS_SALTLEN_AUTO))
		return ERR_CRYPTO;
	return EVP_PKEY_verify(ctx, signature.p, signature.n, digest.p, digest.n) == 1 ?
	    0 : ERR_VERIFY;
}

int
rsa_verify(EVP_PKEY *key, enum rsa_padding padding, enum hash_id hash, struct span data,
    struct span signature)
{
	EVP_PKEY_CTX *ctx;
	uint8_t info[INFO_MAX];
	struct span digest;
	int r;

	if ((r = prepare(key, padding, hash, data, info, &digest)) != 0)
		return r;
	if (signature.n != modulus(key))
		return ERR_VERIFY;
	if ((ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL)) == NULL)
		return ERR_CRYPTO;
	r = padding == RSA_PSS ? verify_pss(ctx, hash, digest, signature) :
	    verify_pkcs1(ctx, digest, signature);
	EVP_PKEY_CTX_free(ctx);
	ERR_clear_error();
	return r;
}
