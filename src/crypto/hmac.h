/*
 * hmac: RFC 2104 over the SHA family.
 */
#ifndef LUAHSM_CRYPTO_HMAC_H
#define LUAHSM_CRYPTO_HMAC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/hash.h"
#include "span.h"

/* Make the contexts, in the slab, once per process; after hash_init. 0 or ERR_CRYPTO. */
int hmac_init(void);

/* Is the hash one of SHA-1, SHA-224, SHA-256, SHA-384 and SHA-512? */
bool hmac_hash(enum hash_id id);

/*
 * Write hash_length(id) bytes: the HMAC of data under a key of any length but
 * 0. 0; ERR_INPUT (no such hash); ERR_KEY_LENGTH; ERR_CRYPTO.
 */
int hmac_make(enum hash_id id, struct span key, struct span data, uint8_t mac[HASH_MAX]);

#endif
