/*
 * cipher: one context of libcrypto per cipher and mode, kept and rekeyed.
 *
 * A change of cipher would make libcrypto allocate on the path of a request;
 * a change of key and direction does not.
 */
#include "crypto/cipher.h"

#include <string.h>

#include <openssl/evp.h>
#include <sodium.h>

#include "crypto/des3.h"
#include "err.h"
#include "key.h"
#include "secret.h"

enum { MODES = 4, KEY_SIZES = 4, AES_BLOCK = 16 };

/* By key size and mode: DES (always of three parts), then AES of 16, 24, 32 bytes. */
static const char *const names[KEY_SIZES][MODES] = {
	{ "DES-EDE3-ECB", "DES-EDE3-CBC", "DES-EDE3-CFB8", "DES-EDE3-CFB" },
	{ "AES-128-ECB",  "AES-128-CBC",  "AES-128-CFB8",  "AES-128-CFB" },
	{ "AES-192-ECB",  "AES-192-CBC",  "AES-192-CFB8",  "AES-192-CFB" },
	{ "AES-256-ECB",  "AES-256-CBC",  "AES-256-CFB8",  "AES-256-CFB" },
};

static EVP_CIPHER     *ciphers[KEY_SIZES][MODES];
static EVP_CIPHER_CTX *contexts[KEY_SIZES][MODES];

static EVP_CIPHER_CTX *
context_new(const EVP_CIPHER *cipher)
{
	EVP_CIPHER_CTX *ctx;

	secret_enter();
	ctx = EVP_CIPHER_CTX_new();
	if (ctx != NULL && (EVP_CipherInit_ex2(ctx, cipher, NULL, NULL, 1, NULL) != 1 ||
	    EVP_CIPHER_CTX_set_padding(ctx, 0) != 1)) {
		EVP_CIPHER_CTX_free(ctx);
		ctx = NULL;
	}
	secret_leave();
	return ctx;
}

/* Fetched outside the slab: what a cipher is, is no secret. */
static int
make_one(size_t i, size_t k)
{
	if (ciphers[i][k] == NULL &&
	    (ciphers[i][k] = EVP_CIPHER_fetch(NULL, names[i][k], NULL)) == NULL)
		return ERR_CRYPTO;
	if (contexts[i][k] == NULL && (contexts[i][k] = context_new(ciphers[i][k])) == NULL)
		return ERR_CRYPTO;
	return 0;
}

int
cipher_init(void)
{
	int r = 0;

	for (size_t i = 0; i < KEY_SIZES * MODES && r == 0; i++)
		r = make_one(i / MODES, i % MODES);
	return r;
}

size_t
cipher_block(const struct key *key)
{
	return key->aes ? AES_BLOCK : DES_BLOCK;
}

/* The context for a key of that size, and the key as libcrypto takes it. */
static EVP_CIPHER_CTX *
prepare(const struct key *key, enum cipher_mode mode, uint8_t bytes[KEY_MAX])
{
	if (key->len < DES_BLOCK || key->len % DES_BLOCK != 0 || key->len > KEY_MAX ||
	    (key->aes ? key->len == DES_BLOCK : key->len > DES_KEY_MAX))
		return NULL;
	memcpy(bytes, key->bytes, key->len);
	/* Parts that are missing repeat the first ones. */
	for (size_t i = key->len; !key->aes && i < DES_KEY_MAX; i++)
		bytes[i] = bytes[i - key->len];
	return contexts[key->aes ? key->len / DES_BLOCK - 1 : 0][mode];
}

/* The register behind n bytes of ciphertext: the last block of iv and them. */
static void
next_iv(uint8_t *iv, size_t block, const uint8_t *cipher, size_t n)
{
	if (n < block) {
		memmove(iv, iv + n, block - n);
		memcpy(iv + block - n, cipher, n);
	} else {
		memcpy(iv, cipher + n - block, block);
	}
}

static int
run(const struct key *key, enum cipher_mode mode, int encrypt, uint8_t *iv, struct span in,
    uint8_t *out)
{
	uint8_t bytes[KEY_MAX], old[CIPHER_BLOCK_MAX];
	size_t block = cipher_block(key);
	EVP_CIPHER_CTX *ctx;
	int r = 0;

	if (mode != CIPHER_CFB8 && in.n % block != 0)
		return ERR_DATA_LENGTH;
	if (in.n == 0)
		return 0;
	if ((ctx = prepare(key, mode, bytes)) == NULL)
		return ERR_KEY_LENGTH;
	if (mode != CIPHER_ECB) {
		memcpy(old, iv, block);
		/* Now, for in may be out. */
		if (!encrypt)
			next_iv(iv, block, in.p, in.n);
	}
	if (EVP_CipherInit_ex2(ctx, NULL, bytes, mode != CIPHER_ECB ? old : NULL, encrypt,
	    NULL) != 1 || EVP_Cipher(ctx, out, in.p, (unsigned)in.n) != (int)in.n)
		r = ERR_CRYPTO;
	else if (encrypt && mode != CIPHER_ECB)
		next_iv(iv, block, out, in.n);
	sodium_memzero(bytes, sizeof(bytes));
	return r;
}

int
cipher_encrypt(const struct key *key, enum cipher_mode mode, uint8_t *iv, struct span in,
    uint8_t *out)
{
	return run(key, mode, 1, iv, in, out);
}

int
cipher_decrypt(const struct key *key, enum cipher_mode mode, uint8_t *iv, struct span in,
    uint8_t *out)
{
	return run(key, mode, 0, iv, in, out);
}
