/* command: from a message to its reply, sets of plug-ins, states that are lost. */
#include "command.h"

#include "deadline.h"
#include "err.h"
#include "hsm.h"
#include "printer.h"
#include "prove_vector.h"

#define PLAIN "return { command = '%s', title = 't', request = { { 'x', N(1) } }, " \
	"response = { { 'r', A() } }, errors = { [10] = 'x' }, handler = function (q, a) %s end }"

static void
put(const char *code, const char *body)
{
	char text[1024];

	snprintf(text, sizeof(text), PLAIN, code, body);
	hsm_put(code, text);
}

/* Settings back to those of hsm_setup, no plug-ins. */
static void
fresh(void)
{
	hsm_clear();
	config_default(&hsm.config);
	hsm.config.header_length = 0;
}

static const struct row {
	const char *name;
	const char *body;	/* of T1 */
	unsigned    header;
	bool        zz;
	const char *disabled;
	struct span send, want;
} rows[] = {
	{ "a command is served", "a.r = 'ok'", 0, false, NULL, BYTES("T11"), BYTES("T200ok") },
	{ "an unknown command is 67", "", 0, false, NULL, BYTES("T9xyz"), BYTES("T:67") },
	{ "the last code has a successor too", "", 0, false, NULL, BYTES("ZZ"), BYTES("Z[67") },
	{ "a command of bytes is 67", "", 0, false, NULL, BYTES("\377\377"), BYTES("\377\0" "67") },
	{ "a command of NULs is 67", "", 0, false, NULL, BYTES("\0\0"), BYTES("\0\1" "67") },
	{ "an unknown command is ZZ00 by setting", "", 0, true, NULL, BYTES("T9xyz"),
	    BYTES("ZZ00") },
	{ "an unknown command's trailer comes back", "", 0, false, NULL, BYTES("T9xyz\31abc"),
	    BYTES("T:67\31abc") },
	{ "ZZ00 has the trailer too", "", 0, true, NULL, BYTES("T9\31a"), BYTES("ZZ00\31a") },
	{ "a disabled command is 68", "a.r = 'ok'", 0, false, "T1", BYTES("T11"), BYTES("T268") },
	{ "a disabled command without a plug-in is 68", "", 0, true, "T9", BYTES("T9"),
	    BYTES("T:68") },
	{ "a disabled command's trailer comes back", "", 0, false, "T1", BYTES("T11\31a"),
	    BYTES("T268\31a") },
	{ "a message of a code alone", "a.r = ''", 0, false, NULL, BYTES("T1"), BYTES("T215") },
	{ "a header is echoed byte for byte", "a.r = 'ok'", 4, false, NULL,
	    BYTES("\0\31\377ZT11"), BYTES("\0\31\377ZT200ok") },
	{ "a header in front of an unknown command", "", 4, false, NULL, BYTES("\0\31\377ZT9"),
	    BYTES("\0\31\377ZT:67") },
	{ "a trailer of the reply", "a.r = 'ok'", 0, false, NULL, BYTES("T11\31tr\0\377"),
	    BYTES("T200ok\31tr\0\377") },
	{ "a trailer with a code of the handler", "fail(10)", 0, false, NULL, BYTES("T11\31tr"),
	    BYTES("T210\31tr") },
	{ "a trailer with a lost state", "local x = nil + 1", 0, false, NULL, BYTES("T11\31tr"),
	    BYTES("T241\31tr") },
	{ "a trailer with a reply that is unfit", "a.r = '\\n'", 0, false, NULL,
	    BYTES("T11\31tr"), BYTES("T241\31tr") },
	{ "advice comes with data", "a.r = 'ok' return 2", 0, false, NULL, BYTES("T11"),
	    BYTES("T202ok") },
	{ "a code that is not listed is still answered", "fail(77)", 0, false, NULL, BYTES("T11"),
	    BYTES("T277") },
};

static void
test_row(void **state)
{
	const struct row *row = *state;

	fresh();
	hsm.config.header_length = row->header;
	hsm.config.unknown_zz = row->zz;
	if (row->disabled != NULL) {
		hsm.config.disabled.n = 1;
		memcpy(hsm.config.disabled.code[0], row->disabled, 2);
	}
	put("T1", row->body);
	assert_int_equal(hsm_load(), 0);
	hsm_log_start();
	hsm_send_bytes(row->send.p, row->send.n);
	hsm_log_end();
	if (hsm.n != row->want.n || memcmp(hsm.out, row->want.p, hsm.n) != 0)
		fail_msg("got %.*s: %s", (int)hsm.n, hsm.out, hsm.log);
}

