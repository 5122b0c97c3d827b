/*
 * kms_hash: see the header.
 */
#include "kms_hash.h"

#include <assert.h>
#include <string.h>

static const uint32_t sha224_start[8] = {
	0xC1059ED8, 0x367CD507, 0x3070DD17, 0xF70E5939,
	0xFFC00B31, 0x68581511, 0x64F98FA7, 0xBEFA4FA4
};

static const uint64_t sha384_start[8] = {
	0xCBBB9D5DC1059ED8, 0x629A292A367CD507, 0x9159015A3070DD17, 0x152FECD8F70E5939,
	0x67332667FFC00B31, 0x8EB44A8768581511, 0xDB0C2E0D64F98FA7, 0x47B5481DBEFA4FA4
};

static_assert(sizeof(((crypto_hash_sha256_state *)0)->state) == sizeof(sha224_start) &&
    sizeof(((crypto_hash_sha512_state *)0)->state) == sizeof(sha384_start),
    "the library's state is eight words");

void
kms_hash_init(struct kms_hash *h, unsigned number)
{
	h->number = number;
	if (number == HASH_SHA224 || number == HASH_SHA256)
		crypto_hash_sha256_init(&h->small);
	else
		crypto_hash_sha512_init(&h->large);
	if (number == HASH_SHA224)
		memcpy(h->small.state, sha224_start, sizeof(sha224_start));
	if (number == HASH_SHA384)
		memcpy(h->large.state, sha384_start, sizeof(sha384_start));
}

void
kms_hash_add(struct kms_hash *h, const uint8_t *p, size_t n)
{
	if (h->number == HASH_SHA224 || h->number == HASH_SHA256)
		crypto_hash_sha256_update(&h->small, p, n);
	else
		crypto_hash_sha512_update(&h->large, p, n);
}

size_t
kms_hash_end(struct kms_hash *h, uint8_t digest[ALGORITHM_DIGEST_MAX])
{
	if (h->number == HASH_SHA224 || h->number == HASH_SHA256)
		crypto_hash_sha256_final(&h->small, digest);
	else
		crypto_hash_sha512_final(&h->large, digest);
	return algorithm_digest_length(h->number);
}
