/*
 * key_wrap: keys leaving and entering encrypted, and keys made here.
 */
#include "key.h"

#include <string.h>

#include <sodium.h>

#include "crypto/des3.h"
#include "crypto/kcv.h"
#include "crypto/keywrap.h"
#include "crypto/parity.h"
#include "err.h"
#include "hex.h"
#include "keyuse.h"
#include "lmk.h"
#include "rng.h"
#include "secret.h"

/* Write encrypted bytes as a key field: schemes Z and P have no tag. */
static void
put_field(char scheme, const uint8_t *bytes, size_t len, char *out, size_t *n)
{
	size_t tag = scheme == 'Z' || scheme == 'P' ? 0 : 1;

	out[0] = scheme;
	hex_encode(bytes, len, out + tag);
	*n = tag + 2 * len;
}

/* With the key's own header, or the one that its type has. */
static int
wrap_block(const struct lmk *lmk, const struct key *key, unsigned type, char scheme, char *out,
    size_t *n)
{
	struct keyblock_header h = key->header;
	int r;

	if (scheme != 'S')
		return keywrap_length(scheme) != 0 ? ERR_LMK_SCHEME : ERR_SCHEME;
	if (h.version == 0 && !keyuse_default(type, key, &h))
		return ERR_KEY_TYPE;
	out[0] = 'S';
	if ((r = lmk_block_wrap(lmk, &h, key->bytes, key->len, out + 1, n)) == 0)
		++*n;
	return r;
}

int
key_wrap(const struct lmk *lmk, const struct key *key, unsigned type, char scheme, char *out,
    size_t *n)
{
	uint8_t encrypted[DES_KEY_MAX];
	int r;

	if (lmk_scheme(lmk) != LMK_VARIANT)
		return wrap_block(lmk, key, type, scheme, out, n);
	if (scheme == 'S')
		return ERR_LMK_SCHEME;
	if (key->aes || key->len > DES_KEY_MAX)
		return ERR_WEAKER_LMK;
	if ((r = lmk_wrap(lmk, type, scheme, key->bytes, encrypted, key->len)) == 0)
		put_field(scheme, encrypted, key->len, out, n);
	return r;
}

/* The ZMK with an Atalla variant in the first byte of each part; NULL: no slot. */
static const uint8_t *
with_atalla(const struct key *zmk, unsigned atalla)
{
	struct secret *kek = secret_take();

	if (kek == NULL)
		return NULL;
	kek->len = zmk->len;
	memcpy(kek->bytes, zmk->bytes, zmk->len);
	for (size_t i = 0; i < zmk->len && i < DES_KEY_MAX; i += DES_BLOCK)
		kek->bytes[i] = (uint8_t)(kek->bytes[i] ^ (8 * atalla));
	return kek->bytes;
}

int
key_export(const struct key *zmk, unsigned atalla, const struct key *key, char scheme,
    char *out, size_t *n)
{
	const uint8_t *kek = with_atalla(zmk, atalla);
	uint8_t encrypted[DES_KEY_MAX];
	int r;

	if (kek == NULL)
		return ERR_NO_ROOM;
	if (zmk->aes || key->aes || key->len > DES_KEY_MAX)
		return ERR_SCHEME;
	r = keywrap_wrap(kek, zmk->len, scheme, key->bytes, encrypted, key->len);
	if (r == 0)
		put_field(scheme, encrypted, key->len, out, n);
	return r;
}

/* key now has other bytes: what was known about the old ones is void. */
static void
changed(struct key *key, size_t len)
{
	key->len = (uint8_t)len;
	key->odd = parity_odd(key->bytes, len);
	key->keyed = false;
}

