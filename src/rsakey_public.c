/*
 * rsakey_public: public keys that the HSM vouches for.
 */
#include "rsakey.h"

#include <openssl/evp.h>
#include <sodium.h>

#include "crypto/der.h"
#include "crypto/mac.h"
#include "err.h"

enum { TYPE_PUBLIC = 0x00D };	/* LMK 36-37 */

int
rsakey_mac(const struct lmk *lmk, struct span signed_data, uint8_t mac[RSAKEY_MAC])
{
	uint8_t whole[MAC_LEN];
	int r = lmk_mac(lmk, TYPE_PUBLIC, signed_data, whole);

	memcpy(mac, whole, RSAKEY_MAC);
	return r;
}

bool
rsakey_is_block(struct span field)
{
	return field.n > 9 && field.p[0] == 'S' && (field.p[1] == '0' || field.p[1] == '1') &&
	    memcmp(field.p + 6, "02R", 3) == 0;
}

/* der and what follows it. */
static struct span
with_data(struct span der, struct span auth)
{
	return span_of(der.p, der.n + auth.n);
}

int
rsakey_vouch(const struct lmk *lmk, struct span der, struct span auth,
    const struct keyblock_header *h, uint8_t *out, size_t *n)
{
	struct rsa_public key;
	struct keyblock_header own;
	uint8_t clear[RSA_PUBLIC_MAX + 16];
	int r;

	if ((r = rsa_public_read(der, &key)) != 0)
		return r;
	if (lmk_scheme(lmk) == LMK_VARIANT) {
		memcpy(out + RSAKEY_MAC, der.p, der.n);
		*n = RSAKEY_MAC + der.n;
		return rsakey_mac(lmk, with_data(der, auth), out);
	}
	own = *h;
	memcpy(own.usage, "02", 2);
	own.algorithm = 'R';
	out[0] = 'S';
	memcpy(clear, der.p, der.n);
	r = lmk_raw_wrap(lmk, KEYBLOCK_CLEAR, &own, clear, der.n, out + 1, n);
	++*n;
	return r;
}

/* The DER at the start of a block that was vouched for. */
static int
open_block(const struct lmk *lmk, struct span block, uint8_t *buffer, struct rsa_public *key)
{
	struct keyblock_header h;
	struct span rest;
	struct der sequence;
	size_t n;
	int r;

	if (block.n > RSAKEY_PUBLIC)
		return ERR_BLOCK_FORMAT;
	if ((r = lmk_raw_unwrap(lmk, KEYBLOCK_CLEAR, block, &h, buffer, &n)) != 0)
		return r;
	if (memcmp(h.usage, "02", 2) != 0)
		return ERR_USAGE;
	rest = span_of(buffer, n);
	if (der_next(&rest, &sequence) != 0)
		return ERR_INPUT;
	return rsa_public_read(sequence.whole, key);
}

int
rsakey_public(const struct lmk *lmk, struct span public, struct span auth, uint8_t *buffer,
    struct rsa_public *key)
{
	uint8_t mac[RSAKEY_MAC];
	struct span der;
	int r;

	if (rsakey_is_block(public))
		return open_block(lmk, span_sub(public, 1, public.n - 1), buffer, key);
	if (lmk_scheme(lmk) != LMK_VARIANT)
		return ERR_LMK_SCHEME;
	if (public.n < RSAKEY_MAC)
		return ERR_INPUT;
	der = span_sub(public, RSAKEY_MAC, public.n - RSAKEY_MAC);
	if ((r = rsa_public_read(der, key)) != 0 ||
	    (r = rsakey_mac(lmk, with_data(der, auth), mac)) != 0)
		return r;
	return sodium_memcmp(mac, public.p, RSAKEY_MAC) == 0 ? 0 : ERR_VERIFY;
}

/* libcrypto's form of a vouched key. */
static int
open_public(const struct lmk *lmk, struct span public, struct span auth, EVP_PKEY **key)
{
	uint8_t buffer[RSAKEY_PUBLIC];
	struct rsa_public numbers;
	int r = rsakey_public(lmk, public, auth, buffer, &numbers);

	return r == 0 ? rsa_public_key(&numbers, key) : r;
}

int
rsakey_verify(const struct lmk *lmk, struct span public, struct span auth,
    const struct rsakey_signature *s, struct span data)
{
	EVP_PKEY *key;
	int r;

	if ((r = open_public(lmk, public, auth, &key)) != 0)
		return r;
	r = rsa_verify(key, s->padding, s->hash, data, s->bytes);
	EVP_PKEY_free(key);
	return r == ERR_VERIFY ? RSAKEY_ERR_SIGNATURE : r;
}

int
rsakey_encrypt(const struct lmk *lmk, struct span public, struct span auth,
    const struct rsa_scheme *scheme, struct span clear, uint8_t *out, size_t *n)
{
	EVP_PKEY *key;
	int r;

	if ((r = open_public(lmk, public, auth, &key)) != 0)
		return r;
	r = rsa_encrypt(key, scheme, clear, out, n);
	EVP_PKEY_free(key);
	return r;
}
