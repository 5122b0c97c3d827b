/*
 * rsa_crypt: small secrets, that is keys, encrypted under RSA.
 *
 * PKCS#1 v1.5 padding is taken off here and not by libcrypto: without a branch or an
 * index that depends on what was decrypted, so that the time of a failure
 * does not tell which one it was (spec: threats A17).
 */
#include "crypto/rsa.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rsa.h>
#include <sodium.h>

#include "err.h"
#include "secret.h"

enum { PKCS1_OVERHEAD = 11, PKCS1_LEAST = 8 };

static bool
set_oaep(EVP_PKEY_CTX *ctx, const struct rsa_scheme *s)
{
	const EVP_MD *md = EVP_get_digestbyname(hash_name(s->hash));
	OSSL_PARAM label[2];

	label[0] = OSSL_PARAM_construct_octet_string(OSSL_ASYM_CIPHER_PARAM_OAEP_LABEL,
	    (void *)(uintptr_t)s->label.p, s->label.n);
	label[1] = OSSL_PARAM_construct_end();
	return md != NULL && EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_OAEP_PADDING) == 1 &&
	    EVP_PKEY_CTX_set_rsa_oaep_md(ctx, md) == 1 &&
	    EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, md) == 1 &&
	    (s->label.n == 0 || EVP_PKEY_CTX_set_params(ctx, label) == 1);
}

/* Bytes of the modulus that padding takes; 0: no such hash. */
static size_t
overhead(const struct rsa_scheme *s)
{
	if (s->padding == RSA_PKCS1)
		return PKCS1_OVERHEAD;
	return hash_name(s->hash) != NULL ? 2 * hash_length(s->hash) + 2 : 0;
}

int
rsa_encrypt(EVP_PKEY *key, const struct rsa_scheme *s, struct span clear, uint8_t *out,
    size_t *n)
{
	EVP_PKEY_CTX *ctx;
	int r = 0;

	if (overhead(s) == 0)
		return ERR_INPUT;
	if ((size_t)EVP_PKEY_get_size(key) < clear.n + overhead(s))
		return RSA_ERR_LENGTH;
	*n = RSA_BYTES;
	secret_enter();
	ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
	if (ctx == NULL || EVP_PKEY_encrypt_init(ctx) != 1 ||
	    (s->padding == RSA_PKCS1 ?
	    EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) != 1 : !set_oaep(ctx, s)) ||
	    EVP_PKEY_encrypt(ctx, out, n, clear.p, clear.n) != 1)
		r = ERR_CRYPTO;
	EVP_PKEY_CTX_free(ctx);
	secret_leave();
	return r;
}

/* All ones when a is 0, else zero. */
static uint32_t
is_zero(uint32_t a)
{
	return 0u - ((~a & (a - 1)) >> 31);
}

/* All ones when a < b (both below 2^31), else zero. */
static uint32_t
is_less(uint32_t a, uint32_t b)
{
	return 0u - ((a - b) >> 31);
}

/*
 * Bring the message of a block type 2 (len bytes) to its front: every byte is
 * moved by every power of two or stays, as the bits of its place say. Gives the message's
 * length, or len when there is none.
 */
static size_t
unpad(uint8_t *block, size_t len)
{
	uint32_t n = (uint32_t)len, at = 0, seen = 0, good, start;

	for (uint32_t i = 2; i < n; i++) {
		uint32_t here = is_zero(block[i]) & ~seen;

		at |= here & i;
		seen |= here;
	}
	good = is_zero(block[0]) & is_zero(block[1] ^ 2u) & seen &
	    ~is_less(at, 2 + PKCS1_LEAST);
	start = good & (at + 1);
	for (uint32_t step = 1; step < n; step <<= 1) {
		uint8_t move = (uint8_t)~is_zero(start & step);

		for (uint32_t i = 0; i + step < n; i++)
			block[i] ^= (uint8_t)(move & (block[i] ^ block[i + step]));
	}
	return n - start;
}

/* RSA without padding, which is taken off afterwards. */
static int
decrypt_pkcs1(EVP_PKEY_CTX *ctx, struct span cryptogram, uint8_t *clear, size_t *n)
{
	if (EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_NO_PADDING) != 1 ||
	    EVP_PKEY_decrypt(ctx, clear, n, cryptogram.p, cryptogram.n) != 1 ||
	    *n != cryptogram.n)
		return RSA_ERR_BLOCK;	/* not below the modulus */
	*n = unpad(clear, cryptogram.n);
	return *n == cryptogram.n ? RSA_ERR_BLOCK : 0;
}

int
rsa_decrypt(EVP_PKEY *key, const struct rsa_scheme *s, struct span cryptogram, uint8_t *clear,
    size_t *n)
{
	EVP_PKEY_CTX *ctx;
	int r = 0;

	if (overhead(s) == 0)
		return ERR_INPUT;
	if ((size_t)EVP_PKEY_get_size(key) != cryptogram.n)
		return RSA_ERR_LENGTH;
	*n = RSA_BYTES;
	secret_enter();
	ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
	if (ctx == NULL || EVP_PKEY_decrypt_init(ctx) != 1)
		r = ERR_CRYPTO;
	else if (s->padding == RSA_PKCS1)
		r = decrypt_pkcs1(ctx, cryptogram, clear, n);
	else if (!set_oaep(ctx, s))
		r = ERR_CRYPTO;
	else if (EVP_PKEY_decrypt(ctx, clear, n, cryptogram.p, cryptogram.n) != 1)
		r = RSA_ERR_BLOCK;
	EVP_PKEY_CTX_free(ctx);
	secret_leave();
	ERR_clear_error();
	if (r != 0)
		sodium_memzero(clear, cryptogram.n);
	return r;
}
