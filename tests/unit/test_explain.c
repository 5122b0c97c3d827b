/* explain: why a request was refused, and what a reply says, without a value in a sentence. */
#include "explain.h"

#include "err.h"
#include "hsm.h"
#include "lmk.h"
#include "schema.h"

static char said[4096];

/* Explain a request to the plug-in T1; its code. */
static int
explain(const char *message)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	char copy[256];
	int r;

	snprintf(copy, sizeof(copy), "%s", message);
	r = explain_request(hsm_plugin("T1"), commands_request(hsm.c), -1,
	    span_of(copy, strlen(copy)), out);
	fclose(out);
	snprintf(said, sizeof(said), "%s", text);
	free(text);
	assert_int_equal(secret_slots_used(), 0);
	return r;
}

#define FIELDS "{ 'k', key 'TPK' }, { 'n', N(2), min = 1, invalid = 81 }, " \
	"{ 's', secret(N(4)) }, { 'l', list('n', { 'e', A(1) }) }, { 'o', optional(';', N(1)) }"

static const struct row {
	const char *name;
	const char *message;
	int         code;
	const char *want[6];	/* in what is said */
} rows[] = {
	{ "nothing is wrong", "T1" TPK "027391ab;5%00\31tr", 0, { "T1: test\n", "  k  ",
	    ", 16 bytes, opens)", "s                <secret>\n",
	    "l                (2 elements)\n", "nothing is wrong with the fields\n" } },
	{ "what is optional", "T1" TPK "027391ab;5%00\31tr", 0, { "o                5\n",
	    "LMK identifier   00\n", "trailer          \\x19tr\n" } },
	{ "a wrong character", "T1" TPK "0X7391", ERR_INPUT, { "field 'n' at offset 35 holds a "
	    "character that is not a decimal digit: code 15 (invalid input" } },
	{ "out of range", "T1" TPK "007391", -81, { "field 'n' at offset 35 is out of range: "
	    "code 81 (no such number)\n" } },
	{ "too short", "T1" TPK "02739", ERR_INPUT, { "field 's' at offset 37 ends too early" } },
	{ "an element", "T1" TPK "027391a\n", ERR_INPUT, { "field 'e' at offset 42 holds a "
	    "character that can't be printed" } },
	{ "bytes left over", "T1" TPK "027391abc", ERR_INPUT, { "field 'end of message' at offset "
	    "43 bytes are left over" } },
	{ "another LMK", "T1" TPK "027391ab%09", ERR_LMK, { "field 'LMK identifier' at offset 46 "
	    "names an LMK that is not loaded: code 13" } },
	{ "a key's parity", "T1U1750CDF80757D3B3994430636DBB281B027391ab", ERR_PARITY_1,
	    { "field 'k' at offset 2 has bad parity", "code 10 (TPK has bad parity)" } },
	{ "a key's scheme", "T1W", ERR_SCHEME, { "field 'k' at offset 2 has an unknown key scheme "
	    "tag: code 26" } },
};

static void
test_row(void **state)
{
	const struct row *row = *state;

	hsm_clear();
	hsm_put_parts("T1", FIELDS, "", "[10] = 'TPK has bad parity', [81] = 'no such number'",
	    "", "");
	if (hsm_load() != 0)
		fail_msg("%s", hsm.err);
	assert_int_equal(explain(row->message), row->code);
	for (size_t i = 0; i < 6 && row->want[i] != NULL; i++)
		if (strstr(said, row->want[i]) == NULL)
			fail_msg("wanted %s, got %s", row->want[i], said);
	assert_null(strstr(said, "7391"));
}

/* A field behind the fault is not shown with bytes of the request before. */
static void
test_stale(void **state)
{
	(void)state;
	hsm_clear();
	hsm_put_parts("T1", "{ 'a', N(2) }, { 'b', A(4) }", "", "", "", "");
	assert_int_equal(hsm_load(), 0);
	assert_int_equal(explain("T101past"), 0);
	assert_non_null(strstr(said, "past"));
	assert_int_equal(explain("T10Xnext"), ERR_INPUT);
	assert_null(strstr(said, "past"));
	assert_null(strstr(said, "next"));
}

/* The trace log has the same sentence. */
static void
test_trace(void **state)
{
	(void)state;
	hsm_clear();
	hsm_put_parts("T1", "{ 'a', N(2) }", "", "", "", "");
	assert_int_equal(hsm_load(), 0);
	hsm.config.trace = true;
	hsm_log_start();
	hsm_send("T10X");
	hsm_log_end();
	hsm.config.trace = false;
	assert_non_null(strstr(hsm.log, "field 'a' at offset 2 holds a character that is not a "
	    "decimal digit: code 15"));
}

