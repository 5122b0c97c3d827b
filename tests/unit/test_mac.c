/* mac: the retail MAC by its standard's examples. */
#include "crypto/mac.h"

#include "err.h"
#include "keys.h"

#define K2 "0123456789ABCDEFFEDCBA9876543210"

static const struct row {
	const char      *name;
	const char      *key;
	enum mac_padding padding;
	const char      *data;
	const char      *mac;
} rows[] = {
	{ "ISO 9797-1 annex B, string 1, padding 1", K2, MAC_PAD_ZEROS,
	    "Now is the time for all ", "A1C72E74EA3FA9B6" },
	{ "ISO 9797-1 annex B, string 1, padding 2", K2, MAC_PAD_BIT,
	    "Now is the time for all ", "E9086230CA3BE796" },
	{ "ISO 9797-1 annex B, string 2, padding 1", K2, MAC_PAD_ZEROS,
	    "Now is the time for it", "2E2B1428CC78254F" },
	{ "ISO 9797-1 annex B, string 2, padding 2", K2, MAC_PAD_BIT,
	    "Now is the time for it", "5A692CE64F404145" },
	{ "one key is algorithm 1 (FIPS 113)", "0123456789ABCDEF", MAC_PAD_ZEROS,
	    "7654321 Now is the time for ", "F1D30F6849312CA4" },
	/* With openssl enc -des-ede3: one block of zeros, one block of 80 00... */
	{ "no data, padding 1", K2, MAC_PAD_ZEROS, "", "08D7B4FB629D0885" },
	{ "no data, padding 2", K2, MAC_PAD_BIT, "", "F1FBCF2A56D19BA7" },
};

static void
test_row(void **state)
{
	const struct row *row = *state;
	uint8_t key[16], mac[MAC_LEN];
	size_t len = keys_bytes(row->key, key);

	assert_int_equal(mac_retail(key, len, row->padding, span_str(row->data), mac), 0);
	keys_same(mac, sizeof(mac), row->mac);
}

static void
test_length(void **state)
{
	uint8_t key[24] = { 0 }, mac[MAC_LEN];

	(void)state;
	assert_int_equal(mac_retail(key, 24, MAC_PAD_BIT, SPAN("x"), mac), ERR_KEY_LENGTH);
	assert_int_equal(mac_retail(key, 0, MAC_PAD_BIT, SPAN("x"), mac), ERR_KEY_LENGTH);
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	rows_add(&r, "other key lengths", test_length, NULL);
	return rows_run(&r, "mac", keys_setup, NULL);
}
