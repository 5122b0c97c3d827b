/*
 * pin: values that PINs are verified with.
 */
#ifndef LUAHSM_CRYPTO_PIN_H
#define LUAHSM_CRYPTO_PIN_H

#include "span.h"

struct key;
struct secret;

enum { PIN_LEAST = 4, PIN_MOST = 12, PIN_PVV_DIGITS = 4 };

/*
 * The Visa PVV of the PIN's first four digits, under a double-length PVK.
 * account: 12 digits or the 18-character field (account.h); pvki: a digit.
 * 0; ERR_KEY_LENGTH; ERR_PIN_LENGTH; ERR_INPUT (account or pvki); ERR_CRYPTO.
 */
int pin_pvv(struct key *pvk, const struct secret *pin, struct span account, char pvki,
    char out[PIN_PVV_DIGITS]);

#endif
