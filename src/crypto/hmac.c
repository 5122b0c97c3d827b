/*
 * hmac: libcrypto's, one context per hash, kept.
 *
 * Libcrypto copies hash states while it works, and those are as good as the
 * key: it does so between secret_enter and secret_leave, hence in the slab.
 */
#include "crypto/hmac.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "err.h"
#include "secret.h"

static EVP_MAC     *algorithm;
static EVP_MAC_CTX *contexts[HASH_IDS];

bool
hmac_hash(enum hash_id id)
{
	return id != HASH_ID_MD5 && hash_name(id) != NULL;
}

static EVP_MAC_CTX *
context_new(const char *hash)
{
	OSSL_PARAM params[2] = {
		/* Libcrypto reads the name and takes it for writable. */
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST,
		    (char *)(uintptr_t)hash, 0),
		OSSL_PARAM_construct_end()
	};
	EVP_MAC_CTX *ctx;

	secret_enter();
	ctx = EVP_MAC_CTX_new(algorithm);
	if (ctx != NULL && EVP_MAC_CTX_set_params(ctx, params) != 1) {
		EVP_MAC_CTX_free(ctx);
		ctx = NULL;
	}
	secret_leave();
	return ctx;
}

int
hmac_make(enum hash_id id, struct span key, struct span data, uint8_t mac[HASH_MAX])
{
	static const uint8_t nothing[1];
	EVP_MAC_CTX *ctx;
	size_t n;
	int r = 0;

	if (!hmac_hash(id))
		return ERR_INPUT;
	if (key.n == 0)
		return ERR_KEY_LENGTH;
	ctx = contexts[id];
	secret_enter();
	if (EVP_MAC_init(ctx, key.p, key.n, NULL) != 1 ||
	    EVP_MAC_update(ctx, data.p, data.n) != 1 ||
	    EVP_MAC_final(ctx, mac, &n, HASH_MAX) != 1)
		r = ERR_CRYPTO;
	/* The key that stays behind is none. */
	if (EVP_MAC_init(ctx, nothing, sizeof(nothing), NULL) != 1)
		r = ERR_CRYPTO;
	secret_leave();
	return r;
}

int
hmac_init(void)
{
	uint8_t mac[HASH_MAX];

	/* Fetched outside the slab: what it is, is no secret. */
	if (algorithm == NULL && (algorithm = EVP_MAC_fetch(NULL, "HMAC", NULL)) == NULL)
		return ERR_CRYPTO;
	/* The first MAC takes the memory of a context: now, not on the path of a request. */
	for (size_t i = 0; i < HASH_IDS; i++)
		if (hmac_hash((enum hash_id)i) && contexts[i] == NULL &&
		    ((contexts[i] = context_new(hash_name((enum hash_id)i))) == NULL ||
		    hmac_make((enum hash_id)i, SPAN("x"), SPAN("x"), mac) != 0))
			return ERR_CRYPTO;
	return 0;
}
