/* log: what a line looks like, and what never gets into one. */
#include "log.h"

#include "rows.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char captured[32768];

/* Standard error goes to a file of its own between these two. */
static int
capture_start(FILE **file)
{
	int kept = dup(STDERR_FILENO);

	*file = tmpfile();
	assert_non_null(*file);
	assert_true(dup2(fileno(*file), STDERR_FILENO) >= 0);
	return kept;
}

static void
capture_end(int kept, FILE *file)
{
	size_t n;

	dup2(kept, STDERR_FILENO);
	close(kept);
	rewind(file);
	n = fread(captured, 1, sizeof(captured) - 1, file);
	captured[n] = '\0';
	fclose(file);
}

static void
log_value(const char *value, bool json)
{
	FILE *file;
	int kept = capture_start(&file);

	log_open("tester", 3, LOG_INFO, json);
	log_event(LOG_INFO, "sample", "value", 's', value, NULL);
	capture_end(kept, file);
}

static const struct row {
	const char *name;
	const char *value;
	const char *text;	/* after value= in the text form */
	const char *json;	/* the value that a JSON reader gets */
} rows[] = {
	{ "a plain word stays bare", "abc", "abc", "abc" },
	{ "spaces are quoted", "a b", "\"a b\"", "a b" },
	{ "nothing is quoted", "", "\"\"", "" },
	{ "quotes are escaped", "a\"b", "\"a\\\"b\"", "a\"b" },
	{ "a newline keeps the line whole", "a\nb", "\"a\\nb\"", "a\nb" },
	{ "control bytes are shown in hexadecimal", "a\033b", "\"a\\x1Bb\"", "a\\x1Bb" },
	{ "bytes above ASCII too", "\xff", "\"\\xFF\"", "\\xFF" },
	{ "11 digits are no PAN", "41111111111", "41111111111", "41111111111" },
	{ "12 digits are an account", "411111111111", "********1111", "********1111" },
	{ "13 digits are masked", "4111111111119", "411111***1119", "411111***1119" },
	{ "a PAN inside text is masked", "pan:4111111111111111;", "pan:411111******1111;",
	    "pan:411111******1111;" },
	{ "19 digits are masked", "4111111111111111234", "411111*********1234",
	    "411111*********1234" },
	{ "blanks in a PAN", "4111 1111 1111 1234", "\"4111 11** **** 1234\"",
	    "4111 11** **** 1234" },
	{ "hyphens in a PAN", "4111-1111-1111-1234.", "4111-11**-****-1234.",
	    "4111-11**-****-1234." },
	{ "hyphens in an account", "111-111-111-234", "***-***-**1-234", "***-***-**1-234" },
	{ "two blanks end a run", "411111  1111111", "\"411111  1111111\"",
	    "411111  1111111" },
	{ "a date and a time are none", "2026-11-21 20:22", "\"2026-11-21 20:22\"",
	    "2026-11-21 20:22" },
	{ "a blank behind a PAN stays", "4111111111111111 -", "\"411111******1111 -\"",
	    "411111******1111 -" },
	{ "a longer run with blanks shows nothing", "4111111111111111 2912 123",
	    "\"**************** **** ***\"", "**************** **** ***" },
	{ "a longer run shows nothing", "41111111111111111234", "********************",
	    "********************" },
};

static void
test_text(void **state)
{
	const struct row *row = *state;
	const char *value;

	log_value(row->value, false);
	assert_non_null(strstr(captured, "Z info  tester 3: sample value="));
	value = strstr(captured, "value=") + strlen("value=");
	assert_int_equal(strlen(value), strlen(row->text) + 1);
	assert_memory_equal(value, row->text, strlen(row->text));
	assert_int_equal(captured[strlen(captured) - 1], '\n');
}

static void
test_json(void **state)
{
	const struct row *row = *state;
	json_t *line;

	log_value(row->value, true);
	line = json_loads(captured, 0, NULL);
	assert_non_null(line);
	assert_string_equal(json_string_value(json_object_get(line, "event")), "sample");
	assert_string_equal(json_string_value(json_object_get(line, "role")), "tester");
	assert_int_equal(json_integer_value(json_object_get(line, "number")), 3);
	assert_string_equal(json_string_value(json_object_get(line, "value")), row->json);
	json_decref(line);
}

static void
test_numbers(void **unused)
{
	FILE *file;
	int kept = capture_start(&file);

	(void)unused;
	log_open("tester", -1, LOG_INFO, false);
	errno = EBADF;
	log_event(LOG_WARN, "n", "d", 'd', -5, "u", 'u', 7u, "U", 'U', UINT64_MAX, NULL);
	assert_int_equal(errno, EBADF);
	capture_end(kept, file);
	assert_non_null(strstr(captured, "warn  tester: n d=-5 u=7 U=18446744073709551615\n"));
}

