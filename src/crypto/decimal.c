/*
 * decimal: digits first, then letters (spec: pins.md 2.1 and 3.1).
 */
#include "crypto/decimal.h"

void
decimal_take(const uint8_t *bytes, size_t n, char *out, size_t want)
{
	size_t taken = 0;

	for (unsigned base = 0; base <= 10; base += 10)
		for (size_t i = 0; i < 2 * n && taken < want; i++) {
			unsigned v = bytes[i / 2] >> (i % 2 == 0 ? 4 : 0) & 0xF;

			if ((v >= 10) == (base == 10))
				out[taken++] = (char)('0' + v - base);
		}
}
