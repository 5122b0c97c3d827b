/* pin: Visa PVVs that were published, excluded and random PINs, and what is refused. */
#include "crypto/pin.h"

#include "err.h"
#include "keys.h"

#define K2 "0123456789ABCDEFFEDCBA9876543210"

/* The good rows are examples of the literature; the account is the PAN's 12 digits. */
static const struct row {
	const char *name;
	const char *pvk;
	const char *account;
	char        pvki;
	const char *pin;
	int         want;
	const char *pvv;
} rows[] = {
	{ "PAN 1122334455667708", K2, "233445566770", '1', "8299", 0, "4422" },
	{ "PAN 1122334455667718", K2, "233445566771", '1', "0570", 0, "3144" },
	{ "PAN 1122334455667788, index 2", K2, "233445566778", '2', "1912", 0, "3244" },
	{ "PAN 1122334455667788, index 1", K2, "233445566778", '1', "4524", 0, "8523" },
	{ "PAN 1122334455667788, index 3", K2, "233445566778", '3', "4524", 0, "4021" },
	{ "the twelfth digit does not count", K2, "933445566778", '3', "4524", 0, "4021" },
	{ "only four PIN digits count", K2, "233445566778", '3', "452499", 0, "4021" },
	{ "the whole PAN does too", K2, "FF1122334455667788", '3', "4524", 0, "4021" },
	{ "a PIN of three digits", K2, "233445566778", '3', "452", ERR_PIN_LENGTH, NULL },
	{ "a PIN of thirteen digits", K2, "233445566778", '3', "4524452445244",
	    ERR_PIN_LENGTH, NULL },
	{ "an index that is no digit", K2, "233445566778", ':', "4524", ERR_INPUT, NULL },
	{ "an account that is none", K2, "23344556677X", '3', "4524", ERR_INPUT, NULL },
	{ "a single-length PVK", "0123456789ABCDEF", "233445566778", '3', "4524",
	    ERR_KEY_LENGTH, NULL },
	{ "a triple-length PVK", K2 "89ABCDEF01234567", "233445566778", '3', "4524",
	    ERR_KEY_LENGTH, NULL },
};

static void
test_row(void **state)
{
	const struct row *row = *state;
	char pvv[PIN_PVV_DIGITS];

	assert_int_equal(pin_pvv(keys_key(row->pvk), keys_secret(row->pin),
	    span_str(row->account), row->pvki, pvv), row->want);
	if (row->want == 0)
		assert_memory_equal(pvv, row->pvv, sizeof(pvv));
	keys_done();
}

static const struct list {
	const char *name;
	const char *pin, *excluded, *table;
	int         want;
} lists[] = {
	{ "no list",                       "1234", "", "",             0 },
	{ "an empty list",                 "1234", "0004", "",         0 },
	{ "the first of a list",           "1234", "020412345678", "", ERR_PIN_EXCLUDED },
	{ "the last of a list",            "5678", "020412345678", "", ERR_PIN_EXCLUDED },
	{ "across two of a list",          "3456", "020412345678", "", 0 },
	{ "another PIN",                   "4321", "020412345678", "", 0 },
	{ "PINs of another length",        "1234", "010512345", "",    ERR_PIN_LIST },
	{ "no PINs of another length",     "1234", "0005", "",         ERR_PIN_LIST },
	{ "a list cut short",              "1234", "02041234567", "",  ERR_INPUT },
	{ "a list with a digit over",      "1234", "0204123456789", "", ERR_INPUT },
	{ "a count with a letter",         "1234", "0A0412345678", "", ERR_INPUT },
	{ "half a count",                  "1234", "0", "",            ERR_INPUT },
	{ "in the table",                  "1234", "", "ascending", ERR_PIN_EXCLUDED },
	{ "in the table, not in the list", "1234", "01045678", "ascending", ERR_PIN_EXCLUDED },
};

static void
test_list(void **state)
{
	const struct list *row = *state;

	assert_int_equal(pin_permit(keys_secret(row->pin), span_str(row->excluded), row->table), row->want);
	keys_done();
}

/* Every digit comes at every place, and excluded PINs never do. */
static void
test_random(void **state)
{
	static const char list[] = "10041111222233334444555566667777888899990000";
	bool seen[4][10] = { { false } };
	struct secret *pin = secret_take();

	(void)state;
	for (unsigned i = 0; i < 2000; i++) {
		assert_int_equal(pin_random(4, span_str(list), "ascending", pin), 0);
		assert_int_equal(pin->len, 4);
		for (size_t k = 0; k < 4; k++)
			seen[k][pin->bytes[k] - '0'] = true;
		assert_int_equal(pin_permit(pin, span_str(list), "ascending"), 0);
	}
	for (size_t k = 0; k < 4; k++)
		for (size_t d = 0; d < 10; d++)
			assert_true(seen[k][d]);
	assert_int_equal(pin_random(12, span_of(NULL, 0), "", pin), 0);
	assert_int_equal(pin->len, 12);
	assert_int_equal(pin_random(3, span_of(NULL, 0), "", pin), ERR_PIN_LENGTH);
	assert_int_equal(pin_random(13, span_of(NULL, 0), "", pin), ERR_PIN_LENGTH);
	assert_int_equal(pin_random(4, span_str("010512345"), "", pin), ERR_PIN_LIST);
	keys_done();
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	ROWS(&r, lists, test_list);
	rows_add(&r, "random PINs", test_random, NULL);
	return rows_run(&r, "pin", keys_setup, NULL);
}
