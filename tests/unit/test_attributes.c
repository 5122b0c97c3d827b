/* attributes: the groups of the key commands, cut and read. */
#include "attributes.h"

#include "err.h"
#include "rows.h"

static const struct row {
	const char *name, *form, *text;
	int         want;
	size_t      n;
	const char *usage, *version;
	char        mode, exportability;
	uint8_t     key_len, count;
} rows[] = {
	{ "A0",                 "uamvxb", "72T2B00E00", 0, 10, "72", "00", 'B', 'E', 16, 0 },
	{ "A0, AES, a status",  "uamvxb", "K0A3N01S020005LPB0B0000000%01", 0, 26, "K0", "01", 'N',
	    'S', 32, 2 },
	{ "A4",                 "vb",     "0100", 0, 4, "", "01", 0, 0, 0, 0 },
	{ "A6, for a key block", "u[mvx]b", "7200", 0, 4, "72", "", 0, 0, 0, 0 },
	{ "A6, for other keys", "u[mvx]b", "72N00S00", 0, 8, "72", "00", 'N', 'S', 0, 0 },
	{ "A8, made narrower",  "x|umvxb", "N", 0, 1, "", "", 0, 'N', 0, 0 },
	{ "A8, narrower, then a version", "x|umvxb", "N!D", 0, 1, "", "", 0, 'N', 0, 0 },
	{ "A8, for TR-31",      "x|umvxb", "B0X00S00!B", 0, 8, "B0", "00", 'X', 'S', 0, 0 },
	{ "no such algorithm",  "uamvxb", "72T1B00E00", ERR_ALGORITHM, 4, NULL, NULL, 0, 0, 0, 0 },
	{ "a version of letters", "uamvxb", "72T2BXXE00", ERR_KEY_VERSION, 7, NULL, NULL, 0, 0, 0,
	    0 },
	{ "nine blocks",        "vb",     "0009", ERR_BLOCK_COUNT, 4, NULL, NULL, 0, 0, 0, 0 },
	{ "a block past the end", "vb",   "000100FF", ERR_BLOCK_OPTION, 4, NULL, NULL, 0, 0, 0, 0 },
	{ "cut short",          "uamvxb", "72T2B00E0", ERR_INPUT, 8, NULL, NULL, 0, 0, 0, 0 },
	{ "nothing",            "x|umvxb", "", ERR_INPUT, 0, NULL, NULL, 0, 0, 0, 0 },
	{ "unprintable",        "uamvxb", "7\001T2B00E00", ERR_INPUT, 2, NULL, NULL, 0, 0, 0, 0 },
};

static void
test_row(void **state)
{
	const struct row *row = *state;
	struct attributes a;
	struct keyblock_header h = { 0 };
	size_t n;

	assert_int_equal(attributes_read(row->form, span_str(row->text), &a, &n), row->want);
	assert_int_equal(n, row->n);
	if (row->want != 0)
		return;
	attributes_apply(&a, &h);
	assert_memory_equal(h.usage, row->usage, strlen(row->usage));
	assert_memory_equal(h.key_version, row->version, strlen(row->version));
	assert_int_equal(a.has[ATTR_USAGE], row->usage[0] != '\0');
	assert_int_equal(a.has[ATTR_VERSION], row->version[0] != '\0');
	assert_int_equal(h.mode, row->mode);
	assert_int_equal(h.exportability, row->exportability);
	assert_int_equal(a.key_len, row->key_len);
	assert_int_equal(h.count, row->count);
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	return rows_run(&r, "attributes", NULL, NULL);
}
