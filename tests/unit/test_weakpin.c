/* weakpin: tables and PINs in them. */
#include "crypto/weakpin.h"

#include "keys.h"

static const struct table {
	const char *name;
	const char *table;
	bool        valid;
} tables[] = {
	{ "table: empty", "", true },
	{ "table: PINs", "1234,0000 123456789012", true },
	{ "table: all kinds", "same, ascending, descending", true },
	{ "table: three digits", "123", false },
	{ "table: thirteen digits", "1234567890123", false },
	{ "table: a letter", "1234 12A4", false },
	{ "table: no such kind", "same birthdays", false },
	{ "table: a kind in capitals", "Same", false },
};

static void
test_table(void **state)
{
	const struct table *row = *state;

	assert_int_equal(weakpin_valid(row->table), row->valid);
}

static const struct row {
	const char *name;
	const char *table, *pin;
	bool        in;
} rows[] = {
	{ "nothing is in an empty table", "", "0000", false },
	{ "the first of a table", "1234 5678", "1234", true },
	{ "the last of a table", "1234,5678", "5678", true },
	{ "another PIN", "1234 5678", "1235", false },
	{ "the start of a PIN in the table", "12345", "1234", false },
	{ "a PIN that starts as one in the table", "1234", "12345", false },
	{ "same", "same", "5555", true },
	{ "same, twelve digits", "same", "000000000000", true },
	{ "same, but the last", "same", "555555555554", false },
	{ "same, but the first", "same", "4555", false },
	{ "ascending", "ascending", "3456", true },
	{ "ascending past 9", "ascending", "7890", true },
	{ "ascending, but one", "ascending", "3457", false },
	{ "ascending is not same", "ascending", "3333", false },
	{ "descending", "descending", "6543", true },
	{ "descending past 0", "descending", "1098", true },
	{ "descending is not ascending", "descending", "3456", false },
	{ "the last of three kinds", "same ascending descending", "43210987", true },
};

static void
test_row(void **state)
{
	const struct row *row = *state;

	assert_int_equal(weakpin_in(row->table, keys_secret(row->pin)), row->in);
	keys_done();
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, tables, test_table);
	ROWS(&r, rows, test_row);
	return rows_run(&r, "weakpin", keys_setup, NULL);
}
