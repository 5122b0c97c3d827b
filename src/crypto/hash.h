/*
 * hash: digests of data, by the identifiers of the host commands.
 */
#ifndef LUAHSM_CRYPTO_HASH_H
#define LUAHSM_CRYPTO_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "span.h"

enum hash_id {
	HASH_ID_SHA1   = 1,
	HASH_ID_MD5    = 2,
	HASH_ID_MDC2   = 3,	/* ISO 10118-2 over DES */
	HASH_ID_NONE   = 4,	/* of signatures only: no digest here */
	HASH_ID_SHA224 = 5,
	HASH_ID_SHA256 = 6,
	HASH_ID_SHA384 = 7,
	HASH_ID_SHA512 = 8
};

enum { HASH_IDS = 9, HASH_MAX = 64 };

/* Fetch the digests and make their contexts once per process. 0 or ERR_CRYPTO. */
int hash_init(void);

/* Bytes of a digest; 0: no such hash. */
size_t hash_length(enum hash_id id);

/* What libcrypto calls it; NULL: it has none (MDC-2) or there is no such hash. */
const char *hash_name(enum hash_id id);

/* Write hash_length(id) bytes. 0; ERR_INPUT (no such hash); ERR_CRYPTO. */
int hash_make(enum hash_id id, struct span data, uint8_t digest[HASH_MAX]);

#endif
