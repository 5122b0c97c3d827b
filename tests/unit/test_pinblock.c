/* pinblock: every layout, every check in its order, and a second reading of random blocks. */
#include "crypto/pinblock.h"

#include <stdio.h>

#include "err.h"
#include "keys.h"
#include "rng.h"

#define KEY  "0123456789ABCDEFFEDCBA9876543210"
#define NONE "000000000000"	/* an account that changes no block */

/* Clear blocks. Rows with a source in brackets are published examples. */
static const struct open {
	const char *name;
	unsigned    format;
	const char *clear;
	const char *account;
	int         want;
	const char *pin;
} opens[] = {
	{ "01 (HSM manual)", 1, "0592789FFFEDCBA9", "400000123456", 0, "92389" },
	{ "01, an account of 15 characters", 1, "0592789FFFEDCBA9", "FF4000001234562", ERR_INPUT,
	    "" },
	{ "01, the PAN of the same account", 1, "0592789FFFEDCBA9", "FFFFF4000001234562", 0,
	    "92389" },
	{ "01, 12 digits", 1, "0C123456789012FF", NONE, 0, "123456789012" },
	{ "01, another account", 1, "0592789FFFEDCBA9", "400000123457", ERR_PIN_BLOCK, "" },
	{ "01, control", 1, "141234FFFFFFFFFF", NONE, ERR_PIN_BLOCK, "" },
	{ "01, 3 digits", 1, "03123FFFFFFFFFFF", NONE, ERR_PIN_LENGTH, "" },
	{ "01, 13 digits", 1, "0D1234567890123F", NONE, ERR_PIN_LENGTH, "" },
	{ "01, 15 digits", 1, "0F12345678901234", NONE, ERR_PIN_LENGTH, "" },
	{ "01, no digits", 1, "00FFFFFFFFFFFFFF", NONE, ERR_PIN_LENGTH, "" },
	{ "01, a letter among digits", 1, "04123AFFFFFFFFFF", NONE, PINBLOCK_UNREAD, "123:" },
	{ "01, the last digit a letter", 1, "0C12345678901FFF", NONE, PINBLOCK_UNREAD,
	    "12345678901?" },
	{ "01, letters and filler", 1, "041B34EFFFFFFFFF", NONE, ERR_PIN_BLOCK, "" },
	{ "01, first filler not F", 1, "041234EFFFFFFFFF", NONE, ERR_PIN_BLOCK, "" },
	{ "01, last filler not F", 1, "041234FFFFFFFFF0", NONE, ERR_PIN_BLOCK, "" },
	{ "01, control before length", 1, "1D123456789012FF", NONE, ERR_PIN_BLOCK, "" },
	{ "01, length before digits", 1, "03AAAAFFFFFFFFF0", NONE, ERR_PIN_LENGTH, "" },
	{ "01, a wrong account (vector 1)", 1, "041261AAAAEDCBAA", "555555123456",
	    ERR_PIN_BLOCK, "" },
	{ "01, a wrong length (vector 3)", 1, "0F1261AAAAEDCBA9", "555555123456",
	    ERR_PIN_LENGTH, "" },
	{ "01, a letter in the account", 1, "041234FFFFFFFFFF", "00000000000X", ERR_INPUT, "" },
	{ "02, 4 digits", 2, "4123400987654321", "", 0, "1234" },
	{ "02, 6 digits", 2, "6123456000000000", "", 0, "123456" },
	{ "02, 3 digits", 2, "3123000987654321", "", ERR_PIN_LENGTH, "" },
	{ "02, 7 digits", 2, "7123456700000000", "", ERR_PIN_LENGTH, "" },
	{ "02, a letter in the PIN", 2, "4123A00987654321", "", ERR_PIN_BLOCK, "" },
	{ "02, a letter in the filler", 2, "412340098765432F", "", ERR_PIN_BLOCK, "" },
	{ "02, digits before length", 2, "912340098765432A", "", ERR_PIN_BLOCK, "" },
	{ "02, the length a letter", 2, "F123400987654321", "", ERR_PIN_BLOCK, "" },
	{ "03 (HSM manual)", 3, "1234FFFFFFFFFFFF", "", 0, "1234" },
	{ "03, 12 digits", 3, "123456789012FFFF", "", 0, "123456789012" },
	{ "03, 3 digits", 3, "123FFFFFFFFFFFFF", "", ERR_PIN_LENGTH, "" },
	{ "03, 13 digits", 3, "1234567890123FFF", "", ERR_PIN_LENGTH, "" },
	{ "03, 16 digits", 3, "1234567890123456", "", ERR_PIN_LENGTH, "" },
	{ "03, no digits", 3, "FFFFFFFFFFFFFFFF", "", ERR_PIN_LENGTH, "" },
	{ "03, a digit behind the filler", 3, "1234FFFFFFFFFFF0", "", ERR_PIN_BLOCK, "" },
	{ "03, a letter behind the filler", 3, "1234FFFFAFFFFFFF", "", ERR_PIN_BLOCK, "" },
	{ "03, a letter before the filler", 3, "123AFFFFFFFFFFFF", "", ERR_PIN_BLOCK, "" },
	{ "03, block before length", 3, "12FFFFFFFFFFFFF1", "", ERR_PIN_BLOCK, "" },
	{ "04 (HSM manual)", 4, "05921A1CBFFFFFED", "FF2283400000123456", 0, "92389" },
	{ "04, 12 digits of account", 4, "05921A1CBFFFFFED", "228340000012", 0, "92389" },
	{ "04, read as 01", 1, "05921A1CBFFFFFED", "FF2283400000123456", ERR_PIN_BLOCK, "" },
	{ "05, any filler", 5, "1412340123456789", "", 0, "1234" },
	{ "05, 12 digits", 5, "1C123456789012A7", "", 0, "123456789012" },
	{ "05, control", 5, "0412340123456789", "", ERR_PIN_BLOCK, "" },
	{ "05, a letter among digits", 5, "14123B0123456789", "", ERR_PIN_BLOCK, "" },
	{ "05, 13 digits", 5, "1D12340123456789", "", ERR_PIN_LENGTH, "" },
	{ "47, 4 digits (vector 1)", 47, "341261AAAAEDCBA9", "555555123456", 0, "1234" },
	{ "47, 9 digits (vector 2)", 47, "391261032D8DCBA9", "555555123456", 0, "123456789" },
	{ "47, 12 digits (vector 3)", 47, "3C1261032D8226A9", "555555123456", 0,
	    "123456789012" },
	{ "47, letters of all kinds", 47, "341234ABCDEFABCD", NONE, 0, "1234" },
	{ "47, a digit in the filler", 47, "341234ABCDEFABC9", NONE, ERR_PIN_BLOCK, "" },
	{ "47, a wrong length (vector 5)", 47, "351261AAAAEDCBA9", "555555123456",
	    PINBLOCK_UNREAD, "1234?" },
	{ "47, control", 47, "041234ABCDEFABCD", NONE, ERR_PIN_BLOCK, "" },
	{ "34 is for PIN change only", 34, "241234FFFFFFFFFF", NONE, ERR_PIN_FORMAT, "" },
	{ "48 needs AES", 48, "441234AAAAAAAAAA", NONE, ERR_PIN_FORMAT, "" },
	{ "00 is none", 0, "041234FFFFFFFFFF", NONE, ERR_PIN_FORMAT, "" },
};

