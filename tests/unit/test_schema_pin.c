/* schema_pin: how much of a message each type takes, and what it refuses. */
#include "schema_pin.h"

#include "config.h"
#include "err.h"
#include "keys.h"
#include "lmk.h"

enum { SHORT = 1 };	/* schema_pin_cut: the text ends too early */

static const struct row {
	const char *name;
	uint8_t     type;
	unsigned    pin_length;
	enum lmk_pin_method method;
	bool        encrypted;
	const char *refer, *text;
	int         want;
	size_t      n;
	const char *value;
} rows[] = {
	{ "LMK PIN", FIELD_LPIN, 4, LMK_PIN_FPE10, true, "", "123456", 0, 5, "12345" },
	{ "LMK PIN of 13", FIELD_LPIN, 12, LMK_PIN_FPE10, true, "", "1234567890123", 0, 13,
	    "1234567890123" },
	{ "LMK PIN cut short", FIELD_LPIN, 4, LMK_PIN_FPE10, true, "", "1234", SHORT, 0, "" },
	{ "LMK PIN with F", FIELD_LPIN, 4, LMK_PIN_FPE10, true, "", "0123F", ERR_INPUT, 0, "" },
	{ "LMK PIN with F, plain0", FIELD_LPIN, 4, LMK_PIN_PLAIN0, true, "", "0123F", 0, 5,
	    "0123F" },
	{ "LMK PIN of AES", FIELD_LPIN, 4, LMK_PIN_FPE10, true, "",
	    "J4ECEC2C39808D93074E08290CB61AEDF1", 0, 33, "J4ECEC2C39808D93074E08290CB61AEDF" },
	{ "LMK PIN of AES with G", FIELD_LPIN, 4, LMK_PIN_FPE10, true, "",
	    "J4ECEC2C39808D93074E08290CB61AEDG", ERR_INPUT, 0, "" },
	{ "LMK PIN of AES cut short", FIELD_LPIN, 4, LMK_PIN_FPE10, true, "",
	    "J4ECEC2C39808D93074E08290CB61AED", SHORT, 0, "" },
	{ "clear PIN", FIELD_CLEARPIN, 6, LMK_PIN_FPE10, true, "", "1234FFF9", 0, 7, "1234" },
	{ "clear PIN, longest", FIELD_CLEARPIN, 6, LMK_PIN_FPE10, true, "", "123456F", 0, 7,
	    "123456" },
	{ "clear PIN, too long", FIELD_CLEARPIN, 6, LMK_PIN_FPE10, true, "", "1234567",
	    ERR_INPUT, 0, "" },
	{ "clear PIN of three digits", FIELD_CLEARPIN, 6, LMK_PIN_FPE10, true, "", "123FFFF",
	    ERR_INPUT, 0, "" },
	{ "clear PIN, digit behind F", FIELD_CLEARPIN, 6, LMK_PIN_FPE10, true, "", "1234F6F",
	    ERR_INPUT, 0, "" },
	{ "clear PIN padded with E", FIELD_CLEARPIN, 6, LMK_PIN_FPE10, true, "", "1234EEE",
	    ERR_INPUT, 0, "" },
	{ "account for 01", FIELD_ACCOUNT, 4, LMK_PIN_FPE10, true, "01", "1234567890123", 0, 12,
	    "123456789012" },
	{ "account for 04", FIELD_ACCOUNT, 4, LMK_PIN_FPE10, true, "04", "FF12345678901234561",
	    0, 18, "FF1234567890123456" },
	{ "account for 48", FIELD_ACCOUNT, 4, LMK_PIN_FPE10, true, "48", "4111111111111111;1", 0,
	    17, "4111111111111111" },
	{ "account of 13 for 48", FIELD_ACCOUNT, 4, LMK_PIN_FPE10, true, "48", "4111111111111;",
	    0, 14, "4111111111111" },
	{ "account of 12 for 48", FIELD_ACCOUNT, 4, LMK_PIN_FPE10, true, "48", "411111111111;1",
	    ERR_INPUT, 0, "" },
	{ "account of 20 for 48", FIELD_ACCOUNT, 4, LMK_PIN_FPE10, true, "48",
	    "41111111111111111111;", ERR_INPUT, 0, "" },
	{ "account for 48 without its end", FIELD_ACCOUNT, 4, LMK_PIN_FPE10, true, "48",
	    "4111111111111111:", ERR_INPUT, 0, "" },
	{ "account for 48 cut short", FIELD_ACCOUNT, 4, LMK_PIN_FPE10, true, "48",
	    "4111111111111111", SHORT, 0, "" },
	{ "PIN block, DES key", FIELD_SEALED, 4, LMK_PIN_FPE10, true, "U...",
	    "3C0CA40863092C3A3", 0, 16, "3C0CA40863092C3A" },
	{ "PIN block, AES key", FIELD_SEALED, 4, LMK_PIN_FPE10, true, "S1012871AB00S0001...",
	    "A912150391AB65A67E52883D81CE2D150", 0, 32, "A912150391AB65A67E52883D81CE2D15" },
	{ "PIN block, AES key, cut short", FIELD_SEALED, 4, LMK_PIN_FPE10, true,
	    "S1012871AB00S0001...", "3C0CA40863092C3A", SHORT, 0, "" },
	{ "PIN block with G", FIELD_SEALED, 4, LMK_PIN_FPE10, true, "U...",
	    "3C0CA40863092C3G", ERR_INPUT, 0, "" },
	{ "KSN without a descriptor", FIELD_KSN, 4, LMK_PIN_FPE10, true, "", "FFFF9876543210",
	    ERR_INPUT, 0, "" },
	{ "table, encrypted", FIELD_TABLE, 4, LMK_PIN_FPE10, true, "", "FD64FC3FAD504BB3", 0,
	    16, "FD64FC3FAD504BB3" },
	{ "table, plaintext", FIELD_TABLE, 4, LMK_PIN_FPE10, false, "", "0123456789012345", 0,
	    16, "0123456789012345" },
	{ "table, plaintext with A", FIELD_TABLE, 4, LMK_PIN_FPE10, false, "",
	    "012345678901234A", ERR_INPUT, 0, "" },
	{ "table of AES", FIELD_TABLE, 4, LMK_PIN_FPE10, true, "",
	    "L9E05DD31B77CBF85FAD39159218E2A711", 0, 33, "L9E05DD31B77CBF85FAD39159218E2A71" },
	{ "table of AES with G", FIELD_TABLE, 4, LMK_PIN_FPE10, true, "",
	    "L9E05DD31B77CBF85FAD39159218E2A7G", ERR_INPUT, 0, "" },
	{ "table of AES, where plaintext ones are asked for", FIELD_TABLE, 4, LMK_PIN_FPE10,
	    false, "", "L9E05DD31B77CBF85FAD39159218E2A71", ERR_INPUT, 0, "" },
	{ "table at no place of user storage", FIELD_TABLE, 4, LMK_PIN_FPE10, true, "", "K00G1",
	    ERR_INPUT, 0, "" },
	{ "table in user storage", FIELD_TABLE, 4, LMK_PIN_FPE10, true, "", "K0011", 0, 4,
	    "K001" },
	{ "table cut short", FIELD_TABLE, 4, LMK_PIN_FPE10, true, "", "FD64FC3FAD504BB",
	    SHORT, 0, "" },
	{ "no table", FIELD_TABLE, 4, LMK_PIN_FPE10, true, "", "", SHORT, 0, "" },
	{ "template", FIELD_VALIDATION, 4, LMK_PIN_FPE10, true, "", "1234567890N1X", 0, 12,
	    "1234567890N1" },
	{ "template with two N, which is seen later", FIELD_VALIDATION, 4, LMK_PIN_FPE10, true,
	    "", "N234567890N1", 0, 12, "N234567890N1" },
	{ "template with G", FIELD_VALIDATION, 4, LMK_PIN_FPE10, true, "", "123456789GN1",
	    ERR_INPUT, 0, "" },
	{ "whole block", FIELD_VALIDATION, 4, LMK_PIN_FPE10, true, "", "P1234567890ABCDEF1", 0,
	    17, "P1234567890ABCDEF" },
	{ "whole block with G", FIELD_VALIDATION, 4, LMK_PIN_FPE10, true, "",
	    "P1234567890ABCDEG", ERR_INPUT, 0, "" },
	{ "whole block cut short", FIELD_VALIDATION, 4, LMK_PIN_FPE10, true, "",
	    "P1234567890ABCDE", SHORT, 0, "" },
	{ "offset", FIELD_OFFSET, 4, LMK_PIN_FPE10, true, "", "1234FFFFFFFF0", 0, 12,
	    "1234FFFFFFFF" },
	{ "offset padded with f", FIELD_OFFSET, 4, LMK_PIN_FPE10, true, "", "1234ffffffff", 0,
	    12, "1234ffffffff" },
	{ "offset of twelve digits", FIELD_OFFSET, 4, LMK_PIN_FPE10, true, "", "123456789012",
	    0, 12, "123456789012" },
	{ "offset, digit behind F", FIELD_OFFSET, 4, LMK_PIN_FPE10, true, "", "1234F5FFFFFF",
	    ERR_INPUT, 0, "" },
	{ "KSN of 20", FIELD_KSN, 4, LMK_PIN_FPE10, true, "A05", "FFFF9876543210E000011", 0,
	    20, "FFFF9876543210E00001" },
	{ "KSN of 16", FIELD_KSN, 4, LMK_PIN_FPE10, true, "605", "9876543210E000011", 0, 16,
	    "9876543210E00001" },
	{ "KSN of 12", FIELD_KSN, 4, LMK_PIN_FPE10, true, "502", "3210E0000199", 0, 12,
	    "3210E0000199" },
	{ "KSN of 11", FIELD_KSN, 4, LMK_PIN_FPE10, true, "501", "3210E0000199", ERR_INPUT, 0,
	    "" },
	{ "KSN of 21", FIELD_KSN, 4, LMK_PIN_FPE10, true, "A06", "FFFF9876543210E000011",
	    ERR_INPUT, 0, "" },
	{ "KSN cut short", FIELD_KSN, 4, LMK_PIN_FPE10, true, "A05", "FFFF9876543210E0000",
	    SHORT, 0, "" },
	{ "KSN with G", FIELD_KSN, 4, LMK_PIN_FPE10, true, "A05", "FFFF9876543210E0000G",
	    ERR_INPUT, 0, "" },
	{ "IV", FIELD_IV, 4, LMK_PIN_FPE10, true, "U0123", "00112233445566778", 0, 16,
	    "0011223344556677" },
	{ "IV of an AES key", FIELD_IV, 4, LMK_PIN_FPE10, true, "S1009622AN00S0001",
	    "00112233445566778899AABBCCDDEEFF0", 0, 32, "00112233445566778899AABBCCDDEEFF" },
	{ "IV of an AES key, cut short", FIELD_IV, 4, LMK_PIN_FPE10, true, "S1009622AN00S0001",
	    "0011223344556677", SHORT, 0, "" },
	{ "IV with a small letter", FIELD_IV, 4, LMK_PIN_FPE10, true, "U0123",
	    "001122334455667a", ERR_INPUT, 0, "" },
	{ "IV under an AES LMK", FIELD_LMKIV, 4, LMK_PIN_FPE10, true, "S100963TN00S0001",
	    "00112233445566778899AABBCCDDEEFF0", 0, 32, "00112233445566778899AABBCCDDEEFF" },
	{ "IV under a 3DES LMK", FIELD_LMKIV, 4, LMK_PIN_FPE10, true, "S0007222TN00S0002",
	    "00112233445566778", 0, 16, "0011223344556677" },
	{ "account", FIELD_PAN, 4, LMK_PIN_FPE10, true, "", "12345678901204", 0, 12,
	    "123456789012" },
	{ "account and list", FIELD_PAN, 4, LMK_PIN_FPE10, true, "", "12345678901204*0104", 0,
	    12, "123456789012" },
	{ "PAN of 13", FIELD_PAN, 4, LMK_PIN_FPE10, true, "", "1234567890128;05", 0, 14,
	    "123456789012" },
	{ "PAN of 19", FIELD_PAN, 4, LMK_PIN_FPE10, true, "", "1234567890123456789;05", 0, 20,
	    "789012345678" },
	{ "PAN of 20", FIELD_PAN, 4, LMK_PIN_FPE10, true, "", "12345678901234567890;05", 0, 12,
	    "123456789012" },
	{ "account and ;", FIELD_PAN, 4, LMK_PIN_FPE10, true, "", "123456789012;05", 0, 12,
	    "123456789012" },
	{ "PAN without a length", FIELD_PAN, 4, LMK_PIN_FPE10, true, "", "1234567890128;",
	    ERR_INPUT, 0, "" },
	{ "account cut short", FIELD_PAN, 4, LMK_PIN_FPE10, true, "", "12345678901", SHORT, 0,
	    "" },
	{ "account with A", FIELD_PAN, 4, LMK_PIN_FPE10, true, "", "12345678901A", ERR_INPUT,
	    0, "" },
	{ "list of two", FIELD_PINLIST, 4, LMK_PIN_FPE10, true, "", "020411112222;", 0, 12,
	    "020411112222" },
	{ "empty list", FIELD_PINLIST, 4, LMK_PIN_FPE10, true, "", "0004", 0, 4, "0004" },
	{ "list cut short", FIELD_PINLIST, 4, LMK_PIN_FPE10, true, "", "02041111222", SHORT, 0,
	    "" },
	{ "list with a letter", FIELD_PINLIST, 4, LMK_PIN_FPE10, true, "", "01041A11",
	    ERR_INPUT, 0, "" },
	{ "list without a length", FIELD_PINLIST, 4, LMK_PIN_FPE10, true, "", "02;4",
	    ERR_INPUT, 0, "" },
};

