/*
 * cvv: card verification values.
 */
#ifndef LUAHSM_CRYPTO_CVV_H
#define LUAHSM_CRYPTO_CVV_H

#include "span.h"

struct key;

enum { CVV_DIGITS = 3, CVV_PAN_MAX = 19 };

/*
 * CVV, CVC, CVV2, iCVV or CAVV of pan (1 to 19 digits), expiry (4) and
 * service code (3), all taken as they stand, under a double-length CVK.
 * 0; ERR_KEY_LENGTH; ERR_INPUT (not such digits); ERR_CRYPTO.
 */
int cvv_make(struct key *cvk, struct span pan, struct span expiry, struct span service,
    char out[CVV_DIGITS]);

#endif
