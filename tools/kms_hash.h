/*
 * kms_hash: digests of a message that is read once and never held.
 *
 * The rounds are libsodium's, which has SHA-256 and SHA-512. SHA-224 and
 * SHA-384 are the same functions from other start values, cut short
 * (FIPS 180-4, 5.3.2 and 5.3.4): the state is the library's public struct.
 */
#ifndef KMS_HASH_H
#define KMS_HASH_H

#include <stddef.h>
#include <stdint.h>

#include <sodium/crypto_hash_sha256.h>
#include <sodium/crypto_hash_sha512.h>

#include "algorithm.h"

struct kms_hash {
	unsigned number;	/* enum algorithm_hash */
	union {
		crypto_hash_sha256_state small;
		crypto_hash_sha512_state large;
	};
};

/* Start. number is one of the four that algorithm_digest_length knows. */
void kms_hash_init(struct kms_hash *h, unsigned number);
void kms_hash_add(struct kms_hash *h, const uint8_t *p, size_t n);

/* Write the digest and return its length. */
size_t kms_hash_end(struct kms_hash *h, uint8_t digest[ALGORITHM_DIGEST_MAX]);

#endif
