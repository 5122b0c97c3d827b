/* err: codes go out and come back as the same two characters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "err.h"

static const struct row {
	const char *name;
	int         r;
	const char *code;
	int         back;	/* what err_parse makes of code */
} rows[] = {
	{ "success is 00", ERR_OK, "00", 0 },
	{ "one digit is padded", ERR_VERIFY, "01", ERR_VERIFY },
	{ "two digits", ERR_INPUT, "15", ERR_INPUT },
	{ "the last decimal code", -99, "99", -99 },
	{ "letter and digit", ERR_LMK_SCHEME, "A1", ERR_LMK_SCHEME },
	{ "two letters", ERR_HSM('B', 'E'), "BE", ERR_HSM('B', 'E') },
	{ "internal failures read 41", ERR_INTERNAL, "41", ERR_HARDWARE },
	{ "a lost deadline reads 41", ERR_DEADLINE, "41", ERR_HARDWARE },
	{ "a gap in the numbers reads 41", -100, "41", ERR_HARDWARE },
	{ "a positive number reads 41", 1, "41", ERR_HARDWARE },
};

static const struct bad {
	const char *name;
	const char *code;
} bads[] = {
	{ "lower case is no code", "a1" },
	{ "digit and letter is no code", "1A" },
	{ "space is no code", " 1" },
	{ "letter and sign is no code", "A-" },
};

static void
test_row(void **state)
{
	const struct row *row = *state;
	char code[2];

	err_code(row->r, code);
	assert_memory_equal(code, row->code, 2);
	assert_int_equal(err_parse(row->code), row->back);
	assert_non_null(err_text(row->r));
}

static void
test_bad(void **state)
{
	const struct bad *bad = *state;

	assert_int_equal(err_parse(bad->code), 1);
}

/* Any failure has a text, and codes that the header names do not share the last resort. */
static void
test_text(void **state)
{
	(void)state;
	for (int r = 5; r > -300; r--)
		assert_true(strlen(err_text(r)) > 0);
	assert_string_not_equal(err_text(ERR_INPUT), err_text(-98));
	assert_string_not_equal(err_text(ERR_LMK_BLOCK), err_text(-98));
	assert_string_not_equal(err_text(ERR_CRYPTO), err_text(-98));
}

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

int
main(void)
{
	struct CMUnitTest tests[COUNT(rows) + COUNT(bads) + 1];
	size_t n = 0;

	memset(tests, 0, sizeof(tests));
	for (size_t i = 0; i < COUNT(rows); i++, n++) {
		tests[n].name = rows[i].name;
		tests[n].test_func = test_row;
		tests[n].initial_state = (void *)(uintptr_t)&rows[i];
	}
	for (size_t i = 0; i < COUNT(bads); i++, n++) {
		tests[n].name = bads[i].name;
		tests[n].test_func = test_bad;
		tests[n].initial_state = (void *)(uintptr_t)&bads[i];
	}
	tests[n].name = "every failure has a text";
	tests[n].test_func = test_text;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
