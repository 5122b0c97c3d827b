/* plugin, lua_plugin, lua_schema: what a file must hold to be loaded, and what is told else. */
#include "plugin.h"

#include "err.h"
#include "hsm.h"

/* A plug-in with one thing wrong, on line 4 where it can be told. */
#define FILE_OF(request, response, errors, rest)				\
	"return {\n  command = \"T1\", title = \"test\",\n  request = {\n    " request	\
	"\n  },\n  response = { " response " },\n  errors = { " errors " },\n  "	\
	rest "\n}\n"
#define HANDLER "handler = function (q, a) end,"
#define REQUEST(field)	FILE_OF(field, "", "[10] = 'x'", HANDLER)
#define RESPONSE(field)	FILE_OF("{ 'n', N(1) }", field, "", HANDLER)
#define ENTRY(entry)	FILE_OF("", "", "", HANDLER "\n  " entry)

static const struct row {
	const char *name;
	const char *text;
	const char *want;	/* in what is told */
} rows[] = {
	{ "an empty file", "", "T1.lua:1: the file must return one table" },
	{ "not a table", "return 7", "T1.lua:1: the file must return one table" },
	{ "a syntax error has its line", "return {\n  command = \n}", "T1.lua:3: " },
	{ "an error at file level has its line", "local x = nil\nlocal y = x.z\nreturn {}",
	    "T1.lua:2: attempt to index" },
	{ "fail at file level", "fail(10)\nreturn {}",
	    "T1.lua:1: primitives work in the handler only" },
	{ "a primitive at file level", "local r = random(4)\nreturn {}", "the handler only" },
	{ "an endless loop at file level", "while true do end", "runs longer than the deadline" },
	{ "a file that fills its memory", "local s = 'x' while true do s = s .. s end",
	    "needs more memory than plugin.memory allows" },
	{ "a compiled chunk", "\033Lua", "T1.lua:1: is a compiled chunk" },
	{ "an assignment to a global", "x = 1\nreturn {}", "T1.lua:1: 'x' can't be assigned" },

	{ "an unknown entry", ENTRY("comand = 'T1',"), "T1.lua:9: entry 'comand': is not one" },
	{ "an entry that is no name", ENTRY("'T1',"), "the table has an entry without a name" },
	{ "another command than the file's name",
	    "return {\n  command = 'T2',\n  title = 'x',\n}",
	    "T1.lua:2: entry 'command': is 'T2'" },
	{ "no command", "return { title = 'x' }", "entry 'command': must be a text" },
	{ "no title", "return { command = 'T1' }", "entry 'title': must be a text" },
	{ "a title that is empty", "return { command = 'T1', title = '' }",
	    "entry 'title': must be 1 to 95 characters" },
	{ "a title with a control character", "return { command = 'T1', title = 'a\\n' }",
	    "entry 'title': holds a character" },
	{ "a reply of one character", ENTRY("reply = 'T',"),
	    "entry 'reply': must be two characters" },
	{ "a reply of three characters", ENTRY("reply = 'T12',"),
	    "entry 'reply': must be 1 to 2 characters" },
	{ "a version that is a number", ENTRY("version = 1,"),
	    "T1.lua:9: entry 'version': must be a text" },
	{ "a flag that is no flag", ENTRY("slow = 1,"), "entry 'slow': must be true or false" },
	{ "reveals without authorised", ENTRY("reveals = true,"),
	    "entry 'reveals': needs authorised = true" },
	{ "no request", "return { command = 'T1', title = 'x', response = {}, "
	    "handler = function (q, a) end }", "entry 'request': must be a list of fields" },
	{ "no response", "return { command = 'T1', title = 'x', request = {}, "
	    "handler = function (q, a) end }", "entry 'response': must be a list of fields" },
	{ "what only Lua 5.4 has", "local x = 1\nlocal y = x // 2\nreturn {}",
	    "T1.lua:2: // is in Lua 5.4 only" },
	{ "no handler", "return { command = 'T1', title = 'x', request = {}, response = {} }",
	    "entry 'handler': must be function (q, a)" },
	{ "a handler that is no function", FILE_OF("", "", "", "handler = 1"),
	    "T1.lua:8: entry 'handler': must be function (q, a)" },
	{ "a handler of C", FILE_OF("", "", "", "handler = fail"),
	    "entry 'handler': must be function (q, a)" },
	{ "vectors that are no list", ENTRY("vectors = 1"), "entry 'vectors': must be a list" },
	{ "errors that are no table", "return { command = 'T1', title = 'x', errors = 1 }",
	    "entry 'errors': must be a table" },
	{ "an error that is no code", FILE_OF("", "", "[100] = 'x'", HANDLER),
	    "T1.lua:7: entry 'errors': codes are 1 to 99" },
	{ "an error that is a text of three", FILE_OF("", "", "['A12'] = 'x'", HANDLER),
	    "entry 'errors': codes are" },
	{ "an error that is true", FILE_OF("", "", "[true] = 'x'", HANDLER),
	    "entry 'errors': codes are" },
	{ "an error without a text", FILE_OF("", "", "[10] = 1", HANDLER),
	    "entry 'errors': each code needs a text" },
	{ "a code that is not in errors", REQUEST("{ \"x\", N(1), invalid = 81 }"),
	    "T1.lua:4: field 'x': code 81 is not in errors" },
	{ "short that is not in errors", REQUEST("{ \"x\", N(1), short = 80 }"),
	    "code 80 is not in errors" },
	{ "parity that is not in errors", REQUEST("{ \"x\", key 'TPK', parity = 11 }"),
	    "code 11 is not in errors" },
	{ "a key's own parity code is not in errors",
	    FILE_OF("{ \"x\", key 'TPK' }", "", "", HANDLER), "code 10 is not in errors" },

	{ "a field that is no table", REQUEST("'x'"), "an entry is { \"name\", type }" },
	{ "a field without a name", REQUEST("{ N(1) }"), "a field is { \"name\", type }" },
	{ "a field without a type", REQUEST("{ \"x\" }"), "T1.lua:4: field 'x': has no type" },
	{ "a type that does not exist", REQUEST("{ \"x\", M(1) }"), "T1.lua:4: " },
	{ "a type made by hand", REQUEST("{ \"x\", { kind = 'M' } }"),
	    "field 'x': has no type that is known" },
	{ "a name too long", REQUEST("{ 'abcdefghijklmnopqrstuvwx', N(1) }"),
	    "the name 1 to 23 characters" },
	{ "two fields of a name", REQUEST("{ \"x\", N(1) }, { \"x\", N(2) }"),
	    "T1.lua:4: field 'x': there are two" },
	{ "two reply fields of a name", RESPONSE("{ \"x\", N(1) }, { \"x\", N(2) }"),
	    "field 'x': there are two" },
	{ "three things in a field", REQUEST("{ \"x\", N(1), N(2) }"),
	    "field 'x': has more than a name" },
	{ "an unknown option", REQUEST("{ \"x\", N(1), equal = 1 }"),
	    "T1.lua:4: field 'x': there is no option 'equal'" },
	{ "an option's code that is none", REQUEST("{ \"x\", N(1), invalid = 'abc' }"),
	    "field 'x': invalid must be a code" },
	{ "an option's code that is 00", REQUEST("{ \"x\", N(1), short = '00' }"),
	    "field 'x': short must be a code" },
	{ "an option's code that is a table", REQUEST("{ \"x\", key 'TPK', parity = {} }"),
	    "field 'x': parity must be a code" },
	{ "parity of no key", REQUEST("{ \"x\", N(1), parity = 10 }"),
	    "field 'x': only a key has parity" },
	{ "a length of no earlier field", REQUEST("{ \"x\", B 'n' }, { \"n\", N(2) }"),
	    "field 'x': the length names no earlier field: 'n'" },
	{ "a length of a text", REQUEST("{ \"n\", A(2) }, { \"x\", B 'n' }"),
	    "field 'x': the length names a field that is no number" },
	{ "a length of ten digits", REQUEST("{ \"n\", N(10) }, { \"x\", B 'n' }"),
	    "field 'x': the length names a field that is no number of at most 9" },
	{ "a length of a secret", REQUEST("{ \"n\", secret(N(2)) }, { \"x\", B 'n' }"),
	    "names a field whose text can't be looked at" },
	{ "an IV of no key", REQUEST("{ \"n\", N(2) }, { \"x\", iv 'n' }"),
	    "field 'x': the key names a field that is none: 'n'" },
	{ "an IV of no field", REQUEST("{ \"x\", lmkiv 'k' }"),
	    "field 'x': the key names no earlier field: 'k'" },
	{ "a length that may be absent", REQUEST("{ \"n\", optional(N(2)) }, { \"x\", B 'n' }"),
	    "T1.lua:4: field 'x': is always there, but what tells its length is not: 'n'" },
	{ "a length with a condition", REQUEST("{ \"c\", N(1) }, { \"n\", N(2), when = { c = '1' } },"
	    " { \"x\", N 'n' }"), "field 'x': is always there, but" },
	{ "a count that may be absent", REQUEST("{ \"n\", optional(N(2)) }, "
	    "{ \"x\", list('n', { \"y\", N(1) }) }"), "field 'x': is always there, but" },
	{ "a length in a list that may be absent", REQUEST("{ \"n\", optional(N(2)) }, "
	    "{ \"m\", N(1) }, { \"x\", list('m', { \"y\", N 'n' }) }"),
	    "field 'y': is always there, but" },
	{ "a length of nothing", REQUEST("{ \"x\", N(0) }"), "field 'x': has lengths" },
	{ "a length that is negative", REQUEST("{ \"x\", N(-1) }"),
	    "field 'x': the length must be a whole number from 0 to 32768" },
	{ "a length and a half", REQUEST("{ \"x\", N(1.5) }"), "must be a whole number" },
	{ "a length that is no number", REQUEST("{ \"x\", N(0/0) }"), "must be a whole number" },
	{ "a length too great", REQUEST("{ \"x\", N(32769) }"), "must be a whole number" },
	{ "a range upside down", REQUEST("{ \"x\", N(3, 2) }"), "field 'x': has lengths" },
	{ "three lengths", REQUEST("{ \"x\", N(1, 2, 3) }"), "takes at most 2 arguments" },
	{ "an enum of nothing", REQUEST("{ \"x\", enum '' }"), "field 'x': takes 1 to 39" },
	{ "a mark of two", REQUEST("{ \"x\", mark ';;' }"), "field 'x': takes 1 to 1" },
	{ "a kind of key that does not exist", REQUEST("{ \"x\", key 'TPQ' }"),
	    "field 'x': there is no kind of key 'TPQ'" },
	{ "a key of no kind", REQUEST("{ \"x\", key }"), "field 'x': has no type" },
	{ "two kinds", REQUEST("{ \"x\", cryptogram('TPK', 'ZPK') }"), "at most 1 arguments" },
	{ "an account of an unknown format", REQUEST("{ \"x\", account 'f' }"),
	    "field 'x': the format names no earlier field" },
	{ "equals that does not fit", REQUEST("{ \"x\", N(2), equals = '123' }"),
	    "field 'x': equals is no value" },
	{ "equals that is too great", REQUEST("{ \"x\", N(2), equals = 123 }"),
	    "field 'x': equals is no value" },
	{ "equals too long to keep", REQUEST("{ \"x\", N(40), equals = 1 }"),
	    "field 'x': equals is no value" },
	{ "equals of a key", REQUEST("{ \"x\", key 'TPK', equals = 'U' }"),
	    "field 'x': equals is no value" },
	{ "min of a text", REQUEST("{ \"x\", A(2), min = 1 }"),
	    "field 'x': only a number of at most 9 digits has min" },
	{ "max of a long number", REQUEST("{ \"x\", N(12), max = 1 }"), "has max" },
	{ "min over max", REQUEST("{ \"x\", N(2), min = 2, max = 1 }"),
	    "field 'x': min is more than max" },
	{ "when of no earlier field", REQUEST("{ \"x\", N(1), when = { m = '1' } }"),
	    "field 'x': when names no earlier field: 'm'" },
	{ "when of itself", REQUEST("{ \"x\", N(1), when = { x = '1' } }"),
	    "names no earlier field" },
	{ "when that is no table", REQUEST("{ \"x\", N(1), when = 'm' }"),
	    "field 'x': when takes a table" },
	{ "when of a number", REQUEST("{ \"m\", N(1) }, { \"x\", N(1), when = { m = 1 } }"),
	    "field 'x': a condition must be a text" },
	{ "when of nothing", REQUEST("{ \"m\", N(1) }, { \"x\", N(1), when = { m = {} } }"),
	    "field 'x': a condition has no value" },
	{ "when of three", REQUEST("{ 'm', N(1) }, { 'n', N(1) }, { 'o', N(1) }, "
	    "{ \"x\", N(1), when = { m = '1', n = '1', o = '1' } }"), "has too many conditions" },
	{ "when of nine values", REQUEST("{ 'm', N(1) }, { \"x\", N(1), when = "
	    "{ m = { '1', '2', '3', '4', '5', '6', '7', '8', '9' } } }"), "condition is too long" },
	{ "when of a key", REQUEST("{ 'k', key 'TPK' }, { \"x\", N(1), when = { k = '1' } }"),
	    "whose text can't be looked at" },
	{ "by without the rest", REQUEST("{ 'm', N(1) }, { \"x\", by('m', { ['1'] = N(1) }) }"),
	    "field 'x': by() needs a type for all other values" },
	{ "by of a number", REQUEST("{ 'm', N(1) }, { \"x\", by('m', { [4] = N(1), N(2) }) }"),
	    "field 'x': choices of by() are texts" },
	{ "by of no table", REQUEST("{ 'm', N(1) }, { \"x\", by('m', 1) }"),
	    "field 'x': by() takes a table" },
	{ "by of nine", REQUEST("{ 'm', N(1) }, { \"x\", by('m', { a = N(1), b = N(1), c = N(1), "
	    "d = N(1), e = N(1), f = N(1), g = N(1), h = N(1), i = N(1), N(2) }) }"),
	    "field 'x': has too many choices" },
	{ "by in by", REQUEST("{ 'm', N(1) }, { \"x\", by('m', { by('m', { N(1) }) }) }"),
	    "field 'x': has no type that is known" },
	{ "a delimiter of two", REQUEST("{ \"x\", optional(';;', N(1)) }"),
	    "field 'x': the delimiter is one character" },
	{ "optional of nothing", REQUEST("{ \"x\", optional(';') }"), "field 'x': has no type" },
	{ "optional without a name or a delimiter", REQUEST("optional({ \"x\", N(1) })"),
	    "an entry is { \"name\", type }" },
	{ "optional in an optional group", REQUEST("optional(';', { \"x\", optional('=', N(1)) })"),
	    "field 'x': is optional in an optional group" },
	{ "a secret key", REQUEST("{ \"x\", secret(key 'TPK') }"),
	    "field 'x': a secret is at most 60" },
	{ "a secret of 61", REQUEST("{ \"x\", secret(A(61)) }"),
	    "field 'x': a secret is at most 60" },
	{ "a secret list", REQUEST("{ 'n', N(1) }, { \"x\", secret(list('n', { 'a', N(1) })) }"),
	    "field 'x': a list is no secret" },
	{ "a list in a list", REQUEST("{ 'n', N(1) }, { \"x\", list('n', "
	    "{ 'y', list('n', { 'z', N(1) }) }) }"), "in a list there are no lists" },
	{ "a condition in a list", REQUEST("{ 'n', N(1) }, { \"x\", list('n', "
	    "{ 'y', N(1), when = { n = '1' } }) }"), "field 'y': in a list there are no" },
	{ "two fields of a name in a list", REQUEST("{ 'n', N(1) }, { \"x\", list('n', "
	    "{ 'y', N(1) }, { 'y', N(1) }) }"), "field 'y': there are two" },
	{ "a list of nothing", REQUEST("{ 'n', N(1) }, { \"x\", list('n') }"), "has no fields" },
	{ "a list of what is no field", REQUEST("{ 'n', N(1) }, { \"x\", list('n', N(1)) }"),
	    "a field is { \"name\", type }" },
	{ "a list in a reply", RESPONSE("{ \"x\", list('n', { 'a', N(1) }) }"),
	    "field 'x': a reply has no lists" },
	{ "a key in a reply", RESPONSE("{ \"x\", key 'TPK' }"),
	    "field 'x': a reply carries a cryptogram" },
	{ "a secret in a reply", RESPONSE("{ \"x\", secret(N(4)) }"),
	    "field 'x': a secret can't be sent" },
	{ "an option that replies have not", RESPONSE("{ \"x\", N(4), invalid = 15 }"),
	    "field 'x': a reply's fields have no option 'invalid'" },
	{ "a request that changes while it is read",
	    "local t = { { 'n', N(1) } }\n"
	    "t[2] = { 'x', function () for i = 1, 60 do t[i] = nil end return N(1) end }\n"
	    "local w = {}\n"
	    "t[3] = { 'y', by('n', { ['1'] = function () for i = 2, 99 do w[i] = i end "
	    "return 7 end, N(1) }) }\n"
	    "return { command = 'T1', title = 'x', request = t, response = {}, "
	    "handler = function (q, a) end }", "T1.lua:" },
};

