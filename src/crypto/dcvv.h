/*
 * dcvv: card verification values that change with each transaction.
 *
 * The card's key follows from the issuer's, PAN and sequence number
 * (emv_pan.h); both schemes read a few decimal digits out of what it makes
 * of the transaction counter (spec: pins.md 3.2 to 3.4).
 * All are 0, ERR_KEY_LENGTH (an issuer key that is not double-length),
 * ERR_INPUT (a field of another form) or ERR_CRYPTO.
 */
#ifndef LUAHSM_CRYPTO_DCVV_H
#define LUAHSM_CRYPTO_DCVV_H

#include <stdint.h>

#include "span.h"

struct key;

enum { DCVV_DIGITS = 3, DCVV_CVC3_DIGITS = 5 };

/*
 * Visa dCVV under MK-AC, sequence number 00. option: 'A' or 'B'; pan 5 to 19
 * digits; atc: at least 4 digits, the last 4 count.
 */
int dcvv_visa(struct key *mk_ac, char option, struct span pan, struct span expiry,
    struct span service, struct span atc, char out[DCVV_DIGITS]);

/*
 * Mastercard CVC3 under MK-CVC3. track: the static track data as bytes;
 * un: 8 digits, taken two a byte; atc: decimal, 0 to 65535.
 */
int dcvv_cvc3(struct key *mk_cvc3, char option, struct span pan, struct span psn,
    struct span track, struct span un, long atc, char out[DCVV_CVC3_DIGITS]);

#endif
