/* lua_printer: who may print, and what. */
#include "hsm.h"
#include "printer.h"

static const struct row {
	const char *name;
	const char *entries;
	const char *body;
	const char *want;
} rows[] = {
	{ "a new key", "prints = true,", "printer.key(key.random('ZPK', 'U'), 'a;b')", "T200" },
	{ "a component", "prints = true,", "printer.key(key.newpart('ZMK', 'U'), '')", "T200" },
	{ "in parts", "prints = true,", "printer.parts(key.random('ZPK', 'T'), '')", "T200" },
	{ "a TMK that came", "prints = true,", "printer.key(key.open('" TPK "', 'TMK'), '')", "T200" },
	{ "a PIN", "prints = true,", "printer.pin(pin.random(4), '', '123456789012')", "T200" },
	{ "no PIN", "prints = true,", "printer.pin(nil, '', '123456789012')", "T200" },
	{ "a ZPK that came", "prints = true,", "printer.key(key.open('" ZPK "', 'ZPK'), '')", "T241" },
	{ "a plug-in that does not say so", "", "printer.key(key.random('ZPK', 'U'), '')", "T241" },
	{ "a PIN, the same", "", "printer.pin(pin.random(4), '')", "T241" },
	{ "17 fields", "prints = true,",
	    "printer.key(key.random('ZPK', 'U'), '1;2;3;4;5;6;7;8;9;0;1;2;3;4;5;6;7')", "T215" },
	{ "two documents", "prints = true,",
	    "printer.key(key.random('ZPK', 'U'), '') printer.key(key.random('ZPK', 'U'), '')", "T215" },
	{ "data for a key", "prints = true,", "printer.key('0123456789ABCDEF', '')", "T241" },
	{ "data for a PIN", "prints = true,", "printer.pin('1234', '')", "T241" },
};

/* A plug-in in the authorised state, with more entries and that handler. */
static void
put(const char *entries, const char *body)
{
	char text[1024];

	snprintf(text, sizeof(text), "return { command = 'T1', title = 't', request = {}, response = {},\n"
	    "errors = { [16] = 'p', [18] = 'f' }, authorised = true, %s\n"
	    "handler = function (q, a)\n%s\nend }", entries, body);
	hsm_put("T1", text);
}

static void
test_row(void **state)
{
	const struct row *row = *state;

	hsm_clear();
	hsm.config.authorised = true;
	printer_rehearse(SPAN("^P^T"));
	put(row->entries, row->body);
	assert_int_equal(hsm_load(), 0);
	assert_string_equal(hsm_send("T1"), row->want);
	assert_false(printer_holds());
}

/* Without a printer nothing is put together. */
static void
test_none(void **state)
{
	(void)state;
	hsm_clear();
	hsm.config.authorised = true;
	hsm.config.spool[0] = '\0';
	printer_rehearse(SPAN("^P"));
	put("prints = true,", "printer.key(key.random('ZPK', 'U'), '')");
	assert_int_equal(hsm_load(), 0);
	assert_string_equal(hsm_send("T1"), "T216");
	hsm.config.spool[0] = '/';
	printer_rehearse(SPAN(""));
	assert_string_equal(hsm_send("T1"), "T218");
}

static void
test_load(void **state)
{
	(void)state;
	hsm_clear();
	hsm_put("T1", "return { command = 'T1', title = 't', prints = true, request = {}, response = {}, "
	    "handler = function (q, a) end }");
	assert_int_not_equal(hsm_load(), 0);
	assert_non_null(strstr(hsm.err, "entry 'prints': needs authorised = true, and not slow"));
	hsm_put("T1", "return { command = 'T1', title = 't', authorised = true, prints = true, slow = true, "
	    "request = {}, response = {}, handler = function (q, a) end }");
	assert_int_not_equal(hsm_load(), 0);
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	rows_add(&r, "no printer, no form", test_none, NULL);
	rows_add(&r, "only in the authorised state, and not slow", test_load, NULL);
	return rows_run(&r, "lua_printer", hsm_setup, hsm_teardown);
}
