/*
 * pinclear: PIN blocks in the clear, for people who check their own.
 *
 * The layouts of spec pins.md 1.2 and 1.4 without a key, with the formats
 * that only cards see (34, 35) and the PIN field of format 48. The server
 * does not use this: it seals and opens blocks in crypto/pinblock, in a time
 * that tells nothing.
 */
#ifndef LUAHSM_CRYPTO_PINCLEAR_H
#define LUAHSM_CRYPTO_PINCLEAR_H

#include <stdbool.h>

#include "span.h"

struct secret;

/*
 * The format code of a name: "01", "1", or what people call it ("iso0",
 * "ISO-0", "visa1", "diebold"). 0: no such format.
 */
unsigned pinclear_format(const char *name);

/* Is the block bound to the PAN? */
bool pinclear_needs_pan(unsigned format);

/* Hexadecimal digits of a block: 16, or 32 of format 48's PIN field. */
size_t pinclear_length(unsigned format);

/*
 * Lay a PIN out as hexadecimal digits. pan: 8 to 19 digits, check digit and
 * all, where it is needed. 0; ERR_PIN_FORMAT; ERR_PIN_LENGTH (not 4 to 12
 * digits, or more than the format holds); ERR_ACCOUNT.
 */
int pinclear_encode(unsigned format, struct span pin, struct span pan, struct secret *block);

/*
 * Take the PIN out. Above, and ERR_INPUT (not that many hexadecimal digits),
 * ERR_PIN_BLOCK (control digit, PIN digit or filler is wrong).
 */
int pinclear_decode(unsigned format, struct span block, struct span pan, struct secret *pin);

#endif