static void
test_refused(void **state)
{
	const struct row *row = *state;

	hsm_clear();
	hsm_put("T1", row->text);
	assert_int_not_equal(hsm_load(), 0);
	if (strstr(hsm.err, row->want) == NULL)
		fail_msg("wanted \"%s\", got \"%s\"", row->want, hsm.err);
	/* One line, with the whole path and a line number in front. */
	assert_memory_equal(hsm.err, hsm.dir, strlen(hsm.dir));
	assert_int_equal(strchr(hsm.err, '\n') - hsm.err, strlen(hsm.err) - 1);
}

static void
test_name(void **state)
{
	(void)state;
	hsm_clear();
	hsm_put("ABC", REQUEST(""));
	assert_int_not_equal(hsm_load(), 0);
	assert_non_null(strstr(hsm.err, "named by its two-character command code"));
	hsm_clear();
	hsm_put("\303\244", REQUEST(""));
	assert_int_not_equal(hsm_load(), 0);
	hsm_clear();
}

/* Lua 5.4 tells how many parameters a function has; LuaJIT's C interface does not. */
static void
test_arity(void **state)
{
	const char *const handlers[] = { "function (q) end", "function (q, a, x) end",
		"function (...) end", "function () end" };
	char text[256];

	(void)state;
	for (size_t i = 0; i < sizeof(handlers) / sizeof(handlers[0]); i++) {
		hsm_clear();
		snprintf(text, sizeof(text), "return { command = 'T1', title = 'x', request = {}, "
		    "response = {}, handler = %s }", handlers[i]);
		hsm_put("T1", text);
		assert_int_not_equal(hsm_load(), 0);
		assert_non_null(strstr(hsm.err, "takes exactly two parameters"));
	}
}

