/*
 * algorithm: the signing algorithms: their names, codes and hashes.
 *
 * The wrapper, the commands and the key store all mean the same thing by a
 * name or a code because they look here. Pure: no cryptography.
 */
#ifndef LUAHSM_ALGORITHM_H
#define LUAHSM_ALGORITHM_H

#include <stddef.h>
#include <stdint.h>

/* Hashes, by the numbers that sigstore's clients use (Go's crypto.Hash). */
enum algorithm_hash {
	HASH_NONE   = 0,	/* the message itself */
	HASH_SHA224 = 4,
	HASH_SHA256 = 5,
	HASH_SHA384 = 6,
	HASH_SHA512 = 7
};

enum { ALGORITHM_DIGEST_MAX = 64 };

enum algorithm_kind {
	ALGORITHM_ECDSA,
	ALGORITHM_RSA_PKCS1,
	ALGORITHM_RSA_PSS,	/* salt as long as the hash */
	ALGORITHM_ED25519,	/* pure: signs messages, not digests */
	ALGORITHM_ED25519PH	/* signs SHA-512 digests */
};

struct algorithm {
	const char *name;	/* as we write it */
	const char *registry;	/* in sigstore's algorithm registry */
	const char *with_hash;	/* the name with its hash, or NULL */
	uint8_t     code;	/* two digits on the wire and in the store */
	uint8_t     kind;	/* enum algorithm_kind */
	uint8_t     hash;	/* the key's own hash, enum algorithm_hash */
	uint16_t    bits;	/* of the curve or the modulus */
};

/* All of them; the first is the default. */
extern const struct algorithm algorithms[];
extern const size_t           algorithms_count;

/* By any of its names, or by its code. NULL: there is none. */
const struct algorithm *algorithm_named(const char *name);
const struct algorithm *algorithm_coded(unsigned code);

/* Bytes of a digest; 0 for HASH_NONE and hashes that are not served. */
size_t algorithm_digest_length(unsigned hash);

/* The hash whose digests have n bytes; HASH_NONE when there is none. */
unsigned algorithm_hash_of(size_t n);

/* "SHA-256", or NULL. */
const char *algorithm_hash_name(unsigned hash);

#endif
