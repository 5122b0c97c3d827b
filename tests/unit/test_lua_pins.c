/* lua_pins: what scripts can't do with PINs, whatever they say. */
#include "err.h"
#include "hsm.h"

#define ZPKR "UA5F5045CFA9F5483FAC8EBB26CCF8DF1"
#define BDKR "U8E3D3E2FD5919657F05A1AA90D32A014"

/* Requests of these fields are sent: a ZPK, a BDK. The body is the handler's. */
static const struct row {
	const char *name;
	const char *body;
	const char *want;
} rows[] = {
	{ "a random PIN in a block", "pinblock.seal(q.zpk, pin.random(4), '01', '123456789012')",
	    "T200" },
	{ "a PIN in a reply", "a.out = pin.random(4)", "T241" },
	{ "reveal where the plug-in does not say so", "a.out = reveal(pin.random(4))", "T241" },
	{ "a PIN as a number", "num(pin.random(4))", "T241" },
	{ "a PIN as a text", "text(pin.random(4))", "T241" },
	{ "a PIN as an account", "lmkpin.seal(pin.random(4), pin.random(12))", "T241" },
	{ "a key as a PIN", "pinblock.seal(q.zpk, q.zpk, '01', '123456789012')", "T241" },
	{ "a BDK as a PIN key", "pinblock.seal(q.bdk, pin.random(4), '01', '123456789012')",
	    "T241" },
	{ "a DUKPT PIN key", "pinblock.seal(dukpt.derive(q.bdk, 'FFFF9876543210E00001', 'pin'), "
	    "pin.random(4), '01', '123456789012')", "T200" },
	{ "a DUKPT MAC key as a PIN key", "pinblock.seal(dukpt.derive(q.bdk, "
	    "'FFFF9876543210E00001', 'mac'), pin.random(4), '01', '123456789012')", "T241" },
	{ "a DUKPT key under the LMK", "key.wrap(dukpt.derive(q.bdk, 'FFFF9876543210E00001', "
	    "'pin'), 'U')", "T228" },
	{ "a DUKPT key under a ZMK", "key.export(dukpt.derive(q.bdk, 'FFFF9876543210E00001', "
	    "'pin'), key.random('ZMK', 'U'), 'U')", "T228" },
	{ "a use that is none", "dukpt.derive(q.bdk, 'FFFF9876543210E00001', 'kek')", "T241" },
	{ "a ZPK as a BDK", "dukpt.derive(q.zpk, 'FFFF9876543210E00001', 'pin')", "T241" },
	{ "a KSN that is none", "dukpt.derive(q.bdk, 'X', 'pin')", "T215" },
	{ "a table of the script's own", "pin.offset(key.random('PVK', 'Z'), pin.random(4), 4, "
	    "'123456789012', '0123456789012345', '1234567890N1')", "T241" },
	{ "a PIN for a table", "pin.offset(key.random('PVK', 'Z'), pin.random(4), 4, "
	    "'123456789012', pin.random(12), '1234567890N1')", "T215" },
	{ "a PIN longer than pin.length", "lmkpin.seal(pin.random(5), '123456789012')", "T224" },
	{ "a PIN of three digits", "pin.random(3)", "T241" },
	{ "a CVK that is a ZPK", "cvv.make(q.zpk, '4111111111111111', '9912', '000')", "T241" },
	{ "a PVK of one part warns of nothing", "return pin.warning(key.random('PVK', 'Z'))",
	    "T200" },
	{ "a PVK of two parts is a warning", "return pin.warning(key.random('PVK', 'U'))",
	    "T202" },
	{ "a BDK is no PVK to warn of", "return pin.warning(q.bdk)", "T241" },
	{ "a MAC that is wrong", "dukpt.verify(q.bdk, 'FFFF9876543210E00001', 2, "
	    "'4012345678909D987', '9CCC7818')", "T201" },
	{ "a MAC that is right", "dukpt.verify(q.bdk, 'FFFF9876543210E00001', 2, "
	    "'4012345678909D987', '9CCC7817')", "T200" },
	{ "a CSC of two characters", "csc.verdict(key.random('CSCK', 'U'), 0, '371234567890123', "
	    "'9912', nil, 'FF')", "T241" },
	{ "a CSCK that is a ZPK", "csc.make(q.zpk, 0, '371234567890123', '9912', nil, 5)",
	    "T241" },
};

