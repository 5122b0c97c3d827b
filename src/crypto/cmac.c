/*
 * cmac: one kept context per cipher, rekeyed for each MAC.
 */
#include "crypto/cmac.h"

#include <string.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <sodium.h>

#include "crypto/aes.h"
#include "crypto/des3.h"
#include "err.h"
#include "secret.h"

enum { CIPHERS = 4 };

static const struct cipher {
	const char *name;
	uint8_t     key_len, mac_len;
} ciphers[CIPHERS] = {
	{ "DES-EDE3-CBC", 24, DES_BLOCK },
	{ "AES-128-CBC",  16, AES_BLOCK },
	{ "AES-192-CBC",  24, AES_BLOCK },
	{ "AES-256-CBC",  32, AES_BLOCK },
};

static EVP_MAC     *mac_algorithm;
static EVP_MAC_CTX *contexts[CIPHERS];

/* A context in the slab that has its cipher: later keys come without one. */
static EVP_MAC_CTX *
context_new(const struct cipher *cipher)
{
	static const uint8_t zeros[AES_KEY_MAX];
	char name[16];
	OSSL_PARAM params[2];
	EVP_MAC_CTX *ctx;

	memcpy(name, cipher->name, strlen(cipher->name) + 1);
	params[0] = OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_CIPHER, name, 0);
	params[1] = OSSL_PARAM_construct_end();
	secret_enter();
	ctx = EVP_MAC_CTX_new(mac_algorithm);
	if (ctx != NULL && EVP_MAC_init(ctx, zeros, cipher->key_len, params) != 1) {
		EVP_MAC_CTX_free(ctx);
		ctx = NULL;
	}
	secret_leave();
	return ctx;
}

int
cmac_init(void)
{
	if (mac_algorithm == NULL)
		mac_algorithm = EVP_MAC_fetch(NULL, "CMAC", NULL);
	if (mac_algorithm == NULL)
		return ERR_CRYPTO;
	for (size_t i = 0; i < CIPHERS; i++)
		if (contexts[i] == NULL &&
		    (contexts[i] = context_new(&ciphers[i])) == NULL)
			return ERR_CRYPTO;
	return 0;
}

static int
make(size_t i, const uint8_t *key, struct span head, struct span data, uint8_t *mac)
{
	static const uint8_t zeros[AES_KEY_MAX];
	EVP_MAC_CTX *ctx = contexts[i];
	size_t n, key_len = ciphers[i].key_len;
	bool made;

	if (ctx == NULL)
		return ERR_CRYPTO;
	made = EVP_MAC_init(ctx, key, key_len, NULL) == 1 &&
	    EVP_MAC_update(ctx, head.p, head.n) == 1 &&
	    (data.n == 0 || EVP_MAC_update(ctx, data.p, data.n) == 1) &&
	    EVP_MAC_final(ctx, mac, &n, ciphers[i].mac_len) == 1;
	/* The schedule is wiped by another one in its place. */
	return EVP_MAC_init(ctx, zeros, key_len, NULL) == 1 && made ? 0 : ERR_CRYPTO;
}

int
cmac_make(enum cmac_cipher cipher, const uint8_t *key, size_t len, struct span head,
    struct span data, uint8_t *mac)
{
	uint8_t triple[DES_KEY_MAX];
	int r;

	if (cipher == CMAC_AES) {
		if (len != 16 && len != 24 && len != 32)
			return ERR_KEY_LENGTH;
		return make(len / 8 - 1, key, head, data, mac);
	}
	if (len != 16 && len != 24)
		return ERR_KEY_LENGTH;
	memcpy(triple, key, 16);
	memcpy(triple + 16, key + (len == 24 ? 16 : 0), 8);
	r = make(0, triple, head, data, mac);
	sodium_memzero(triple, sizeof(triple));
	return r;
}
