/*
 * sign: key pairs of the signing algorithms: made, opened, used.
 *
 * RSA and ECDSA are libcrypto's, whose private numbers lie in its secure heap;
 * Ed25519 is libsodium's, with the key in the slab. A key knows what it signs:
 * digests, or messages (algorithm.h).
 */
#ifndef LUAHSM_CRYPTO_SIGN_H
#define LUAHSM_CRYPTO_SIGN_H

#include <stddef.h>
#include <stdint.h>

#include "algorithm.h"
#include "span.h"

enum {
	SIGN_SIGNATURE = 512,	/* RSA-4096 */
	SIGN_PEM       = 1024,	/* its public key has 800 */
	SIGN_DER       = 4096,	/* its private key has 2.4 KiB */
	SIGN_HEAP      = 1024 * 1024
};

struct sign_key;

/* Once per process, after secret_init: libcrypto's secure heap. 0 or ERR_CRYPTO. */
int sign_init(void);

/* A new key pair, which has signed and verified once. NULL: libcrypto refused. */
struct sign_key *sign_generate(const struct algorithm *a);

/* The key pair of what sign_private wrote (PKCS#8). NULL: not one of that algorithm. */
struct sign_key *sign_open(const struct algorithm *a, struct span der);

/* A public key alone, of a PEM text, for sign_verify. NULL: not one of that algorithm. */
struct sign_key *sign_open_public(const struct algorithm *a, struct span pem);

void sign_free(struct sign_key *k);	/* NULL is fine */

/* Write the private key as PKCS#8 to der, which is in the slab. 0 or ERR_CRYPTO. */
int sign_private(const struct sign_key *k, uint8_t der[SIGN_DER], size_t *n);

/* Write the public key as PEM, SubjectPublicKeyInfo. 0 or ERR_CRYPTO. */
int sign_public(const struct sign_key *k, char pem[SIGN_PEM], size_t *n);

/*
 * Sign data: with HASH_NONE the message, else its digest. 0; ERR_WANTS_MESSAGE;
 * ERR_DIGEST: not the length of that hash, or not the hash of this key; ERR_CRYPTO.
 */
int sign_make(struct sign_key *k, unsigned hash, struct span data,
    uint8_t signature[SIGN_SIGNATURE], size_t *n);

/* 0; ERR_VERIFY, whatever is wrong with the signature; else as sign_make. */
int sign_verify(struct sign_key *k, unsigned hash, struct span data, struct span signature);

#endif
