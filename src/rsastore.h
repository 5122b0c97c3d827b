/*
 * rsastore: RSA private keys that hosts leave in the HSM (EK) and name by an index.
 *
 * A key is kept as it came, encrypted under the LMK, so the memory that all
 * processes share holds no secret. It is gone when the server ends.
 */
#ifndef LUAHSM_RSASTORE_H
#define LUAHSM_RSASTORE_H

#include "span.h"

enum { RSASTORE_INDEXES = 21, RSASTORE_MAX = 2048 };

/* Make the memory, before any fork. 0 or ERR_NO_MEMORY. */
int rsastore_init(void);

/* Keep key (at most RSASTORE_MAX bytes) under index, in place of what was there. */
void rsastore_put(unsigned index, struct span key);

/* What is kept under index, to out (RSASTORE_MAX bytes). Returns its length: 0 for nothing. */
size_t rsastore_get(unsigned index, uint8_t *out);

#endif
