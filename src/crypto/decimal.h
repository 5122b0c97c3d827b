/*
 * decimal: a ciphertext block as decimal digits, the way PVV and CVV read it.
 */
#ifndef LUAHSM_CRYPTO_DECIMAL_H
#define LUAHSM_CRYPTO_DECIMAL_H

#include <stddef.h>
#include <stdint.h>

/*
 * Write want (at most 2 n) digits as characters: first the hexadecimal digits 0
 * to 9 of the n bytes from left to right; when they run out the letters from
 * left to right, A to F as 0 to 5.
 */
void decimal_take(const uint8_t *bytes, size_t n, char *out, size_t want);

#endif
