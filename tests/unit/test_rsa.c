/* rsa: public keys in both encodings, private ones as their five numbers, new pairs. */
#include "crypto/rsa.h"

#include <openssl/evp.h>

#include "err.h"
#include "rsakeys.h"

/* Two examples of the HSM 8000 host command manual, and what must not be taken. */
static const struct reads {
	const char *name, *der;
	int         want;
	unsigned    bits;
} reads[] = {
	{ "without a sign", "30470240AE213EBDFE272616058114CA5D6E8DDD2F976EF0C6D6F6ADE0204E916CE0"
	    "B5C704A1A9F1F631F578D7B87D1981951BB99A572400AC43BB3AF8C2A4068A0052250203010001",
	    0, 512 },
	{ "with a sign", "3048024100AE213EBDFE272616058114CA5D6E8DDD2F976EF0C6D6F6ADE0204E916C"
	    "E0B5C704A1A9F1F631F578D7B87D1981951BB99A572400AC43BB3AF8C2A4068A0052250203010001",
	    0, 512 },
	{ "510 bits", "304702402E213EBDFE272616058114CA5D6E8DDD2F976EF0C6D6F6ADE0204E916CE0"
	    "B5C704A1A9F1F631F578D7B87D1981951BB99A572400AC43BB3AF8C2A4068A0052250203010001",
	    0, 510 },
	{ "no SEQUENCE", "04470240AE213EBDFE272616058114CA5D6E8DDD2F976EF0C6D6F6ADE0204E916CE0"
	    "B5C704A1A9F1F631F578D7B87D1981951BB99A572400AC43BB3AF8C2A4068A0052250203010001",
	    ERR_INPUT, 0 },
	{ "a byte behind it", "30470240AE213EBDFE272616058114CA5D6E8DDD2F976EF0C6D6F6ADE0204E91"
	    "6CE0B5C704A1A9F1F631F578D7B87D1981951BB99A572400AC43BB3AF8C2A4068A005225020301000100",
	    ERR_INPUT, 0 },
	{ "an even modulus", "30470240AE213EBDFE272616058114CA5D6E8DDD2F976EF0C6D6F6ADE0204E916CE0"
	    "B5C704A1A9F1F631F578D7B87D1981951BB99A572400AC43BB3AF8C2A4068A0052240203010001",
	    ERR_INPUT, 0 },
	{ "an even exponent", "30470240AE213EBDFE272616058114CA5D6E8DDD2F976EF0C6D6F6ADE0204E916CE0"
	    "B5C704A1A9F1F631F578D7B87D1981951BB99A572400AC43BB3AF8C2A4068A0052250203010002",
	    ERR_INPUT, 0 },
	{ "exponent 1", "30450240AE213EBDFE272616058114CA5D6E8DDD2F976EF0C6D6F6ADE0204E916CE0"
	    "B5C704A1A9F1F631F578D7B87D1981951BB99A572400AC43BB3AF8C2A4068A005225020101",
	    ERR_INPUT, 0 },
	{ "a short modulus", "300902020D4F0203010001", ERR_INPUT, 0 },
	{ "nothing", "", ERR_INPUT, 0 },
};

static void
test_read(void **state)
{
	const struct reads *row = *state;
	uint8_t der[128], out[RSA_PUBLIC_MAX];
	size_t n = keys_bytes(row->der, der);
	struct rsa_public key;
	struct span again;

	assert_int_equal(rsa_public_read(span_of(der, n), &key), row->want);
	if (row->want != 0)
		return;
	assert_int_equal(rsa_public_bits(&key), row->bits);
	again = rsa_public_write(&key, n == 0x4A ? RSA_SIGNED : RSA_UNSIGNED, out);
	assert_int_equal(again.n, n);
	assert_memory_equal(again.p, der, n);
}

/* One byte of each number: a key that was changed is refused. */
static void
test_changed(void **state)
{
	uint8_t *numbers = secret_alloc(RSA_PRIVATE_MAX);
	size_t n = keys_bytes(RSA_NUMBERS, numbers), used;
	EVP_PKEY *key;

	(void)state;
	for (size_t at = 30; at < n; at += n / 5) {
		numbers[at] ^= 0x10;
		assert_int_equal(rsa_private_read(span_of(numbers, n), &key, &used), ERR_INPUT);
		assert_null(key);
		numbers[at] ^= 0x10;
	}
	for (size_t cut = 0; cut < n; cut += 7)
		assert_int_equal(rsa_private_read(span_of(numbers, cut), &key, &used),
		    ERR_INPUT);
	assert_int_equal(rsa_private_read(span_of(numbers, n), &key, &used), 0);
	rsa_free(key);
	secret_free(numbers);
}

