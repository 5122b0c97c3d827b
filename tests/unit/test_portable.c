/* portable: what only one engine reads is found where Lua would read it, and nowhere else. */
#include "portable.h"

#include "rows.h"

static const struct row {
	const char *name;
	const char *source;
	unsigned    line;	/* 0: nothing is found */
	const char *why;	/* how the message begins */
} rows[] = {
	{ "whole division", "local x =\n 7 // 2", 2, "//" },
	{ "and", "x = 1 & 2", 1, "&" },
	{ "or", "x = 1 | 2", 1, "|" },
	{ "exclusive or", "x = 1 ~ 2", 1, "~" },
	{ "not, before a comparison", "x = ~ 1 ~= 2", 1, "~ " },
	{ "shift left", "x = 1 << 2", 1, "<<" },
	{ "shift right", "\n\nx = 1 >> 2", 3, ">>" },
	{ "const", "local x <const> = 1", 1, "<const>" },
	{ "const with blanks and comments", "local x < --[[a]] const\n > = 1", 1, "<const>" },
	{ "close", "local x<close> = 1", 1, "<close>" },
	{ "goto", "goto out", 1, "goto" },
	{ "behind a comment", "-- a\n--[[ b\n]] goto out", 3, "goto" },
	{ "behind a text", "x = 'a\\'' & 1", 1, "&" },
	{ "behind a long text", "x = [=[ ]] \n]=] | 1", 2, "|" },
	{ "an integer above 2^53", "x = 9007199254740993", 1, "a whole number" },
	{ "a large hexadecimal integer", "x = 0xFFFFFFFFFFFFFFFF", 1, "a whole number" },
	{ "LuaJIT's integers", "x = 1LL", 1, "numbers with LL" },
	{ "LuaJIT's unsigned integers", "x = 0x1ull", 1, "numbers with LL" },
	{ "LuaJIT's imaginary numbers", "x = 2i", 1, "numbers with LL" },
	{ "2^53", "x = 9007199254740992", 0, NULL },
	{ "large numbers with an exponent", "x = 1e308 + 2E20 + 0x1p60", 0, NULL },
	{ "long fractions", "x = 0.99999999999999999999 + .99999999999999999999", 0, NULL },
	{ "large numbers with a fraction", "x = 99999999999999999999.5", 0, NULL },
	{ "comparisons", "x = a ~= b or a < b or a > b or a <= b or a >= b", 0, NULL },
	{ "less than something called const", "x = a < const", 0, NULL },
	{ "a name with goto in it", "gotos = ago_to", 0, NULL },
	{ "division", "x = a / b / c", 0, NULL },
	{ "in a text", "x = '// & | ~ << >> goto' .. \"x <const>\"", 0, NULL },
	{ "in a long text", "x = [[ goto // ]]", 0, NULL },
	{ "in a comment", "-- a // b & goto\nx = 1 --[[ ~ \n | ]]", 0, NULL },
	{ "nothing", "", 0, NULL },
	{ "a compiled chunk", "\033Lua&", 0, NULL },
	{ "it ends in <", "x <", 0, NULL },
	{ "it ends in an attribute", "local x <const", 0, NULL },
};

static void
test_row(void **state)
{
	const struct row *row = *state;
	unsigned line = 0;
	const char *why = portable_find(span_str(row->source), &line);

	if (row->line == 0) {
		assert_null(why);
		return;
	}
	assert_non_null(why);
	assert_int_equal(line, row->line);
	assert_memory_equal(why, row->why, strlen(row->why));
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	return rows_run(&r, "portable", NULL, NULL);
}