static void
put_fields(int n, const char *behind)
{
	char fields[4096] = "";

	for (int i = 0; i < n; i++)
		snprintf(fields + strlen(fields), sizeof(fields) - strlen(fields),
		    "{ 'f%d', N(1) }, ", i);
	snprintf(fields + strlen(fields), sizeof(fields) - strlen(fields), "%s", behind);
	hsm_clear();
	hsm_put_parts("T1", fields, "", "", "", "");
}

static void
test_many_fields(void **state)
{
	(void)state;
	put_fields(SCHEMA_FIELDS, "");
	assert_int_equal(hsm_load(), 0);
	put_fields(SCHEMA_FIELDS + 1, "");
	assert_int_not_equal(hsm_load(), 0);
	assert_non_null(strstr(hsm.err, "more than 64 fields"));
	put_fields(SCHEMA_FIELDS - 2, "{ 'l', list('f0', { 'a', N(1) }) }");
	assert_int_equal(hsm_load(), 0);
	put_fields(SCHEMA_FIELDS - 1, "{ 'l', list('f0', { 'a', N(1) }) }");
	assert_int_not_equal(hsm_load(), 0);
	put_fields(60, "{ 'l', list('f0', { 'a', N(1) }, { 'b', N(1) }, { 'c', N(1) }, "
	    "{ 'd', N(1) }) }");
	assert_int_not_equal(hsm_load(), 0);
	assert_non_null(strstr(hsm.err, "has no fields or too many"));
}