/* Encrypt a clear block as a host would. */
static void
encrypt(struct key *key, const char *clear, char block[PINBLOCK_DIGITS])
{
	uint8_t bytes[8];

	assert_int_equal(keys_bytes(clear, bytes), 8);
	assert_int_equal(des3_encrypt(key_des(key), bytes, bytes, 8), 0);
	hex_encode(bytes, 8, block);
}

static void
test_open(void **state)
{
	static const struct secret zero;
	const struct open *row = *state;
	struct key *key = keys_key(KEY);
	struct secret *pin = keys_secret("a PIN of another time");
	char block[PINBLOCK_MOST];

	encrypt(key, row->clear, block);
	assert_int_equal(pinblock_open(key, span_of(block, 16), row->format,
	    span_str(row->account), pin), row->want);
	assert_int_equal(pin->len, strlen(row->pin));
	assert_memory_equal(pin->bytes, row->pin, pin->len);
	if (row->want == ERR_PIN_BLOCK || row->want == ERR_PIN_LENGTH)
		assert_memory_equal(pin, &zero, sizeof(zero));
	keys_done();
}

/* Published encrypted blocks, and text that is none. */
static const struct sealed {
	const char *name;
	unsigned    format;
	const char *key;
	const char *block;
	int         want;
} sealeds[] = {
	{ "a block of format 05", 5, "13345779133457791334577913345779", "07438C40F225BF7D", 0 },
	{ "a block of format 01", 1, "13345779133457791334577913345779", "3C0CA40863092C3A", 0 },
	{ "lower case", 1, KEY, "3c0ca40863092c3a", ERR_INPUT },
	{ "15 digits", 1, KEY, "3C0CA40863092C3", ERR_INPUT },
	{ "17 digits", 1, KEY, "3C0CA40863092C3A0", ERR_INPUT },
	{ "nothing", 1, KEY, "", ERR_INPUT },
};

