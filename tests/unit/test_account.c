/* account: 12 digits of either field form. */
#include "crypto/account.h"

#include "err.h"
#include "rows.h"

static const struct row {
	const char *name;
	const char *field;
	int         want;
	const char *right, *left;
} rows[] = {
	{ "12 digits stand as they are", "400000123456", 0, "400000123456", "400000123456" },
	{ "a PAN of 16 digits",  "FF2283400000123456", 0, "340000012345", "228340000012" },
	{ "a PAN of 18 digits",  "123456789012345678", 0, "678901234567", "123456789012" },
	{ "a PAN of 13 digits",  "FFFFF1234567890128", 0, "123456789012", "123456789012" },
	{ "a PAN of 12 digits",  "FFFFFF123456789012", 0, "012345678901", "123456789012" },
	{ "a PAN of one digit",  "FFFFFFFFFFFFFFFFF7", 0, "000000000000", "000000000007" },
	{ "padding only",        "FFFFFFFFFFFFFFFFFF", ERR_INPUT, NULL, NULL },
	{ "padding in 12",       "F12345678901",       ERR_INPUT, NULL, NULL },
	{ "padding at the end",  "2283400000123456FF", ERR_INPUT, NULL, NULL },
	{ "a letter",            "40000012345A",       ERR_INPUT, NULL, NULL },
	{ "a character below 0", "40000012345/",       ERR_INPUT, NULL, NULL },
	{ "11 digits",           "40000012345",        ERR_INPUT, NULL, NULL },
	{ "a bare PAN of 13",    "4000001234567", 0, "400000123456", "400000123456" },
	{ "a bare PAN of 16",    "2283400000123456", 0, "340000012345", "228340000012" },
	{ "a bare PAN of 19",    "2283400000123456789", 0, "000012345678", "228340000012" },
	{ "20 digits",           "22834000001234567890", ERR_INPUT, NULL, NULL },
	{ "padding in 19",       "FFF4000001234567890", ERR_INPUT, NULL, NULL },
	{ "nothing",             "",                   ERR_INPUT, NULL, NULL },
};

static void
same(const uint8_t digits[ACCOUNT_DIGITS], const char *want)
{
	char text[ACCOUNT_DIGITS + 1] = { 0 };

	for (size_t i = 0; i < ACCOUNT_DIGITS; i++)
		text[i] = (char)('0' + digits[i]);
	assert_string_equal(text, want);
}

static void
test_row(void **state)
{
	const struct row *row = *state;
	uint8_t digits[ACCOUNT_DIGITS];

	assert_int_equal(account_right(span_str(row->field), digits), row->want);
	if (row->want == 0)
		same(digits, row->right);
	assert_int_equal(account_left(span_str(row->field), digits), row->want);
	if (row->want == 0)
		same(digits, row->left);
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	return rows_run(&r, "account", NULL, NULL);
}
