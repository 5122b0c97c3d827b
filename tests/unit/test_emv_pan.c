/* emv_pan: the blocks of options A and B. */
#include "crypto/emv_pan.h"

#include "err.h"
#include "keys.h"

/* Option B past 16 digits: SHA-1 and decimalisation in python. */
static const struct row {
	const char *name;
	char        option;
	const char *pan, *psn;
	int         want;
	const char *block;
} rows[] = {
	{ "A, PAN of 16 digits", 'A', "1234567890123456", "01", 0, "3456789012345601" },
	{ "A, PAN of 12 digits", 'A', "123456789012", "00", 0, "0012345678901200" },
	{ "A, PAN of one digit", 'A', "7", "00", 0, "0000000000000700" },
	{ "B, PAN of 16 digits is A", 'B', "1234567890123456", "01", 0, "3456789012345601" },
	{ "B, PAN of 17 digits", 'B', "12345678901234567", "01", 0, "4201892658095334" },
	{ "B, PAN of 18 digits", 'B', "123456789012345678", "01", 0, "6128016358648615" },
	{ "B, PAN of 19 digits", 'B', "1234567890123456789", "00", 0, "1091924506105297" },
	{ "no PAN", 'A', "", "00", ERR_INPUT, NULL },
	{ "PAN of 20 digits", 'B', "12345678901234567890", "00", ERR_INPUT, NULL },
	{ "a letter in the PAN", 'A', "12345678901234A6", "00", ERR_INPUT, NULL },
	{ "sequence number of three digits", 'A', "1234567890123456", "001", ERR_INPUT, NULL },
	{ "a letter in the sequence number", 'A', "1234567890123456", "0A", ERR_INPUT, NULL },
	{ "option C", 'C', "1234567890123456", "00", ERR_INPUT, NULL },
};

static void
test_row(void **state)
{
	const struct row *row = *state;
	uint8_t block[EMV_PAN_BLOCK];

	assert_int_equal(emv_pan_block(row->option, span_str(row->pan), span_str(row->psn),
	    block), row->want);
	if (row->want == 0)
		keys_same(block, sizeof(block), row->block);
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	return rows_run(&r, "emv_pan", keys_setup, NULL);
}