/* What pin.restrict_formats refuses and the test profile allows. */
static const struct row restricted[] = {
	{ "a free PIN into format 05", "pinblock.seal(q.zpk, pin.random(4), '05', '123456789012')",
	    "T200" },
	{ "a free PIN into format 03", "pinblock.seal(q.zpk, pin.random(4), '03', '123456789012')",
	    "T223" },
	{ "from a bound block to another account", "pinblock.seal(q.zpk, pinblock.open(q.zpk, "
	    "pinblock.seal(q.zpk, pin.random(4), '01', '123456789012'), '01', '123456789012'), "
	    "'01', '123456789013')", "T223" },
	{ "from a bound block to format 05", "pinblock.seal(q.zpk, pinblock.open(q.zpk, "
	    "pinblock.seal(q.zpk, pin.random(4), '47', '123456789012'), '47', '123456789012'), "
	    "'05', '123456789012')", "T223" },
	{ "from format 05 to a bound block", "pinblock.seal(q.zpk, pinblock.open(q.zpk, "
	    "pinblock.seal(q.zpk, pin.random(4), '05', '123456789012'), '05', '123456789012'), "
	    "'47', '123456789012')", "T200" },
	{ "verified, then put into another block", "pinblock.seal(q.zpk, pinblock.open(q.zpk, "
	    "pinblock.seal(q.zpk, pin.random(4), '01', '123456789012'), '01', '123456789012', 1), "
	    "'05', '123456789012')", "T223" },
	{ "a PVV of a PIN from format 05", "pin.pvv(key.random('PVK', 'U'), pinblock.open(q.zpk, "
	    "pinblock.seal(q.zpk, pin.random(4), '05', '123456789012'), '05', '123456789012'), "
	    "'123456789012', '1')", "T223" },
	{ "to verify a PVV of a PIN from format 05", "pin.pvv(key.random('PVK', 'U'), "
	    "pinblock.open(q.zpk, pinblock.seal(q.zpk, pin.random(4), '05', '123456789012'), "
	    "'05', '123456789012', 1), '123456789012', '1')", "T200" },
	{ "said to go on into format 05", "pinblock.open(q.zpk, pinblock.seal(q.zpk, pin.random(4), "
	    "'01', '123456789012'), '01', '123456789012', nil, '05')", "T223" },
	{ "said to go on for another account", "pinblock.open(q.zpk, pinblock.seal(q.zpk, "
	    "pin.random(4), '01', '123456789012'), '01', '123456789012', nil, '47', "
	    "'123456789013')", "T223" },
	{ "from the LMK to format 05", "pinblock.seal(q.zpk, lmkpin.open(lmkpin.seal("
	    "pin.random(4), '123456789012'), '123456789012'), '05', '123456789012')", "T223" },
};

/* Of PIN 1234 and account 881234567890: with another first digit the third of the PIN is a letter. */
#define UNREAD "pinblock.open(q.zpk, '567D6F2501D03AF7', '01', '481234567890')"

/* What pin.one_error allows with such a PIN, where the test profile has refused it before. */
static const struct row unread[] = {
	{ "letters, into a block of the account", "pinblock.seal(q.zpk, " UNREAD
	    ", '47', '481234567890')", "T200" },
	{ "letters, into a block of another account", "pinblock.seal(q.zpk, " UNREAD
	    ", '01', '881234567890')", "T220" },
	{ "letters, into a block of no account", "pinblock.seal(q.zpk, " UNREAD
	    ", '05', '481234567890')", "T220" },
	{ "letters, under an LMK that has no room", "lmkpin.seal(" UNREAD ", '481234567890')",
	    "T220" },
	{ "letters, a PVV", "pin.pvv(key.random('PVK', 'U'), " UNREAD ", '481234567890', '1')",
	    "T200" },
	{ "letters, a list", "pin.permit(" UNREAD ", '02051234567890')", "T281" },
	{ "letters, to compare", "verify.lmkpin('99697', " UNREAD ", '401234567890')", "T201" },
	{ "letters, for a card", "emvscript.pinblock(34, " UNREAD ", '481234567890')", "T200" },
};

/* With pin.restrict_formats, too, the same as for digits. */
static const struct row told[] = {
	{ "into a block of another account", "pinblock.seal(q.zpk, " UNREAD
	    ", '01', '881234567890')", "T223" },
	{ "into a block of no account", "pinblock.seal(q.zpk, " UNREAD
	    ", '05', '481234567890')", "T223" },
};

static void
run(const struct row *row)
{
	hsm_clear();
	hsm_put_parts("T1", "{ 'zpk', key 'ZPK' }, { 'bdk', key 'BDK' }",
	    "{ 'out', optional(A()) }", "[01] = 'x', [02] = 'x', [10] = 'x', [20] = 'x', [23] = 'x', [24] = 'x', "
	    "[81] = 'x', [86] = 'x'", "", row->body);
	assert_int_equal(hsm_load(), 0);
	assert_string_equal(hsm_send("T1" ZPKR BDKR), row->want);
}

static void
test_row(void **state)
{
	run(*state);
}

static void
test_unread(void **state)
{
	const struct row *row = *state;
	struct row test = *row;

	test.want = "T220";
	run(&test);
	hsm.config.pin_one_error = true;
	run(row);
	hsm.config.pin_one_error = false;
}

static void
test_told(void **state)
{
	hsm.config.pin_one_error = hsm.config.restrict_formats = true;
	run(*state);
	hsm.config.pin_one_error = hsm.config.restrict_formats = false;
}

static void
test_restricted(void **state)
{
	const struct row *row = *state;
	struct row free = *row;

	free.want = "T200";
	run(&free);
	hsm.config.restrict_formats = true;
	run(row);
	hsm.config.restrict_formats = false;
}

