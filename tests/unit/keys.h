/*
 * keys: the slab, keys and secrets of literal values, for tests of what uses them.
 */
#ifndef TEST_KEYS_H
#define TEST_KEYS_H

#include "crypto/des3.h"
#include "crypto/libcrypto.h"
#include "hex.h"
#include "key.h"
#include "rows.h"
#include "secret.h"

static inline int
keys_setup(void **state)
{
	(void)state;
	return secret_init(false) != 0 || libcrypto_init() != 0 || key_init() != 0;
}

/* Bytes of hexadecimal text; returns how many. */
static inline size_t
keys_bytes(const char *hex, uint8_t *out)
{
	size_t n = strlen(hex) / 2;

	assert_int_equal(hex_decode(span_str(hex), out, n), 0);
	return n;
}

/* A scratch key of that value. Ends with keys_done. */
static inline struct key *
keys_key(const char *hex)
{
	struct key *key = key_take();

	assert_non_null(key);
	key->len = (uint8_t)keys_bytes(hex, key->bytes);
	return key;
}

/* A slot with that text. Ends with keys_done. */
static inline struct secret *
keys_secret(const char *text)
{
	struct secret *secret = secret_take();

	assert_non_null(secret);
	secret->len = (uint32_t)strlen(text);
	memcpy(secret->bytes, text, secret->len);
	return secret;
}

static inline void
keys_done(void)
{
	key_put_all();
	secret_put_all();
}

/* Are these n bytes the ones of the hexadecimal text? */
static inline void
keys_same(const uint8_t *bytes, size_t n, const char *hex)
{
	char text[256];

	assert_true(2 * n < sizeof(text));
	hex_encode(bytes, n, text);
	text[2 * n] = '\0';
	assert_string_equal(text, hex);
}

#endif
