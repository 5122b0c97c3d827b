/*
 * rng: libsodium's generator, or its deterministic twin.
 */
#include "rng.h"

#include <stdbool.h>
#include <string.h>

#include <assert.h>
#include <sodium.h>

/* A stream: its seed, the calls so far, and which one it is. */
enum { SEED, CALLS, WHICH, WORDS };

static bool     repeat;
static uint64_t own[WORDS], library[WORDS];

static void
fill(uint64_t stream[WORDS], void *out, size_t n)
{
	uint8_t seed[randombytes_SEEDBYTES] = { 0 };

	if (!repeat) {
		randombytes_buf(out, n);
		return;
	}
	/* The twin gives the same bytes for the same seed: number the calls. */
	memcpy(seed, stream, WORDS * sizeof(stream[0]));
	stream[CALLS]++;
	randombytes_buf_deterministic(out, n, seed);
}

void
rng_bytes(void *out, size_t n)
{
	fill(own, out, n);
}

void
rng_library_bytes(void *out, size_t n)
{
	fill(library, out, n);
}

uint32_t
rng_below(uint32_t bound)
{
	uint32_t least, r;

	assert(bound >= 1);
	/* 2^32 mod bound: drawing again below it leaves whole multiples of bound. */
	least = (0u - bound) % bound;
	do
		rng_bytes(&r, sizeof(r));
	while (r < least);
	return r % bound;
}

void
rng_repeat(uint64_t seed)
{
	repeat = true;
	own[SEED] = library[SEED] = seed;
	own[CALLS] = library[CALLS] = 0;
	library[WHICH] = 1;
}
