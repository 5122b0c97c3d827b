/* prove: each way a vector can be wrong is told with file and line; right ones pass. */
#include "prove.h"
#include "lmk.h"

#include "hsm.h"

/* Vectors stand from line 12 on. */
#define HEAD									\
	"return {\n  command = \"T1\", title = \"t\",\n  request = {\n"		\
	"    { \"x\", N(1) }, { \"y\", optional(\";\", N(2)) },\n"		\
	"    { \"z\", N(1), when = { x = \"3\" } },\n  },\n"			\
	"  response = { { \"r\", N(1) }, { \"s\", optional(\"=\", N(1)) } },\n"	\
	"  errors = { [10] = \"ten\", [11] = \"eleven\" },\n"			\
	"  %s\n"	/* 9 */							\
	"  handler = function (q, a) %s end,\n"	/* 10 */			\
	"  vectors = {\n%s\n  },\n}\n"

#define FIRST "{ \"one\", send = { x = \"1\" }, expect = { code = 00, r = \"1\" } },\n"
#define ECHO  "if num(q.x) == 2 then fail(10) end a.r = q.x"

static const struct row {
	const char *name;
	const char *entries;
	const char *handler;
	const char *vectors;
	const char *want;	/* in what is told, or NULL: all is good */
	unsigned passed, failed;
} rows[] = {
	{ "fields and code", "", ECHO, FIRST, NULL, 1, 0 },
	{ "bytes", "", ECHO, "{ \"one\", send = \"T11\", expect = \"T2001\" },", NULL, 1, 0 },
	{ "an error code", "", ECHO, "{ \"two\", send = { x = \"2\" }, expect = { code = 10 } },",
	    NULL, 1, 0 },
	{ "like another by number", "", ECHO,
	    FIRST "{ \"two\", like = 1, send = { x = \"2\" }, expect = { code = 10 } },", NULL,
	    2, 0 },
	{ "like another by name", "", ECHO,
	    FIRST "{ \"two\", like = \"one\", send = { x = \"3\", z = \"1\" }, "
	    "expect = { code = 00, r = \"3\" } },", NULL, 2, 0 },
	{ "like one that is like another", "", ECHO,
	    FIRST "{ \"two\", like = 1, send = { y = \"12\" }, expect = { code = 00, r = \"1\" } "
	    "},\n"
	    "{ \"three\", like = 2, send = { x = \"4\" }, expect = { code = 00, r = \"4\" } },",
	    NULL, 3, 0 },
	{ "an optional field with its delimiter", "", "a.r = num(q.y) == 12 and 1 or 2",
	    "{ \"one\", send = { x = \"1\", y = \"12\" }, expect = { code = 00, r = \"1\" } },",
	    NULL, 1, 0 },
	{ "an optional field of the reply", "", "a.r = 1 a.s = 2",
	    "{ \"one\", send = { x = \"1\" }, expect = { code = 00, r = \"1\", s = \"2\" } },",
	    NULL, 1, 0 },
	{ "advice", "", "a.r = 7 return 11",
	    "{ \"one\", send = { x = \"1\" }, expect = { code = 11, r = \"7\" } },", NULL, 1, 0 },
	{ "a reply that a handler's defect gives", "", "a.r = num(random(1)) == 300 and 1 or 2",
	    "{ \"one\", send = \"T11\", expect = \"T241\" },",
	    "T1.lua:12: vector \"one\": the handler",
	    0, 1 },
	{ "garbage that is declared", "allocates = true,", "local t = { {} } a.r = q.x", FIRST,
	    NULL, 1, 0 },
	{ "the authorised state", "authorised = true,", ECHO,
	    "{ \"one\", authorised = true, send = \"T11\", expect = \"T2001\" },\n"
	    "{ \"two\", send = \"T11\", expect = \"T217\" },", NULL, 2, 0 },
	{ "another LMK", "", "a.r = equal(check_value(), '165126') and 1 or 2",
	    "{ \"one\", lmk = \"test-variant\", send = \"T11\", expect = \"T2002\" },", NULL, 1,
	    0 },

	{ "another reply", "", "a.r = 2", FIRST,
	    "T1.lua:12: vector \"one\": expected \"0000T2001\", got \"0000T2002\"", 0, 1 },
	{ "the second of two", "", "a.r = 1", FIRST
	    "{ \"two\", send = { x = \"2\" }, expect = { code = 00, r = \"2\" } },",
	    "T1.lua:13: vector \"two\": expected", 1, 1 },
	{ "garbage", "", "local t = { {} } a.r = q.x", FIRST,
	    "T1.lua:12: vector \"one\": makes garbage: ", 0, 1 },
	{ "a handler that fails", "", "local n = nil + 1", FIRST,
	    "T1.lua:12: vector \"one\": expected \"0000T2001\", got \"0000T241\"", 0, 1 },
	{ "a handler that fails in the first of two", "",
	    "if num(q.x) == 1 then q.x = 1 end a.r = 2",
	    FIRST "{ \"two\", send = \"T12\", expect = \"T2002\" },\n"
	    "{ \"three\", send = \"T12\", expect = \"T2002\" },",
	    "T1.lua:12: vector \"one\": expected", 2, 1 },
	{ "no name", "", ECHO, "{ send = \"T11\", expect = \"T2001\" },", "has no name", 0, 1 },
	{ "a name too long", "", ECHO, "{ \"0123456789012345678901234567890123456789012345678901"
	    "234567890123\", send = \"T11\", expect = \"T2001\" },", "a name of more than 63",
	    0, 1 },
	{ "a vector that is no table", "", ECHO, "7,", "T1.lua:1: vector \"1\": ", 0, 1 },
	{ "no expect", "", ECHO, "{ \"one\", send = \"T11\" },",
	    "12: vector \"one\": has no expect",
	    0, 1 },
	{ "no code", "", ECHO, "{ \"one\", send = \"T11\", expect = { r = \"1\" } },",
	    "12: vector \"one\": expect has no code", 0, 1 },
	{ "a code that is none", "", ECHO, "{ \"one\", send = \"T11\", expect = { code = 100 } },",
	    "expect has no code, or one that is none", 0, 1 },
	{ "a code that is not in errors", "", ECHO,
	    "{ \"one\", send = \"T11\", expect = { code = 77 } },", "code 77 is not in errors",
	    0, 1 },
	{ "bytes with a code that is not in errors", "", "fail(77)",
	    "{ \"one\", send = \"T11\", expect = \"T277\" },", "code 77 is not in errors", 0, 1 },
	{ "bytes with no code", "", ECHO, "{ \"one\", send = \"T11\", expect = \"T2..\" },",
	    "expect holds no error code", 0, 1 },
	{ "a field that is not sent", "", ECHO, "{ \"one\", send = {}, expect = { code = 15 } },",
	    "send says nothing of 'x'", 0, 1 },
	{ "a field that is not expected", "", ECHO,
	    "{ \"one\", send = { x = \"1\" }, expect = { code = 00 , s = \"1\" } },",
	    "expect says nothing of 'r'", 0, 1 },
	{ "a field that is no field", "", ECHO,
	    "{ \"one\", send = { x = \"1\", w = \"1\" }, expect = { code = 00, r = \"1\" } },",
	    "send names 'w', which is no field", 0, 1 },
	{ "an expected field that is none", "", ECHO,
	    "{ \"one\", send = { x = \"1\" }, expect = { code = 00, w = \"1\" } },",
	    "expect names 'w', which is no field", 0, 1 },
	{ "a value that is no text", "", ECHO,
	    "{ \"one\", send = { x = 1 }, expect = { code = 00, r = \"1\" } },",
	    "'x' must be a text", 0, 1 },
	{ "an entry that does not exist", "", ECHO,
	    "{ \"one\", sends = {}, expect = { code = 15 } },",
	    "there is no entry 'sends' in a vector", 0, 1 },
	{ "like nothing", "", ECHO, "{ \"one\", like = 7, expect = { code = 15 } },",
	    "'like' names no vector", 0, 1 },
	{ "like a name that none has", "", ECHO,
	    "{ \"one\", like = \"x\", expect = { code = 15 } },",
	    "'like' names no vector", 0, 1 },
	{ "like itself", "", ECHO, "{ \"one\", like = 1, expect = { code = 15 } },",
	    "12: vector \"one\": 'like' goes round in circles", 0, 1 },
	{ "like each other", "", ECHO, "{ \"one\", like = 2, expect = { code = 15 } },"
	    "{ \"two\", like = \"one\", expect = { code = 15 } },",
	    "12: vector \"one\": 'like' goes round in circles", 0, 2 },
	{ "an LMK that does not exist", "", ECHO,
	    "{ \"one\", lmk = \"own\", send = \"T11\", expect = \"T2001\" },",
	    "lmk names no test LMK", 0, 1 },
	{ "an LMK that is a number", "", ECHO,
	    "{ \"one\", lmk = 0, send = \"T11\", expect = \"T2001\" },",
	    "lmk must be the name of a test LMK", 0, 1 },
	{ "less than a command code", "", ECHO, "{ \"one\", send = \"T\", expect = \"T215\" },",
	    "sends less than a command code", 0, 1 },
};

