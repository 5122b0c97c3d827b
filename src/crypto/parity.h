/*
 * parity: the odd parity of DES keys, and the keys DES is weak under.
 *
 * Clear keys pass through here: the time depends on the length alone.
 */
#ifndef LUAHSM_CRYPTO_PARITY_H
#define LUAHSM_CRYPTO_PARITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Has each of n bytes an odd number of ones? */
bool parity_odd(const uint8_t *key, size_t n);

/* Set the low bit of each byte so that it has. */
void parity_force(uint8_t *key, size_t n);

/* Is this 8-byte part, whatever its parity bits, one of the 4 weak or 12 semi-weak keys? */
bool parity_weak(const uint8_t part[8]);

#endif
