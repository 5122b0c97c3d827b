/*
 * keyblock_raw: blocks made in Python (cryptography 48) by the rules of the page, with the keys
 * that follow from the test LMKs; the clear bytes are 00 to 1F.
 */
#include "crypto/keyblock.h"

#include "err.h"
#include "keys.h"

#define AES "9B71333A13F9FAE72F9D0E2DAB4AD6784718012F9244033F3F26A2DE0C8AA11A"
#define DES "0123456789ABCDEF8080808080808080FEDCBA9876543210"

enum { CLEAR = 32 };

static const struct row {
	const char        *name;
	enum keyblock_form form;
	const char        *kek, *block;
} rows[] = {
	{ "bytes, AES", KEYBLOCK_RAW, AES,
	    "313030363430335253303053303030319A67C8BE76BC8D4CB1CE8AFC977665E74B1F9EBA"
	    "E475AC2CB691B2F3FC66C24936373143363735364532434333373745" },
	{ "text, AES", KEYBLOCK_TEXT, AES,
	    "313030393630335253303053303030314545304443303945333239383446434541344237"
	    "453438313244433739373031413945463833413145424139393936454535374546454444"
	    "333132314437303839453645314338344339374242433133" },
	{ "not encrypted, AES", KEYBLOCK_CLEAR, AES,
	    "31303036343033525330305330303031000102030405060708090A0B0C0D0E0F10111213"
	    "1415161718191A1B1C1D1E1F33443138434141343143463641343838" },
	{ "bytes, triple DES", KEYBLOCK_RAW, DES,
	    "30303035363033525330305330303032C564F338540D82ECB9AEE189411A89B33F14C2BD"
	    "CE8B83E56EC012242C84FC173630333937443739" },
	{ "text, triple DES", KEYBLOCK_TEXT, DES,
	    "303030383830335253303053303030324637343137454341303630383446434436354146"
	    "363637313145353339414635353544304445343644453841393932453938354536333438"
	    "35314635393434304643364531334431" },
	{ "not encrypted, triple DES", KEYBLOCK_CLEAR, DES,
	    "30303035363033525330305330303032000102030405060708090A0B0C0D0E0F10111213"
	    "1415161718191A1B1C1D1E1F3645394345383934" },
};

static void
test_row(void **state)
{
	const struct row *row = *state;
	uint8_t kek[32], block[128], clear[128], out[128];
	size_t kek_len = keys_bytes(row->kek, kek), n = keys_bytes(row->block, block), got;
	struct keyblock_header h;

	assert_int_equal(keyblock_read_raw(span_of(block, n), row->form, &h), 0);
	assert_int_equal(keyblock_open_raw(span_of(block, n), row->form, kek, kek_len, clear,
	    &got), 0);
	assert_int_equal(got, CLEAR);
	for (uint8_t i = 0; i < CLEAR; i++)
		assert_int_equal(clear[i], i);
	assert_int_equal(keyblock_seal_raw(&h, row->form, kek, kek_len, clear, CLEAR, out,
	    &got), 0);
	assert_int_equal(got, n);
	assert_memory_equal(out, block, n);
}

/* Whatever byte was changed, the block does not open. */
static void
test_changed(void **state)
{
	const struct row *row = *state;
	uint8_t kek[32], block[128], clear[128];
	size_t kek_len = keys_bytes(row->kek, kek), n = keys_bytes(row->block, block), got;
	struct keyblock_header h;

	for (size_t i = 0; i < n; i++) {
		block[i] ^= 1;
		assert_true(keyblock_read_raw(span_of(block, n), row->form, &h) != 0 ||
		    keyblock_open_raw(span_of(block, n), row->form, kek, kek_len, clear,
		    &got) != 0);
		block[i] ^= 1;
	}
	for (size_t i = 0; i < n; i++)
		assert_int_not_equal(keyblock_read_raw(span_of(block, i), row->form, &h), 0);
}

static const struct reads {
	const char *name, *block;
	int         want;
} reads[] = {
	{ "a length that is not the block's", "1006503RS00S000100000000000000000000000000000000"
	    "0000000000000000", ERR_BLOCK_FORMAT },
	{ "an unknown version", "20064", ERR_BLOCK_FORMAT },
	{ "optional blocks", "1006403RS00S010100000000000000000000000000000000"
	    "0000000000000000", ERR_BLOCK_COUNT },
	{ "data that is no cipher block", "1006303RS00S00010000000000000000000000000000000"
	    "0000000000000000", ERR_BLOCK_FORMAT },
	{ "no data", "1003203RS00S00010000000000000000", ERR_BLOCK_FORMAT },
	{ "no digits in the length", "1O06403RS00S0001", ERR_BLOCK_FORMAT },
};

static void
test_read(void **state)
{
	const struct reads *row = *state;
	struct keyblock_header h;

	assert_int_equal(keyblock_read_raw(span_str(row->block), KEYBLOCK_RAW, &h), row->want);
}

static void
test_padding(void **state)
{
	struct keyblock_header h = { .version = '1', .usage = "03", .algorithm = 'R',
		.mode = 'S', .key_version = "00", .exportability = 'S', .lmk = "01" };
	uint8_t kek[32], clear[64] = "17 bytes of a key", out[128];
	size_t n, got;

	(void)state;
	keys_bytes(AES, kek);
	assert_int_equal(keyblock_seal_raw(&h, KEYBLOCK_RAW, kek, sizeof(kek), clear, 17, out,
	    &n), 0);
	assert_int_equal(n, 16 + 32 + 16);
	assert_int_equal(keyblock_open_raw(span_of(out, n), KEYBLOCK_RAW, kek, sizeof(kek),
	    clear, &got), 0);
	assert_int_equal(got, 32);
	assert_memory_equal(clear, "17 bytes of a key", 17);
	h.count = 1;
	assert_int_equal(keyblock_seal_raw(&h, KEYBLOCK_RAW, kek, sizeof(kek), clear, 17, out,
	    &n), ERR_BLOCK_COUNT);
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	ROWS(&r, rows, test_changed);
	ROWS(&r, reads, test_read);
	rows_add(&r, "random padding up to whole blocks", test_padding, NULL);
	return rows_run(&r, "keyblock_raw", keys_setup, NULL);
}