static void
test_row(void **state)
{
	const struct row *row = *state;
	const struct shape shape = { .type = row->type };
	const struct span refer[2] = { span_str(row->refer), SPAN("") };
	static struct config config;
	struct piece piece = { 0 };

	config.pin_length = row->pin_length;
	config.pin_lmk_method = row->method;
	config.table_encrypted = row->encrypted;
	assert_int_equal(schema_pin_cut(&shape, &config, refer, span_str(row->text), &piece),
	    row->want);
	if (row->want == 0) {
		assert_int_equal(piece.n, row->n);
		assert_true(span_is(piece.value, row->value));
	} else if (row->want != SHORT) {
		assert_non_null(piece.rule);
	}
}

/* KSNs of an AES BDK: descriptor and text. */
static const struct ksn {
	const char *name;
	const char *descriptor, *text;
	int         want;
} ksns[] = {
	{ "AES KSN", "808", "1234567890123456000000011", 0 },
	{ "AES KSN, another split", "A06", "1234567890123456000000011", 0 },
	{ "AES KSN of 23", "807", "1234567890123456000000011", ERR_INPUT },
	{ "AES KSN of 25", "809", "1234567890123456000000011", ERR_INPUT },
	{ "AES KSN cut short", "808", "12345678901234560000000", SHORT },
};