static void
test_headers(void **state)
{
	uint8_t message[255 + 3], want[255 + 6];

	(void)state;
	fresh();
	put("T1", "a.r = 'ok'");
	assert_int_equal(hsm_load(), 0);
	for (unsigned n = 0; n <= 255; n++) {
		for (unsigned i = 0; i < n; i++)
			message[i] = want[i] = (uint8_t)(i * 7 + n);
		memcpy(message + n, "T11", 3);
		memcpy(want + n, "T200ok", 6);
		hsm.config.header_length = n;
		hsm_send_bytes(message, n + 3);
		assert_int_equal(hsm.n, n + 6);
		assert_memory_equal(hsm.out, want, n + 6);
		memcpy(message + n, "T9", 2);
		hsm_send_bytes(message, n + 2);
		assert_int_equal(hsm.n, n + 4);
		assert_memory_equal(hsm.out + n, "T:67", 4);
	}
	fresh();
}

/* The reply that is a code alone, to whatever message. */
static const struct fail {
	const char *name;
	struct span send, want;
} fails[] = {
	{ "failing a command", BYTES("hhT11"), BYTES("hhT241") },
	{ "failing a command with a trailer", BYTES("hhT11\31tr"), BYTES("hhT241\31tr") },
	{ "failing a code without a plug-in", BYTES("hhT9"), BYTES("hhT:41") },
};

static void
test_fail(void **state)
{
	const struct fail *row = *state;
	uint8_t out[64];
	size_t n;

	fresh();
	hsm.config.header_length = 2;
	put("T1", "a.r = 'ok'");
	assert_int_equal(hsm_load(), 0);
	n = command_fail(hsm.c, row->send, ERR_HARDWARE, out);
	assert_int_equal(n, row->want.n);
	assert_memory_equal(out, row->want.p, n);
}

/* Slow commands run, or are left to others, as the process says. */
static void
test_slow(void **state)
{
	const struct origin from = { .lmk = -1 };
	static uint8_t out[FRAME_LIMIT];

	(void)state;
	fresh();
	put("T1", "a.r = 'ok'");
	hsm_put("T3", "return { command = 'T3', title = 't', slow = true, request = {}, "
	    "response = {}, handler = function (q, a) end }");
	assert_int_equal(hsm_load(), 0);
	assert_int_equal(command_run(hsm.c, &from, SPAN("T3"), out, sizeof(out)), 4);
	commands_pass_slow(hsm.c);
	assert_int_equal(command_run(hsm.c, &from, SPAN("T3"), out, sizeof(out)), 0);
	assert_int_equal(command_run(hsm.c, &from, SPAN("T11"), out, sizeof(out)), 6);
	hsm.config.disabled.n = 1;
	memcpy(hsm.config.disabled.code[0], "T3", 2);
	assert_int_equal(command_run(hsm.c, &from, SPAN("T3"), out, sizeof(out)), 4);
	assert_memory_equal(out, "T468", 4);
}

/* A command that prints has a second reply, once, when the first is 00. */
static void
test_second(void **state)
{
	const struct origin from = { .lmk = -1 };
	static uint8_t out[FRAME_LIMIT];
	struct span good = SPAN("hhT4U\31tr"), bad = SPAN("hhT4X");

	(void)state;
	fresh();
	hsm.config.header_length = 2;
	hsm.config.authorised = true;
	hsm_put("T4", "return { command = 'T4', title = 't', authorised = true, prints = true, "
	    "request = { { 'scheme', A(1) } }, response = {}, handler = function (q, a) "
	    "local k = key.random('ZMK', 'U') printer.key(k, '') key.wrap(k, q.scheme) end }");
	assert_int_equal(hsm_load(), 0);
	printer_rehearse(SPAN("^P"));
	assert_int_equal(command_run(hsm.c, &from, good, out, sizeof(out)), 9);
	assert_memory_equal(out, "hhT500\31tr", 9);
	assert_int_equal(command_second(hsm.c, good, out), 9);
	assert_memory_equal(out, "hhTZ00\31tr", 9);
	assert_int_equal(command_second(hsm.c, good, out), 0);
	assert_false(printer_holds());
	assert_int_equal(command_run(hsm.c, &from, bad, out, sizeof(out)), 6);
	assert_memory_equal(out, "hhT526", 6);
	assert_int_equal(command_second(hsm.c, bad, out), 0);
	assert_false(printer_holds());
	fresh();
}

