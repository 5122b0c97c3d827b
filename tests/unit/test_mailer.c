/* mailer: each symbol, and what is not there. */
#include "mailer.h"

#include "err.h"
#include "rows.h"

static const struct row {
	const char *name, *form, *fields, *want;
	int         r;
} rows[] = {
	{ "plain text",          "Your PIN",            "",        "Your PIN\n", 0 },
	{ "a clear value",       "PIN: ^P",             "",        "PIN: 1234\n", 0 },
	{ "other values",        "^Q/^R/^T/^W",         "",        "ref///ONE TWO\n", 0 },
	{ "a line feed at the end", "a>L",              "",        "a\n", 0 },
	{ "lines",               "a>Lb>L>Lc",           "",        "a\nb\n\nc\n", 0 },
	{ "a form feed",         "a>F",                 "",        "a\f\n", 0 },
	{ "columns",             "ab>005c>L>003d",      "",        "ab   c\n   d\n", 0 },
	{ "a column that was passed", "abcd>002e",      "",        "abcde\n", 0 },
	{ "a column after a form feed", "abc>F>001d",   "",        "abc\f d\n", 0 },
	{ "fields",              "^0, ^1",              "A Name;1 Street;", "A Name, 1 Street\n", 0 },
	{ "the last ; is missing", "^1",                "A Name;1 Street", "1 Street\n", 0 },
	{ "an empty field",      "^0^1.",               ";x",      "x.\n", 0 },
	{ "the sixteenth field", "^F",                  "0;1;2;3;4;5;6;7;8;9;A;B;C;D;E;last", "last\n", 0 },
	{ "a field that is not there", "^5.",           "one",     ".\n", 0 },
	{ "nothing",             "",                    "",        "\n", 0 },
	{ "symbols in a field are text", "^0",          ">L^P",    ">L^P\n", 0 },
	{ "no such motion",      "a>X",                 "",        NULL, ERR_INPUT },
	{ "no such value",       "^Z",                  "",        NULL, ERR_INPUT },
	{ "a motion cut short",  "a>",                  "",        NULL, ERR_INPUT },
	{ "a column cut short",  ">01",                 "",        NULL, ERR_INPUT },
	{ "an insertion cut short", "^",                "",        NULL, ERR_INPUT },
	{ "a character that can't be printed", "a\001", "",        NULL, ERR_INPUT },
};

static struct mailer
make(const char *form)
{
	return (struct mailer){ .form = span_str(form), .value = { [MAILER_P] = SPAN("1234"),
	    [MAILER_Q] = SPAN("ref"), [MAILER_W] = SPAN("ONE TWO") } };
}

static void
test_row(void **state)
{
	const struct row *row = *state;
	struct mailer m = make(row->form);
	uint8_t out[MAILER_MAX];
	size_t n;

	assert_int_equal(mailer_fields(span_str(row->fields), &m), 0);
	assert_int_equal(mailer_check(m.form), row->r);
	assert_int_equal(mailer_write(&m, out, &n), row->r);
	if (row->r != 0)
		return;
	assert_int_equal(n, strlen(row->want));
	assert_memory_equal(out, row->want, n);
}

static void
test_too_much(void **state)
{
	static const char most[] = ">999.>L>999.>L>999.>L>999.";
	struct mailer m = make(">999.>L>999.>L>999.>L>999.>L>999.");
	uint8_t out[MAILER_MAX];
	size_t n;

	(void)state;
	assert_int_equal(mailer_check(m.form), 0);
	assert_int_equal(mailer_write(&m, out, &n), ERR_INPUT);
	m.form = span_str(most);
	assert_int_equal(mailer_write(&m, out, &n), 0);
	assert_int_equal(n, 4 * 1001);
	assert_int_equal(mailer_fields(SPAN("0;1;2;3;4;5;6;7;8;9;A;B;C;D;E;F;G"), &m), ERR_INPUT);
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	rows_add(&r, "more than a document or a request holds", test_too_much, NULL);
	return rows_run(&r, "mailer", NULL, NULL);
}
