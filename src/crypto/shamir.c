/*
 * shamir: a polynomial for each byte, and its value at zero.
 */
#include "crypto/shamir.h"

#include <stdbool.h>

#include <sodium.h>

#include "err.h"
#include "rng.h"

enum { FIELD = 0x1B };	/* x^8 + x^4 + x^3 + x + 1, without its top */

static uint8_t
multiply(uint8_t a, uint8_t b)
{
	uint8_t product = 0;

	for (int i = 0; i < 8; i++) {
		product ^= (uint8_t)(a & -(b & 1));
		a = (uint8_t)((a << 1) ^ (FIELD & -(a >> 7)));
		b >>= 1;
	}
	return product;
}

/* 1/a, which is a^254: the product of a^2, a^4, ... a^128. */
static uint8_t
invert(uint8_t a)
{
	uint8_t power = a, product = 1;

	for (int i = 0; i < 7; i++) {
		power = multiply(power, power);
		product = multiply(product, power);
	}
	return product;
}

int
shamir_split(const uint8_t *secret, size_t n, unsigned k, unsigned shares, uint8_t *out)
{
	uint8_t factor[SHAMIR_MOST];

	if (k < 2 || k > shares || shares > SHAMIR_MOST)
		return ERR_COMPONENTS;
	for (size_t at = 0; at < n; at++) {
		rng_bytes(factor, k - 1);
		for (unsigned x = 1; x <= shares; x++) {
			uint8_t y = 0;

			for (unsigned i = k - 1; i > 0; i--)
				y = multiply(y ^ factor[i - 1], (uint8_t)x);
			out[(x - 1) * n + at] = y ^ secret[at];
		}
	}
	sodium_memzero(factor, sizeof(factor));
	return 0;
}

static bool
numbers_good(const uint8_t *number, unsigned k)
{
	bool good = k >= 1 && k <= SHAMIR_MOST;

	for (unsigned i = 0; good && i < k; i++) {
		good = number[i] >= 1 && number[i] <= SHAMIR_MOST;
		for (unsigned j = 0; good && j < i; j++)
			good = number[j] != number[i];
	}
	return good;
}

int
shamir_join(const uint8_t *const share[], const uint8_t *number, unsigned k, size_t n,
    uint8_t *secret)
{
	uint8_t weight[SHAMIR_MOST];

	if (!numbers_good(number, k))
		return ERR_COMPONENTS;
	/* Lagrange's basis at zero; there, minus is plus */
	for (unsigned i = 0; i < k; i++) {
		weight[i] = 1;
		for (unsigned j = 0; j < k; j++)
			if (j != i)
				weight[i] = multiply(weight[i], multiply(number[j],
				    invert(number[i] ^ number[j])));
	}
	for (size_t at = 0; at < n; at++) {
		uint8_t y = 0;

		for (unsigned i = 0; i < k; i++)
			y ^= multiply(share[i][at], weight[i]);
		secret[at] = y;
	}
	return 0;
}