/* A format that is switched off is neither read nor made; others are. */
static void
test_off(void **state)
{
	static const struct row off[] = {
		{ "", "pinblock.seal(q.zpk, pin.random(4), '05', '123456789012')", "T269" },
		{ "", "pinblock.open(q.zpk, '567D6F2501D03AF7', '05', '481234567890')", "T269" },
		{ "", "pinblock.open(q.zpk, '567D6F2501D03AF7', '01', '481234567890', nil, '34')",
		    "T269" },
		{ "", "emvscript.pinblock(34, pin.random(4), '481234567890')", "T269" },
		{ "", "pinblock.seal(q.zpk, pin.random(4), '01', '123456789012')", "T200" },
	};

	(void)state;
	hsm.config.formats_off = (struct config_codes){ 2, { "05", "34" } };
	for (size_t i = 0; i < sizeof(off) / sizeof(off[0]); i++)
		run(&off[i]);
	hsm.config.formats_off.n = 0;
}

/* pin.excluded holds whatever a plug-in does not say; the PIN is 1234. */
static void
test_excluded(void **state)
{
	struct row row = { "", "pin.permit(lmkpin.open('99697', '401234567890'))", "T200" };

	(void)state;
	run(&row);
	snprintf(hsm.config.pin_excluded, sizeof(hsm.config.pin_excluded), "ascending");
	row.want = "T286";
	run(&row);
	hsm.config.pin_excluded[0] = '\0';
}

/* Strict asks for a counter that a device comes to. */
static void
test_counter(void **state)
{
	static const struct row zero = { "", "dukpt.derive(q.bdk, 'FFFF9876543210E00000', 'pin')",
		"T215" };
	struct row test = zero;

	(void)state;
	test.want = "T200";
	run(&test);
	hsm.config.dukpt_counter = true;
	run(&zero);
	hsm.config.dukpt_counter = false;
}

static const struct load {
	const char *name;
	const char *request, *response;
	const char *want;	/* in the message */
} loads[] = {
	{ "a clear PIN that is not secret", "{ 'pin', clearpin }", "", "secret(clearpin)" },
	{ "words of two lengths", "{ 'w', enum('001', '02') }", "", "of one length" },
	{ "words of one letter", "{ 'w', enum('0', '1') }", "", "of one length" },
	{ "a KSN without a descriptor", "{ 'ksn', ksn }", "", "descriptor" },
	{ "a KSN with another field's name", "{ 'ksn', ksn 'd' }", "", "no earlier field" },
	{ "a descriptor that may be absent", "{ 'd', optional(H(3)) }, { 'ksn', ksn 'd' }", "",
	    "field 'ksn': is always there" },
	{ "a table without code 25", "{ 't', dtab }", "", "25" },
};

static void
test_load(void **state)
{
	const struct load *row = *state;

	hsm_clear();
	hsm_put_parts("T1", row->request, row->response, "", "", "");
	assert_int_not_equal(hsm_load(), 0);
	assert_non_null(strstr(hsm.err, row->want));
}

/* What an earlier request has left in a descriptor's place counts for nothing. */
static void
test_descriptor(void **state)
{
	(void)state;
	hsm_clear();
	hsm_put_parts("T1", "{ 'd_there', N(1) }, { 'ksn_there', N(1) }, "
	    "{ 'd', H(3), when = { d_there = '1' } }, "
	    "{ 'ksn', ksn 'd', when = { ksn_there = '1' } }", "", "", "", "");
	if (hsm_load() != 0)
		fail_msg("%s", hsm.err);
	assert_string_equal(hsm_send("T111" "A05" "A05F9876543210E00001"), "T200");
	assert_string_equal(hsm_send("T101" "A05F9876543210E00001"), "T215");
	assert_string_equal(hsm_send("T100"), "T200");
}

/* by() may count with a field that is there for that choice only. */
static void
test_by(void **state)
{
	(void)state;
	hsm_clear();
	hsm_put_parts("T1", "{ 'm', N(1) }, { 'n', N(2), when = { m = '1' } }, "
	    "{ 'x', by('m', { ['1'] = A 'n', A(1) }) }", "", "", "", "");
	if (hsm_load() != 0)
		fail_msg("%s", hsm.err);
	assert_string_equal(hsm_send("T1" "1" "03" "abc"), "T200");
	assert_string_equal(hsm_send("T1" "0" "a"), "T200");
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	ROWS(&r, restricted, test_restricted);
	ROWS(&r, unread, test_unread);
	ROWS(&r, told, test_told);
	ROWS(&r, loads, test_load);
	rows_add(&r, "a format that is in pin.formats_off", test_off, NULL);
	rows_add(&r, "a PIN that is in pin.excluded", test_excluded, NULL);
	rows_add(&r, "a KSN's counter of zero", test_counter, NULL);
	rows_add(&r, "a KSN without its descriptor", test_descriptor, NULL);
	rows_add(&r, "by() and a length for one choice", test_by, NULL);
	return rows_run(&r, "lua_pins", hsm_setup, hsm_teardown);
}
