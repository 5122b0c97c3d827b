/*
 * ecc: elliptic curve key pairs, key agreement and what is derived from it.
 *
 * Curves P-256, P-384 and P-521. Private keys are libcrypto's own objects, all of their
 * memory in the slab; a public key is taken as SubjectPublicKeyInfo of a named
 * curve with an uncompressed point, and only when the point lies on the curve.
 */
#ifndef LUAHSM_CRYPTO_ECC_H
#define LUAHSM_CRYPTO_ECC_H

#include <openssl/types.h>

#include "crypto/hash.h"
#include "span.h"

enum ecc_curve { ECC_P256, ECC_P384, ECC_P521, ECC_CURVES };

enum {
	ECC_BYTES   = 66,	/* of the longest scalar or coordinate */
	ECC_PUBLIC  = 158,	/* of the longest public key in DER */
	ECC_SIGNATURE = 144,	/* of the longest signature in DER */
	ECC_INFO    = 5000,	/* of the longest shared info */
	ECC_DERIVED = 64	/* of the longest derived key */
};

/* Ready libcrypto's curves once per process. 0 or ERR_CRYPTO. */
int ecc_init(void);

/* Bytes of a scalar or coordinate. */
size_t ecc_length(enum ecc_curve curve);

/* A new key pair, to be freed by EVP_PKEY_free. 0 or ERR_CRYPTO. */
int ecc_generate(enum ecc_curve curve, EVP_PKEY **key);

/* The curve of a key made here. */
enum ecc_curve ecc_curve_of(const EVP_PKEY *key);

/* Write the scalar, ecc_length bytes, to out in the slab. 0 or ERR_CRYPTO. */
int ecc_private_write(const EVP_PKEY *key, uint8_t *out);

/* The key pair of a scalar. 0; ERR_INPUT (not from 1 to the order - 1); ERR_CRYPTO. */
int ecc_private_read(enum ecc_curve curve, struct span scalar, EVP_PKEY **key);

/* Write SubjectPublicKeyInfo to out (ECC_PUBLIC bytes) and its length to *n. 0 or ERR_CRYPTO. */
int ecc_public_write(const EVP_PKEY *key, uint8_t *out, size_t *n);

/* Read one. 0; ERR_INPUT, whatever is wrong with it. */
int ecc_public_read(struct span der, EVP_PKEY **key);

/* The x coordinate of the shared point, ecc_length bytes, to z in the slab; both
 * keys are of one curve. 0 or ERR_CRYPTO. */
int ecc_agree(EVP_PKEY *own, EVP_PKEY *peer, uint8_t *z);

/* H(counter, Z, info) as NIST SP 800-56A has it, H(Z, counter, info) as ANSI X9.63. */
enum ecc_kdf { ECC_CONCATENATION = 1, ECC_X963 = 2 };

/* Derive n bytes (at most ECC_DERIVED) from z to out; all in the slab. info: at
 * most ECC_INFO. 0; ERR_INPUT (hash); ERR_NO_MEMORY; ERR_CRYPTO. */
int ecc_derive(enum ecc_kdf kdf, enum hash_id hash, struct span z, struct span info,
    uint8_t *out, size_t n);

/* ECDSA over the hash of data, in DER: *n bytes of ECC_SIGNATURE. 0; ERR_INPUT
 * (hash); ERR_CRYPTO. */
int ecc_sign(EVP_PKEY *key, enum hash_id hash, struct span data, uint8_t *out, size_t *n);

#endif