static void
test_level(void **unused)
{
	FILE *file;
	int kept = capture_start(&file);

	(void)unused;
	log_open("tester", -1, LOG_WARN, false);
	log_event(LOG_INFO, "hidden", NULL);
	assert_false(log_wants(LOG_INFO));
	assert_true(log_wants(LOG_ERROR));
	capture_end(kept, file);
	assert_string_equal(captured, "");
}

/* Values that do not fit are cut or left out; the line stays one JSON object. */
static void
test_long(void **unused)
{
	FILE *file;
	int kept = capture_start(&file);
	char *big = malloc(10000);
	json_t *line;

	(void)unused;
	memset(big, '"', 9999);
	big[9999] = '\0';
	log_open("tester", -1, LOG_INFO, true);
	log_event(LOG_INFO, "big", "a", 's', big, "b", 's', big, "c", 'd', 1, NULL);
	free(big);
	capture_end(kept, file);
	line = json_loads(captured, 0, NULL);
	assert_non_null(line);
	assert_int_equal(json_string_length(json_object_get(line, "a")), 1024 + 3);
	assert_null(json_object_get(line, "b"));
	assert_int_equal(json_integer_value(json_object_get(line, "c")), 1);
	json_decref(line);
}

/* What a value is cut to must not show the head of a PAN that was longer. */
static void
test_cut(void **unused)
{
	char text[1100];

	(void)unused;
	memset(text, 'x', sizeof(text));
	memcpy(text + 1024 - 8, "4111111111111111", sizeof("4111111111111111"));
	log_value(text, false);
	assert_non_null(strstr(captured, "x411111**..."));
}

/* Nobody reads: lines are dropped, nothing waits, and the next one tells how many. */
static void
test_full(void **unused)
{
	int kept = dup(STDERR_FILENO), ends[2], lines = 0;
	char text[1024];
	ssize_t n;

	(void)unused;
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
	assert_int_equal(fcntl(ends[1], F_SETFL, 0), 0);
	assert_true(dup2(ends[1], STDERR_FILENO) >= 0);
	log_open("tester", -1, LOG_INFO, false);
	for (int i = 0; i < 1000; i++)
		log_event(LOG_INFO, "n", "text", 's', text, NULL);
	while ((n = read(ends[0], captured, sizeof(captured))) > 0)
		for (ssize_t i = 0; i < n; i++)
			lines += captured[i] == '\n';
	log_event(LOG_INFO, "one", NULL);
	log_event(LOG_INFO, "two", NULL);
	dup2(kept, STDERR_FILENO);
	close(kept);
	close(ends[1]);
	n = read(ends[0], captured, sizeof(captured) - 1);
	close(ends[0]);
	captured[n > 0 ? n : 0] = '\0';
	assert_in_range(lines, 1, 999);
	snprintf(text, sizeof(text), ": one dropped=%d\n", 1000 - lines);
	assert_non_null(strstr(captured, text));
	assert_non_null(strstr(captured, ": two\n"));
}

/* Several processes write to one pipe that nobody reads, and each comes to its end. */
static void
test_together(void **unused)
{
	enum { TOGETHER = 4, LINES = 10 };
	int kept = dup(STDERR_FILENO), ends[2], status;
	int rounds = under_valgrind() ? 5 : 400;
	pid_t pid[TOGETHER];
	char text[900];

	(void)unused;
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	for (int round = 0; round < rounds; round++) {
		assert_int_equal(pipe(ends), 0);
		assert_true(fcntl(ends[1], F_SETPIPE_SZ, 8192) >= 0);
		assert_true(dup2(ends[1], STDERR_FILENO) >= 0);
		for (int i = 0; i < TOGETHER; i++) {
			if ((pid[i] = fork()) != 0)
				continue;
			alarm(60);
			log_open("tester", i, LOG_INFO, false);
			/* two such lines share no page of the pipe */
			for (int k = 0; k < LINES; k++)
				log_event(LOG_INFO, "n", "a", 's', text, "b", 's', text,
				    "c", 's', text, NULL);
			_exit(0);
		}
		dup2(kept, STDERR_FILENO);
		for (int i = 0; i < TOGETHER; i++) {
			assert_int_equal(waitpid(pid[i], &status, 0), pid[i]);
			assert_int_equal(status, 0);
		}
		/* it is as others have it */
		assert_int_equal(fcntl(ends[1], F_GETFL) & O_NONBLOCK, 0);
		close(ends[0]);
		close(ends[1]);
	}
	close(kept);
}

enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

int
main(void)
{
	struct CMUnitTest tests[2 * ROWS + 6] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_level),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_together),
	};

	for (size_t i = 0; i < ROWS; i++) {
		tests[6 + i] = (struct CMUnitTest){ .name = rows[i].name,
			.test_func = test_text, .initial_state = (void *)(uintptr_t)&rows[i] };
		tests[6 + ROWS + i] = tests[6 + i];
		tests[6 + ROWS + i].test_func = test_json;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
