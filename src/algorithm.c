/*
 * algorithm: two tables.
 */
#include "algorithm.h"

#include <string.h>

const struct algorithm algorithms[] = {
	{ "ecdsa-p256", "ecdsa-sha2-256-nistp256", "ecdsa-p256-sha256",
	    1, ALGORITHM_ECDSA, HASH_SHA256, 256 },
	{ "ecdsa-p384", "ecdsa-sha2-384-nistp384", "ecdsa-p384-sha384",
	    2, ALGORITHM_ECDSA, HASH_SHA384, 384 },
	{ "ecdsa-p521", "ecdsa-sha2-512-nistp521", "ecdsa-p521-sha512",
	    3, ALGORITHM_ECDSA, HASH_SHA512, 521 },
	{ "rsa-2048", "rsa-sign-pkcs1-2048-sha256", "rsa-2048-sha256",
	    11, ALGORITHM_RSA_PKCS1, HASH_SHA256, 2048 },
	{ "rsa-3072", "rsa-sign-pkcs1-3072-sha256", "rsa-3072-sha256",
	    12, ALGORITHM_RSA_PKCS1, HASH_SHA256, 3072 },
	{ "rsa-4096", "rsa-sign-pkcs1-4096-sha256", "rsa-4096-sha256",
	    13, ALGORITHM_RSA_PKCS1, HASH_SHA256, 4096 },
	{ "rsa-pss-2048", "rsa-sign-pss-2048-sha256", "rsa-pss-2048-sha256",
	    21, ALGORITHM_RSA_PSS, HASH_SHA256, 2048 },
	{ "rsa-pss-3072", "rsa-sign-pss-3072-sha256", "rsa-pss-3072-sha256",
	    22, ALGORITHM_RSA_PSS, HASH_SHA256, 3072 },
	{ "rsa-pss-4096", "rsa-sign-pss-4096-sha256", "rsa-pss-4096-sha256",
	    23, ALGORITHM_RSA_PSS, HASH_SHA256, 4096 },
	{ "ed25519", "ed25519", NULL, 31, ALGORITHM_ED25519, HASH_NONE, 256 },
	{ "ed25519ph", "ed25519-ph", "ed25519ph-sha512",
	    32, ALGORITHM_ED25519PH, HASH_SHA512, 256 },
};

const size_t algorithms_count = sizeof(algorithms) / sizeof(algorithms[0]);

static const struct hash {
	const char *name;
	uint8_t     number;	/* enum algorithm_hash */
	uint8_t     length;
} hashes[] = {
	{ "SHA-224", HASH_SHA224, 28 },
	{ "SHA-256", HASH_SHA256, 32 },
	{ "SHA-384", HASH_SHA384, 48 },
	{ "SHA-512", HASH_SHA512, 64 },
};

enum { HASHES = sizeof(hashes) / sizeof(hashes[0]) };

const struct algorithm *
algorithm_named(const char *name)
{
	for (size_t i = 0; i < algorithms_count; i++) {
		const struct algorithm *a = &algorithms[i];

		if (strcmp(name, a->name) == 0 || strcmp(name, a->registry) == 0 ||
		    (a->with_hash != NULL && strcmp(name, a->with_hash) == 0))
			return a;
	}
	return NULL;
}

const struct algorithm *
algorithm_coded(unsigned code)
{
	for (size_t i = 0; i < algorithms_count; i++)
		if (algorithms[i].code == code)
			return &algorithms[i];
	return NULL;
}

size_t
algorithm_digest_length(unsigned hash)
{
	for (size_t i = 0; i < HASHES; i++)
		if (hashes[i].number == hash)
			return hashes[i].length;
	return 0;
}

unsigned
algorithm_hash_of(size_t n)
{
	for (size_t i = 0; i < HASHES; i++)
		if (hashes[i].length == n)
			return hashes[i].number;
	return HASH_NONE;
}

const char *
algorithm_hash_name(unsigned hash)
{
	for (size_t i = 0; i < HASHES; i++)
		if (hashes[i].number == hash)
			return hashes[i].name;
	return NULL;
}
