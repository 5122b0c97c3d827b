/*
 * hex: branch-free hexadecimal.
 */
#include "hex.h"

#include "err.h"

/* All ones when least <= c <= most, else zero; all arguments below 256. */
static unsigned
within(unsigned c, unsigned least, unsigned most)
{
	/* Either difference borrows, and shows it in the high bits, when c is outside. */
	return (((c - least) | (most - c)) >> 8 & 1) - 1;
}

void
hex_encode(const uint8_t *bytes, size_t n, char *out)
{
	for (size_t i = 0; i < 2 * n; i++) {
		unsigned v = bytes[i / 2] >> (i % 2 == 0 ? 4 : 0) & 0xF;

		out[i] = (char)('0' + v + (within(v, 10, 15) & ('A' - '0' - 10)));
	}
}

int
hex_decode(struct span text, uint8_t *out, size_t n)
{
	unsigned good = ~0u;

	if (text.n != 2 * n)
		return ERR_INPUT;
	for (size_t i = 0; i < n; i++) {
		unsigned byte = 0;

		for (size_t half = 0; half < 2; half++) {
			unsigned c = text.p[2 * i + half];
			unsigned digit = within(c, '0', '9'), letter = within(c, 'A', 'F');

			good &= digit | letter;
			byte = byte << 4 | (digit & (c - '0')) | (letter & (c - 'A' + 10));
		}
		out[i] = (uint8_t)byte;
	}
	return good != 0 ? 0 : ERR_INPUT;
}
