/*
 * cmac: CMAC (NIST SP 800-38B, ISO 9797-1 algorithm 5) with AES or triple DES.
 */
#ifndef LUAHSM_CRYPTO_CMAC_H
#define LUAHSM_CRYPTO_CMAC_H

#include <stddef.h>
#include <stdint.h>

#include "span.h"

enum { CMAC_MAX = 16 };

enum cmac_cipher { CMAC_3DES, CMAC_AES };

/* Fetch the algorithm once per process, its contexts in the slab. 0 or ERR_CRYPTO. */
int cmac_init(void);

/*
 * The MAC over head and data behind it: 8 bytes for triple DES (a key of 16
 * or 24), 16 for AES (16, 24 or 32). 0, ERR_KEY_LENGTH or ERR_CRYPTO.
 */
int cmac_make(enum cmac_cipher cipher, const uint8_t *key, size_t len, struct span head,
    struct span data, uint8_t *mac);

#endif