/* As large as a message can be, there and back. */
static void
test_large(void **state)
{
	static uint8_t message[FRAME_LIMIT];

	(void)state;
	fresh();
	hsm_put("T1", "return { command = 'T1', title = 't', request = { { 'x', B() } }, "
	    "response = { { 'r', B() } }, handler = function (q, a) a.r = q.x end }");
	assert_int_equal(hsm_load(), 0);
	memset(message, 'x', sizeof(message));
	memcpy(message, "T1", 2);
	/* The reply has two more bytes, its error code. */
	hsm_send_bytes(message, FRAME_LIMIT - 2);
	assert_int_equal(hsm.n, FRAME_LIMIT);
	assert_memory_equal(hsm.out, "T200xx", 6);
	/* A trailer takes room only where there is one. */
	message[FRAME_LIMIT - 2 - 3] = SCHEMA_EM;
	hsm_send_bytes(message, FRAME_LIMIT - 2);
	assert_int_equal(hsm.n, FRAME_LIMIT);
	assert_int_equal(hsm.out[FRAME_LIMIT - 3], SCHEMA_EM);
	hsm_log_start();
	hsm_send_bytes(message, FRAME_LIMIT - 1);
	hsm_log_end();
	assert_string_equal(hsm.out, "T241\031xxx");
	message[FRAME_LIMIT - 2 - 3] = 'x';
	hsm_log_start();
	hsm_send_bytes(message, FRAME_LIMIT);
	hsm_log_end();
	assert_string_equal(hsm.out, "T241");
}

/* Strict does not tell a block without a PIN from a wrong PIN. */
static const struct doom {
	const char *name;
	enum profile profile;
	const char *block;
	const char *body;
	const char *want;
} dooms[] = {
	{ "a PIN", PROFILE_STRICT, "21B97251DB63358D",
	    "a.r = 'pin' if #pinblock.open(q.k, q.b, '01', '123456789012', 1) ~= 4 then fail(99) "
	    "end",
	    "T200pin" },
	{ "no PIN, and strict says the verifying command's code", PROFILE_STRICT,
	    "21B97251DB63358E",
	    "local pin = pinblock.open(q.k, q.b, '01', '123456789012', 1) a.r = 'went on'",
	    "T201" },
	{ "strict ignores what the handler makes of it", PROFILE_STRICT, "21B97251DB63358E",
	    "local pin = pinblock.open(q.k, q.b, '01', '123456789012', 1) fail(20)", "T201" },
	{ "strict ignores advice too", PROFILE_STRICT, "21B97251DB63358E",
	    "local pin = pinblock.open(q.k, q.b, '01', '123456789012', 1) a.r = 'x' return 2",
	    "T201" },
	{ "a lost state is 41 all the same", PROFILE_STRICT, "21B97251DB63358E",
	    "local pin = pinblock.open(q.k, q.b, '01', '123456789012', 1) pin = nil + 1", "T241" },
	{ "strict without a code says 20", PROFILE_STRICT, "21B97251DB63358E",
	    "local pin = pinblock.open(q.k, q.b, '01', '123456789012')", "T220" },
	{ "test tells", PROFILE_TEST, "21B97251DB63358E",
	    "local pin = pinblock.open(q.k, q.b, '01', '123456789012', 1)", "T220" },
};

static void
test_doom(void **state)
{
	const struct doom *row = *state;
	char message[128];

	fresh();
	hsm.config.profile = row->profile;
	hsm.config.pin_one_error = row->profile == PROFILE_STRICT;
	hsm_put_parts("T1", "{ 'k', key 'TPK' }, { 'b', H(16) }", "{ 'r', A() }",
	    "[01] = 'x', [02] = 'y', [10] = 'z', [20] = 'w', [24] = 'v'", "", row->body);
	assert_int_equal(hsm_load(), 0);
	snprintf(message, sizeof(message), "T1" TPK "%s", row->block);
	hsm_log_start();
	hsm_send(message);
	hsm_log_end();
	assert_string_equal(hsm.out, row->want);
	fresh();
}

