/* config_file and config_line: what a file may do, and where its mistakes are. */
#include "config_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char said[2048], got[2048];

static int
note(void *arg, const char *name, const char *value, unsigned line, const char *where)
{
	(void)where;
	snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s=%s@%u;", name, value, line);
	return *(int *)arg;
}

static int
run(const char *text, size_t n, int answer)
{
	char path[] = "/tmp/test_config_file.XXXXXX";
	int fd = mkstemp(path), r;
	FILE *err = fmemopen(said, sizeof(said), "w");

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, n), n);
	close(fd);
	memset(said, 0, sizeof(said));
	got[0] = '\0';
	r = config_file(path, note, &answer, err);
	fclose(err);
	unlink(path);
	return r;
}

static const struct row {
	const char *name;
	const char *text;
	int         want;
	const char *holds;	/* what was handed over, or the message holds */
} rows[] = {
	{ "an empty file", "", 0, "" },
	{ "an empty table", "return {}", 0, "" },
	{ "a number", "return { port = 1500 }", 0, "port=1500@1;" },
	{ "a text", "return { profile = 'test' }", 0, "profile=test@1;" },
	{ "a flag", "return { authorised = false }", 0, "authorised=false@1;" },
	{ "a list", "return { address = { '::1', '127.0.0.1' } }", 0,
	    "address=::1 127.0.0.1@1;" },
	{ "a computed value", "local mib = 1024 * 1024\nreturn { port = mib / 1024 }", 0,
	    "port=1024@2;" },
	{ "tables in tables", "return { a = { b = { c = 1 } } }", 0, "a.b.c=1@1;" },
	{ "a dotted key", "return {\n['a.b'] = 1 }", 0, "a.b=1@2;" },
	{ "a syntax error", "return {\n port = \n}", -1, ":3: unexpected symbol" },
	{ "no table", "return 1", -1, "must be one table" },
	{ "assignments instead of a table", "port = 1500", -1, "must be one table" },
	{ "half a number", "return {\n\n port = 1.5 }", -1, ":3: port is not a whole number" },
	{ "a function as value", "return { port = function () end }", -1,
	    ":1: port is neither a text, a number nor true or false" },
	{ "a list of tables", "return { address = { {} } }", -1, "address is neither" },
	{ "too deep", "return { a = { b = { c = { d = { e = 1 } } } } }", -1, "too deeply" },
	{ "a zero byte", "return { profile = 'a\\0b' }", -1, "holds a zero byte" },
	{ "an odd key", "return { [true] = 1 }", -1, "holds a name that no setting has" },
	{ "an endless loop", "while true do end", -1, ":1: runs for too long" },
	{ "a memory bomb", "local s = 'x' while true do s = s .. s end", -1, "memory" },
	{ "no functions are there", "return { port = tostring(1) }", -1, "tostring" },
	{ "no files either", "return { port = io.open('/etc/passwd') }", -1, "io" },
	{ "strings have no methods", "return { port = ('x'):rep(3) }", -1, "attempt to index" },
	{ "bytecode", "\033Lua", -1, "" },
};

static void
test_row(void **state)
{
	const struct row *row = *state;

	assert_int_equal(run(row->text, strlen(row->text), 0), row->want);
	if (row->want == 0) {
		assert_string_equal(got, row->holds);
		assert_string_equal(said, "");
	} else {
		assert_non_null(strstr(said, row->holds));
		assert_ptr_equal(strchr(said, '\n'), said + strlen(said) - 1);
	}
}

static void
test_refusal(void **state)
{
	(void)state;
	assert_int_equal(run("return { a = 1, b = 2 }", 23, -1), -1);
	assert_int_equal(strlen(got), strlen("a=1@1;"));	/* the first refusal ends it */
}

static void
test_missing(void **state)
{
	int answer = 0;

	(void)state;
	assert_int_equal(config_file("/none/at/all", note, &answer, stderr), 1);
}

static const struct line_row {
	const char *name;
	const char *text;
	const char *setting;
	unsigned    want;
} line_rows[] = {
	{ "the last of two counts", "return {\n a = 1,\n a = 2 }", "a", 3 },
	{ "not in a comment", "-- { a = 1 }\nreturn {\n a = 1 }", "a", 3 },
	{ "not in a long comment", "--[[\n{ a = 1 }\n]] return {\na = 1 }", "a", 4 },
	{ "not in a string", "return {\n b = '{ a = 1',\n a = 1 }", "a", 3 },
	{ "a quote in a string", "return {\n b = 'x\\'', a = 1 }", "a", 2 },
	{ "not in a long string", "return { b = [==[\na = ]] ]==],\n a = 1 }", "a", 3 },
	{ "not the same key elsewhere", "return { x = { a = 1 },\n a = 1 }", "a", 2 },
	{ "after a nested table", "return { x = { y = {} },\n z = 1 }", "z", 2 },
	{ "inside a nested table", "return { x = {\n y = {\n a = 1 } } }", "x.y.a", 3 },
	{ "a table itself", "return {\n x = {\n 1 } }", "x", 2 },
	{ "a one-digit key gets two", "return {\n [0] = 1 }", "00", 2 },
	{ "a comparison is no key", "return { a == 1,\n a = 1 }", "a", 2 },
	{ "not there", "return { b = 1 }", "a", 0 },
	{ "an open string at the end", "return { 'a", "a", 0 },
	{ "an open comment at the end", "--[[ a", "a", 0 },
	{ "closing braces only", "}}}} a = 1", "a", 0 },
	{ "nested deeper than anybody does", "{{{{{{{{{{{{{{ a = 1 }}}}}}}}}}}}}}", "a", 1 },
};

static void
test_line(void **state)
{
	const struct line_row *row = *state;
	size_t n = strlen(row->text);

	assert_int_equal(config_line(row->text, n, row->setting), row->want);
	for (size_t cut = 0; cut < n; cut++) {		/* any prefix ends well */
		char *exact = malloc(cut + 1);

		memcpy(exact, row->text, cut);
		(void)config_line(exact, cut, row->setting);
		free(exact);
	}
}

enum {
	ROWS   = sizeof(rows) / sizeof(rows[0]),
	LINES  = sizeof(line_rows) / sizeof(line_rows[0]),
	OTHERS = 2
};

int
main(void)
{
	struct CMUnitTest tests[OTHERS + ROWS + LINES] = {
		cmocka_unit_test(test_refusal), cmocka_unit_test(test_missing),
	};

	for (size_t i = 0; i < ROWS; i++)
		tests[OTHERS + i] = (struct CMUnitTest){ .name = rows[i].name,
			.test_func = test_row, .initial_state = (void *)(uintptr_t)&rows[i] };
	for (size_t i = 0; i < LINES; i++)
		tests[OTHERS + ROWS + i] = (struct CMUnitTest){ .name = line_rows[i].name,
			.test_func = test_line,
			.initial_state = (void *)(uintptr_t)&line_rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
