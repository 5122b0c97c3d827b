/*
 * lmk_value: lengths, check values, and what is refused.
 */
#include "lmk_value.h"

#include <string.h>

#include <sodium.h>

#include "crypto/cmac.h"
#include "crypto/des3.h"
#include "crypto/parity.h"
#include "err.h"
#include "hex.h"
#include "lmk_test.h"
#include "rng.h"
#include "secret.h"

static const struct {
	const char *name;
	size_t      len;
} schemes[] = {
	[LMK_VARIANT]    = { "variant", LMK_BYTES },
	[LMK_3DES_BLOCK] = { "3des-kb", DES_KEY_MAX },
	[LMK_AES_BLOCK]  = { "aes-kb",  LMK_BLOCK_KEY },
};

enum { SCHEMES = sizeof(schemes) / sizeof(schemes[0]) };

const char *
lmk_scheme_text(enum lmk_scheme scheme)
{
	return schemes[scheme].name;
}

int
lmk_scheme_find(const char *text)
{
	for (int i = 0; i < SCHEMES; i++)
		if (strcmp(text, schemes[i].name) == 0)
			return i;
	return -1;
}

size_t
lmk_value_length(enum lmk_scheme scheme)
{
	return schemes[scheme].len;
}

/* Eight zero bytes under a key of triple DES. */
static int
des_check(const uint8_t *key, size_t len, uint8_t out[DES_BLOCK])
{
	static const uint8_t zeros[DES_BLOCK];
	int r = des3_once(key, len, 1, zeros, out, DES_BLOCK);

	des3_forget_once();
	return r;
}

int
lmk_value_check(const struct lmk_value *v, char check[LMK_CHECK + 1])
{
	uint8_t out[CMAC_MAX], *sum;
	int r;

	if (v->scheme == LMK_AES_BLOCK) {
		r = cmac_make(CMAC_AES, v->bytes, v->len, SPAN(""), SPAN(""), out);
	} else if (v->scheme == LMK_3DES_BLOCK) {
		r = des_check(v->bytes, v->len, out);
	} else if ((sum = secret_alloc(LMK_PAIR_LEN)) != NULL) {
		for (size_t i = 0; i < LMK_BYTES; i++)
			sum[i % LMK_PAIR_LEN] ^= v->bytes[i];
		r = des_check(sum, LMK_PAIR_LEN, out);
		secret_free(sum);
	} else {
		r = ERR_NO_MEMORY;
	}
	if (r == 0) {
		hex_encode(out, LMK_CHECK / 2, check);
		check[LMK_CHECK] = '\0';
	}
	return r;
}

void
lmk_value_random(struct lmk_value *v, enum lmk_scheme scheme)
{
	v->scheme = scheme;
	v->len = schemes[scheme].len;
	do {
		rng_bytes(v->bytes, v->len);
		lmk_value_force(v);
	} while (lmk_value_fault(v) != NULL);
}

void
lmk_value_force(struct lmk_value *v)
{
	if (v->scheme != LMK_AES_BLOCK)
		parity_force(v->bytes, v->len);
}

void
lmk_value_add(struct lmk_value *v, const struct lmk_value *with)
{
	for (size_t i = 0; i < v->len; i++)
		v->bytes[i] ^= with->bytes[i];
}

/* The bits of a byte that count. */
static uint8_t
mask_of(enum lmk_scheme scheme)
{
	return scheme == LMK_AES_BLOCK ? 0xFF : 0xFE;
}

bool
lmk_value_same(const struct lmk_value *a, const struct lmk_value *b)
{
	uint8_t mask = mask_of(a->scheme), differ = 0;

	if (a->scheme != b->scheme)
		return false;
	for (size_t i = 0; i < a->len; i++)
		differ |= (uint8_t)((a->bytes[i] ^ b->bytes[i]) & mask);
	return differ == 0;
}

bool
lmk_value_zero(const struct lmk_value *v)
{
	uint8_t mask = mask_of(v->scheme), some = 0;

	for (size_t i = 0; i < v->len; i++)
		some |= (uint8_t)(v->bytes[i] & mask);
	return some == 0;
}

/* Two stretches of n bytes, parity bits apart. */
static bool
alike(const uint8_t *a, const uint8_t *b, size_t n)
{
	uint8_t differ = 0;

	for (size_t i = 0; i < n; i++)
		differ |= (uint8_t)((a[i] ^ b[i]) & 0xFE);
	return differ == 0;
}

static const char *
des_fault(const struct lmk_value *v)
{
	size_t key = v->scheme == LMK_VARIANT ? LMK_PAIR_LEN : DES_KEY_MAX;

	for (size_t i = 0; i < v->len; i += DES_BLOCK)
		if (parity_weak(v->bytes + i))
			return "a part of it is a weak key of DES";
	for (size_t i = 0; i < v->len; i += key)
		for (size_t j = i + DES_BLOCK; j < i + key; j += DES_BLOCK)
			if (alike(v->bytes + j - DES_BLOCK, v->bytes + j, DES_BLOCK) ||
			    alike(v->bytes + i, v->bytes + j, DES_BLOCK))
				return "two parts of one key are equal";
	for (size_t i = 0; i < v->len; i += key)
		for (size_t j = i + key; j < v->len; j += key)
			if (alike(v->bytes + i, v->bytes + j, key))
				return "two pairs are equal";
	return NULL;
}

const char *
lmk_value_fault(const struct lmk_value *v)
{
	uint8_t differ = 0;

	if (lmk_value_zero(v))
		return "it is all zeros";
	if (v->scheme != LMK_AES_BLOCK)
		return des_fault(v);
	for (size_t i = 1; i < v->len; i++)
		differ |= (uint8_t)(v->bytes[i] ^ v->bytes[0]);
	return differ == 0 ? "it is one byte repeated" : NULL;
}

bool
lmk_value_published(const struct lmk_value *v)
{
	const struct test_lmk *test;
	bool found = false;

	for (size_t i = 0; (test = lmk_test_at(i)) != NULL; i++) {
		const uint8_t *bytes = test->scheme == LMK_VARIANT ? test->pairs[0] : test->key;

		found |= test->scheme == v->scheme &&
		    sodium_memcmp(bytes, v->bytes, v->len) == 0;
	}
	return found;
}
