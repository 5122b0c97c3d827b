/* des3: known answers in three lengths, and schedules that stay in the slab. */
#include "crypto/des3.h"

#include "err.h"
#include "keys.h"

/* Rows without a source of their own: checked with openssl enc -des-ede3 -nopad. */
static const struct row {
	const char *name;
	const char *key;
	const char *clear;
	const char *cipher;
} rows[] = {
	{ "three keys (NIST SP 800-67 B.1)",
	    "0123456789ABCDEF23456789ABCDEF01456789ABCDEF0123",
	    "5468652071756663" "6B2062726F776E20" "666F78206A756D70",
	    "A826FD8CE53B855F" "CCE21C8112256FE6" "68D5C05DD9B6B900" },
	{ "two keys", "0123456789ABCDEFFEDCBA9876543210",
	    "0000000000000000", "08D7B4FB629D0885" },
	{ "one key is DES (FIPS 81, table B1)", "0123456789ABCDEF",
	    "4E6F772069732074" "68652074696D6520" "666F7220616C6C20",
	    "3FA40E8A984D4815" "6A271787AB8883F9" "893D51EC4B563B53" },
	{ "parity bits do not count", "0022446688AACCEEFFDDBB9977553311",
	    "0000000000000000", "08D7B4FB629D0885" },
	{ "no block at all", "0123456789ABCDEF", "", "" },
};

static void
test_row(void **state)
{
	const struct row *row = *state;
	uint8_t key[24], block[24];
	size_t len = keys_bytes(row->key, key), n = keys_bytes(row->clear, block);
	struct des3 *d = des3_new();

	assert_non_null(d);
	assert_int_equal(des3_key(d, key, len), 0);
	assert_int_equal(des3_encrypt(d, block, block, n), 0);
	keys_same(block, n, row->cipher);
	assert_int_equal(des3_decrypt(d, block, block, n), 0);
	keys_same(block, n, row->clear);
	des3_free(d);
	assert_int_equal(des3_once(key, len, 1, block, block, n), 0);
	keys_same(block, n, row->cipher);
	assert_int_equal(des3_once(key, len, 0, block, block, n), 0);
	keys_same(block, n, row->clear);
}

/* FIPS 81, table C1: CBC with single DES. */
static void
test_cbc(void **state)
{
	uint8_t key[8], chain[8], text[24];

	(void)state;
	keys_bytes("0123456789ABCDEF", key);
	keys_bytes("1234567890ABCDEF", chain);
	keys_bytes("4E6F77206973207468652074696D6520666F7220616C6C20", text);
	assert_int_equal(des3_cbc_once(key, 8, chain, text, 8), 0);
	keys_same(chain, 8, "E5C7CDDE872BF27C");
	assert_int_equal(des3_cbc_once(key, 8, chain, text + 8, 16), 0);
	keys_same(chain, 8, "683788499A7C05F6");
	assert_int_equal(des3_cbc_once(key, 8, chain, text, 0), 0);
	keys_same(chain, 8, "683788499A7C05F6");
}

static const struct length {
	const char *name;
	size_t      len;
} lengths[] = {
	{ "no key",     0 },
	{ "7 bytes",    7 },
	{ "32 bytes",   32 },
};

static void
test_length(void **state)
{
	const struct length *row = *state;
	uint8_t key[32] = { 0 }, block[8] = { 0 };

	assert_int_equal(des3_once(key, row->len, 1, block, block, 8), ERR_KEY_LENGTH);
	assert_int_equal(des3_cbc_once(key, row->len, block, block, 8), ERR_KEY_LENGTH);
}

/* A schedule is rekeyed in both directions, in place, without allocating. */
static void
test_rekey(void **state)
{
	uint8_t key[2][16], block[8] = { 0 };
	struct des3 *d = des3_new();
	size_t used;

	(void)state;
	keys_bytes("0123456789ABCDEFFEDCBA9876543210", key[0]);
	keys_bytes("89ABCDEF0123456776543210FEDCBA98", key[1]);
	used = secret_bytes_used();
	for (int i = 0; i < 10; i++) {
		assert_int_equal(des3_key(d, key[i % 2], 16), 0);
		assert_int_equal(des3_encrypt(d, block, block, 8), 0);
		if (i % 2 == 0)
			keys_same(block, 8, "08D7B4FB629D0885");
		assert_int_equal(des3_decrypt(d, block, block, 8), 0);
		keys_same(block, 8, "0000000000000000");
	}
	assert_int_equal(secret_bytes_used(), used);
	/* A wiped one is the schedule of no key but zeros. */
	assert_int_equal(des3_key(d, key[0], 16), 0);
	des3_wipe(d);
	assert_int_equal(des3_encrypt(d, block, block, 8), 0);
	keys_same(block, 8, "8CA64DE9C1B123A7");
	des3_free(d);
}

/* Everything that a schedule is made of is in the slab and leaves it. */
static void
test_home(void **state)
{
	size_t before = secret_bytes_used();
	struct des3 *d = des3_new();

	(void)state;
	assert_true(secret_holds(d));
	assert_true(secret_bytes_used() - before > 2 * 584);
	des3_free(d);
	assert_int_equal(secret_bytes_used(), before);
	des3_free(NULL);
	des3_wipe(NULL);
}

/* openssl enc -des-ede3-cbc -nopad over 24 zero bytes, with the key as K1 K2 K1. */
static void
test_cbc_data(void **state)
{
	uint8_t key[16], iv[DES_BLOCK], data[24] = { 0 };
	const uint8_t zeros[24] = { 0 };

	(void)state;
	keys_bytes("0123456789ABCDEFFEDCBA9876543210", key);
	keys_bytes("1122334455667788", iv);
	assert_int_equal(des3_cbc_encrypt_once(key, 16, iv, data, data, 24), 0);
	keys_same(data, 24, "3EB3B72576BBBE8387B192C00722DFBB9924695C4EFD9336");
	assert_memory_equal(iv, data + 16, DES_BLOCK);
	keys_bytes("1122334455667788", iv);
	assert_int_equal(des3_cbc_decrypt_once(key, 16, iv, data, data, 24), 0);
	assert_memory_equal(data, zeros, 24);
	assert_int_equal(des3_cbc_encrypt_once(key, 15, iv, data, data, 24), ERR_KEY_LENGTH);
	assert_int_equal(des3_cbc_decrypt_once(key, 15, iv, data, data, 24), ERR_KEY_LENGTH);
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	ROWS(&r, lengths, test_length);
	rows_add(&r, "CBC in pieces", test_cbc, NULL);
	rows_add(&r, "CBC over data", test_cbc_data, NULL);
	rows_add(&r, "rekeying allocates nothing", test_rekey, NULL);
	rows_add(&r, "schedules live in the slab", test_home, NULL);
	return rows_run(&r, "des3", keys_setup, NULL);
}
