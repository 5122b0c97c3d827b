/*
 * cipher: data under a key in the modes of the data commands.
 *
 * Keys are DES (of one to three parts, so that all of it is triple DES) or
 * AES. Nothing is padded here. An IV goes in and the one that continues the
 * chain comes out, which is the last ciphertext block in either direction.
 */
#ifndef LUAHSM_CRYPTO_CIPHER_H
#define LUAHSM_CRYPTO_CIPHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "span.h"

struct key;

enum { CIPHER_BLOCK_MAX = 16 };

enum cipher_mode {
	CIPHER_ECB,
	CIPHER_CBC,
	CIPHER_CFB8,	/* a byte a step, the register as wide as a block */
	CIPHER_CFB	/* a block a step: CFB64 for DES, CFB128 for AES */
};

/* Fetch the ciphers and make their contexts once per process. 0 or ERR_CRYPTO. */
int cipher_init(void);

/* Bytes of a block under this key: 8 or 16. */
size_t cipher_block(const struct key *key);

/*
 * Write in.n bytes to out; in and out may be the same. iv: a block, looked at
 * and changed in every mode but ECB. The schedule of the last key stays, in
 * the slab, until the next call.
 * 0; ERR_DATA_LENGTH (neither CFB8 nor whole blocks); ERR_KEY_LENGTH; ERR_CRYPTO.
 */
int cipher_encrypt(const struct key *key, enum cipher_mode mode, uint8_t *iv,
    struct span in, uint8_t *out);
int cipher_decrypt(const struct key *key, enum cipher_mode mode, uint8_t *iv,
    struct span in, uint8_t *out);

#endif
