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

/* Is that text anywhere in the slab? */
static bool
in_slab(const char *text)
{
	void *probe = secret_alloc(1);
	unsigned long from, to, at = (unsigned long)(uintptr_t)probe;
	FILE *maps = fopen("/proc/self/maps", "r");
	char line[512];
	bool found = false;

	assert_non_null(probe);
	assert_non_null(maps);
	while (fgets(line, sizeof(line), maps) != NULL)
		if (sscanf(line, "%lx-%lx", &from, &to) == 2 && at >= from && at < to)
			found = memmem((void *)from, to - from, text, strlen(text)) != NULL;
	fclose(maps);
	secret_free(probe);
	return found;
}

/* A PIN in words, and an argument that is no reference number: nothing is left behind. */
static void
test_wiped(void **state)
{
	(void)state;
	hsm_clear();
	hsm.config.authorised = true;
	printer_rehearse(SPAN("^W"));
	assert_int_equal(printer_words(SPAN("6QUAGGA6QUAGGA6QUAGGA6QUAGGA6QUAGGA"
	    "6QUAGGA6QUAGGA6QUAGGA6QUAGGA6QUAGGA")), 0);
	put("prints = true,", "local p = pin.random(4) printer.pin(p, '', p)");
	assert_int_equal(hsm_load(), 0);
	assert_string_equal(hsm_send("T1"), "T241");
	assert_false(in_slab("QUAGGA QUAGGA"));
	put("prints = true,", "printer.pin(pin.random(4), '', '1')");
	assert_int_equal(hsm_load(), 0);
	assert_string_equal(hsm_send("T1"), "T200");
	assert_false(in_slab("QUAGGA QUAGGA"));
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
	rows_add(&r, "words of a PIN that is not printed", test_wiped, NULL);
	rows_add(&r, "only in the authorised state, and not slow", test_load, NULL);
	return rows_run(&r, "lua_printer", hsm_setup, hsm_teardown);
}
