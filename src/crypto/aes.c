/*
 * aes: two cipher contexts a key, one per direction, made once and rekeyed.
 *
 * A context is keyed when its direction is first used. One that was keyed for
 * another length of key changes its cipher, for which libcrypto takes other
 * memory: from the slab, so that no schedule is ever outside it.
 */
#include "crypto/aes.h"

#include <string.h>

#include <openssl/evp.h>
#include <sodium.h>

#include "err.h"
#include "secret.h"

enum { ENCRYPT = 1, DECRYPT = 0, LENGTHS = 3 };

/* In the slab. */
struct aes {
	EVP_CIPHER_CTX *ctx[2];			/* by direction */
	uint8_t         key[AES_KEY_MAX];
	uint8_t         len;
	uint8_t         cipher_len[2];		/* bytes of key the context is made for */
	uint8_t         ready[2];		/* the context holds this key */
};

static EVP_CIPHER *ciphers[LENGTHS];		/* 16, 24 and 32 bytes */
static struct aes *once;

int
aes_init(void)
{
	static const char *const names[LENGTHS] = {
		"AES-128-ECB", "AES-192-ECB", "AES-256-ECB"
	};

	if (once != NULL)
		return 0;
	for (int i = 0; i < LENGTHS; i++)
		if (ciphers[i] == NULL &&
		    (ciphers[i] = EVP_CIPHER_fetch(NULL, names[i], NULL)) == NULL)
			return ERR_CRYPTO;
	return (once = aes_new()) != NULL ? 0 : ERR_CRYPTO;
}

struct aes *
aes_new(void)
{
	struct aes *a = secret_alloc(sizeof(*a));

	if (a == NULL)
		return NULL;
	secret_enter();
	a->ctx[ENCRYPT] = EVP_CIPHER_CTX_new();
	a->ctx[DECRYPT] = EVP_CIPHER_CTX_new();
	secret_leave();
	if (a->ctx[ENCRYPT] == NULL || a->ctx[DECRYPT] == NULL) {
		aes_free(a);
		return NULL;
	}
	return a;
}

void
aes_free(struct aes *a)
{
	if (a == NULL)
		return;
	EVP_CIPHER_CTX_free(a->ctx[ENCRYPT]);
	EVP_CIPHER_CTX_free(a->ctx[DECRYPT]);
	secret_free(a);
}

int
aes_key(struct aes *a, const uint8_t *key, size_t len)
{
	if (len != 16 && len != 24 && len != 32)
		return ERR_KEY_LENGTH;
	memcpy(a->key, key, len);
	a->len = (uint8_t)len;
	a->ready[ENCRYPT] = a->ready[DECRYPT] = 0;
	return 0;
}

static int
make_ready(struct aes *a, int direction)
{
	EVP_CIPHER_CTX *ctx = a->ctx[direction];
	const EVP_CIPHER *cipher = NULL;
	int ok;

	if (a->len == 0)
		return ERR_CRYPTO;
	if (a->cipher_len[direction] != a->len)
		cipher = ciphers[a->len / 8 - 2];
	if (cipher != NULL)
		secret_enter();
	ok = EVP_CipherInit_ex2(ctx, cipher, a->key, NULL, direction, NULL);
	if (cipher != NULL)
		secret_leave();
	if (ok != 1)
		return ERR_CRYPTO;
	a->cipher_len[direction] = a->len;
	a->ready[direction] = 1;
	return 0;
}

void
aes_wipe(struct aes *a)
{
	if (a == NULL)
		return;
	sodium_memzero(a->key, sizeof(a->key));
	for (int direction = 0; direction < 2; direction++)
		if (a->ready[direction]) {
			/* A schedule is wiped by another one in its place. */
			(void)make_ready(a, direction);
			a->ready[direction] = 0;
		}
	a->len = 0;
}

static int
crypt_blocks(struct aes *a, int direction, const uint8_t *in, uint8_t *out, size_t n)
{
	int r;

	if (!a->ready[direction] && (r = make_ready(a, direction)) != 0)
		return r;
	if (EVP_Cipher(a->ctx[direction], out, in, (unsigned)n) != (int)n)
		return ERR_CRYPTO;
	return 0;
}

int
aes_encrypt(struct aes *a, const uint8_t *in, uint8_t *out, size_t n)
{
	return crypt_blocks(a, ENCRYPT, in, out, n);
}

int
aes_decrypt(struct aes *a, const uint8_t *in, uint8_t *out, size_t n)
{
	return crypt_blocks(a, DECRYPT, in, out, n);
}

int
aes_cbc_encrypt(struct aes *a, uint8_t iv[AES_BLOCK], const uint8_t *in, uint8_t *out,
    size_t n)
{
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i += AES_BLOCK) {
		for (size_t j = 0; j < AES_BLOCK; j++)
			iv[j] ^= in[i + j];
		if ((r = crypt_blocks(a, ENCRYPT, iv, iv, AES_BLOCK)) == 0)
			memcpy(out + i, iv, AES_BLOCK);
	}
	return r;
}

int
aes_cbc_decrypt(struct aes *a, uint8_t iv[AES_BLOCK], const uint8_t *in, uint8_t *out,
    size_t n)
{
	uint8_t next[AES_BLOCK];
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i += AES_BLOCK) {
		memcpy(next, in + i, AES_BLOCK);
		if ((r = crypt_blocks(a, DECRYPT, next, out + i, AES_BLOCK)) != 0)
			break;
		for (size_t j = 0; j < AES_BLOCK; j++)
			out[i + j] ^= iv[j];
		memcpy(iv, next, AES_BLOCK);
	}
	return r;
}

struct aes *
aes_once(const uint8_t *key, size_t len)
{
	return aes_key(once, key, len) == 0 ? once : NULL;
}
