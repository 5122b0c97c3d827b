/*
 * ed25519ph: Ed25519 over a SHA-512 digest that somebody else has made
 * (RFC 8032, 5.1, with an empty context).
 *
 * libsodium signs this way only what it has hashed itself, and libcrypto 3.0
 * not at all; cosign hands over digests. Curve, scalars and hash are
 * libsodium's; here is only their order.
 */
#ifndef LUAHSM_CRYPTO_ED25519PH_H
#define LUAHSM_CRYPTO_ED25519PH_H

#include <stdint.h>

enum { ED25519PH_DIGEST = 64, ED25519PH_SIGNATURE = 64, ED25519_SECRET = 64, ED25519_PUBLIC = 32 };

/* secret: libsodium's form, the seed and the public key. 0 or ERR_CRYPTO. */
int ed25519ph_sign(const uint8_t secret[ED25519_SECRET], const uint8_t digest[ED25519PH_DIGEST],
    uint8_t signature[ED25519PH_SIGNATURE]);

/* 0 or ERR_VERIFY. */
int ed25519ph_verify(const uint8_t public[ED25519_PUBLIC],
    const uint8_t digest[ED25519PH_DIGEST], const uint8_t signature[ED25519PH_SIGNATURE]);

#endif
