/* decimal: digits first, then letters. */
#include "crypto/decimal.h"

#include "keys.h"

static const struct row {
	const char *name;
	const char *block;
	size_t      want;
	const char *digits;
} rows[] = {
	{ "digits in order",           "1234567890ABCDEF", 4,  "1234" },
	{ "letters are passed over",   "A1B2C3D4E5F60000", 4,  "1234" },
	{ "letters fill up",           "ABCDEF1FEDCBAFFF", 4,  "1012" },
	{ "letters alone",             "ABCDEFABCDEFABCD", 6,  "012345" },
	{ "all sixteen, reordered",    "A0B1C2D3E4F59876", 16, "0123459876012345" },
	{ "none wanted",               "1234567890ABCDEF", 0,  "" },
};

static void
test_row(void **state)
{
	const struct row *row = *state;
	uint8_t block[8];
	char out[17];

	memset(out, '.', sizeof(out));
	assert_int_equal(keys_bytes(row->block, block), 8);
	decimal_take(block, sizeof(block), out, row->want);
	assert_memory_equal(out, row->digits, row->want);
	assert_int_equal(out[row->want], '.');
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	return rows_run(&r, "decimal", NULL, NULL);
}
