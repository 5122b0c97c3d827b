/*
 * rsakey: RSA keys as hosts keep them: private keys under the LMK, public keys that the
 * HSM has vouched for.
 *
 * A private key field is one of: two digits, an index of rsastore; FFFF and an S
 * block; S and the block alone; four digits, a length, and so many bytes under a variant LMK. A
 * public key is a MAC of 4 bytes and DER, or S and a block under a key block LMK
 * (spec: emv-mac-data.md 5; the variant form is the project's own).
 */
#ifndef LUAHSM_RSAKEY_H
#define LUAHSM_RSAKEY_H

#include "crypto/rsa.h"
#include "lmk.h"

enum {
	RSAKEY_FIELD  = 4 + 1 + KEYBLOCK_HEADER + KEYBLOCK_RAW_MAX + 16, /* of a private key */
	RSAKEY_PUBLIC = 1 + KEYBLOCK_HEADER + RSA_PUBLIC_MAX + 16 + 16,
	RSAKEY_MAC    = 4,
	RSAKEY_DES3_BITS = 2048		/* of the longest key under a triple DES LMK */
};

/* What a private key may do; the second digit of EI's key type is other still. */
enum rsakey_type { RSAKEY_SIGNATURE, RSAKEY_MANAGEMENT, RSAKEY_BOTH, RSAKEY_ICC, RSAKEY_TLS };
enum rsakey_use { RSAKEY_ANY, RSAKEY_SIGN, RSAKEY_DECRYPT };

/* Failures that only these keys have. */
enum {
	RSAKEY_ERR_SIGNATURE = -2,
	RSAKEY_ERR_TYPE   = -3,		/* the private key is for another use */
	RSAKEY_ERR_BITS   = -4,		/* no such modulus */
	RSAKEY_ERR_KEY    = -49,	/* no private key in it, or none stored */
	RSAKEY_ERR_LENGTH = -78		/* the length before it is not its own */
};

/*
 * Write a private key field of that type to out (RSAKEY_FIELD bytes): *n of
 * them. h: under a key block LMK, version, exportability and optional blocks.
 * 0; ERR_WEAKER_LMK (over 2048 bits under triple DES); ERR_CRYPTO; failures of lmk.h.
 */
int rsakey_wrap(const struct lmk *lmk, EVP_PKEY *key, enum rsakey_type type,
    const struct keyblock_header *h, uint8_t *out, size_t *n);

/*
 * Open a private key field for a use. *key is borrowed and stays for this
 * request; opened keys are kept, as in key.h. 0; RSAKEY_ERR_TYPE, RSAKEY_ERR_KEY,
 * RSAKEY_ERR_LENGTH; ERR_LMK_SCHEME (a block under a variant LMK, or the other way
 * round), ERR_NO_MEMORY, ERR_CRYPTO, failures of lmk.h.
 */
int rsakey_open(const struct lmk *lmk, struct span field, enum rsakey_use use, EVP_PKEY **key);

/*
 * Write the same key as a field under another LMK. h as above, for one that had
 * no header so far. Failures of both.
 */
int rsakey_move(const struct lmk *from, const struct lmk *to, struct span field,
    const struct keyblock_header *h, uint8_t *out, size_t *n);

/* The MAC over DER and authentication data. 0 or failures of lmk_mac. */
int rsakey_mac(const struct lmk *lmk, struct span signed_data, uint8_t mac[RSAKEY_MAC]);

/*
 * Vouch for a public key: its MAC and the DER, or a block with that header. auth
 * stands directly behind der, or is empty. 0 and *n bytes (RSAKEY_PUBLIC of room).
 */
int rsakey_vouch(const struct lmk *lmk, struct span der, struct span auth,
    const struct keyblock_header *h, uint8_t *out, size_t *n);

/*
 * The key that was vouched for: *key, borrowed from public or from buffer
 * (RSAKEY_PUBLIC). auth as above. 0; ERR_VERIFY (MAC), ERR_INPUT (no DER), ERR_LMK_SCHEME, failures
 * of lmk.h.
 */
int rsakey_public(const struct lmk *lmk, struct span public, struct span auth,
    uint8_t *buffer, struct rsa_public *key);

/* A signature and how it was made. */
struct rsakey_signature {
	enum rsa_padding padding;
	enum hash_id     hash;
	struct span      bytes;
};

/* Verify or encrypt with such a key. Failures of rsakey_public, and of
 * rsa_verify, RSAKEY_ERR_SIGNATURE standing for ERR_VERIFY, or rsa_encrypt. */
int rsakey_verify(const struct lmk *lmk, struct span public, struct span auth,
    const struct rsakey_signature *signature, struct span data);
int rsakey_encrypt(const struct lmk *lmk, struct span public, struct span auth,
    const struct rsa_scheme *scheme, struct span clear, uint8_t *out, size_t *n);

/* Is a public key written as a block? */
bool rsakey_is_block(struct span public);

/* Forget every opened private key: key_forget and the like. */
void rsakey_forget(void);

#endif
