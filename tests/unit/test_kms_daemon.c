/* kms_daemon: an end to every wait, and sentences for what goes wrong. */
#include "kms_daemon.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ready.h"

#define BYTES(lit) lit, sizeof(lit) - 1

static struct kms_daemon d;

static const struct row {
	const char *name;
	const char *sent;	/* by the daemon, before it closes */
	size_t      n;
	const char *error;	/* NULL: an answer */
} rows[] = {
	{ "a whole answer", BYTES("\0\12KMS1Z300ab"), NULL },
	{ "nothing behind the code", BYTES("\0\10KMS1Z300"), NULL },
	{ "closed at once", BYTES(""), "closed the connection" },
	{ "closed in the length", BYTES("\0"), "closed the connection" },
	{ "closed in the answer", BYTES("\0\12KMS1Z3"), "closed the connection" },
	{ "too short", BYTES("\0\7KMS1Z30"), "no message of a daemon" },
	{ "another header", BYTES("\0\10KMS2Z300"), "not one to our question" },
	{ "another command", BYTES("\0\10KMS1Z500"), "not one to our question" },
};

static void
test_ask(void **state)
{
	const struct row *row = *state;
	struct span rest;
	char code[3];
	int pair[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	assert_int_equal(write(pair[1], row->sent, row->n), row->n);
	assert_int_equal(shutdown(pair[1], SHUT_WR), 0);
	d.fd = pair[0];
	d.until = ready_now() + 10000;
	kms_begin(&d, "Z2");
	kms_add(&d, "%02d", 7);
	if (row->error == NULL) {
		assert_int_equal(kms_ask(&d, code, &rest), 0);
		assert_string_equal(code, "00");
		assert_int_equal(rest.n, row->n - 10);
		close(d.fd);
	} else {
		assert_int_equal(kms_ask(&d, code, &rest), -1);
		assert_non_null(strstr(d.error, row->error));
		assert_int_equal(d.fd, -1);
	}
	close(pair[1]);
}

static void
test_deadline(void **state)
{
	struct span rest;
	char code[3];
	int pair[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	d.fd = pair[0];
	d.until = ready_now() + 20;
	kms_begin(&d, "Z2");
	assert_int_equal(kms_ask(&d, code, &rest), -1);
	assert_string_equal(d.error, "the deadline has passed");
	close(pair[1]);
}

static const struct time_row {
	const char *name;
	const char *text;	/* NULL: not set */
	int64_t     ms;		/* -1: refused */
} time_rows[] = {
	{ "no LUAHSM_TIMEOUT", NULL, 30000 },
	{ "an empty one", "", 30000 },
	{ "a fraction", "0.5", 500 },
	{ "a day", "86400", 86400000 },
	{ "more than a day", "86401", -1 },
	{ "none at all", "0", -1 },
	{ "a word", "soon", -1 },
	{ "a unit", "5s", -1 },
	{ "not a number", "nan", -1 },
};

static void
test_allow(void **state)
{
	const struct time_row *row = *state;
	int64_t before = ready_now();

	if (row->text != NULL)
		setenv("LUAHSM_TIMEOUT", row->text, 1);
	assert_int_equal(kms_allow(&d, 30), row->ms < 0 ? -1 : 0);
	unsetenv("LUAHSM_TIMEOUT");
	if (row->ms >= 0)
		assert_in_range(d.until, before + row->ms, ready_now() + row->ms);
}

static const struct level_row {
	const char    *name;
	const char    *level, *debug;
	enum kms_level want;
} level_rows[] = {
	{ "warnings, unless asked", NULL, NULL, KMS_WARN },
	{ "errors only", "error", NULL, KMS_ERROR },
	{ "trace is as much as debug", "trace", NULL, KMS_DEBUG },
	{ "a word that is no level", "loud", NULL, KMS_WARN },
	{ "DEBUG=1 wins", "error", "1", KMS_DEBUG },
	{ "DEBUG=0 is nothing", NULL, "0", KMS_WARN },
};

static void
test_level(void **state)
{
	const struct level_row *row = *state;

	if (row->level != NULL)
		setenv("LUAHSM_LOG_LEVEL", row->level, 1);
	if (row->debug != NULL)
		setenv("DEBUG", row->debug, 1);
	assert_int_equal(kms_level_wanted(), row->want);
	unsetenv("LUAHSM_LOG_LEVEL");
	unsetenv("DEBUG");
}

#define ADD(table, function) \
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) \
		tests[n++] = (struct CMUnitTest){ table[i].name, function, NULL, NULL, \
			(void *)(uintptr_t)&table[i] }

int
main(void)
{
	static struct CMUnitTest tests[40] = { cmocka_unit_test(test_deadline) };
	size_t n = 1;

	unsetenv("LUAHSM_TIMEOUT");
	unsetenv("LUAHSM_LOG_LEVEL");
	unsetenv("DEBUG");
	ADD(rows, test_ask);
	ADD(time_rows, test_allow);
	ADD(level_rows, test_level);
	return _cmocka_run_group_tests("kms_daemon", tests, n, NULL, NULL);
}