static void
test_sealed(void **state)
{
	const struct sealed *row = *state;
	struct secret *pin = secret_take();

	assert_int_equal(pinblock_open(keys_key(row->key), span_str(row->block), row->format,
	    SPAN("123456789012"), pin), row->want);
	if (row->want == 0)
		assert_memory_equal(pin->bytes, "1234", 4);
	assert_int_equal(pin->len, row->want == 0 ? 4 : 0);
	keys_done();
}

/* In clear, a dot stands for any filler that the format makes at random. */
static const struct seal {
	const char *name;
	unsigned    format;
	const char *pin;
	const char *account;
	int         want;
	const char *clear;
} seals[] = {
	{ "01 (HSM manual)", 1, "92389", "400000123456", 0, "0592789FFFEDCBA9" },
	{ "01 (ThalesSim)", 1, "1234", "550000025321", 0, "041261FFFFFDACDE" },
	{ "01, 12 digits", 1, "123456789012", NONE, 0, "0C123456789012FF" },
	{ "02, 4 digits", 2, "1234", "", 0, "4123400987654321" },
	{ "02, 6 digits", 2, "123456", "", 0, "6123456987654321" },
	{ "02 holds no 7 digits", 2, "1234567", "", ERR_PIN_LENGTH, NULL },
	{ "03 (HSM manual)", 3, "1234", "550000025321", 0, "1234FFFFFFFFFFFF" },
	{ "03, 12 digits", 3, "123456789012", "", 0, "123456789012FFFF" },
	{ "04 (HSM manual)", 4, "92389", "FF2283400000123456", 0, "05921A1CBFFFFFED" },
	{ "05, 4 digits", 5, "1234", "", 0, "141234.........." },
	{ "05, 12 digits", 5, "123456789012", "", 0, "1C123456789012.." },
	{ "47, 4 digits", 47, "1234", NONE, 0, "341234.........." },
	{ "47, 12 digits", 47, "123456789012", NONE, 0, "3C123456789012.." },
	{ "a PIN of 3 digits", 1, "123", NONE, ERR_PIN_LENGTH, NULL },
	{ "a PIN of 13 digits", 3, "1234567890123", NONE, ERR_PIN_LENGTH, NULL },
	{ "34 is for PIN change only", 34, "1234", NONE, ERR_PIN_FORMAT, NULL },
	{ "01 without an account", 1, "1234", "", ERR_INPUT, NULL },
	{ "04 with padding only", 4, "1234", "FFFFFFFFFFFFFFFFFF", ERR_INPUT, NULL },
};

static void
test_seal(void **state)
{
	const struct seal *row = *state;
	struct key *key = keys_key(KEY);
	struct secret *pin = keys_secret(row->pin);
	char block[PINBLOCK_MOST] = { 0 }, clear[PINBLOCK_DIGITS];
	uint8_t bytes[8];

	assert_int_equal(pinblock_seal(key, pin, row->format, span_str(row->account), block),
	    row->want);
	if (row->want != 0) {
		assert_int_equal(block[0], 0);
		keys_done();
		return;
	}
	assert_int_equal(hex_decode(span_of(block, 16), bytes, 8), 0);
	assert_int_equal(des3_decrypt(key_des(key), bytes, bytes, 8), 0);
	hex_encode(bytes, 8, clear);
	for (size_t i = 0; i < PINBLOCK_DIGITS; i++)
		assert_true(row->clear[i] == clear[i] || (row->clear[i] == '.' &&
		    (row->format == 5 || clear[i] >= 'A')));
	memset(pin, 0, sizeof(*pin));
	assert_int_equal(pinblock_open(key, span_of(block, 16), row->format,
	    span_str(row->account), pin), 0);
	assert_int_equal(pin->len, strlen(row->pin));
	assert_memory_equal(pin->bytes, row->pin, pin->len);
	keys_done();
}

