/* pinclear: the layouts of spec pins.md 1.2, and what is refused in a block. */
#include "crypto/pinclear.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "err.h"
#include "secret.h"

static struct secret *out;

static int
setup(void **state)
{
	(void)state;
	if (secret_init(false) != 0)
		return -1;
	out = secret_take();
	return out == NULL;
}

/* The rows of 01, 04 and 34 with PINs 92389 and 34567 are the manual's. */
static const struct row {
	const char *name;
	unsigned    format;
	const char *pin, *pan;
	const char *block;	/* x: anything */
	int         want;
} rows[] = {
	{ "01", 1, "92389", "4000001234562", "0592789FFFEDCBA9", 0 },
	{ "01 with a PAN of 16", 1, "1234", "4111111111111111", "041225EEEEEEEEEE", 0 },
	{ "01 with a PAN of 12", 1, "1234", "123456789012", "041235DCBA9876FE", 0 },
	{ "02", 2, "1234", "", "4123400987654321", 0 },
	{ "02 with six digits", 2, "123456", "", "6123456987654321", 0 },
	{ "02 holds no seven", 2, "1234567", "", "", ERR_PIN_LENGTH },
	{ "03", 3, "12345", "", "12345FFFFFFFFFFF", 0 },
	{ "04", 4, "92389", "2283400000123456", "05921A1CBFFFFFED", 0 },
	{ "04 needs twelve digits", 4, "92389", "22834000001", "", ERR_ACCOUNT },
	{ "05", 5, "1234", "", "141234xxxxxxxxxx", 0 },
	{ "34", 34, "34567", "", "2534567FFFFFFFFF", 0 },
	{ "35", 35, "1234", "4111111111111111", "241225EEEEEEEEEE", 0 },
	{ "47", 47, "1234", "4111111111111111", "341225xxxxxxxxxx", 0 },
	{ "48", 48, "1234", "", "441234AAAAAAAAAAxxxxxxxxxxxxxxxx", 0 },
	{ "twelve digits", 1, "123456789012", "4111111111111111", "0C122547698103EE", 0 },
	{ "three digits", 1, "123", "4111111111111111", "", ERR_PIN_LENGTH },
	{ "thirteen digits", 1, "1234567890123", "4111111111111111", "", ERR_PIN_LENGTH },
	{ "a letter in the PIN", 1, "12A4", "4111111111111111", "", ERR_PIN_LENGTH },
	{ "a letter in the PAN", 1, "1234", "411111111111111X", "", ERR_ACCOUNT },
	{ "a PAN too short", 1, "1234", "1234567", "", ERR_ACCOUNT },
	{ "a PAN too long", 1, "1234", "12345678901234567890", "", ERR_ACCOUNT },
	{ "no such format", 6, "1234", "", "", ERR_PIN_FORMAT },
};

static void
test_encode(void **state)
{
	const struct row *row = *state;
	char block[33] = "";

	assert_int_equal(pinclear_encode(row->format, span_str(row->pin), span_str(row->pan),
	    out), row->want);
	if (row->want != 0)
		return;
	assert_int_equal(out->len, strlen(row->block));
	assert_int_equal(out->len, pinclear_length(row->format));
	memcpy(block, out->bytes, out->len);
	for (size_t i = 0; i < out->len; i++)
		if (row->block[i] != 'x')
			assert_int_equal(block[i], row->block[i]);
	assert_int_equal(pinclear_decode(row->format, span_str(block), span_str(row->pan), out),
	    0);
	assert_int_equal(out->len, strlen(row->pin));
	assert_memory_equal(out->bytes, row->pin, out->len);
}

static const struct bad_row {
	const char *name;
	unsigned    format;
	const char *block;
	int         want;
} bad_rows[] = {
	{ "a short block", 34, "2534567FFFFFFFF", ERR_INPUT },
	{ "lower case", 34, "2534567fffffffff", ERR_INPUT },
	{ "a wrong control digit", 34, "0534567FFFFFFFFF", ERR_PIN_BLOCK },
	{ "a length of three", 34, "23345FFFFFFFFFFF", ERR_PIN_LENGTH },
	{ "a length of thirteen", 34, "2D34567890123456", ERR_PIN_LENGTH },
	{ "a letter for a digit", 34, "253456AFFFFFFFFF", ERR_PIN_BLOCK },
	{ "a digit in the filler", 34, "2534567FFFFFFFF0", ERR_PIN_BLOCK },
	{ "a digit in the filler of 03", 3, "1234FFFFFFFFFFF1", ERR_PIN_BLOCK },
	{ "too few digits in 03", 3, "123FFFFFFFFFFFFF", ERR_PIN_LENGTH },
	{ "too many digits in 03", 3, "1234567890123FFF", ERR_PIN_LENGTH },
	{ "a letter in 02", 2, "41234009876543A1", ERR_PIN_BLOCK },
	{ "a length of seven in 02", 2, "7123456787654321", ERR_PIN_LENGTH },
	{ "a wrong filler in 48", 48, "441234AAAAAAAAAB0000000000000000", ERR_PIN_BLOCK },
};

static void
test_decode(void **state)
{
	const struct bad_row *row = *state;

	assert_int_equal(pinclear_decode(row->format, span_str(row->block), SPAN(""), out),
	    row->want);
}

static const struct {
	const char *name;
	unsigned    code;
} names[] = {
	{ "01", 1 }, { "1", 1 }, { "iso0", 1 }, { "ISO-0", 1 }, { "ISO_3", 47 }, { "iso4", 48 },
	{ "visa1", 1 }, { "Diebold", 3 }, { "IBM3624", 3 }, { "34", 34 }, { "06", 0 },
	{ "", 0 }, { "iso5", 0 }, { "001", 0 }, { "99999999999999999999", 0 },
};

static void
test_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_int_equal(pinclear_format(names[i].name), names[i].code);
}

enum {
	ROWS = sizeof(rows) / sizeof(rows[0]),
	BAD  = sizeof(bad_rows) / sizeof(bad_rows[0])
};

int
main(void)
{
	struct CMUnitTest tests[1 + ROWS + BAD] = { cmocka_unit_test(test_names) };

	for (size_t i = 0; i < ROWS; i++)
		tests[1 + i] = (struct CMUnitTest){ .name = rows[i].name,
			.test_func = test_encode, .initial_state = (void *)(uintptr_t)&rows[i] };
	for (size_t i = 0; i < BAD; i++)
		tests[1 + ROWS + i] = (struct CMUnitTest){ .name = bad_rows[i].name,
			.test_func = test_decode,
			.initial_state = (void *)(uintptr_t)&bad_rows[i] };
	return cmocka_run_group_tests(tests, setup, NULL);
}
