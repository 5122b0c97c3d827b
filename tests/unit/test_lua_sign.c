/* lua_sign: what scripts can do with signing keys, whose columns and versions are digits. */
#include "hsm.h"

#define DIGEST "local d = '0123456789abcdef0123456789abcdef'; "
#define TEN    "0123456789"
#define P256   "'test/p256'"

/* Of version 1, over DIGEST's, by another library. */
#define SIGNATURE \
	"\\x30\\x45\\x02\\x20\\x3E\\x54\\xC3\\xEC\\x1D\\x5D\\xCD\\x56\\xAD\\xD6\\xC4" \
	"\\x25\\xBD\\x23\\xE9\\x51\\xB8\\x2D\\x58\\x37\\x8E\\x90\\xD9\\x3D\\xB0\\xB4" \
	"\\x57\\x7A\\xAA\\xE3\\x63\\x58\\x02\\x21\\x00\\x9C\\xC9\\x31\\x83\\x9A\\xCB" \
	"\\xB6\\x08\\x21\\x1B\\xE8\\xD1\\x8F\\xB9\\x5C\\xC7\\x0C\\x3A\\x96\\x78\\x71" \
	"\\x58\\x55\\xAF\\xF7\\x75\\xE9\\x83\\x06\\xE1\\x8E\\x83"

static const struct row {
	const char *name;
	const char *body;
	const char *want;
} rows[] = {
	{ "a public key: algorithm, version, state and PEM",
	    "local k = sign.public(" P256 ", 0); "
	    "a.out = sub(k, 1, 9) assert(equal(sub(k, 10, 36), '-----BEGIN PUBLIC KEY-----\\n'))",
	    "T200010000020" },
	{ "an older version", "a.out = sub(sign.public(" P256 ", 1), 1, 9)", "T200010000010" },
	{ "a version that is not there", "sign.public(" P256 ", 3)", "T231" },
	{ "the largest version", "sign.public(" P256 ", 999999)", "T231" },
	{ "a larger one", "sign.public(" P256 ", 1000000)", "T241" },
	{ "a negative one", "sign.public(" P256 ", -1)", "T241" },
	{ "a version that is no number", "sign.public(" P256 ", {})", "T241" },
	{ "a key that is not there", "sign.public('test/none', 0)", "T230" },
	{ "a name of nothing", "sign.public('', 0)", "T215" },
	{ "a name with a blank", "sign.public('a b', 0)", "T215" },
	{ "a name that is too long", "sign.public('" TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
	    "123456789', 0)", "T215" },
	{ "a secret for a name", "sign.public(pin.random(4), 0)", "T241" },
	{ "a signature tells who made it", DIGEST "a.out = sub(sign.make(" P256
	    ", 0, 5, d), 1, 6)", "T200000002" },
	{ "by a version of one's choice", DIGEST "a.out = sub(sign.make(" P256
	    ", 1, 5, d), 1, 6)", "T200000001" },
	{ "a signature verifies, in a request of its own", DIGEST
	    "a.out = sign.verify(" P256 ", 0, 5, '" SIGNATURE "', d)", "T200000001" },
	{ "and over other data does not", DIGEST "sign.verify(" P256 ", 0, 5, '" SIGNATURE
	    "', '0123456789abcdef0123456789abcdeg')", "T201" },
	{ "nor by another version", DIGEST "sign.verify(" P256 ", 2, 5, '" SIGNATURE "', d)",
	    "T201" },
	{ "verifying what was just signed", DIGEST "local s = sign.make(" P256 ", 0, 5, d); "
	    "sign.verify(" P256 ", 0, 5, sub(s, 7), d)", "T215" },
	{ "asking after a rotation", "sign.rotate(" P256 ") sign.public(" P256 ", 0)", "T215" },
	{ "listing after a new key", "sign.create('new', 1, 0) sign.list('')", "T215" },
	{ "nothing of a signature", DIGEST "sign.verify(" P256 ", 0, 5, '', d)", "T201" },
	{ "a digest of another length", "sign.make(" P256 ", 0, 5, 'short')", "T236" },
	{ "a hash that is none", DIGEST "sign.make(" P256 ", 0, 99, d)", "T236" },
	{ "a hash out of range", DIGEST "sign.make(" P256 ", 0, 100, d)", "T241" },
	{ "a message where digests are signed", "sign.make(" P256 ", 0, 0, 'message')", "T236" },
	{ "a digest where messages are", DIGEST "sign.make('test/ed25519', 0, 5, d)", "T237" },
	{ "a key that is disabled", DIGEST "sign.make('test/disabled', 0, 0, d)", "T234" },
	{ "somebody else's", DIGEST "sign.make('test/foreign', 0, 0, d)", "T235" },
	{ "two signatures in one request", DIGEST "sign.make(" P256 ", 0, 5, d) "
	    "sign.make(" P256 ", 1, 5, d)", "T215" },
	{ "a new key", "a.out = sub(sign.create('new', 31, 0), 1, 9)", "T200310000010" },
	{ "one that is there", "a.out = sub(sign.create(" P256 ", 1, 0), 1, 9)",
	    "T200010000020" },
	{ "one that is there, strictly", "sign.create(" P256 ", 1, 1)", "T232" },
	{ "with another algorithm", "sign.create(" P256 ", 2, 0)", "T232" },
	{ "an algorithm that is none", "sign.create('new', 98, 0)", "T240" },
	{ "neither strict nor not", "sign.create('new', 1, 2)", "T241" },
	{ "another version", "a.out = sub(sign.rotate(" P256 "), 1, 9)", "T200010000030" },
	{ "of a key that is not there", "sign.rotate('test/none')", "T230" },
	{ "a state", "sign.state(" P256 ", 1, 1)", "T200" },
	{ "a state that is none", "sign.state(" P256 ", 1, 3)", "T241" },
	{ "a state gives nothing back", ""
	    "a.out = sign.state(" P256 ", 1, 0) == nil and 'nothing' or 'something'",
	    "T200nothing" },
	{ "versions, newest first", "a.out = sub(sign.describe(" P256 ", 0), 1, 22)",
	    "T2000209test/p256010000020" },
	{ "keys behind a name", "a.out = sub(sign.list('test/ed25519ph'), 1, 2)", "T20001" },
	{ "keys behind the last", "a.out = sign.list('zzz')", "T20000" },
};

static void
test_row(void **state)
{
	const struct row *row = *state;

	hsm_clear();
	hsm_put_parts("T1", "", "{ 'out', optional(B()) }",
	    "[1] = 'x', [30] = 'x', [31] = 'x', [32] = 'x', [34] = 'x', [35] = 'x', "
	    "[36] = 'x', [37] = 'x', [40] = 'x'",
	    "", row->body);
	assert_int_equal(hsm_load(), 0);
	assert_string_equal(hsm_send("T1"), row->want);
}

int
main(void)
{
	struct rows r = { 0 };

	ROWS(&r, rows, test_row);
	return rows_run(&r, "lua_sign", hsm_setup, hsm_teardown);
}
