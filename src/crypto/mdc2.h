/*
 * mdc2: the hash of ISO 10118-2, method 2, over DES.
 *
 * Here because libcrypto is built without it by distributions, and public
 * clients ask for it (hash identifier 03).
 */
#ifndef LUAHSM_CRYPTO_MDC2_H
#define LUAHSM_CRYPTO_MDC2_H

#include <stdint.h>

#include "span.h"

enum { MDC2_LEN = 16 };

/* The digest of data, its last block filled with zeros (padding method 1). 0 or ERR_CRYPTO. */
int mdc2_make(struct span data, uint8_t digest[MDC2_LEN]);

#endif