/* What loading and proving a text says, in hsm.err. */
static struct proof
prove_text(const char *text, unsigned how)
{
	struct proof proof;
	char *said = NULL;
	size_t size = 0;
	FILE *out;

	hsm_clear();
	hsm.config.header_length = 4;
	hsm_put("T1", text);
	hsm_add(hsm.dir);
	out = open_memstream(&said, &size);
	hsm_log_start();
	proof = prove_plugin(hsm.c, hsm_plugin("T1"), &hsm.config, how, out);
	hsm_log_end();
	fclose(out);
	snprintf(hsm.err, sizeof(hsm.err), "%s", said);
	free(said);
	return proof;
}

static void
test_row(void **state)
{
	const struct row *row = *state;
	char text[4096];
	struct proof proof;

	snprintf(text, sizeof(text), HEAD, row->entries, row->handler, row->vectors);
	proof = prove_text(text, 0);
	if (row->want == NULL && hsm.err[0] != '\0')
		fail_msg("%s%s", hsm.err, hsm.log);
	if (row->want != NULL && strstr(hsm.err, row->want) == NULL)
		fail_msg("wanted %s, got %s", row->want, hsm.err);
	assert_int_equal(proof.passed, row->passed);
	assert_int_equal(proof.failed, row->failed);
}