/* Every filler that may come does come, and nothing else. */
static void
test_filler(void **state)
{
	struct key *key = keys_key(KEY);
	unsigned seen[2][16] = { 0 };
	uint8_t bytes[8];
	char block[PINBLOCK_MOST];

	(void)state;
	for (int i = 0; i < 400; i++) {
		struct secret *pin = keys_secret("1234");

		assert_int_equal(pinblock_seal(key, pin, i % 2 ? 47 : 5, SPAN(NONE), block), 0);
		assert_int_equal(hex_decode(span_of(block, 16), bytes, 8), 0);
		assert_int_equal(des3_decrypt(key_des(key), bytes, bytes, 8), 0);
		for (size_t j = 3; j < 8; j++) {
			seen[i % 2][bytes[j] >> 4]++;
			seen[i % 2][bytes[j] & 15]++;
		}
	}
	for (size_t v = 0; v < 16; v++) {
		assert_true(seen[0][v] > 0);
		assert_int_equal(seen[1][v] > 0, v >= 10);
	}
	keys_done();
}

/* The checks once more, in the order of the page and with early exits. */
static int
second_opinion(unsigned format, const char *b, char *pin)
{
	static const char digits[] = "0123456789";
	size_t n = b[1] <= '9' ? (size_t)(b[1] - '0') : (size_t)(b[1] - 'A' + 10);
	const char *filler = format == 5 ? "0123456789ABCDEF" : format == 47 ? "ABCDEF" : "F";

	if (format == 2) {
		if (strspn(b, digits) != 16)
			return ERR_PIN_BLOCK;
		if (b[0] < '4' || b[0] > '6')
			return ERR_PIN_LENGTH;
		sprintf(pin, "%.*s", b[0] - '0', b + 1);
		return 0;
	}
	if (format == 3) {
		n = strcspn(b, "F");
		if (strspn(b + n, "F") != 16 - n || strspn(b, digits) != n)
			return ERR_PIN_BLOCK;
		sprintf(pin, "%.*s", (int)n, b);
		return n < 4 || n > 12 ? ERR_PIN_LENGTH : 0;
	}
	if (b[0] != (format == 5 ? '1' : format == 47 ? '3' : '0'))
		return ERR_PIN_BLOCK;
	if (n < 4 || n > 12)
		return ERR_PIN_LENGTH;
	if (strspn(b + 2 + n, filler) != 14 - n)
		return ERR_PIN_BLOCK;
	if (strspn(b + 2, digits) < n)
		return format == 5 ? ERR_PIN_BLOCK : PINBLOCK_UNREAD;
	sprintf(pin, "%.*s", (int)n, b + 2);
	return 0;
}

/* A block that is nearly right, so that every check gets its turn. */
static void
random_block(char clear[17])
{
	static const char hex[] = "0123456789ABCDEF";
	uint32_t n = rng_below(16);

	for (uint32_t i = 0; i < 16; i++)
		clear[i] = i < n ? hex[rng_below(10)] : 'F';
	clear[16] = '\0';
	if (rng_below(2) == 0) {
		clear[0] = hex[rng_below(4)];
		clear[1] = hex[n < 2 ? n : n - 2];
	} else if (rng_below(4) == 0)
		memcpy(clear + 7, "123456789", 9);
	for (uint32_t faults = rng_below(3); faults > 0; faults--)
		clear[rng_below(16)] = hex[rng_below(16)];
}