static void
test_ksn(void **state)
{
	const struct ksn *row = *state;
	const struct shape shape = { .type = FIELD_KSN };
	const struct span refer[2] = { span_str(row->descriptor),
		SPAN("S10128B0AX00S0001...") };
	static struct config config;
	struct piece piece = { 0 };

	assert_int_equal(schema_pin_cut(&shape, &config, refer, span_str(row->text), &piece),
	    row->want);
	if (row->want == 0)
		assert_true(span_is(piece.value, "123456789012345600000001"));
}

/* Encrypted ones by openssl des-ede3-ecb under pair 18-19 variant 1 (A7, 15 times 01). */
static const struct table {
	const char *name;
	unsigned    lmk;
	bool        encrypted;
	const char *text;
	int         want;
	const char *digits;
} tables[] = {
	{ "plaintext", 0, false, "0123456789012345", 0, "0123456789012345" },
	{ "encrypted", 0, true, "FD64FC3FAD504BB3", 0, "0123456789012345" },
	{ "encrypted, of two digits", 0, true, "0A08E879075B2C77", ERR_TABLE, NULL },
	{ "plaintext, where encrypted ones are asked for", 0, true, "0123456789012345",
	    ERR_TABLE, NULL },
	{ "encrypted, AES", 1, true, "L9E05DD31B77CBF85FAD39159218E2A71", 0, "0123456789012345" },
	{ "encrypted, in the form of another LMK", 1, true, "FD64FC3FAD504BB3", ERR_TABLE, NULL },
	{ "user storage", 0, true, "K001", ERR_NO_STORAGE, NULL },
};

