/* pin: Visa PVVs that were published, and what is refused. */
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

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	return rows_run(&r, "pin", keys_setup, NULL);
}