static void
test_random(void **state)
{
	static const unsigned formats[] = { 1, 2, 3, 4, 5, 47 };
	struct key *key = keys_key(KEY);
	struct secret *pin = secret_take();
	unsigned good = 0;

	(void)state;
	for (unsigned i = 0; i < 30000; i++) {
		char clear[17], block[PINBLOCK_DIGITS], want[17] = "";
		unsigned format = formats[i % 6];
		int r;

		random_block(clear);
		encrypt(key, clear, block);
		r = pinblock_open(key, span_of(block, 16), format, SPAN(NONE), pin);
		assert_int_equal(r, second_opinion(format, clear, want));
		if (r == 0) {
			good++;
			assert_int_equal(pin->len, strlen(want));
			assert_memory_equal(pin->bytes, want, pin->len);
		}
	}
	assert_in_range(good, 1000, 29000);
	keys_done();
}

/* Format 48 is for AES keys and the others for DES keys; by a model in python over openssl. */
static const struct aes {
	const char *name;
	unsigned    format;
	bool        aes;
	const char *block, *pan;
	int         want, sealing;	/* of opening the block, of making one */
} aes_blocks[] = {
	{ "48, AES key", 48, true, "4E39A5744B2A7C885F921EF663A87C39", "4111111111111111", 0, 0 },
	{ "48, DES key", 48, false, "4E39A5744B2A7C885F921EF663A87C39", "4111111111111111", ERR_PIN_FORMAT,
	    ERR_PIN_FORMAT },
	{ "01, AES key", 1, true, "4E39A5744B2A7C885F921EF663A87C39", "411111111111", ERR_PIN_FORMAT,
	    ERR_PIN_FORMAT },
	{ "48, a short block", 48, true, "3C0CA40863092C3A", "4111111111111111", ERR_INPUT, 0 },
	{ "48, an account without check digit", 48, true, "4E39A5744B2A7C885F921EF663A87C39", "411111111111", ERR_INPUT,
	    ERR_INPUT },
};

static void
test_aes(void **state)
{
	const struct aes *row = *state;
	struct key *key = keys_key("00112233445566778899AABBCCDDEEFF");
	struct secret *pin = secret_take(), *again = secret_take();
	char block[PINBLOCK_MOST];

	key->aes = row->aes;
	assert_int_equal(pinblock_length(key), row->aes ? 32 : 16);
	assert_int_equal(pinblock_open(key, span_str(row->block), row->format,
	    span_str(row->pan), pin), row->want);
	if (row->want == 0)
		assert_memory_equal(pin->bytes, "1234", 4);
	pin = keys_secret("1234");
	assert_int_equal(pinblock_seal(key, pin, row->format, span_str(row->pan), block),
	    row->sealing);
	if (row->sealing == 0) {
		assert_int_equal(pinblock_open(key, span_of(block, 32), row->format,
		    span_str(row->pan), again), 0);
		assert_memory_equal(again->bytes, "1234", 4);
	}
	keys_done();
}

static void
test_known(void **state)
{
	(void)state;
	for (unsigned f = 0; f < 100; f++)
		assert_int_equal(pinblock_format_known(f), f == 1 || f == 2 || f == 3 ||
		    f == 4 || f == 5 || f == 47 || f == 48);
}

/* The table of pins.md 1.6, where the formats are known here: 34 is for chips alone. */
static void
test_allowed(void **state)
{
	static const struct {
		unsigned from, to;
	} yes[] = {
		{ 1, 1 }, { 1, 47 }, { 1, 48 }, { 5, 1 }, { 5, 5 }, { 5, 47 }, { 5, 48 },
		{ 47, 1 }, { 47, 47 }, { 47, 48 }, { 48, 1 }, { 48, 47 }, { 48, 48 }
	};

	(void)state;
	for (unsigned from = 0; from < 50; from++)
		for (unsigned to = 0; to < 50; to++) {
			bool want = false;

			for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
				want |= yes[i].from == from && yes[i].to == to;
			assert_int_equal(pinblock_format_allowed(from, to), want);
		}
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, opens, test_open);
	ROWS(&r, sealeds, test_sealed);
	ROWS(&r, seals, test_seal);
	ROWS(&r, aes_blocks, test_aes);
	rows_add(&r, "random filler", test_filler, NULL);
	rows_add(&r, "30000 blocks against a plain reading", test_random, NULL);
	rows_add(&r, "which formats are known", test_known, NULL);
	rows_add(&r, "which translations ISO 9564 allows", test_allowed, NULL);
	return rows_run(&r, "pinblock", keys_setup, NULL);
}