static void
test_table(void **state)
{
	const struct table *row = *state;
	static struct config config;
	struct request rq = { .config = &config, .lmk = lmk_get(row->lmk) };
	struct value v = { .kind = VALUE_DATA, .span = span_str(row->text) };
	const struct shape shape = { .type = FIELD_TABLE };

	config.table_encrypted = row->encrypted;
	assert_int_equal(schema_pin_table(&rq, &shape, &v), row->want);
	if (row->want == 0) {
		assert_int_equal(v.kind, VALUE_SECRET);
		assert_int_equal(v.secret->len, 16);
		for (size_t i = 0; i < 16; i++)
			assert_int_equal(v.secret->bytes[i], row->digits[i] - '0');
	} else {
		assert_int_equal(v.kind, VALUE_DATA);
	}
	keys_done();
}

static void
test_template(void **state)
{
	(void)state;
	assert_true(schema_pin_template(SPAN("1234567890N1")));
	assert_true(schema_pin_template(SPAN("N23456789012")));
	assert_true(schema_pin_template(SPAN("P1234567890ABCDEF")));
	assert_false(schema_pin_template(SPAN("123456789011")));
	assert_false(schema_pin_template(SPAN("N234567890N1")));
}

/* Of the old LMK: always encrypted, and there must be one. */
static void
test_old(void **state)
{
	static struct config config;
	struct request rq = { .config = &config, .lmk = lmk_get(1) };
	struct value v = { .kind = VALUE_DATA, .span = SPAN("59DAAE6874AAA4C4") };
	const struct shape shape = { .type = FIELD_TABLE, .old = true };

	(void)state;
	assert_int_equal(schema_pin_table(&rq, &shape, &v), ERR_OLD_LMK);
	assert_int_equal(lmk_load(LMK_OLD_ANY, "sim-old"), 0);
	assert_int_equal(schema_pin_table(&rq, &shape, &v), 0);
	assert_int_equal(v.secret->bytes[9], 9);
	keys_done();
}

static int
setup(void **state)
{
	return keys_setup(state) != 0 || lmk_load(0, "test-variant") != 0 ||
	    lmk_load(1, "test-aes-kb") != 0;
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	ROWS(&r, ksns, test_ksn);
	ROWS(&r, tables, test_table);
	rows_add(&r, "templates have one N", test_template, NULL);
	rows_add(&r, "a table of the old LMK", test_old, NULL);
	return rows_run(&r, "schema_pin", setup, NULL);
}
