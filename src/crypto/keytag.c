#include "crypto/keytag.h"

#include <sodium.h>
#include <string.h>

uint64_t
keytag(const uint8_t secret[KEYTAG_SECRET], struct span key, struct span subject)
{
	crypto_generichash_state state;
	uint8_t hash[crypto_generichash_BYTES_MIN];
	uint64_t tag;

	crypto_generichash_init(&state, secret, KEYTAG_SECRET, sizeof(hash));
	crypto_generichash_update(&state, (const uint8_t *)&key.n, sizeof(key.n));
	crypto_generichash_update(&state, key.p, key.n);
	crypto_generichash_update(&state, subject.p, subject.n);
	crypto_generichash_final(&state, hash, sizeof(hash));
	memcpy(&tag, hash, sizeof(tag));
	sodium_memzero(&state, sizeof(state));
	return tag == 0 ? 1 : tag;
}
