/*
 * rsa: RSA keys in libcrypto's form, from and to the numbers that they are.
 *
 * A private key is libcrypto's own object, all of its memory in the slab (secret_enter);
 * it leaves as the five numbers of the Chinese remainder theorem, and comes back
 * only when they belong together. rsa_sign.c and rsa_crypt.c use keys.
 */
#ifndef LUAHSM_CRYPTO_RSA_H
#define LUAHSM_CRYPTO_RSA_H

#include <openssl/types.h>

#include "crypto/hash.h"
#include "span.h"

enum {
	RSA_BITS_LEAST = 512,	/* libcrypto makes none below */
	RSA_BITS_MOST  = 4096,
	RSA_BYTES      = RSA_BITS_MOST / 8,
	RSA_HALF       = RSA_BYTES / 2,
	RSA_EXPONENT   = 8,	/* bytes of the longest public exponent */
	RSA_PUBLIC_MAX = RSA_BYTES + RSA_EXPONENT + 16,	/* of it in DER */
	RSA_PRIVATE_MAX = 5 * (RSA_HALF + 4) + 4	/* of the five numbers */
};

/* Failures that mean the same in every command that has them. */
enum {
	RSA_ERR_DIGEST_INFO = -74,
	RSA_ERR_BLOCK       = -75,	/* what was decrypted has no padding */
	RSA_ERR_LENGTH      = -76	/* digest, data or cryptogram do not fit the modulus */
};

/* Encodings of the host commands: integers without a sign, or as DER has them. */
enum rsa_encoding { RSA_UNSIGNED = 1, RSA_SIGNED = 2 };

/* A public key's numbers without leading zeros; borrowed. */
struct rsa_public {
	struct span n, e;
};

/* Ready libcrypto's RSA once per process. 0 or ERR_CRYPTO. */
int rsa_init(void);

/*
 * Read SEQUENCE { INTEGER n, INTEGER e }, either encoding. 0, or ERR_INPUT: not
 * that, a modulus over RSA_BITS_MOST or even, an exponent that is even or too large.
 */
int rsa_public_read(struct span der, struct rsa_public *key);

/* Write it to the end of out, RSA_PUBLIC_MAX bytes. */
struct span rsa_public_write(const struct rsa_public *key, enum rsa_encoding encoding,
    uint8_t *out);

/* Bits of the modulus. */
unsigned rsa_public_bits(const struct rsa_public *key);

/* libcrypto's form of it, to be freed by EVP_PKEY_free. 0 or ERR_CRYPTO. */
int rsa_public_key(const struct rsa_public *key, EVP_PKEY **out);

/* The numbers of a key, whose bytes go to buffer (RSA_BYTES + RSA_EXPONENT). 0 or ERR_CRYPTO. */
int rsa_public_of(const EVP_PKEY *key, uint8_t *buffer, struct rsa_public *out);

/*
 * A new key pair of that many bits (even); e: the public exponent, odd and not 1.
 * To be freed by rsa_free. 0; ERR_INPUT (e), ERR_CRYPTO.
 */
int rsa_generate(unsigned bits, struct span e, EVP_PKEY **key);

/* Free a private key, and wipe it. NULL is fine. */
void rsa_free(EVP_PKEY *key);

/*
 * Write p, q, dP, dQ, qInv as INTEGERs without a sign, each as long as half the
 * modulus, to out, RSA_PRIVATE_MAX bytes in the slab. 0 or ERR_CRYPTO.
 */
int rsa_private_write(const EVP_PKEY *key, uint8_t *out, size_t *n);

/*
 * Make the key of such numbers; what follows them is not looked at: *used tells
 * how much they were. Every number is checked against the others, so that
 * a key that was changed by whoever stored it is not worked with.
 * 0; ERR_INPUT (no such numbers); ERR_CRYPTO.
 */
int rsa_private_read(struct span numbers, EVP_PKEY **key, size_t *used);

/* Signatures are PKCS1 or PSS, encryption is PKCS1 or OAEP. */
enum rsa_padding { RSA_PKCS1 = 1, RSA_OAEP = 2, RSA_PSS = 4 };

/*
 * Sign data by PKCS#1 v1.5 or PSS (salt as long as the hash, MGF1 with the same
 * hash). HASH_ID_NONE: data is a digest or a DigestInfo, and v1.5 is meant.
 * 0 and *n bytes of signature (RSA_BYTES of room); ERR_INPUT (no such hash),
 * RSA_ERR_DIGEST_INFO, RSA_ERR_LENGTH, ERR_CRYPTO.
 */
int rsa_sign(EVP_PKEY *key, enum rsa_padding padding, enum hash_id hash, struct span data,
    uint8_t *signature, size_t *n);

/* The other side; any length of salt. As above, and ERR_VERIFY: it is no signature of it. */
int rsa_verify(EVP_PKEY *key, enum rsa_padding padding, enum hash_id hash, struct span data,
    struct span signature);

/* How something is encrypted: hash and label are of OAEP, the hash for MGF1 too. */
struct rsa_scheme {
	enum rsa_padding padding;	/* RSA_PKCS1 or RSA_OAEP */
	enum hash_id     hash;
	struct span      label;
};

/* 0 and *n bytes (RSA_BYTES of room); ERR_INPUT (no such hash), RSA_ERR_LENGTH, ERR_CRYPTO. */
int rsa_encrypt(EVP_PKEY *key, const struct rsa_scheme *scheme, struct span clear,
    uint8_t *out, size_t *n);

/*
 * Decrypt to clear, RSA_BYTES in the slab. Whatever is wrong with the padding, the
 * time is the same and so is the code. 0; ERR_INPUT (no such hash), RSA_ERR_LENGTH
 * (not as long as the modulus), RSA_ERR_BLOCK, ERR_CRYPTO.
 */
int rsa_decrypt(EVP_PKEY *key, const struct rsa_scheme *scheme, struct span cryptogram,
    uint8_t *clear, size_t *n);

#endif
