/* message: what people may type, and what they are told when it is wrong. */
#include "message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#define BYTES(lit) lit, sizeof(lit) - 1

static const struct row {
	const char *name;
	const char *text;
	bool        hex;
	const char *want;
	size_t      n;
	const char *says;	/* NULL: it is good */
} rows[] = {
	{ "a code", "NC", false, BYTES("NC"), NULL },
	{ "nothing", "", false, BYTES(""), NULL },
	{ "a byte", "NC\\x19T", false, BYTES("NC\031T"), NULL },
	{ "lower-case digits of a byte", "\\xff", false, BYTES("\377"), NULL },
	{ "a backslash", "a\\\\b", false, BYTES("a\\b"), NULL },
	{ "a zero byte", "a\\x00b", false, BYTES("a\0b"), NULL },
	{ "another escape", "NC\\n", false, BYTES(""), "character 3: after a backslash" },
	{ "half an escape", "NC\\x1", false, BYTES(""), "character 3: after a backslash" },
	{ "a backslash at the end", "NC\\", false, BYTES(""), "character 3: after a backslash" },
	{ "hexadecimal", "4E43", true, BYTES("NC"), NULL },
	{ "hexadecimal with blanks", "4e 43\n", true, BYTES("NC"), NULL },
	{ "half a byte", "4E4", true, BYTES(""), "character 3: hexadecimal bytes are pairs" },
	{ "no hexadecimal digit", "4EXX", true, BYTES(""), "character 3: hexadecimal" },
	{ "fields", "2A:M0|2N:00|4H:00FF|2B:00FF", false, BYTES("M00000FF\0\377"), NULL },
	{ "the code may stand bare", "M0|2N:00", false, BYTES("M000"), NULL },
	{ "a length may be missing", "M0|N:123|B:0102", false, BYTES("M0123\1\2"), NULL },
	{ "a control character", "NC|1C:19|A:tail", false, BYTES("NC\031tail"), NULL },
	{ "a closing semicolon", "M0|8B:0102030405060708;", false,
	    BYTES("M0\1\2\3\4\5\6\7\10"), NULL },
	{ "a semicolon as a value", "M0|1A:;", false, BYTES("M0;"), NULL },
	{ "a value and a closing semicolon", "M0|1A:;;", false, BYTES("M0;"), NULL },
	{ "too few characters", "M0|4N:12", false, BYTES(""),
	    "character 7: 2 characters where the length says 4" },
	{ "too many bytes", "M0|1B:0102", false, BYTES(""), "2 bytes where the length says 1" },
	{ "a letter among digits", "M0|2N:1X", false, BYTES(""), "N takes the digits" },
	{ "a letter past F", "M0|2H:1G", false, BYTES(""), "H takes hexadecimal digits" },
	{ "a bar in plain text", "B20003a|b", false, BYTES("B20003a|b"), NULL },
	{ "a colon in plain text", "B20005A:b:c", false, BYTES("B20005A:b:c"), NULL },
	{ "longer than the room", "0123456789012345678901234567890123456789", false, BYTES(""),
	    "longer than any message" },
};

static void
test_row(void **state)
{
	const struct row *row = *state;
	char said[256] = "";
	uint8_t out[32];
	size_t n;
	FILE *err = fmemopen(said, sizeof(said), "w");
	int r = message_parse(row->text, row->hex, out, sizeof(out), &n, err);

	fclose(err);
	if (row->says != NULL) {
		assert_int_equal(r, -1);
		assert_non_null(strstr(said, row->says));
		return;
	}
	assert_string_equal(said, "");
	assert_int_equal(r, 0);
	assert_int_equal(n, row->n);
	assert_memory_equal(out, row->want, n);
}

/* What is printed is taken back, whatever the bytes. */
static void
test_print(void **state)
{
	uint8_t all[256], back[256];
	char *text = NULL;
	size_t size = 0, n;
	FILE *f = open_memstream(&text, &size);

	(void)state;
	for (size_t i = 0; i < sizeof(all); i++)
		all[i] = (uint8_t)i;
	message_print(span_of(all, sizeof(all)), f);
	fclose(f);
	assert_int_equal(message_parse(text, false, back, sizeof(back), &n, stderr), 0);
	assert_int_equal(n, sizeof(all));
	assert_memory_equal(back, all, n);
	free(text);
}

enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

int
main(void)
{
	struct CMUnitTest tests[1 + ROWS] = { cmocka_unit_test(test_print) };

	for (size_t i = 0; i < ROWS; i++)
		tests[1 + i] = (struct CMUnitTest){ .name = rows[i].name,
			.test_func = test_row, .initial_state = (void *)(uintptr_t)&rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
