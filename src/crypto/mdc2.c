#include "crypto/mdc2.h"

#include <string.h>

#include "crypto/des3.h"
#include "crypto/parity.h"
#include "err.h"

enum { HALF = DES_BLOCK / 2, KEY_BITS = 0x60 };

/* One chain: the block encrypted under the state made a key, XOR the block. bits tell
 * the two chains' keys apart (spec: emv-mac-data.md 4). */
static int
half_step(const uint8_t state[DES_BLOCK], uint8_t bits, const uint8_t block[DES_BLOCK],
    uint8_t out[DES_BLOCK])
{
	uint8_t key[DES_BLOCK];
	int r;

	memcpy(key, state, sizeof(key));
	key[0] = (uint8_t)((key[0] & ~KEY_BITS) | bits);
	parity_force(key, sizeof(key));
	if ((r = des3_once(key, sizeof(key), 1, block, out, DES_BLOCK)) != 0)
		return r;
	for (size_t i = 0; i < DES_BLOCK; i++)
		out[i] ^= block[i];
	return 0;
}

/* Both chains, which then exchange their right halves. state: H, then G. */
static int
step(uint8_t state[MDC2_LEN], const uint8_t block[DES_BLOCK])
{
	uint8_t v[DES_BLOCK], w[DES_BLOCK];
	int r;

	if ((r = half_step(state, 0x40, block, v)) != 0 ||
	    (r = half_step(state + DES_BLOCK, 0x20, block, w)) != 0)
		return r;
	memcpy(state, v, HALF);
	memcpy(state + HALF, w + HALF, HALF);
	memcpy(state + DES_BLOCK, w, HALF);
	memcpy(state + DES_BLOCK + HALF, v + HALF, HALF);
	return 0;
}

int
mdc2_make(struct span data, uint8_t digest[MDC2_LEN])
{
	uint8_t last[DES_BLOCK] = { 0 };
	size_t whole = data.n - data.n % DES_BLOCK;
	int r = 0;

	memset(digest, 0x52, DES_BLOCK);
	memset(digest + DES_BLOCK, 0x25, DES_BLOCK);
	for (size_t i = 0; i < whole && r == 0; i += DES_BLOCK)
		r = step(digest, data.p + i);
	if (r == 0 && whole != data.n) {
		memcpy(last, data.p + whole, data.n - whole);
		r = step(digest, last);
	}
	return r;
}