/* A reply that changes from run to run. */
static void
test_repeated(void **state)
{
	struct proof proof;

	(void)state;
	proof = prove_text("local n = 0\nreturn { command = 'T1', title = 't', request = {},\n"
	    "response = { { 'r', N(3) } }, handler = function (q, a) n = n + 1 a.r = n end,\n"
	    "vectors = { { 'one', send = 'T1', expect = 'T200001' } } }", 0);
	assert_int_equal(proof.failed, 1);
	assert_non_null(strstr(hsm.err, "T1.lua:4: vector \"one\": expected \"0000T200001\", "
	    "got \"0000T200002\" when repeated"));
}

/* Lists are sent as tables of tables; each way to get them wrong is told. */
static void
test_lists(void **state)
{
	static const struct {
		const char *list, *want;
	} lists[] = {
		{ "{ { a = '1', b = 'x' }, { a = '2', b = 'y' } }", NULL },
		{ "{ { a = '1' }, { a = '2', b = 'y' } }", "'b' must be a text" },
		{ "{ { a = '1', b = 'x' } }", "expected" },
		{ "{ '1x', '2y' }", "'l': each element must be a table" },
		{ "'1x2y'", "'l' must be a list of elements" },
	};
	char text[1024];

	(void)state;
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		snprintf(text, sizeof(text), "return { command = 'T1', title = 't', request = {\n"
		    "{ 'n', N(1) }, { 'l', list('n', { 'a', N(1) }, { 'b', A(1) }) } },\n"
		    "response = { { 'r', A() } }, handler = function (q, a) a.r = q.l[2].b end,\n"
		    "vectors = { { 'one', send = { n = '2', l = %s },\n"
		    "  expect = { code = 00, r = 'y' } } } }", lists[i].list);
		prove_text(text, 0);
		if (lists[i].want == NULL)
			assert_string_equal(hsm.err, "");
		else
			assert_non_null(strstr(hsm.err, lists[i].want));
	}
}

static void
test_verbose(void **state)
{
	char text[4096];
	struct proof proof;

	(void)state;
	snprintf(text, sizeof(text), HEAD, "", ECHO, FIRST
	    "{ \"two\", send = \"T12\", expect = \"T210\" },");
	proof = prove_text(text, PROVE_VERBOSE);
	assert_string_equal(hsm.err, "ok T1 one\nok T1 two\n");
	assert_int_equal(proof.success, 1);
	assert_int_equal(proof.failure, 1);
	snprintf(text, sizeof(text), HEAD, "", ECHO, FIRST);
	proof = prove_text(text, 0);
	assert_int_equal(proof.success, 1);
	assert_int_equal(proof.failure, 0);
}

