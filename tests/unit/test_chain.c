/* chain: long chains of fields are found wherever Lua would read them, and nowhere else. */
#include "chain.h"

#include <stdio.h>

#include "rows.h"

enum { LONG = 3 * CHAIN_MAX };

/* unit, so many times between head and tail */
static const struct row {
	const char *name;
	const char *head, *unit, *tail;
	int want;	/* line */
} rows[] = {
	{ "fields", "local y = x", ".x", "", 1 },
	{ "fields on other lines", "local y = x", "\n.x", "", CHAIN_MAX + 2 },
	{ "blanks and comments between", "y = x", " . --[[a]] x", "", 1 },
	{ "indices", "y = x", "[1]", "", 1 },
	{ "indices with calls in them", "y = x", "[f(1, 2) + 3]", "", 1 },
	{ "indices of texts", "y = x", "['a']", "", 1 },
	{ "methods", "y = x", ":a()", "", 1 },
	{ "calls", "y = x", "()", "", 1 },
	{ "in brackets", "y = (x.a.b).c", ".x", "", 1 },
	{ "brackets in a chain", "y = ((((x.a).b).c).d)", ".x", "", 1 },
	{ "behind a text that spans lines by \\z", "y = '\\z\n' x", ".x", "'", 2 },
	{ "behind a text that spans lines by \\", "y = '\\\n' x", ".x", "'", 2 },
	{ "behind a text that spans lines by \\ and CR LF", "y = '\\\r\n' x", ".x", "'", 2 },
	{ "behind a comment that ends at CR", "--\rx", ".x", "", 1 },
	{ "behind a long comment", "--[==[ ]] ]=] \n]==] x", ".x", "", 2 },
	{ "behind a long text", "y = [[ ' ]] x", ".x", "", 1 },
	{ "behind what only looks like a long text", "y = x[a[1]] x", ".x", "", 1 },
	{ "not in a text", "y = 'x", ".x", "'", 0 },
	{ "not in a text behind a quote", "y = 'a\\'x", ".x", "'", 0 },
	{ "not in a long text", "y = [[x", ".x", "]]", 0 },
	{ "not in a longer text", "y = [=[x]]", ".x", "]=]", 0 },
	{ "not in a comment", "-- x", ".x", "", 0 },
	{ "not in a long comment", "--[[ x", ".x\n", "]]", 0 },
	{ "not texts that are joined", "y = 'a'", " .. 'b'", "", 0 },
	{ "not names that are joined", "y = a", " .. q.x", "", 0 },
	{ "not one call after the other", "", "f.x(q.y)\n", "", 0 },
	{ "not a list of fields", "y = {", " q.x,", "}", 0 },
	{ "not a sum of fields", "y = 1", " + q.x", "", 0 },
	{ "not a table of tables", "y = {", "{ 'a', b = { c = 1 } },\n", "}", 0 },
	{ "not arguments", "f(1", ", q.x.y", ")", 0 },
	{ "not labels", "", "::a::\n", "", 0 },
	{ "not conditions", "", "if q.x then a.y = 1 end ", "", 0 },
	{ "brackets without end are none", "", "((((", "", 1 },
	{ "closing brackets are none", "", ")", "", 0 },
};

static void
test_row(void **state)
{
	static char text[64 * LONG];
	const struct row *row = *state;
	size_t at = (size_t)snprintf(text, sizeof(text), "%s", row->head);

	for (int i = 0; i < LONG; i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at, "%s", row->unit);
	at += (size_t)snprintf(text + at, sizeof(text) - at, "%s", row->tail);
	assert_int_equal(chain_find(span_of(text, at)), row->want);
}

static void
test_ends(void **state)
{
	static const char *const texts[] = { "", "'", "'\\", "'\\z", "[[", "[=", "--", "--[[",
	    "--[=",
		"x.", "x[", "]]", "..", "::" };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(chain_find(span_str(texts[i])), 0);
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	rows_add(&r, "sources that end in the middle", test_ends, NULL);
	return rows_run(&r, "chain", NULL, NULL);
}
