/*
 * rng: random bytes from libsodium, or a repeatable stream for proofs.
 */
#ifndef LUAHSM_RNG_H
#define LUAHSM_RNG_H

#include <stddef.h>
#include <stdint.h>

void rng_bytes(void *out, size_t n);

/* The same for libcrypto: a stream of its own when repeatable, since how much it
 * asks for depends on what it still knows of a key. */
void rng_library_bytes(void *out, size_t n);

/* A number below bound (at least 1), every one as likely as any other. */
uint32_t rng_below(uint32_t bound);

/*
 * From now on the bytes repeat: the stream of seed (libsodium's deterministic
 * generator). Only for the process that judges plug-ins; a server never calls it.
 */
void rng_repeat(uint64_t seed);

#endif
