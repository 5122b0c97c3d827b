/* lua_endpoint: end points are proved with their own keys alone. */
#include "hsm.h"

/* K makes a key of a kind; the body is the handler's. */
static const struct row {
	const char *name;
	const char *body;
	const char *want;
} rows[] = {
	{ "asked and answered",
	    "local k = K 'KEKs'; local both = endpoint.ask(k); "
	    "assert(equal(endpoint.answer(k, sub(both, 1, 16)), sub(both, 17)))", "T200" },
	{ "answered with a KEKr", "endpoint.answer(K 'KEKr', '0011223344556677')", "T200" },
	{ "answered with a ZMK", "endpoint.answer(K 'ZMK', '0011223344556677')", "T241" },
	{ "asked with a ZPK", "endpoint.ask(K 'ZPK')", "T241" },
	{ "half a number", "endpoint.answer(K 'KEKr', '00112233')", "T215" },
	{ "a number that is none", "endpoint.answer(K 'KEKr', '001122334455667g')", "T215" },
};

static void
test_row(void **state)
{
	const struct row *row = *state;

	assert_string_equal(hsm_do("", row->body), row->want);
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	return rows_run(&r, "lua_endpoint", hsm_setup, hsm_teardown);
}
