/*
 * ed25519ph: the numbers are the steps of RFC 8032, 5.1.6 and 5.1.7.
 */
#include "crypto/ed25519ph.h"

#include <assert.h>
#include <string.h>

#include <sodium.h>

#include "err.h"

enum { POINT = crypto_core_ed25519_BYTES, SCALAR = crypto_core_ed25519_SCALARBYTES };

static_assert(ED25519_SECRET == crypto_sign_SECRETKEYBYTES &&
    ED25519PH_SIGNATURE == POINT + SCALAR, "libsodium's sizes are ours");

/* SHA-512(dom2(1, "") || a || b || digest) as a scalar; b may be NULL. */
static void
hash_to_scalar(const uint8_t a[32], const uint8_t *b, const uint8_t digest[ED25519PH_DIGEST],
    uint8_t scalar[SCALAR])
{
	static const char dom2[] = "SigEd25519 no Ed25519 collisions\1";
	crypto_hash_sha512_state state;
	uint8_t hash[crypto_hash_sha512_BYTES];

	crypto_hash_sha512_init(&state);
	/* with the NUL at its end, the length of the context */
	crypto_hash_sha512_update(&state, (const uint8_t *)dom2, sizeof(dom2));
	crypto_hash_sha512_update(&state, a, 32);
	if (b != NULL)
		crypto_hash_sha512_update(&state, b, 32);
	crypto_hash_sha512_update(&state, digest, ED25519PH_DIGEST);
	crypto_hash_sha512_final(&state, hash);
	crypto_core_ed25519_scalar_reduce(scalar, hash);
	sodium_memzero(hash, sizeof(hash));
	sodium_memzero(&state, sizeof(state));
}

int
ed25519ph_sign(const uint8_t secret[ED25519_SECRET], const uint8_t digest[ED25519PH_DIGEST],
    uint8_t signature[ED25519PH_SIGNATURE])
{
	const uint8_t *public = secret + crypto_sign_SEEDBYTES;
	uint8_t az[crypto_hash_sha512_BYTES], r[SCALAR], k[SCALAR], s[2 * SCALAR] = { 0 };
	int failed;

	/* 1: the secret scalar, clamped, and the prefix */
	crypto_hash_sha512(az, secret, crypto_sign_SEEDBYTES);
	az[0] &= 248;
	az[31] &= 127;
	az[31] |= 64;
	/* 2, 3: r and R */
	hash_to_scalar(az + 32, NULL, digest, r);
	failed = crypto_scalarmult_ed25519_base_noclamp(signature, r);
	/* 4, 5: S = r + k s; the clamped scalar may exceed the group's order */
	hash_to_scalar(signature, public, digest, k);
	memcpy(s, az, SCALAR);
	crypto_core_ed25519_scalar_reduce(az, s);
	crypto_core_ed25519_scalar_mul(s, k, az);
	crypto_core_ed25519_scalar_add(signature + POINT, r, s);
	sodium_memzero(az, sizeof(az));
	sodium_memzero(r, sizeof(r));
	sodium_memzero(s, sizeof(s));
	return failed ? ERR_CRYPTO : 0;
}

int
ed25519ph_verify(const uint8_t public[ED25519_PUBLIC],
    const uint8_t digest[ED25519PH_DIGEST], const uint8_t signature[ED25519PH_SIGNATURE])
{
	const uint8_t *s = signature + POINT;
	uint8_t wide[2 * SCALAR] = { 0 }, k[SCALAR], left[POINT], right[POINT];

	/* 1: S below the order, A a point of the main group */
	memcpy(wide, s, SCALAR);
	crypto_core_ed25519_scalar_reduce(k, wide);
	if (sodium_memcmp(k, s, SCALAR) != 0 || crypto_core_ed25519_is_valid_point(public) != 1)
		return ERR_VERIFY;
	/* 2, 3: is S B - k A the R that was sent? */
	hash_to_scalar(signature, public, digest, k);
	if (crypto_scalarmult_ed25519_base_noclamp(left, s) != 0 ||
	    crypto_scalarmult_ed25519_noclamp(right, k, public) != 0 ||
	    crypto_core_ed25519_sub(left, left, right) != 0 ||
	    sodium_memcmp(left, signature, POINT) != 0)
		return ERR_VERIFY;
	return 0;
}