/* A state that is lost is made anew, with nothing that it kept. */
static void
test_rebuilt(void **state)
{
	struct plugin *p;

	(void)state;
	fresh();
	hsm_put_parts("T1", "{ 'x', N(1) }", "{ 'r', N(2) }", "", "local n = 0",
	    "n = n + 1 if num(q.x) == 9 then n = n + nil end a.r = n");
	assert_int_equal(hsm_load(), 0);
	p = hsm_plugin("T1");
	assert_string_equal(hsm_send("T11"), "T20001");
	assert_string_equal(hsm_send("T11"), "T20002");
	hsm_log_start();
	assert_string_equal(hsm_send("T19"), "T241");
	hsm_log_end();
	assert_true(p->lost);
	assert_string_equal(hsm_send("T11"), "T20001");
	assert_false(p->lost);
	hsm_log_start();
	assert_string_equal(hsm_send("T19"), "T241");
	hsm_log_end();
	commands_idle(hsm.c);
	assert_false(p->lost);
	assert_string_equal(hsm_send("T11"), "T20001");
}

/* One that can't be made anew answers 41, trailer and all, until it can. */
static void
test_not_rebuilt(void **state)
{
	(void)state;
	fresh();
	put("T1", "if num(q.x) == 9 then a.r = nil end a.r = 'ok'");
	put("T3", "a.r = 'ok'");
	assert_int_equal(hsm_load(), 0);
	hsm.config.plugin_memory = 1000;
	hsm_log_start();
	assert_string_equal(hsm_send("T19"), "T241");
	assert_string_equal(hsm_send("T11\31tr"), "T241\31tr");
	commands_idle(hsm.c);
	assert_string_equal(hsm_send("T11"), "T241");
	hsm_log_end();
	assert_string_equal(hsm_send("T31"), "T400ok");
	hsm.config.plugin_memory = 4 << 20;
	assert_string_equal(hsm_send("T11"), "T200ok");
}

/* A swap keeps what did not change, replaces what did, and drops what is gone. */
static void
test_swap(void **state)
{
	struct plugin *one, *two;
	struct sandbox *kept;

	(void)state;
	fresh();
	put("T1", "a.r = 'one'");
	put("T3", "a.r = 'two'");
	put("T5", "a.r = 'three'");
	assert_int_equal(hsm_load(), 0);
	one = hsm_plugin("T1");
	kept = one->sb;
	two = hsm_plugin("T3");
	put("T3", "a.r = 'TWO'");
	hsm_remove("T5");
	put("T7", "a.r = 'four'");
	assert_int_equal(hsm_load(), 0);
	assert_ptr_equal(hsm_plugin("T1"), one);
	assert_ptr_equal(one->sb, kept);
	assert_ptr_not_equal(hsm_plugin("T3"), two);
	assert_string_equal(hsm_send("T11"), "T200one");
	assert_string_equal(hsm_send("T31"), "T400TWO");
	assert_string_equal(hsm_send("T51"), "T667");
	assert_string_equal(hsm_send("T71"), "T800four");
	/* A kept plug-in's source is that of the new folder: the old one may go. */
	assert_int_equal(hsm.folders, 2);
	folder_free(hsm.folder[0]);
	hsm.folder[0] = hsm.folder[1];
	hsm.folders = 1;
	one->lost = true;
	assert_string_equal(hsm_send("T11"), "T200one");
}

/* A set with a bad file is not taken; requests go on in between. */
static void
test_bad_set(void **state)
{
	(void)state;
	fresh();
	put("T1", "a.r = 'one'");
	assert_int_equal(hsm_load(), 0);
	put("T1", "a.r = 'ONE'");
	put("T3", "a.r = = 'two'");
	assert_int_not_equal(hsm_load(), 0);
	assert_non_null(strstr(hsm.err, "T3.lua:1: "));
	assert_string_equal(hsm_send("T11"), "T200one");
	assert_string_equal(hsm_send("T31"), "T467");
	put("T3", "a.r = 'two'");
	assert_int_equal(hsm_load(), 0);
	assert_string_equal(hsm_send("T11"), "T200ONE");
	assert_string_equal(hsm_send("T31"), "T400two");
}

