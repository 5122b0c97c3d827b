/* keyblock_change: fields of a header become stricter, and never looser. */
#include "crypto/keyblock_change.h"

#include "err.h"
#include "rows.h"

static const struct row {
	const char *name, *header, *options;	/* usage, algorithm, mode, version, exportability */
	char        field;
	const char *old, *new;
	int         want;
} rows[] = {
	{ "any mode to one",            "72TN00E", "", 'M', "N", "D", 0 },
	{ "both ways to one",           "72TB00E", "", 'M', "B", "E", 0 },
	{ "one way to both",            "72TE00E", "", 'M', "E", "B", ERR_NEW_VALUE },
	{ "a mode the usage has not",   "72TN00E", "", 'M', "N", "C", ERR_NEW_VALUE },
	{ "MAC both ways to verify",    "M3TC00E", "", 'M', "C", "V", 0 },
	{ "sensitive to none",          "72TN00S", "", 'E', "S", "N", 0 },
	{ "sensitive to trusted",       "72TN00S", "", 'E', "S", "E", 0 },
	{ "trusted to sensitive",       "72TN00E", "", 'E', "E", "S", ERR_NEW_VALUE },
	{ "none to sensitive",          "72TN00N", "", 'E', "N", "S", ERR_NEW_VALUE },
	{ "the same again",             "72TN00N", "", 'E', "N", "N", ERR_NEW_VALUE },
	{ "another old value",          "72TN00S", "", 'E', "E", "N", ERR_OLD_VALUE },
	{ "a higher version",           "72TN09S", "", 'V', "09", "10", 0 },
	{ "a lower version",            "72TN10S", "", 'V', "10", "09", ERR_NEW_VALUE },
	{ "a version of letters",       "72TN10S", "", 'V', "10", "ZZ", ERR_NEW_VALUE },
	{ "a component stays one",      "72TNc1S", "", 'V', "c1", "c2", ERR_NEW_VALUE },
	{ "pending to live",            "72TN00S", "0005P", 'S', "P", "L", 0 },
	{ "live to revoked",            "72TN00S", "0505x0005L", 'S', "L", "R", 0 },
	{ "revoked to live",            "72TN00S", "0005R", 'S', "R", "L", ERR_NEW_VALUE },
	{ "no status there",            "72TN00S", "0505x", 'S', "L", "R", ERR_NO_STATUS },
	{ "no such field",              "72TN00S", "", 'U', "72", "71", ERR_CHANGE_FIELD },
};

static void
test_row(void **state)
{
	const struct row *row = *state;
	const char *t = row->header;
	struct keyblock_header h = { .version = '1', .usage = { t[0], t[1] }, .algorithm = t[2],
		.mode = t[3], .key_version = { t[4], t[5] }, .exportability = t[6],
		.blocks = span_str(row->options) };
	uint8_t text[KEYBLOCK_MAX];

	h.count = (uint8_t)(h.blocks.n / 5);
	assert_int_equal(keyblock_change(&h, row->field, span_str(row->old), span_str(row->new),
	    text), row->want);
	if (row->want != 0)
		return;
	assert_int_equal(row->field == 'M' ? h.mode : row->field == 'E' ? h.exportability :
	    row->field == 'V' ? h.key_version[0] : keyblock_option(&h, "00").p[0], row->new[0]);
	assert_int_equal(keyblock_check(&h), 0);
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	return rows_run(&r, "keyblock_change", NULL, NULL);
}
