/* keytype: codes, the pairs behind them, and the kinds that plug-ins name. */
#include "keytype.h"

#include "config.h"
#include "rows.h"

static const struct row {
	const char *name;
	unsigned    type;
	unsigned    pair;
	unsigned    variant;
	const char *label;
} rows[] = {
	{ "000", 0x000, 4,  0, "ZMK" },
	{ "001", 0x001, 6,  0, "ZPK" },
	{ "002", 0x002, 14, 0, "PVK/TPK/TMK" },
	{ "402", 0x402, 14, 4, "CVK" },
	{ "003", 0x003, 16, 0, "TAK" },
	{ "004", 0x004, 18, 0, "LMK 18-19" },
	{ "005", 0x005, 20, 0, "LMK 20-21" },
	{ "007", 0x007, 24, 0, "LMK 24-25" },
	{ "104", 0x104, 18, 1, "DTAB" },
	{ "905", 0x905, 20, 9, "KMACACQ" },
	{ "006", 0x006, 22, 0, "WWK" },
	{ "106", 0x106, 22, 1, "KMACUPD" },
	{ "107", 0x107, 24, 1, "KEK" },
	{ "008", 0x008, 26, 0, "ZAK" },
	{ "009", 0x009, 28, 0, "BDK" },
	{ "109", 0x109, 28, 1, "MK-AC" },
	{ "709", 0x709, 28, 7, "MK-CVC3" },
	{ "00A", 0x00A, 30, 0, "ZEK" },
	{ "30B", 0x30B, 32, 3, "TEK" },
	{ "10C", 0x10C, 34, 1, "HMAC" },
	{ "70D", 0x70D, 36, 7, "TPK" },
	{ "80D", 0x80D, 36, 8, "TMK" },
	{ "90D", 0x90D, 36, 9, "TKR" },
};

static void
test_row(void **state)
{
	const struct row *row = *state;
	unsigned type = keytype_parse(span_str(row->name));

	assert_int_equal(type, row->type);
	assert_int_equal(keytype_pair(type), row->pair);
	assert_int_equal(keytype_variant(type), row->variant);
	assert_string_equal(keytype_name(type), row->label);
}

static const struct bad {
	const char *name;
} bads[] = {
	{ "" }, { "00" }, { "0000" }, { "70d" }, { "0G0" }, { "A00" }, { "00F" }, { "FFF" },
	{ " 00" }, { "502" }, { "00E" }, { "0FF" }, { "1FF" }, { "2FF" },
};

static void
test_bad(void **state)
{
	const struct bad *bad = *state;

	assert_int_equal(keytype_parse(span_str(bad->name)), KEYTYPE_NONE);
}

static const struct kind {
	const char   *name;
	unsigned      type, pci;
	unsigned      lengths;
	enum key_bare bare;
} kinds[] = {
	{ "ZMK",     0x000, 0x000, 7, BARE_ZMK },
	{ "ZPK",     0x001, 0x001, 7, BARE_SINGLE },
	{ "TPK",     0x002, 0x70D, 7, BARE_SINGLE },
	{ "TMK",     0x002, 0x80D, 7, BARE_SINGLE },
	{ "PVK",     0x002, 0x002, 7, BARE_SINGLE },
	{ "PVK2",    0x002, 0x002, 2, BARE_DOUBLE },
	{ "TAK",     0x003, 0x003, 7, BARE_SINGLE },
	{ "ZAK",     0x008, 0x008, 7, BARE_SINGLE },
	{ "ZEK",     0x00A, 0x00A, 7, BARE_SINGLE },
	{ "DEK",     0x00B, 0x00B, 7, BARE_SINGLE },
	{ "CVK",     0x402, 0x402, 2, BARE_DOUBLE },
	{ "*BDK",    0x009, 0x009, 6, BARE_DOUBLE },
	{ "BDK",     0x009, 0x009, 2, BARE_DOUBLE },
	{ "BDK-2",   0x609, 0x609, 2, BARE_DOUBLE },
	{ "BDK-3",   0x809, 0x809, 2, BARE_DOUBLE },
	{ "BDK-4",   0x909, 0x909, 2, BARE_DOUBLE },
	{ "MK-AC",   0x109, 0x109, 2, BARE_DOUBLE },
	{ "MK-SMI",  0x209, 0x209, 2, BARE_DOUBLE },
	{ "MK-SMC",  0x309, 0x309, 2, BARE_DOUBLE },
	{ "MK-DAC",  0x409, 0x409, 2, BARE_DOUBLE },
	{ "MK-DN",   0x509, 0x509, 2, BARE_DOUBLE },
	{ "MK-CVC3", 0x709, 0x709, 2, BARE_DOUBLE },
};

static void
test_kind(void **state)
{
	const struct kind *row = *state;
	const struct key_kind *kind = keytype_kind(span_str(row->name));
	struct config config = { .separate_002 = false };

	assert_non_null(kind);
	assert_int_equal(keytype_of(kind, &config), row->type);
	config.separate_002 = true;
	assert_int_equal(keytype_of(kind, &config), row->pci);
	assert_int_equal(kind->lengths, row->lengths);
	assert_int_equal(kind->bare, row->bare);
}

static void
test_no_kind(void **state)
{
	(void)state;
	assert_null(keytype_kind(span_str("")));
	assert_null(keytype_kind(span_str("tpk")));
	assert_null(keytype_kind(span_str("TPKX")));
	assert_null(keytype_kind(span_str("TP")));
	assert_string_equal(keytype_name(0x999), "unknown");
	assert_int_equal(keytype_pair(0x00F), KEYTYPE_NONE);
	assert_string_equal(keytype_name(KEYTYPE_DUKPT_MAC), "DUKPT");
	assert_int_equal(keytype_pair(KEYTYPE_DUKPT_PIN), KEYTYPE_NONE);
	assert_string_equal(keytype_name(KEYTYPE_BLOCK), "key block");
}

static void
test_rules(void **state)
{
	struct key_rule zmk = keytype_rule(0x000), zpk = keytype_rule(0x001);

	(void)state;
	assert_true(zmk.generate == 'A' && zmk.import == 'N' && zmk.export == 'N');
	assert_true(zpk.generate == 'U' && zpk.import == 'U' && zpk.export == 'A');
	/* One type that the published table does not list. */
	assert_true(keytype_rule(0x70D).export == 'A' && keytype_rule(0x70D).import == 'U');
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	ROWS(&r, bads, test_bad);
	ROWS(&r, kinds, test_kind);
	rows_add(&r, "names that are no kind", test_no_kind, NULL);
	rows_add(&r, "who may do what", test_rules, NULL);
	return rows_run(&r, "keytype", NULL, NULL);
}
