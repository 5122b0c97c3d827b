/* lua_hash: hashes and HMACs for scripts; keys never in the clear. */
#include "hsm.h"

/* K makes a key of a kind; the body is the handler's. */
static const struct row {
	const char *name;
	const char *body;
	const char *want;
} rows[] = {
	{ "a hash",
	    "a.out = hex(hash(1, 'abc'))", "T200A9993E364706816ABA3E25717850C26C9CD0D89D" },
	{ "no hash", "hash(4, 'abc')", "T215" },
	{ "hash 99", "hash(99, 'abc')", "T215" },
	{ "the hash of a secret", "hash(6, pin.random(4))", "T241" },
	{ "a key made, used and verified",
	    "local k = hmac.random(6, 3, 32); hmac.verify(k, 6, 'data', hmac.make(k, 6, "
	    "'data', 16))", "T200" },
	{ "of other data",
	    "local k = hmac.random(6, 3, 32); hmac.verify(k, 6, 'Data', hmac.make(k, 6, "
	    "'data', 16))", "T201" },
	{ "a key for generation to verify",
	    "local k = hmac.random(6, 1, 32); hmac.verify(k, 6, 'data', hmac.make(k, 6, "
	    "'data', 16))", "T206" },
	{ "a key for verification to make",
	    "hmac.make(hmac.random(6, 2, 32), 6, 'data', 16)", "T206" },
	{ "a key of another hash", "hmac.make(hmac.random(6, 3, 32), 1, 'data', 16)", "T205" },
	{ "an HMAC too short", "hmac.make(hmac.random(6, 3, 32), 6, 'data', 15)", "T204" },
	{ "an HMAC too long", "hmac.make(hmac.random(6, 3, 32), 6, 'data', 33)", "T204" },
	{ "an HMAC too short to verify",
	    "hmac.verify(hmac.random(6, 3, 32), 6, 'data', 'short')", "T204" },
	{ "no length", "hmac.make(hmac.random(6, 3, 32), 6, 'data')", "T241" },
	{ "a key that is none", "hmac.make('12345678', 6, 'data', 16)", "T208" },
	{ "a working key for an HMAC key", "hmac.make(K 'TAK', 6, 'data', 16)", "T241" },
	{ "an HMAC key for a working key",
	    "mac.make(hmac.random(6, 3, 32), 3, 1, 'data')", "T241" },
	{ "sent and taken back",
	    "local z, k = K 'ZMK', hmac.random(6, 3, 32); assert(equal(hmac.import(z, 0, "
	    "hmac.export(z, 0, k)), k))", "T200" },
	{ "sent alone and taken back",
	    "local z, k = K 'ZMK', hmac.random(6, 3, 32); assert(equal(hmac.import(z, 2, "
	    "hmac.export(z, 2, k), 6, 3, 32), k))", "T200" },
	{ "under a ZPK", "hmac.export(K 'ZPK', 0, hmac.random(6, 3, 32))", "T241" },
	{ "from a ZPK", "hmac.import(K 'ZPK', 0, '12345678')", "T241" },
	{ "a usage that is none", "hmac.random(6, 4, 32)", "T206" },
	{ "a key too short", "hmac.random(6, 3, 15)", "T204" },
	{ "from an old LMK that is not there", "hmac.change(hmac.random(6, 3, 32))", "T233" },
};

static void
test_row(void **state)
{
	const struct row *row = *state;

	assert_string_equal(hsm_do("[1] = 'x', [4] = 'x', [5] = 'x', [6] = 'x', [8] = 'x'", row->body), row->want);
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	return rows_run(&r, "lua_hash", hsm_setup, hsm_teardown);
}
