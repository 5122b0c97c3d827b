/*
 * hash: a table of digests, each with a context that is kept.
 */
#include "crypto/hash.h"

#include <openssl/evp.h>

#include "crypto/mdc2.h"
#include "err.h"

static const struct {
	const char *name;
	size_t      len;
} hashes[HASH_IDS] = {
	[HASH_ID_SHA1]   = { "SHA1",     20 },
	[HASH_ID_MD5]    = { "MD5",      16 },
	[HASH_ID_MDC2]   = { NULL,       MDC2_LEN },
	[HASH_ID_SHA224] = { "SHA2-224", 28 },
	[HASH_ID_SHA256] = { "SHA2-256", 32 },
	[HASH_ID_SHA384] = { "SHA2-384", 48 },
	[HASH_ID_SHA512] = { "SHA2-512", 64 },
};

static EVP_MD_CTX *contexts[HASH_IDS];

static EVP_MD_CTX *
context_new(const char *name)
{
	EVP_MD *md = EVP_MD_fetch(NULL, name, NULL);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	if (md == NULL || ctx == NULL || EVP_DigestInit_ex2(ctx, md, NULL) != 1) {
		EVP_MD_CTX_free(ctx);
		ctx = NULL;
	}
	EVP_MD_free(md);
	return ctx;
}

int
hash_init(void)
{
	for (size_t i = 0; i < HASH_IDS; i++)
		if (hashes[i].name != NULL && contexts[i] == NULL &&
		    (contexts[i] = context_new(hashes[i].name)) == NULL)
			return ERR_CRYPTO;
	return 0;
}

size_t
hash_length(enum hash_id id)
{
	return (unsigned)id < HASH_IDS ? hashes[id].len : 0;
}

const char *
hash_name(enum hash_id id)
{
	return (unsigned)id < HASH_IDS ? hashes[id].name : NULL;
}

int
hash_make(enum hash_id id, struct span data, uint8_t digest[HASH_MAX])
{
	if (hash_length(id) == 0)
		return ERR_INPUT;
	if (id == HASH_ID_MDC2)
		return mdc2_make(data, digest);
	if (EVP_DigestInit_ex2(contexts[id], NULL, NULL) != 1 ||
	    EVP_DigestUpdate(contexts[id], data.p, data.n) != 1 ||
	    EVP_DigestFinal_ex(contexts[id], digest, NULL) != 1)
		return ERR_CRYPTO;
	return 0;
}
