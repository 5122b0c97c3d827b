/*
 * pin: new PINs, PINs that are refused, and the value Visa verifies them with.
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

/*
 * May a customer have this PIN? excluded: a count (2 digits), a PIN length (2
 * digits) and so many PINs, or empty; table: of weakpin.h. All are compared,
 * whatever is found. 0; ERR_PIN_EXCLUDED; ERR_PIN_LIST (they are of another length); ERR_INPUT
 * (not such a list).
 */
int pin_permit(const struct secret *pin, struct span excluded, const char *table);

/*
 * A random PIN of 4 to 12 digits that is permitted. ERR_PIN_EXCLUDED: none was
 * found. Else as above, and ERR_PIN_LENGTH.
 */
int pin_random(unsigned length, struct span excluded, const char *table,
    struct secret *pin);

#endif