static void
test_many_errors(void **state)
{
	char errors[2048] = "";

	(void)state;
	for (int i = 1; i <= PLUGIN_ERRORS + 1; i++)
		snprintf(errors + strlen(errors), sizeof(errors) - strlen(errors),
		    "[%d] = 'x', ", i);
	hsm_clear();
	hsm_put_parts("T1", "", "", errors, "", "");
	assert_int_not_equal(hsm_load(), 0);
	assert_non_null(strstr(hsm.err, "more than 64 codes"));
}

static void
test_read(void **state)
{
	struct plugin *p;

	(void)state;
	hsm_clear();
	hsm_put("T1", "return { command = 'T1', reply = 'X9', title = 'a title', author = 'me', "
	    "version = '1.2', slow = true, authorised = true, reveals = true, allocates = true, "
	    "request = {}, response = {}, errors = { [10] = 'ten', A1 = 'a one' }, "
	    "handler = function (q, a) end, vectors = { { 'x' }, { 'y' } } }");
	assert_int_equal(hsm_load(), 0);
	p = hsm_plugin("T1");
	assert_string_equal(p->code, "T1");
	assert_string_equal(p->reply, "X9");
	assert_string_equal(p->title, "a title");
	assert_string_equal(p->author, "me");
	assert_string_equal(p->version, "1.2");
	assert_true(p->slow && p->authorised && p->reveals && p->allocates);
	assert_int_equal(p->vectors, 2);
	assert_string_equal(plugin_error_text(p, -10), "ten");
	assert_string_equal(plugin_error_text(p, ERR_HSM('A', '1')), "a one");
	assert_string_equal(plugin_error_text(p, ERR_INPUT), err_text(ERR_INPUT));
	assert_true(plugin_lists(p, -10) && plugin_lists(p, ERR_INPUT) && plugin_lists(p, 0));
	assert_false(plugin_lists(p, -99));
}

