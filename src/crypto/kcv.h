/*
 * kcv: key check values: eight zero bytes encrypted under a DES key, the CMAC of
 * sixteen under an AES key.
 */
#ifndef LUAHSM_CRYPTO_KCV_H
#define LUAHSM_CRYPTO_KCV_H

#include <stddef.h>
#include <stdint.h>

struct des3;

enum { KCV_DIGITS = 16 };

/* Write the leftmost digits (even, at most KCV_DIGITS) to hex, without a NUL. 0 or ERR_CRYPTO. */
int kcv_make(struct des3 *d, unsigned digits, char *hex);

/* The same of an AES key of 16, 24 or 32 bytes. 0, ERR_KEY_LENGTH or ERR_CRYPTO. */
int kcv_make_aes(const uint8_t *key, size_t len, unsigned digits, char *hex);

#endif
