/*
 * shamir: a secret in shares, any k of which give it back (A. Shamir, 1979), over
 * the field of 256 elements that AES has.
 *
 * Our own and not a library's: Debian's libgfshare keeps the secret in memory
 * that is neither locked nor ours to wipe, and looks up tables by secret bytes.
 * Here nothing branches on them and no address depends on them.
 */
#ifndef LUAHSM_CRYPTO_SHAMIR_H
#define LUAHSM_CRYPTO_SHAMIR_H

#include <stddef.h>
#include <stdint.h>

enum { SHAMIR_MOST = 9 };	/* shares */

/*
 * Cut secret (n bytes) in shares, 2 <= k <= shares <= SHAMIR_MOST: share
 * number i, from 1 on, is the n bytes at out + (i - 1) * n. 0 or ERR_COMPONENTS.
 */
int shamir_split(const uint8_t *secret, size_t n, unsigned k, unsigned shares, uint8_t *out);

/*
 * The other way round, from k shares with their numbers. Fewer than it takes, or a
 * wrong one, give something else without a sign of it. 0, or ERR_COMPONENTS:
 * a number is 0, above SHAMIR_MOST, or there twice.
 */
int shamir_join(const uint8_t *const share[], const uint8_t *number, unsigned k, size_t n,
    uint8_t *secret);

#endif