static void
test_line(void **state)
{
	struct span source = SPAN("a\n\"b\" 'c'\nx \"d\"");

	(void)state;
	assert_int_equal(plugin_line(source, "b"), 2);
	assert_int_equal(plugin_line(source, "c"), 2);
	assert_int_equal(plugin_line(source, "d"), 3);
	assert_int_equal(plugin_line(source, "e"), 1);
	assert_int_equal(plugin_line(SPAN(""), "e"), 1);
	assert_int_equal(plugin_line(SPAN("\""), ""), 1);
}

/* Whatever the cap leaves room for, loading fails with a message or succeeds. */
static void
test_every_cap(void **state)
{
	size_t need, step = under_valgrind() ? 1024 : 16;
	unsigned failed = 0;

	(void)state;
	hsm_clear();
	hsm_put("T1", FILE_OF("{ 'n', N(1) }, { 'l', list('n', { 'a', N(1) }) }, "
	    "{ 'x', by('n', { ['1'] = N(1), N(2) }) }, keyoptions", "{ 'r', N(1) }", "[10] = 'x'",
	    HANDLER "vectors = { { 'a', send = {}, expect = {} } }"));
	assert_int_equal(hsm_load(), 0);
	need = hsm_plugin("T1")->sb->used + 65536;
	for (size_t cap = 0; cap < need; cap += step) {
		struct span source = hsm_plugin("T1")->source;
		struct plugin *p = plugin_build("T1.lua", SPAN("T1"), source,
		    commands_request(hsm.c), cap, true, NULL);

		failed += p == NULL;
		plugin_free(p);
	}
	assert_true(failed * step > 1600);
	assert_true(failed * step < need);
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_refused);
	rows_add(&r, "a file is named by its command", test_name, NULL);
	rows_add(&r, "a handler has two parameters", test_arity, NULL);
	rows_add(&r, "at most 64 fields", test_many_fields, NULL);
	rows_add(&r, "at most 64 codes", test_many_errors, NULL);
	rows_add(&r, "what a table says is kept", test_read, NULL);
	rows_add(&r, "the line of a text", test_line, NULL);
	rows_add(&r, "each allocation of a load may fail", test_every_cap, NULL);
	return rows_run(&r, "plugin", hsm_setup, hsm_teardown);
}
