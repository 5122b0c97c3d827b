/*
 * account: which digits of an account number an algorithm takes.
 *
 * A field is 12 digits, the right-most of the PAN without its check digit; or
 * the whole PAN: 18 characters, behind F padding, where PIN block format 04 is in
 * play, and 13 to 19 digits where format 48 is (spec: pins.md 1.3). Digits that
 * are missing on the left are zeros.
 */
#ifndef LUAHSM_CRYPTO_ACCOUNT_H
#define LUAHSM_CRYPTO_ACCOUNT_H

#include <stdint.h>

#include "span.h"

enum { ACCOUNT_DIGITS = 12, ACCOUNT_PADDED = 18, ACCOUNT_PAN_MAX = 19 };

/*
 * The 12 right-most digits without the check digit, as numbers 0 to 9.
 * 0, or ERR_INPUT: not such a field.
 */
int account_right(struct span field, uint8_t digits[ACCOUNT_DIGITS]);

/* The 12 left-most digits, as format 04 wants them. As above. */
int account_left(struct span field, uint8_t digits[ACCOUNT_DIGITS]);

#endif