static void
test_modulus(void **state)
{
	EVP_PKEY *key = rsakeys_private();
	uint8_t bytes[RSA_BYTES + RSA_EXPONENT], want[RSA_TEST_BYTES];
	struct rsa_public public;

	(void)state;
	assert_int_equal(rsa_public_of(key, bytes, &public), 0);
	assert_int_equal(public.n.n, keys_bytes(RSA_MODULUS, want));
	assert_memory_equal(public.n.p, want, sizeof(want));
	assert_true(public.e.n == 3 && memcmp(public.e.p, "\1\0\1", 3) == 0);
	rsa_free(key);
}

/* A private number must not lie on the heap. */
static void
test_home(void **state)
{
	EVP_PKEY *key = NULL;
	size_t before = secret_bytes_used(), numbers, used;
	uint8_t *out = secret_alloc(RSA_PRIVATE_MAX);
	EVP_PKEY *again;

	(void)state;
	assert_int_equal(rsa_generate(512, SPAN("\3"), &key), 0);
	assert_true(secret_holds(key));
	assert_int_equal(rsa_private_write(key, out, &numbers), 0);
	assert_int_equal(numbers, 5 * (2 + 32));
	assert_int_equal(rsa_private_read(span_of(out, numbers), &again, &used), 0);
	assert_int_equal(used, numbers);
	assert_int_equal(EVP_PKEY_eq(key, again), 1);
	rsa_free(again);
	rsa_free(key);
	secret_free(out);
	assert_int_equal(secret_bytes_used(), before);
}

static const struct sizes {
	const char *name;
	unsigned    bits;
	const char *e;
	size_t      n;
} sizes[] = {
	{ "512 bits, exponent 65537", 512, "\1\0\1", 3 },
	{ "600 bits, exponent 3", 600, "\3", 1 },
	{ "1022 bits, exponent 2^32 + 1", 1022, "\1\0\0\0\1", 5 },
	{ "1024 bits, exponent 17", 1024, "\x11", 1 },
};

static void
test_size(void **state)
{
	const struct sizes *row = *state;
	EVP_PKEY *key, *again;
	uint8_t *out = secret_alloc(RSA_PRIVATE_MAX), bytes[RSA_BYTES + RSA_EXPONENT];
	struct rsa_public public;
	size_t n, used;

	assert_int_equal(rsa_generate(row->bits, span_of(row->e, row->n), &key), 0);
	assert_int_equal(rsa_public_of(key, bytes, &public), 0);
	assert_int_equal(rsa_public_bits(&public), row->bits);
	assert_true(public.e.n == row->n && memcmp(public.e.p, row->e, row->n) == 0);
	assert_int_equal(rsa_private_write(key, out, &n), 0);
	assert_int_equal(rsa_private_read(span_of(out, n), &again, &used), 0);
	assert_int_equal(EVP_PKEY_eq(key, again), 1);
	rsa_free(again);
	rsa_free(key);
	secret_free(out);
}

static void
test_exponent(void **state)
{
	EVP_PKEY *key;

	(void)state;
	assert_int_equal(rsa_generate(512, SPAN("\1\0"), &key), ERR_INPUT);
	assert_int_equal(rsa_generate(512, SPAN("\1"), &key), ERR_INPUT);
	assert_int_equal(rsa_generate(512, SPAN(""), &key), ERR_INPUT);
	assert_int_equal(rsa_generate(512, SPAN("\1\1\1\1\1\1\1\1\1"), &key), ERR_INPUT);
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, reads, test_read);
	ROWS(&r, sizes, test_size);
	rows_add(&r, "a number that was changed", test_changed, NULL);
	rows_add(&r, "modulus and exponent follow from the numbers", test_modulus, NULL);
	rows_add(&r, "a new pair lives in the slab and leaves it", test_home, NULL);
	rows_add(&r, "exponents that are none", test_exponent, NULL);
	return rows_run(&r, "rsa", keys_setup, NULL);
}
