/*
 * des3: triple DES on whole blocks, with libcrypto's contexts kept ready.
 *
 * A struct des3 is a key schedule and therefore a key: it lives in the slab.
 * Single DES is triple DES with equal parts. Nothing here knows about LMKs,
 * parity or modes other than ECB and CBC.
 */
#ifndef LUAHSM_CRYPTO_DES3_H
#define LUAHSM_CRYPTO_DES3_H

#include <stddef.h>
#include <stdint.h>

enum { DES_BLOCK = 8, DES_KEY_MAX = 24 };

struct des3;

/* Fetch the cipher once per process. 0 or ERR_CRYPTO. */
int des3_init(void);

/* A schedule without a key, in the slab. NULL: slab full or libcrypto refused. */
struct des3 *des3_new(void);
void         des3_free(struct des3 *d);

/* Forget the key, schedules included. NULL is fine. */
void des3_wipe(struct des3 *d);

/* Take a key of 8, 16 or 24 bytes (parity bits are ignored). 0, ERR_KEY_LENGTH, ERR_CRYPTO. */
int des3_key(struct des3 *d, const uint8_t *key, size_t len);

/* ECB over n bytes, n a multiple of 8; in and out may be the same. 0 or ERR_CRYPTO. */
int des3_encrypt(struct des3 *d, const uint8_t *in, uint8_t *out, size_t n);
int des3_decrypt(struct des3 *d, const uint8_t *in, uint8_t *out, size_t n);

/*
 * One call with a key of its own, in the process's scratch schedule, which
 * keeps it (in the slab) until the next such call: for wrapping and
 * derivation, where a key is used once.
 */
int des3_once(const uint8_t *key, size_t len, int encrypt, const uint8_t *in,
    uint8_t *out, size_t n);

/* Wipe the key of the last such call. */
void des3_forget_once(void);

/*
 * The same for the end of a CBC chain: take n bytes (a multiple of 8) into
 * state, which starts as the IV and becomes the last ciphertext block.
 */
int des3_cbc_once(const uint8_t *key, size_t len, uint8_t state[DES_BLOCK], const uint8_t *in,
    size_t n);

/* CBC over n bytes (a multiple of 8) with a key of its own; iv becomes the last
 * block of ciphertext. in and out may be the same. */
int des3_cbc_encrypt_once(const uint8_t *key, size_t len, uint8_t iv[DES_BLOCK],
    const uint8_t *in, uint8_t *out, size_t n);
int des3_cbc_decrypt_once(const uint8_t *key, size_t len, uint8_t iv[DES_BLOCK],
    const uint8_t *in, uint8_t *out, size_t n);

#endif
