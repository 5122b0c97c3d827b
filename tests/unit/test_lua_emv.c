/* lua_emv: what scripts can do with the keys of cards, and what they can't. */
#include "hsm.h"

/* K makes a key of a kind; the body is the handler's. */
static const struct row {
	const char *name;
	const char *body;
	const char *want;
} rows[] = {
	{ "a card's key and a cryptogram",
	    "emv.cryptogram(emv.card(K 'MK-AC', '12345678'), 'data')", "T200" },
	{ "a session and a cryptogram",
	    "emv.cryptogram(emv.session(emv.card(K 'MK-AC', '12345678'), '12345678'), "
	    "'data')", "T200" },
	{ "a cryptogram with the issuer's key", "emv.cryptogram(K 'MK-AC', 'data')", "T241" },
	{ "a cryptogram with a key for scripts",
	    "emv.cryptogram(emv.card(K 'MK-SMI', '12345678'), 'data')", "T241" },
	{ "a card's key of a ZPK", "emv.card(K 'ZPK', '12345678')", "T241" },
	{ "a card's key of a card's key",
	    "emv.card(emv.card(K 'MK-AC', '12345678'), '12345678')", "T241" },
	{ "a session of a session",
	    "local s = emv.session(emv.card(K 'MK-AC', '12345678'), '12345678'); "
	    "emv.session(s, '12345678')", "T241" },
	{ "a session of a card's code key",
	    "emv.session(emv.card(K 'MK-DN', '12345678'), '12345678')", "T241" },
	{ "Visa's session of MK-AC",
	    "emv.visa(emv.card(K 'MK-AC', '12345678'), '12345678')", "T241" },
	{ "a card's key under the LMK",
	    "key.wrap(emv.card(K 'MK-AC', '12345678'), 'U')", "T228" },
	{ "a session's key under the LMK",
	    "key.wrap(emv.session(emv.card(K 'MK-AC', '12345678'), '12345678'), 'U')",
	    "T228" },
	{ "a card's key under a ZMK",
	    "key.export(emv.card(K 'MK-AC', '12345678'), K 'ZMK', 'U')", "T228" },
	{ "a PAN block of seven bytes", "emv.card(K 'MK-AC', '1234567')", "T215" },
	{ "option B of letters", "emv.card(K 'MK-AC', 'letters..and..', 'B')", "T215" },
	{ "a tree of another form",
	    "emv.tree(emv.card(K 'MK-AC', '12345678'), '1234567812345678', '12', 2)", "T241" },
	{ "a tree with half an IV",
	    "emv.tree(emv.card(K 'MK-AC', '12345678'), '12345678', '12', 0)", "T215" },
	{ "an ARPC of a short ARQC",
	    "emv.arpc(emv.card(K 'MK-AC', '12345678'), '1234567', '12')", "T215" },
	{ "an ARPC with nine bytes of data",
	    "emv.arpc2(emv.card(K 'MK-AC', '12345678'), '12345678', '1234', '123456789')",
	    "T215" },
	{ "a code with MK-AC",
	    "emv.code(emv.card(K 'MK-AC', '12345678'), '12345678')", "T241" },
	{ "a code with MK-DAC",
	    "emv.code(emv.card(K 'MK-DAC', '12345678'), '12345678')", "T200" },
	{ "counters with the card's key",
	    "emv.counters(emv.card(K 'MK-AC', '12345678'), '12345678')", "T241" },
	{ "counters that are none",
	    "emv.counters(emv.session(emv.card(K 'MK-AC', '12345678'), '12345678'), "
	    "'12345678')", "T201" },
	{ "a data MAC with MK-AC", "emv.mac(emv.card(K 'MK-AC', '12345678'), 'data')", "T241" },
	{ "a secret as data",
	    "emv.cryptogram(emv.card(K 'MK-AC', '12345678'), pin.random(4))", "T241" },
};

static void
test_row(void **state)
{
	const struct row *row = *state;

	assert_string_equal(hsm_do("[1] = 'x'", row->body), row->want);
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	return rows_run(&r, "lua_emv", hsm_setup, hsm_teardown);
}
