/*
 * decimal: digits first, then letters (spec: pins.md 2.1 and 3.1).
 */
#include "crypto/decimal.h"

void
decimal_take(const uint8_t block[8], char *out, size_t want)
{
	size_t n = 0;

	for (unsigned base = 0; base <= 10; base += 10)
		for (size_t i = 0; i < 16 && n < want; i++) {
			unsigned v = block[i / 2] >> (i % 2 == 0 ? 4 : 0) & 0xF;

			if ((v >= 10) == (base == 10))
				out[n++] = (char)('0' + v - base);
		}
}
