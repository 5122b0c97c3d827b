/* ed25519ph: RFC 8032's own example, and libsodium's signatures of the same messages. */
#include "crypto/ed25519ph.h"

#include <sodium.h>

#include "err.h"
#include "rows.h"

static uint8_t public[ED25519_PUBLIC], secret[ED25519_SECRET], digest[ED25519PH_DIGEST];
static uint8_t signature[ED25519PH_SIGNATURE];

static void
from_hex(const char *text, uint8_t *out, size_t n)
{
	size_t got;

	assert_int_equal(sodium_hex2bin(out, n, text, strlen(text), NULL, &got, NULL), 0);
	assert_int_equal(got, n);
}

/* RFC 8032, 7.3. */
static void
test_rfc(void **state)
{
	uint8_t seed[32], want[64], want_public[32];

	(void)state;
	from_hex("833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42", seed, 32);
	from_hex("ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf", want_public,
	    32);
	from_hex("98a70222f0b8121aa9d30f813d683f809e462b469c7ff87639499bb94e6dae41"
	    "31f85042463c2a355a2003d062adf5aaa10b8c61e636062aaad11c2a26083406", want, 64);
	crypto_sign_seed_keypair(public, secret, seed);
	assert_memory_equal(public, want_public, sizeof(want_public));
	crypto_hash_sha512(digest, (const uint8_t *)"abc", 3);
	assert_int_equal(ed25519ph_sign(secret, digest, signature), 0);
	assert_memory_equal(signature, want, sizeof(want));
	assert_int_equal(ed25519ph_verify(public, digest, want), 0);
}

/* What libsodium makes of a message, and what it says to our signature. */
static void
test_libsodium(void **state)
{
	uint8_t theirs[64], message[100];

	(void)state;
	for (size_t i = 0; i < 500; i++) {
		crypto_sign_ed25519ph_state st;

		crypto_sign_keypair(public, secret);
		randombytes_buf(message, i % 100);
		crypto_hash_sha512(digest, message, i % 100);
		crypto_sign_ed25519ph_init(&st);
		crypto_sign_ed25519ph_update(&st, message, i % 100);
		crypto_sign_ed25519ph_final_create(&st, theirs, NULL, secret);
		assert_int_equal(ed25519ph_sign(secret, digest, signature), 0);
		assert_memory_equal(signature, theirs, sizeof(theirs));
		assert_int_equal(ed25519ph_verify(public, digest, theirs), 0);
	}
}

/* One bit of anything. */
static void
test_wrong(void **state)
{
	(void)state;
	crypto_sign_keypair(public, secret);
	randombytes_buf(digest, sizeof(digest));
	assert_int_equal(ed25519ph_sign(secret, digest, signature), 0);
	for (size_t bit = 0; bit < 8 * sizeof(signature); bit++) {
		signature[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_int_equal(ed25519ph_verify(public, digest, signature), ERR_VERIFY);
		signature[bit / 8] ^= (uint8_t)(1 << bit % 8);
		digest[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_int_equal(ed25519ph_verify(public, digest, signature), ERR_VERIFY);
		digest[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	for (size_t bit = 0; bit < 8 * sizeof(public); bit++) {
		public[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_int_equal(ed25519ph_verify(public, digest, signature), ERR_VERIFY);
		public[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	assert_int_equal(ed25519ph_verify(public, digest, signature), 0);
}

/* S + L signs the same by the arithmetic, and has to be refused. */
static void
test_malleable(void **state)
{
	static const uint8_t order[32] = {
		0xED, 0xD3, 0xF5, 0x5C, 0x1A, 0x63, 0x12, 0x58, 0xD6, 0x9C, 0xF7, 0xA2, 0xDE, 0xF9,
		0xDE, 0x14, [31] = 0x10
	};

	(void)state;
	crypto_sign_keypair(public, secret);
	assert_int_equal(ed25519ph_sign(secret, digest, signature), 0);
	sodium_add(signature + 32, order, sizeof(order));
	assert_int_equal(ed25519ph_verify(public, digest, signature), ERR_VERIFY);
}

/* Points of small order sign anything for everybody. */
static void
test_small_order(void **state)
{
	static const uint8_t points[][32] = { { 0 }, { 1 } };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		memset(signature, 0, sizeof(signature));
		memcpy(signature, points[i], 32);
		assert_int_equal(ed25519ph_verify(points[i], digest, signature), ERR_VERIFY);
	}
}

static int
setup(void **state)
{
	(void)state;
	return sodium_init() < 0 ? -1 : 0;
}

int
main(void)
{
	struct rows r = { 0 };

	rows_add(&r, "RFC 8032, 7.3", test_rfc, NULL);
	rows_add(&r, "the same as libsodium's", test_libsodium, NULL);
	rows_add(&r, "one wrong bit of anything", test_wrong, NULL);
	rows_add(&r, "S above the order", test_malleable, NULL);
	rows_add(&r, "points of small order", test_small_order, NULL);
	return rows_run(&r, "ed25519ph", setup, NULL);
}
