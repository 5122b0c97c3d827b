/*
 * aes: AES on whole blocks, with libcrypto's contexts kept ready.
 *
 * A struct aes is a key schedule and therefore a key: it lives in the slab.
 * ECB, and CBC chained over it; nothing here knows about LMKs or padding.
 */
#ifndef LUAHSM_CRYPTO_AES_H
#define LUAHSM_CRYPTO_AES_H

#include <stddef.h>
#include <stdint.h>

enum { AES_BLOCK = 16, AES_KEY_MAX = 32 };

struct aes;

/* Fetch the ciphers once per process. 0 or ERR_CRYPTO. */
int aes_init(void);

/* A schedule without a key, in the slab. NULL: slab full or libcrypto refused. */
struct aes *aes_new(void);
void        aes_free(struct aes *a);

/* Forget the key, schedules included. NULL is fine. */
void aes_wipe(struct aes *a);

/* Take a key of 16, 24 or 32 bytes. 0 or ERR_KEY_LENGTH. */
int aes_key(struct aes *a, const uint8_t *key, size_t len);

/* ECB over n bytes, n a multiple of 16; in and out may be the same. 0 or ERR_CRYPTO. */
int aes_encrypt(struct aes *a, const uint8_t *in, uint8_t *out, size_t n);
int aes_decrypt(struct aes *a, const uint8_t *in, uint8_t *out, size_t n);

/* The same in CBC mode; iv becomes the last block of ciphertext. */
int aes_cbc_encrypt(struct aes *a, uint8_t iv[AES_BLOCK], const uint8_t *in, uint8_t *out,
    size_t n);
int aes_cbc_decrypt(struct aes *a, uint8_t iv[AES_BLOCK], const uint8_t *in, uint8_t *out,
    size_t n);

/* The process's scratch schedule with that key, for wrapping and derivation,
 * where a key is used once: it keeps the key until the next call. NULL:
 * ERR_KEY_LENGTH. */
struct aes *aes_once(const uint8_t *key, size_t len);

#endif
