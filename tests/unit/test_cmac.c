/* cmac: SP 800-38B, a published check value, and openssl mac. */
#include "crypto/cmac.h"

#include "err.h"
#include "keys.h"

#define AES_128 "2B7E151628AED2A6ABF7158809CF4F3C"
#define AES_LMK "9B71333A13F9FAE72F9D0E2DAB4AD6784718012F9244033F3F26A2DE0C8AA11A"
#define BLOCK   "\x6B\xC1\xBE\xE2\x2E\x40\x9F\x96\xE9\x3D\x7E\x11\x73\x93\x17\x2A"

static const struct row {
	const char      *name;
	enum cmac_cipher cipher;
	const char      *key;
	const char      *head, *data;
	const char      *mac;
} rows[] = {
	/* SP 800-38B, appendix D.1 */
	{ "nothing",   CMAC_AES, AES_128, "", "", "BB1D6929E95937287FA37D129B756746" },
	{ "one block", CMAC_AES, AES_128, BLOCK, "",
	    "070A16B46B4D4144F79BDD9DD04A287C" },
	{ "in two spans", CMAC_AES, AES_128, "\x6B\xC1\xBE\xE2\x2E\x40\x9F",
	    "\x96\xE9\x3D\x7E\x11\x73\x93\x17\x2A", "070A16B46B4D4144F79BDD9DD04A287C" },
	/* openssl mac -cipher ... CMAC */
	{ "AES-192", CMAC_AES, "000102030405060708090A0B0C0D0E0F1011121314151617", "header",
	    " and data", "9CC60EE104C2747414F35A982CD3204F" },
	{ "a double DES key", CMAC_3DES, "0123456789ABCDEFFEDCBA9876543210", "", "",
	    "5B560372570D37CB" },
	{ "a triple DES key", CMAC_3DES, "0123456789ABCDEFFEDCBA987654321089ABCDEF01234567",
	    "header", " and data", "0D175495DEBF5B04" },
};

static void
test_row(void **state)
{
	const struct row *row = *state;
	uint8_t key[32], mac[CMAC_MAX];
	size_t len = keys_bytes(row->key, key);

	for (int i = 0; i < 2; i++) {
		assert_int_equal(cmac_make(row->cipher, key, len, span_str(row->head),
		    span_str(row->data), mac), 0);
		keys_same(mac, row->cipher == CMAC_AES ? 16 : 8, row->mac);
	}
}

/* The published check value of the AES test LMK is the CMAC of nothing. */
static void
test_lmk(void **state)
{
	uint8_t key[32], mac[CMAC_MAX];

	(void)state;
	keys_bytes(AES_LMK, key);
	assert_int_equal(cmac_make(CMAC_AES, key, 32, span_of(NULL, 0), span_of(NULL, 0), mac),
	    0);
	keys_same(mac, 3, "9D04A0");
}

static void
test_length(void **state)
{
	uint8_t key[32] = { 0 }, mac[CMAC_MAX];
	struct span none = span_of(NULL, 0);

	(void)state;
	assert_int_equal(cmac_make(CMAC_3DES, key, 8, none, none, mac), ERR_KEY_LENGTH);
	assert_int_equal(cmac_make(CMAC_3DES, key, 32, none, none, mac), ERR_KEY_LENGTH);
	assert_int_equal(cmac_make(CMAC_AES, key, 8, none, none, mac), ERR_KEY_LENGTH);
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	rows_add(&r, "check value of the AES test LMK", test_lmk, NULL);
	rows_add(&r, "no such length", test_length, NULL);
	return rows_run(&r, "cmac", keys_setup, NULL);
}
