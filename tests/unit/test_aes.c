/* aes: the examples of FIPS 197, CBC, and keys of changing length in one schedule. */
#include "crypto/aes.h"

#include "err.h"
#include "keys.h"

#define PLAIN "00112233445566778899AABBCCDDEEFF"
#define KEY   "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F"

/* FIPS 197, appendix C. */
static const struct row {
	const char *name;
	size_t      len;
	const char *cipher;
} rows[] = {
	{ "AES-128", 16, "69C4E0D86A7B0430D8CDB78070B4C55A" },
	{ "AES-192", 24, "DDA97CA4864CDFE06EAF70A0EC0D7191" },
	{ "AES-256", 32, "8EA2B7CA516745BFEAFC49904B496089" },
};

static void
test_row(void **state)
{
	const struct row *row = *state;
	uint8_t key[AES_KEY_MAX], block[AES_BLOCK];
	struct aes *aes = aes_new();

	assert_non_null(aes);
	assert_true(secret_holds(aes));
	keys_bytes(KEY, key);
	keys_bytes(PLAIN, block);
	assert_int_equal(aes_key(aes, key, row->len), 0);
	assert_int_equal(aes_encrypt(aes, block, block, sizeof(block)), 0);
	keys_same(block, sizeof(block), row->cipher);
	assert_int_equal(aes_decrypt(aes, block, block, sizeof(block)), 0);
	keys_same(block, sizeof(block), PLAIN);
	aes_free(aes);
}

/* One schedule takes keys of all lengths in turn, and takes no more memory for it. */
static void
test_turns(void **state)
{
	uint8_t key[AES_KEY_MAX], block[AES_BLOCK];
	struct aes *aes = aes_new();
	size_t used = 0;

	(void)state;
	keys_bytes(KEY, key);
	for (int i = 0; i < 9; i++) {
		const struct row *row = &rows[i % 3];

		keys_bytes(PLAIN, block);
		assert_int_equal(aes_key(aes, key, row->len), 0);
		assert_int_equal(aes_encrypt(aes, block, block, sizeof(block)), 0);
		keys_same(block, sizeof(block), row->cipher);
		aes_wipe(aes);
		if (i < 3)
			used = secret_bytes_used();
		assert_int_equal(secret_bytes_used(), used);
	}
	assert_int_equal(aes_encrypt(aes, block, block, sizeof(block)), ERR_CRYPTO);
	aes_free(aes);
}

/* openssl enc -aes-256-cbc -nopad -K KEY -iv PLAIN over 48 zero bytes. */
static void
test_cbc(void **state)
{
	uint8_t key[AES_KEY_MAX], iv[AES_BLOCK], data[48] = { 0 };
	const uint8_t zeros[48] = { 0 };

	(void)state;
	keys_bytes(KEY, key);
	keys_bytes(PLAIN, iv);
	assert_int_equal(aes_cbc_encrypt(aes_once(key, 32), iv, data, data, 48), 0);
	keys_same(data, 48, "8EA2B7CA516745BFEAFC49904B496089664A3455D8E9DBDB"
	    "03158B52B93C288AE6E87B17D098683CD01A98E7DB7CD89F");
	assert_memory_equal(iv, data + 32, AES_BLOCK);
	keys_bytes(PLAIN, iv);
	assert_int_equal(aes_cbc_decrypt(aes_once(key, 32), iv, data, data, 48), 0);
	assert_memory_equal(data, zeros, 48);
}

static void
test_length(void **state)
{
	uint8_t key[AES_KEY_MAX] = { 0 };
	struct aes *aes = aes_new();

	(void)state;
	assert_int_equal(aes_key(aes, key, 8), ERR_KEY_LENGTH);
	assert_int_equal(aes_key(aes, key, 20), ERR_KEY_LENGTH);
	assert_null(aes_once(key, 15));
	aes_wipe(NULL);
	aes_free(NULL);
	aes_free(aes);
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	rows_add(&r, "keys of changing length", test_turns, NULL);
	rows_add(&r, "CBC", test_cbc, NULL);
	rows_add(&r, "no such length", test_length, NULL);
	return rows_run(&r, "aes", keys_setup, NULL);
}
