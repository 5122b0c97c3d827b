/* lua_data: data taken apart and put together as scripts ask. */
#include "hsm.h"

/* The request's data is "abcde"; out is what the reply shows. */
static const struct row {
	const char *name;
	const char *out;	/* an expression */
	const char *want;
} rows[] = {
	{ "join", "join('<', q.data, '>')", "T200<abcde>" },
	{ "join nothing", "join()", "T200" },
	{ "join eight", "join('1', '2', '3', '4', '5', '6', '7', '8')", "T20012345678" },
	{ "join nine", "join('1', '2', '3', '4', '5', '6', '7', '8', '9')", "T241" },
	{ "join a number", "join('1', 2)", "T241" },
	{ "join a key", "join(key.random('ZPK', 'U'))", "T241" },
	{ "join a secret", "join(pin.random(4))", "T241" },
	{ "sub from the left", "sub(q.data, 1, 2)", "T200ab" },
	{ "sub to the end", "sub(q.data, 4)", "T200de" },
	{ "sub from the right", "sub(q.data, -2)", "T200de" },
	{ "sub up to the right", "sub(q.data, 2, -2)", "T200bcd" },
	{ "sub of nothing", "sub(q.data, 3, 2)", "T200" },
	{ "sub beyond the end", "sub(q.data, 5, 99)", "T200e" },
	{ "sub behind the end", "sub(q.data, 6, 9)", "T200" },
	{ "sub before the start", "sub(q.data, -99, 1)", "T200a" },
	{ "sub from 0", "sub(q.data, 0, 1)", "T200a" },
	{ "sub to 0", "sub(q.data, 1, 0)", "T200" },
	{ "sub to before the start", "sub(q.data, 1, -99)", "T200" },
	{ "sub without a place", "sub(q.data)", "T241" },
	{ "sub of a secret", "sub(pin.random(4), 1, 1)", "T241" },
	{ "hex", "hex('\\0\\xAB')", "T20000AB" },
	{ "hex of a secret", "hex(pin.random(4))", "T241" },
	{ "decode bytes", "decode(0, '4142')", "T2004142" },
	{ "decode digits", "decode(1, '4142')", "T200AB" },
	{ "decode text", "decode('2', q.data)", "T200abcde" },
	{ "decode an odd number of digits", "decode(1, '414')", "T215" },
	{ "decode an odd number of digits, own code", "decode(1, '414', 6)", "T206" },
	{ "decode what are no digits", "decode(1, q.data, 6)", "T206" },
	{ "decode what are no digits, an even number", "decode(1, 'xy', 6)", "T215" },
	{ "decode another format", "decode(3, q.data)", "T241" },
	{ "encode digits", "encode(1, 'AB')", "T2004142" },
	{ "encode bytes", "encode(0, q.data)", "T200abcde" },
	{ "encode a key", "encode(0, key.random('ZPK', 'U'))", "T241" },
};

static void
test_row(void **state)
{
	const struct row *row = *state;
	char body[256];

	snprintf(body, sizeof(body), "a.out = %s", row->out);
	hsm_clear();
	hsm_put_parts("T1", "{ 'data', A(5) }", "{ 'out', A() }", "[6] = 'x'", "", body);
	assert_int_equal(hsm_load(), 0);
	assert_string_equal(hsm_send("T1abcde"), row->want);
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	return rows_run(&r, "lua_data", hsm_setup, hsm_teardown);
}
