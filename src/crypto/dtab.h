/*
 * dtab: decimalisation tables under the LMK.
 *
 * The 16 digits as BCD in one block (lmk_host.h): 16 hexadecimal digits, or L and 32
 * under an AES LMK, whose block has 8 zero bytes behind the table (spec:
 * pins.md 2.2; the form is published, what is in it is the project's own).
 */
#ifndef LUAHSM_CRYPTO_DTAB_H
#define LUAHSM_CRYPTO_DTAB_H

#include <stddef.h>

#include "span.h"

struct lmk;
struct secret;

enum { DTAB_MOST = 33, DTAB_TAG = 'L' };

/* Characters of a table under the LMK. */
size_t dtab_length(const struct lmk *lmk);

/*
 * Decrypt a table to 16 digits, as numbers. 0; ERR_TABLE (in the form of another
 * LMK, damaged, or a table that ibm3624_table refuses); ERR_INPUT (not such
 * text); ERR_NO_MEMORY; ERR_CRYPTO.
 */
int dtab_open(const struct lmk *lmk, struct span text, struct secret *table);

/* Encrypt one: dtab_length characters. 0, ERR_TABLE (not 16 digits), ERR_NO_MEMORY, ERR_CRYPTO. */
int dtab_seal(const struct lmk *lmk, const struct secret *table, char *out);

#endif