/* Run once, a plug-in tells under which LMKs its vectors succeed. */
static void
test_lmks(void **state)
{
	static const struct {
		const char *handler, *expect;
		unsigned lmks;
	} lmks[] = {
		{ "a.r = 1", "0001", PROVE_LMK_ANY },
		{ "a.r = check_value()", "00268604", 1 << LMK_VARIANT },
		{ "a.r = check_value()", "009D04A0%01", 1 << LMK_AES_BLOCK },
		{ "fail(15)", "15", 0 },
	};
	char text[1024];

	(void)state;
	for (size_t i = 0; i < sizeof(lmks) / sizeof(lmks[0]); i++) {
		const char *tail = strchr(lmks[i].expect, '%');
		size_t n = tail != NULL ? (size_t)(tail - lmks[i].expect) :
		    strlen(lmks[i].expect);

		snprintf(text, sizeof(text), "return { command = 'T1', title = 't', request = {},\n"
		    "response = { { 'r', %s } }, handler = function (q, a) %s end,\n"
		    "vectors = { { 'one', send = 'T1%s', expect = 'T2%.*s' } } }",
		    i == 0 ? "N(2)" : "A(6)", lmks[i].handler, tail != NULL ? tail : "",
		    (int)n, lmks[i].expect);
		assert_int_equal(prove_text(text, PROVE_ONCE).lmks, lmks[i].lmks);
		assert_string_equal(hsm.err, "");
	}
}

/* A whole folder: strict wants a success and a failure of each, test warns. */
static void
test_folder(void **state)
{
	char text[4096];
	atomic_size_t taken = 0;
	struct prove_task task = { 0 }, shared = { .taken = &taken };
	struct folder *f;
	char *said = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&said, &size);

	(void)state;
	hsm_clear();
	snprintf(text, sizeof(text), HEAD, "", ECHO, FIRST);
	hsm_put("T1", text);
	f = hsm_folder(hsm.dir, NULL);
	assert_non_null(f);
	task.folder = shared.folder = f;
	assert_int_equal(prove_folder(hsm.c, &task, &hsm.config, 0, out), 0);
	task.strict = shared.strict = true;
	assert_int_equal(prove_folder(hsm.c, &task, &hsm.config, PROVE_BRIEF, out), 1);
	/* Of one file, who comes second has none left. */
	assert_int_equal(prove_folder(hsm.c, &shared, &hsm.config, 0, out), 1);
	assert_int_equal(prove_folder(hsm.c, &shared, &hsm.config, 0, out), 0);
	/* What was proven when it came is not looked at again. */
	task.proven = f;
	assert_int_equal(prove_folder(hsm.c, &task, &hsm.config, 0, out), 0);
	fflush(out);
	assert_non_null(strstr(said, "T1.lua:1: warning: needs a vector that ends in 00"));
	assert_non_null(strstr(said, "T1.lua:1: refused: needs a vector that ends in 00"));
	fclose(out);
	free(said);
}

/* Who proves in brief finds garbage too, of a costly vector as well. */
static void
test_brief(void **state)
{
	static const char *const loops[] = {
		"for i = 1, %d do local t = {} end a.r = q.x",
		"for i = 1, %d do local t = i end a.r = q.x"
	};
	char text[4096], handler[128];

	(void)state;
	for (int costly = 0; costly < 2; costly++) {
		for (int clean = 0; clean < 2; clean++) {
			snprintf(handler, sizeof(handler), loops[clean], costly ? 20000 : 1);
			snprintf(text, sizeof(text), HEAD, "", handler, FIRST);
			assert_int_equal(prove_text(text, PROVE_BRIEF).failed, !clean);
			assert_true((strstr(hsm.err, "makes garbage: ") == NULL) == clean);
		}
	}
}

/* What proves must not change what the set is configured with. */
static void
test_config(void **state)
{
	char text[4096];

	(void)state;
	hsm.config.authorised = false;
	snprintf(text, sizeof(text), HEAD, "authorised = true,", ECHO,
	    "{ \"one\", authorised = true, send = \"T11\", expect = \"T2001\" },");
	prove_text(text, 0);
	assert_string_equal(hsm.err, "");
	assert_false(hsm.config.authorised);
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	rows_add(&r, "another reply when it is repeated", test_repeated, NULL);
	rows_add(&r, "lists in vectors", test_lists, NULL);
	rows_add(&r, "a line per vector", test_verbose, NULL);
	rows_add(&r, "LMKs under which vectors succeed", test_lmks, NULL);
	rows_add(&r, "garbage in a brief proof", test_brief, NULL);
	rows_add(&r, "a folder, strict or not", test_folder, NULL);
	rows_add(&r, "the authorised state goes back", test_config, NULL);
	return rows_run(&r, "prove", hsm_setup, hsm_teardown);
}