int
key_import(const struct key *zmk, unsigned atalla, struct span field, struct key *key)
{
	const uint8_t *kek = with_atalla(zmk, atalla);
	uint8_t encrypted[DES_KEY_MAX];
	size_t len;
	int r;

	if (kek == NULL)
		return ERR_NO_ROOM;
	if (zmk->aes)
		return ERR_SCHEME;
	if ((r = key_field_read(field, &key->scheme, encrypted, &len)) != 0 ||
	    (r = keywrap_unwrap(kek, zmk->len, key->scheme, encrypted, key->bytes, len)) != 0)
		return r;
	changed(key, len);
	return 0;
}

/* Is a part weak, or like another? */
static bool
poor(const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i += DES_BLOCK) {
		if (parity_weak(bytes + i))
			return true;
		for (size_t j = 0; j < i; j += DES_BLOCK)
			if (sodium_memcmp(bytes + i, bytes + j, DES_BLOCK) == 0)
				return true;
	}
	return false;
}

int
key_random(struct key *key, size_t len)
{
	if (len != 8 && len != 16 && len != 24)
		return ERR_KEY_LENGTH;
	do {
		rng_bytes(key->bytes, len);
		parity_force(key->bytes, len);
	} while (poor(key->bytes, len));
	key->scheme = "ZUT"[len / DES_BLOCK - 1];
	changed(key, len);
	return 0;
}

void
key_random_plain(struct key *key, size_t len, bool aes)
{
	rng_bytes(key->bytes, len);
	key->scheme = 'S';
	changed(key, len);
	key->aes = aes;
	key->odd = true;
}

void
key_force_parity(struct key *key)
{
	parity_force(key->bytes, key->len);
	changed(key, key->len);
}

bool
key_is_zero(const struct key *key, bool parity)
{
	unsigned bits = parity ? 0xFF : 0xFE;
	unsigned any = 0;

	for (size_t i = 0; i < key->len; i++)
		any |= key->bytes[i] & bits;
	return any == 0;
}

bool
key_is_weak(const struct key *key)
{
	return !key->aes && key->header.algorithm != 'H' && poor(key->bytes, key->len);
}

void
key_copy(const struct key *from, struct key *key)
{
	memcpy(key->bytes, from->bytes, sizeof(key->bytes));
	key->len = from->len;
	key->scheme = from->scheme;
	key->type = from->type;
	key->aes = from->aes;
	key->odd = from->odd;
	key->header = from->header;
	key->keyed = false;
}

int
key_join(const struct key *a, const struct key *b, unsigned type, struct key *key)
{
	if (memcmp(a->header.usage, b->header.usage, 2) != 0 ||
	    a->header.algorithm != b->header.algorithm || a->header.mode != b->header.mode ||
	    a->header.exportability != b->header.exportability)
		return ERR_PARTS;
	if (a->len != b->len)
		return ERR_KEY_LENGTH;
	for (size_t i = 0; i < a->len; i++)
		key->bytes[i] = a->bytes[i] ^ b->bytes[i];
	changed(key, a->len);
	key->aes = a->aes;
	key->odd = key->odd || a->aes;
	key->type = (uint16_t)type;
	key->scheme = a->scheme;
	key->header = a->header;
	return 0;
}

int
key_kcv(struct key *key, unsigned digits, char *hex)
{
	struct des3 *des;

	if (key->aes)
		return kcv_make_aes(key->bytes, key->len, digits, hex);
	if (key->header.algorithm == 'H')
		return ERR_ALGORITHM;
	des = key_des(key);
	return des != NULL ? kcv_make(des, digits, hex) : ERR_CRYPTO;
}

int
key_kcv_halves(struct key *key, unsigned digits, char *hex)
{
	struct key *half;
	int r = 0;

	if (key->aes || key->len != 2 * DES_BLOCK)
		return ERR_KEY_LENGTH;
	if ((half = key_take()) == NULL)
		return ERR_NO_ROOM;
	for (size_t i = 0; i < 2 && r == 0; i++) {
		memcpy(half->bytes, key->bytes + i * DES_BLOCK, DES_BLOCK);
		changed(half, DES_BLOCK);
		r = key_kcv(half, digits, hex + i * digits);
	}
	return r;
}
