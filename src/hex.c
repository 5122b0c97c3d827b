/*
 * hex: branch-free hexadecimal, eight digits at a time: a word has one in each
 * byte, the first in the lowest.
 */
#include "hex.h"

#include <endian.h>

#include "err.h"

enum { DIGITS = 8, BYTES = DIGITS / 2 };	/* of a word */

#define EACH(byte) (0x0101010101010101U * (byte))

/* The digits of values 0 to 15. A larger value gives no digit. */
static uint64_t
to_digits(uint64_t values)
{
	uint64_t letters = (values + EACH(6)) >> 4 & EACH(1);

	return values + EACH('0') + letters * ('A' - '0' - 10);
}

static uint64_t
encode(uint32_t bytes)
{
	uint64_t v = bytes;

	v = (v | v << 16) & 0x0000FFFF0000FFFFU;
	v = (v | v << 8) & 0x00FF00FF00FF00FFU;
	return to_digits((v >> 4 | v << 8) & EACH(0xF));
}

/* *bad is no longer 0 when one of them is no digit. */
static uint32_t
decode(uint64_t digits, uint64_t *bad)
{
	uint64_t v = (digits & EACH(0xF)) + (digits >> 6 & EACH(1)) * 9;

	*bad |= (to_digits(v) ^ digits) | (v & EACH(0xF0));
	v = (v << 4 | v >> 8) & 0x00FF00FF00FF00FFU;
	v = (v | v >> 8) & 0x0000FFFF0000FFFFU;
	return (uint32_t)(v | v >> 16);
}

void
hex_encode(const uint8_t *bytes, size_t n, char *out)
{
	uint64_t digits;
	uint32_t four;

	for (; n >= BYTES; n -= BYTES, bytes += BYTES, out += DIGITS) {
		memcpy(&four, bytes, sizeof(four));
		digits = htole64(encode(le32toh(four)));
		memcpy(out, &digits, sizeof(digits));
	}
	for (; n > 0; n--, bytes++, out += 2) {
		digits = encode(*bytes);
		out[0] = (char)(digits & 0xFF);
		out[1] = (char)(digits >> 8 & 0xFF);
	}
}

int
hex_decode(struct span text, uint8_t *out, size_t n)
{
	const uint8_t *p = text.p;
	uint64_t digits, bad = 0;
	uint32_t four;

	if (text.n != 2 * n)
		return ERR_INPUT;
	for (; n >= BYTES; n -= BYTES, p += DIGITS, out += BYTES) {
		memcpy(&digits, p, sizeof(digits));
		four = htole32(decode(le64toh(digits), &bad));
		memcpy(out, &four, sizeof(four));
	}
	for (; n > 0; n--, p += 2)
		*out++ = (uint8_t)decode(EACH('0') << 16 | (uint64_t)p[1] << 8 | p[0], &bad);
	return bad == 0 ? 0 : ERR_INPUT;
}
