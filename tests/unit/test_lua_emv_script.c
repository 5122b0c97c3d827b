/* lua_emv_script: secret parts of issuer scripts never reach a script of ours. */
#include "hsm.h"

/* K makes a key of a kind; the body is the handler's. */
static const struct row {
	const char *name;
	const char *body;
	const char *want;
} rows[] = {
	{ "a script's MAC",
	    "emvscript.mac(emv.visa(emv.card(K 'MK-SMI', '12345678'), '12345678'), 'data')",
	    "T200" },
	{ "a script's MAC with the card's key",
	    "emvscript.mac(emv.card(K 'MK-SMI', '12345678'), 'data')", "T241" },
	{ "a script's MAC with a key to conceal",
	    "emvscript.mac(emv.session(emv.card(K 'MK-SMC', '12345678'), '12345678'), "
	    "'data')", "T241" },
	{ "a PIN concealed",
	    "emvscript.conceal(emv.session(emv.card(K 'MK-SMC', '12345678'), '12345678'), "
	    "'emv', emvscript.pinblock(34, pin.random(4), ''))", "T200" },
	{ "a PIN concealed with MK-AC",
	    "emvscript.conceal(emv.session(emv.card(K 'MK-AC', '12345678'), '12345678'), "
	    "'emv', emvscript.pinblock(34, pin.random(4), ''))", "T241" },
	{ "data concealed",
	    "emvscript.conceal(emv.session(emv.card(K 'MK-SMC', '12345678'), '12345678'), "
	    "'emv', 'data')", "T241" },
	{ "concealed for nobody",
	    "emvscript.conceal(emv.session(emv.card(K 'MK-SMC', '12345678'), '12345678'), "
	    "'amex', pin.random(4))", "T241" },
	{ "a PIN block in a reply",
	    "a.out = emvscript.pinblock(34, pin.random(4), '')", "T241" },
	{ "a PIN block as data", "hex(emvscript.pinblock(34, pin.random(4), ''))", "T241" },
	{ "a format of hosts", "emvscript.pinblock(1, pin.random(4), '123456789012')", "T223" },
	{ "41 without a card", "emvscript.pinblock(41, pin.random(4), '')", "T215" },
	{ "41 with a card's other key",
	    "emvscript.pinblock(41, pin.random(4), '', emv.card(K 'MK-SMI', '12345678'))",
	    "T241" },
	{ "41",
	    "emvscript.pinblock(41, pin.random(4), '', emv.card(K 'MK-AC', '12345678'))",
	    "T200" },
	{ "42 without the old PIN",
	    "emvscript.pinblock(42, pin.random(4), '', emv.card(K 'MK-AC', '12345678'))",
	    "T215" },
	{ "42",
	    "emvscript.pinblock(42, pin.random(4), '', emv.card(K 'MK-AC', '12345678'), "
	    "pin.random(4))", "T200" },
	{ "opened under a TEK, shown", "a.out = emvscript.open(K 'TEK', '12345678')", "T241" },
	{ "opened under a ZPK", "emvscript.open(K 'ZPK', '12345678')", "T241" },
	{ "opened, half a block", "emvscript.open(K 'TEK', '1234')", "T280" },
	{ "opened, too long",
	    "emvscript.open(K 'TEK', "
	    "'1234567812345678123456781234567812345678123456781234567812345678')", "T280" },
};

static void
test_row(void **state)
{
	const struct row *row = *state;

	assert_string_equal(hsm_do("[23] = 'x'", row->body), row->want);
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	return rows_run(&r, "lua_emv_script", hsm_setup, hsm_teardown);
}
