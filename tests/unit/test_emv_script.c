/* emv_script: script MACs, secure data and PIN blocks that were published. */
#include "crypto/emv_script.h"

#include "err.h"
#include "keys.h"

#define K2 "0123456789ABCDEFFEDCBA9876543210"

static void
test_mac(void **state)
{
	uint8_t data[8], mac[EMV_SCRIPT_MAC_LEN];
	size_t n = keys_bytes("8424000008", data);

	(void)state;
	/* pyemv's test. */
	assert_int_equal(emv_script_mac(keys_key(K2), span_of(data, n), mac), 0);
	keys_same(mac, sizeof(mac), "0BFFF5DF3FAA24E1");
	assert_int_equal(emv_script_mac(keys_key("0123456789ABCDEF"), span_of(data, n), mac),
	    ERR_KEY_LENGTH);
	keys_done();
}

/* With openssl enc -des-ede3 and -des-ede3-cbc -nopad of what is padded by hand. */
static const struct conceal {
	const char      *name;
	enum emv_conceal how;
	const char      *clear;
	const char      *want;
} conceals[] = {
	{ "Visa, a PIN block", EMV_CONCEAL_VISA, "041234FF76543210",
	    "C0E4AE3CFFD7981BE060630D4454E2A3" },
	{ "Visa, whole blocks with the length get a block more", EMV_CONCEAL_VISA, "01020304050607",
	    "C40DF3316C036B39F1FBCF2A56D19BA7" },
	{ "M/Chip, a whole block", EMV_CONCEAL_MCHIP, "241234FFFFFFFFFF",
	    "9859240AE52820C3" },
	{ "M/Chip, padded", EMV_CONCEAL_MCHIP, "0102030405",
	    "9641578026EC9F02" },
	{ "EMV, a whole block gets another", EMV_CONCEAL_EMV, "241234FFFFFFFFFF",
	    "9859240AE52820C33DDFF809F93875E5" },
	{ "EMV, padded", EMV_CONCEAL_EMV, "0102030405",
	    "9641578026EC9F02" },
};

static void
test_conceal(void **state)
{
	const struct conceal *row = *state;
	struct secret *clear = secret_take();
	uint8_t out[64];

	clear->len = (uint32_t)keys_bytes(row->clear, clear->bytes);
	assert_int_equal(emv_conceal_length(row->how, clear->len), strlen(row->want) / 2);
	assert_int_equal(emv_conceal(keys_key(K2), row->how, clear, out), 0);
	keys_same(out, strlen(row->want) / 2, row->want);
	keys_done();
}

static void
test_conceal_long(void **state)
{
	struct secret *clear = secret_take();
	uint8_t out[128];

	(void)state;
	clear->len = SECRET_MAX - 2;
	assert_int_equal(emv_conceal(keys_key(K2), EMV_CONCEAL_EMV, clear, out), ERR_NO_ROOM);
	assert_int_equal(emv_conceal(keys_key("0123456789ABCDEF"), EMV_CONCEAL_EMV, clear,
	    out), ERR_KEY_LENGTH);
	keys_done();
}

static const struct block {
	const char *name;
	unsigned    format;
	const char *pin, *old, *account, *card;
	const char *want;	/* NULL: err */
	int         err;
} blocks[] = {
	{ "34, four digits", 34, "1234", NULL, "", NULL, "241234FFFFFFFFFF", 0 },
	{ "34, five digits", 34, "12345", NULL, "", NULL, "2512345FFFFFFFFF", 0 },
	{ "34, twelve digits", 34, "123456789012", NULL, "", NULL, "2C123456789012FF", 0 },
	/* Format 34 XOR 0000 and the account, by hand. */
	{ "35", 35, "1234", NULL, "456789012345", NULL, "2412719876FEDCBA", 0 },
	{ "41 (pyemv)", 41, "1234", NULL, "", K2, "041234FF76543210", 0 },
	{ "42 (pyemv)", 42, "9999", "8888", "", "2F98ADEF3B4FFE0E5832759BB5D057D6", "8C1199FFC4B001F1", 0 },
	{ "41 without the card's key", 41, "1234", NULL, "", NULL, NULL, ERR_INPUT },
	{ "42 without the old PIN", 42, "1234", NULL, "", K2, NULL, ERR_INPUT },
	{ "41 with an old PIN", 41, "1234", "1111", "", K2, NULL, ERR_INPUT },
	{ "PIN too short", 34, "123", NULL, "", NULL, NULL, ERR_PIN_LENGTH },
	{ "old PIN too short", 42, "1234", "1", "", K2, NULL, ERR_PIN_LENGTH },
	{ "no account", 35, "1234", NULL, "4567", NULL, NULL, ERR_INPUT },
	{ "a format of hosts", 1, "1234", NULL, "", NULL, NULL, ERR_PIN_FORMAT },
};

static void
test_block(void **state)
{
	const struct block *row = *state;
	const struct secret *old = row->old != NULL ? keys_secret(row->old) : NULL;
	const struct key *card = row->card != NULL ? keys_key(row->card) : NULL;
	struct secret *block = secret_take();

	assert_int_equal(emv_pin_block(row->format, keys_secret(row->pin),
	    span_str(row->account), card, old, block), row->err);
	if (row->want != NULL)
		keys_same(block->bytes, block->len, row->want);
	keys_done();
}

int
main(void)
{
	static struct rows r;

	rows_add(&r, "MAC", test_mac, NULL);
	ROWS(&r, conceals, test_conceal);
	rows_add(&r, "data that does not fit", test_conceal_long, NULL);
	ROWS(&r, blocks, test_block);
	return rows_run(&r, "emv_script", keys_setup, NULL);
}
