/*
 * endpoint: the proof of AS 2805 that both ends hold the same key-encrypting
 * keys.
 *
 * One end sends a random number under its sending key; the other sends it back
 * inverted. What exactly is encrypted how was not seen: here it is the number
 * and its complement, one block each.
 */
#ifndef LUAHSM_CRYPTO_ENDPOINT_H
#define LUAHSM_CRYPTO_ENDPOINT_H

#include <stdint.h>

struct key;

enum { ENDPOINT_LEN = 8 };

/* A random number under kek, and what has to come back. 0 or ERR_CRYPTO. */
int endpoint_ask(struct key *kek, uint8_t krs[ENDPOINT_LEN], uint8_t krr[ENDPOINT_LEN]);

/* The answer to what came. krs and krr may be the same. 0 or ERR_CRYPTO. */
int endpoint_answer(struct key *kek, const uint8_t krs[ENDPOINT_LEN],
    uint8_t krr[ENDPOINT_LEN]);

#endif