static const struct sentence {
	const char *name;
	struct fault fault;
	int r;
	const char *want;
} sentences[] = {
	{ "a sentence of a field alone", { "n", 7, NULL }, ERR_INPUT,
	    "field 'n' at offset 7 is refused: code 15 (" },
	{ "a sentence of a rule alone", { NULL, 0, "needs the authorised state" }, ERR_AUTHORISED,
	    "needs the authorised state: code 17 (" },
	{ "a sentence of neither", { NULL, 0, NULL }, -10, "code 10 (ten)" },
	{ "a sentence of an internal failure", { NULL, 0, NULL }, ERR_DEADLINE, "code 41 (" },
	{ "a sentence of success", { NULL, 0, NULL }, 0, "nothing is wrong with the fields" },
};

static void
test_sentence(void **state)
{
	const struct sentence *row = *state;
	struct request rq = { .fault = row->fault };
	char line[EXPLAIN_LINE], small[8];

	hsm_clear();
	hsm_put_parts("T1", "", "", "[10] = 'ten'", "", "");
	assert_int_equal(hsm_load(), 0);
	explain_sentence(hsm_plugin("T1"), &rq, row->r, line, sizeof(line));
	assert_memory_equal(line, row->want, strlen(row->want));
	explain_sentence(hsm_plugin("T1"), &rq, row->r, small, sizeof(small));
	assert_int_equal(strlen(small), sizeof(small) - 1);
}

static const struct reply {
	const char *name;
	struct span request, reply;
	int r;
	const char *want[4];
	const char *alone;
} replies[] = {
	{ "a reply's fields", BYTES("T1012"), BYTES("T2000007;ab"), 0,
	    { "reply code       T2\n", "error code       00 (no error)\n",
	    "r                0007\n",
	    "s                ab\n" }, NULL },
	{ "a reply's trailer", BYTES("T1012"), BYTES("T2000007\31x"), 0,
	    { "trailer          \\x19x\n" }, NULL },
	{ "a reply's error", BYTES("T1012"), BYTES("T210"), 0, { "error code       10 (ten)\n" }, NULL },
	{ "a reply that is cut short", BYTES("T1012"), BYTES("T20000"), 0,
	    { "r                00\n" }, NULL },
	{ "a reply of another plug-in", BYTES("T3"), BYTES("T400"), -1, { "" }, NULL },
	{ "a reply without a code", BYTES("T1"), BYTES("T2"), -1, { "" }, NULL },
	{ "a reply with no code", BYTES("T1"), BYTES("T2.."), -1, { "" }, NULL },
	{ "a request without a code", BYTES("T"), BYTES("T200"), -1, { "" }, NULL },
	{ "a request of NULs", BYTES("\0\0"), BYTES("T200"), -1, { "" }, NULL },
	{ "a request that leaves the folder", BYTES("/x"), BYTES("T200"), -1, { "" }, NULL },
	{ "one field alone", BYTES("T1012"), BYTES("T2000007;a\0"), 0, { "a\\x00\n" }, "s" },
	{ "a field that is not there", BYTES("T1012"), BYTES("T2000007"), -1, { "" }, "s" },
	{ "a field of nowhere", BYTES("T1012"), BYTES("T2000007"), -1, { "" }, "x" },
};

static void
test_reply(void **state)
{
	const struct reply *row = *state;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	uint8_t request[16];

	hsm_clear();
	hsm_put_parts("T1", "{ 'a', N(3) }", "{ 'r', N(4) }, { 's', optional(';', A()) }",
	    "[10] = 'ten'", "", "");
	memcpy(request, row->request.p, row->request.n);
	hsm_log_start();
	assert_int_equal(explain_reply(hsm.dir, span_of(request, row->request.n), row->reply,
	    row->alone, out), row->r);
	hsm_log_end();
	fclose(out);
	for (size_t i = 0; i < 4 && row->want[i] != NULL; i++)
		if (strstr(text, row->want[i]) == NULL)
			fail_msg("wanted %s, got %s", row->want[i], text);
	if (row->r != 0)
		assert_int_equal(size, 0);
	else if (row->alone != NULL)
		assert_string_equal(text, row->want[0]);
	free(text);
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	ROWS(&r, sentences, test_sentence);
	ROWS(&r, replies, test_reply);
	rows_add(&r, "no bytes of the request before", test_stale, NULL);
	rows_add(&r, "the trace says the same", test_trace, NULL);
	return rows_run(&r, "explain", hsm_setup, hsm_teardown);
}