/* Staging goes a state at a time, and requests are answered by the old set meanwhile. */
static void
test_steps(void **state)
{
	struct folder *f;

	(void)state;
	fresh();
	put("T1", "a.r = 'one'");
	put("T3", "a.r = 'two'");
	assert_int_equal(hsm_load(), 0);
	put("T1", "a.r = 'ONE'");
	put("T3", "a.r = 'TWO'");
	f = hsm_folder(hsm.dir, NULL);
	assert_non_null(f);
	commands_stage(hsm.c, f);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(commands_step(hsm.c, NULL), 1);
		assert_string_equal(hsm_send("T11"), "T200one");
	}
	assert_int_equal(commands_step(hsm.c, NULL), 0);
	assert_string_equal(hsm_send("T31"), "T400two");
	/* Another folder before the swap: what was staged is dropped. */
	commands_stage(hsm.c, f);
	assert_int_equal(commands_step(hsm.c, NULL), 1);
	commands_stage(hsm.c, f);
	while (commands_step(hsm.c, NULL) > 0)
		;
	commands_swap(hsm.c);
	assert_string_equal(hsm_send("T11"), "T200ONE");
	commands_swap(hsm.c);	/* nothing is staged */
	assert_string_equal(hsm_send("T31"), "T400TWO");
}

/* Who judges a file holds it to the deadline while it is loaded; who serves it has patience. */
static void
test_patience(void **state)
{
	struct folder *f;

	(void)state;
	fresh();
	hsm_put_parts("T1", "", "", "", "for i = 1, 10000000 do end", "");
	f = hsm_folder(hsm.dir, NULL);
	assert_non_null(f);
	assert_int_equal(deadline_init(5, 60000), 0);
	assert_true(commands_add(hsm.c, f, 0, NULL) < 0);
	assert_int_equal(hsm_load(), 0);
	assert_int_equal(deadline_init(hsm.config.deadline_ms, hsm.config.slow_ms), 0);
	assert_string_equal(hsm_send("T1"), "T200");
}

/* Every prefix of a request, and every one with a byte changed, to a shipped plug-in. */
static void
try_prefixes(const uint8_t *message, size_t n)
{
	static uint8_t copy[FRAME_LIMIT];
	uint8_t bits[] = { 0x01, 0x80, 0x20 };
	size_t step = under_valgrind() ? 29 : 1;

	for (size_t cut = 2; cut <= n; cut += step) {
		hsm_send_bytes(message, cut);
		/* Success on a prefix is for a message that is whole without its end. */
		assert_true(hsm.n >= 4);
	}
	for (size_t i = 2; i < n && i < 512; i += step) {
		memcpy(copy, message, n);
		copy[i] ^= bits[i % sizeof(bits)];
		hsm_send_bytes(copy, n);
	}
}

static void
test_shipped(void **state)
{
	size_t tried = 0;
	struct folder *f;

	(void)state;
	fresh();
	f = hsm_add("plugins");
	/* Under valgrind a request may take its time. */
	assert_int_equal(deadline_init(10000, 10000), 0);
	hsm_log_start();
	for (size_t i = 0; i < folder_count(f); i++) {
		struct plugin *p = commands_find(hsm.c, folder_code(f, i));
		static struct vector v;

		assert_non_null(p);
		for (unsigned k = 1; k <= p->vectors; k++) {
			if (p->lost)
				commands_idle(hsm.c);
			vector_read(p, k, &hsm.config, &v);
			assert_string_equal(v.fault, "");
			/* Of long ones, what comes first is what is cut. */
			try_prefixes(v.request, v.request_n < 2048 ? v.request_n : 2048);
			assert_false(p->lost);
			tried++;
		}
	}
	hsm_log_end();
	assert_true(tried > 50);
	assert_int_equal(deadline_init(hsm.config.deadline_ms, hsm.config.slow_ms), 0);
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	ROWS(&r, dooms, test_doom);
	rows_add(&r, "a second reply", test_second, NULL);
	rows_add(&r, "headers of 0 to 255 bytes", test_headers, NULL);
	rows_add(&r, "the largest message", test_large, NULL);
	ROWS(&r, fails, test_fail);
	rows_add(&r, "a slow command is run here or left to others", test_slow, NULL);
	rows_add(&r, "a lost state is made anew", test_rebuilt, NULL);
	rows_add(&r, "a state that can't be made anew", test_not_rebuilt, NULL);
	rows_add(&r, "a swap keeps what did not change", test_swap, NULL);
	rows_add(&r, "a set with a bad file is not taken", test_bad_set, NULL);
	rows_add(&r, "a set is built a state at a time", test_steps, NULL);
	rows_add(&r, "patience with files that were judged", test_patience, NULL);
	rows_add(&r, "every prefix of every shipped vector", test_shipped, NULL);
	return rows_run(&r, "command", hsm_setup, hsm_teardown);
}
