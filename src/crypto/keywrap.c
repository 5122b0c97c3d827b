/*
 * keywrap: part by part in ECB under a wrapping key that changes per part.
 */
#include "crypto/keywrap.h"

#include <assert.h>
#include <string.h>

#include <sodium.h>

#include "crypto/des3.h"
#include "err.h"

enum { PART = DES_BLOCK };

static const struct scheme {
	char    tag;
	uint8_t parts;
	uint8_t variant[3];	/* per part; zero: none */
} schemes[] = {
	{ 'U', 2, { 0xA6, 0x5A } },
	{ 'T', 3, { 0x6A, 0xDE, 0x2B } },
	{ 'Z', 1, { 0 } },
	{ 'P', 2, { 0 } },
	{ 'X', 2, { 0 } },
	{ 'Y', 3, { 0 } },
};

static const struct scheme *
find(char tag)
{
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		if (schemes[i].tag == tag)
			return &schemes[i];
	return NULL;
}

size_t
keywrap_length(char tag)
{
	const struct scheme *scheme = find(tag);

	return scheme != NULL ? (size_t)scheme->parts * PART : 0;
}

static int
crypt_parts(const uint8_t *kek, size_t kek_len, char tag, int encrypt, const uint8_t *in,
    uint8_t *out, size_t len)
{
	const struct scheme *scheme = find(tag);
	uint8_t k[DES_KEY_MAX], second;
	int r = 0;

	assert(kek_len <= sizeof(k));
	if (scheme == NULL)
		return ERR_SCHEME;
	if (len != (size_t)scheme->parts * PART)
		return ERR_KEY_LENGTH;
	/* Without variants all parts are under the same key: one schedule does. */
	if (scheme->variant[0] == 0)
		return des3_once(kek, kek_len, encrypt, in, out, len);
	/* A single-length key counts as one of two equal parts. */
	memcpy(k, kek, kek_len);
	if (kek_len == PART) {
		memcpy(k + PART, kek, PART);
		kek_len = 2 * PART;
	}
	second = k[PART];
	for (size_t i = 0; i < len && r == 0; i += PART) {
		k[PART] = second ^ scheme->variant[i / PART];
		r = des3_once(k, kek_len, encrypt, in + i, out + i, PART);
	}
	sodium_memzero(k, sizeof(k));
	return r;
}

int
keywrap_wrap(const uint8_t *kek, size_t kek_len, char scheme, const uint8_t *in,
    uint8_t *out, size_t len)
{
	return crypt_parts(kek, kek_len, scheme, 1, in, out, len);
}

int
keywrap_unwrap(const uint8_t *kek, size_t kek_len, char scheme, const uint8_t *in,
    uint8_t *out, size_t len)
{
	return crypt_parts(kek, kek_len, scheme, 0, in, out, len);
}
