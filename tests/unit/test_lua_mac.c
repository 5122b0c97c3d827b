/* lua_mac: what scripts can do with MAC keys, and what they can't. */
#include "hsm.h"

/* K makes a key of a kind; the body is the handler's. */
static const struct row {
	const char *name;
	const char *body;
	const char *want;
} rows[] = {
	{ "a TAK", "mac.make(K 'TAK', 3, 1, 'data')", "T200" },
	{ "a ZAK", "mac.make(K 'ZAK', 3, 1, 'data')", "T200" },
	{ "a key of a DUKPT MAC",
	    "mac.make(dukpt.derive(K 'BDK', 'FFFF9876543210E00001', 'mac'), 3, 1, 'data')",
	    "T200" },
	{ "a key of DUKPT data",
	    "mac.make(dukpt.derive(K 'BDK', 'FFFF9876543210E00001', 'data'), 3, 1, 'data')",
	    "T241" },
	{ "a ZPK", "mac.make(K 'ZPK', 3, 1, 'data')", "T241" },
	{ "a ZMK to verify", "mac.verify(K 'ZMK', 3, 1, 'data', '00000000')", "T241" },
	{ "a DEK to chain", "mac.chain(K 'DEK', 3, '12345678')", "T241" },
	{ "a secret as data", "mac.make(K 'TAK', 3, 1, pin.random(4))", "T241" },
	{ "algorithm 2", "mac.make(K 'TAK', 2, 1, 'data')", "T241" },
	{ "algorithm 5 with DES", "mac.make(K 'TAK', 5, 1, 'data')", "T227" },
	{ "padding 3", "mac.make(K 'TAK', 3, 3, 'data')", "T241" },
	{ "no padding, half a block", "mac.make(K 'TAK', 3, 0, 'data')", "T280" },
	{ "no padding, half a block, own code",
	    "mac.make(K 'TAK', 3, 0, 'data', nil, 6)", "T206" },
	{ "half a block in front", "mac.chain(K 'TAK', 3, 'data')", "T280" },
	{ "half a block in front, own code", "mac.chain(K 'TAK', 3, 'data', nil, 6)", "T206" },
	{ "an IV of another length", "mac.make(K 'TAK', 3, 1, 'data', '0011')", "T215" },
	{ "an IV that is none",
	    "mac.chain(K 'TAK', 3, '12345678', '001122334455667G')", "T215" },
	{ "in two pieces as in one",
	    "local k = K 'TAK'; local iv = mac.chain(k, 3, '12345678'); "
	    "assert(equal(mac.make(k, 3, 2, 'data', iv), mac.make(k, 3, 2, "
	    "'12345678data')))", "T200" },
	{ "verified",
	    "local k = K 'TAK'; mac.verify(k, 3, 1, 'data', mac.make(k, 3, 1, 'data'))",
	    "T200" },
	{ "verified by its beginning",
	    "local k = K 'TAK'; mac.verify(k, 3, 1, 'data', sub(mac.make(k, 3, 1, 'data'), "
	    "1, 8))", "T200" },
	{ "verified by its end",
	    "local k = K 'TAK'; mac.verify(k, 3, 1, 'data', sub(mac.make(k, 3, 1, 'data'), "
	    "9))", "T201" },
	{ "nothing to verify", "mac.verify(K 'TAK', 3, 1, 'data', '')", "T215" },
	{ "more than a MAC",
	    "mac.verify(K 'TAK', 3, 1, 'data', '001122334455667788')", "T215" },
	{ "an odd number of digits", "mac.verify(K 'TAK', 3, 1, 'data', '0011223')", "T215" },
	{ "an IV under the LMK and back",
	    "assert(equal(mac.openiv(mac.sealiv('0011223344556677')), '0011223344556677'))",
	    "T200" },
	{ "half an IV under the LMK", "mac.sealiv('00112233')", "T215" },
	{ "the setting", "a.out = mac.counted() and 'yes' or 'no'", "T200no" },
};

static void
test_row(void **state)
{
	const struct row *row = *state;

	assert_string_equal(hsm_do("[1] = 'x', [6] = 'x'", row->body), row->want);
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	return rows_run(&r, "lua_mac", hsm_setup, hsm_teardown);
}
