/*
 * mask: truth values as masks, all ones or zero, so that nothing branches on
 * what was decrypted.
 */
#ifndef LUAHSM_CRYPTO_MASK_H
#define LUAHSM_CRYPTO_MASK_H

#include <stdint.h>

/* All ones when a < b, else zero; both below 2^31. */
static inline unsigned
mask_less(unsigned a, unsigned b)
{
	return 0u - ((a - b) >> 31);
}

/* All ones when a != b, else zero. */
static inline unsigned
mask_differ(unsigned a, unsigned b)
{
	return mask_less(a ^ b, 1) ^ ~0u;
}

/* All ones when there is a bit in bits, else zero. */
static inline unsigned
mask_any(uint64_t bits)
{
	return 0u - (unsigned)((bits | (0 - bits)) >> 63);
}

/* yes where the mask is set, else no. */
static inline int
mask_choose(unsigned mask, int yes, int no)
{
	return (int)((mask & (unsigned)yes) | (~mask & (unsigned)no));
}

#endif
