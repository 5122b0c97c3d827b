/* failures: limits, waiting, forgetting; one count for all processes, also when one dies. */
#include "failures.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err.h"
#include "rows.h"

enum { START = 1000, HOUR = 3600 };

static uint64_t
who(const char *account)
{
	return failures_who(SPAN("key"), span_str(account));
}

static void
serve(unsigned limit, unsigned delay, unsigned alarm_at)
{
	const struct failures_rules rules = { limit, HOUR, delay, alarm_at, 0 };

	failures_serve(&rules);
}

/* One account: times of failures, ended by 0, and then a try. Limit 5, an hour, delay 1. */
static const struct row {
	const char *name;
	unsigned    limit, delay;
	uint32_t    failed[8];
	uint32_t    tried;
	int         want;
} rows[] = {
	{ "never failed", 5, 1, { 0 }, START, 0 },
	{ "two failures do not delay", 5, 1, { 1000, 1000 }, 1000, 0 },
	{ "the third delays", 5, 1, { 1000, 1000, 1000 }, 1000, ERR_FAILURES },
	{ "for a second", 5, 1, { 1000, 1000, 1000 }, 1001, 0 },
	{ "the fourth for two", 5, 1, { 1000, 1000, 1000, 1001 }, 1002, ERR_FAILURES },
	{ "and no longer", 5, 1, { 1000, 1000, 1000, 1001 }, 1003, 0 },
	{ "no delay when there is none", 5, 0, { 1000, 1000, 1000, 1000 }, 1000, 0 },
	{ "the limit", 5, 0, { 1000, 1000, 1000, 1000, 1000 }, 1001, ERR_FAILURES },
	{ "for an hour", 5, 0, { 1000, 1000, 1000, 1000, 1000 }, 4599, ERR_FAILURES },
	{ "then no more", 5, 0, { 1000, 1000, 1000, 1000, 1000 }, 4600, 0 },
	{ "the window slides", 5, 0, { 1000, 4500, 4500, 4500, 4500, 4600 }, 4700,
	    ERR_FAILURES },
	{ "until the next is old", 5, 0, { 1000, 4500, 4500, 4500, 4500, 4600 }, 8100, 0 },
	{ "a clock that begins", 1, 0, { 1 }, 2, ERR_FAILURES },
	{ "no limit", 0, 1, { 1000, 1000, 1000, 1000 }, 1000, 0 },
};

static void
test_row(void **state)
{
	const struct row *row = *state;
	uint64_t account;

	serve(row->limit, row->delay, 0);
	account = who(row->name);
	for (size_t i = 0; row->failed[i] != 0; i++)
		(void)failures_note(account, row->failed[i]);
	assert_int_equal(failures_permit(account, row->tried), row->want);
	assert_int_equal(failures_permit(who("somebody else"), row->tried), 0);
}

static void
test_longest_wait(void **state)
{
	const struct failures_rules rules = { FAILURES_MOST, 10 * HOUR, 3000, 0, 0 };
	uint64_t account;

	(void)state;
	failures_serve(&rules);
	account = who("waits");
	for (int i = 0; i < 5; i++)
		(void)failures_note(account, START);
	assert_int_equal(failures_permit(account, START + FAILURES_WAIT - 1), ERR_FAILURES);
	assert_int_equal(failures_permit(account, START + FAILURES_WAIT), 0);
}

static void
test_limit_is_told_once(void **state)
{
	(void)state;
	serve(3, 0, 0);
	assert_int_equal(failures_note(who("told"), START), 0);
	assert_int_equal(failures_note(who("told"), START), 0);
	assert_int_equal(failures_note(who("told"), START), FAILURES_REFUSED);
	assert_int_equal(failures_note(who("told"), START), 0);
}

static void
test_alarm(void **state)
{
	static const struct {
		uint32_t at;
		unsigned want;
	} steps[] = {
		{ 90000, 0 }, { 90001, 0 }, { 90002, FAILURES_ALARM }, { 90003, 0 }, { 90059, 0 },
		{ 90060, 0 }, { 90061, 0 }, { 90119, FAILURES_ALARM }, { 90120, 0 },
	};

	(void)state;
	serve(0, 0, 3);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		assert_int_equal(failures_note(who("anybody"), steps[i].at), steps[i].want);
}

/* The hour is counted beside the minute, and begins with its first failure. */
static void
test_alarm_hour(void **state)
{
	const struct failures_rules each = { .alarm_hour = 2 };

	(void)state;
	failures_serve(&each);
	assert_int_equal(failures_note(who("anybody"), 200000), 0);
	assert_int_equal(failures_note(who("anybody"), 203599), FAILURES_HOUR);
	assert_int_equal(failures_note(who("anybody"), 203599), 0);
	assert_int_equal(failures_note(who("anybody"), 203600), 0);
	assert_int_equal(failures_note(who("anybody"), 203700), FAILURES_HOUR);
}

static void
test_off(void **state)
{
	(void)state;
	serve(0, 0, 0);
	assert_int_equal(who("nobody"), 0);
	assert_int_equal(failures_note(0, START), 0);
	assert_int_equal(failures_permit(0, START), 0);
}

/* More accounts than there are places: whoever failed most is remembered. */
static void
test_full(void **state)
{
	(void)state;
	serve(3, 0, 0);
	for (int i = 0; i < 3; i++)
		(void)failures_note(who("guessed at"), START);
	for (uint32_t i = 0; i < 4 * FAILURES_PLACES; i++)
		(void)failures_note(failures_who(SPAN("flood"), span_of(&i, sizeof(i))), START + 1);
	assert_int_equal(failures_permit(who("guessed at"), START + 2), ERR_FAILURES);
	assert_int_equal(failures_permit(who("guessed at"), START + HOUR), 0);
}

/* Killed at any moment of its counting, a process leaves no lock and its count behind. */
static void
test_death(void **state)
{
	(void)state;
	serve(10, 0, 0);
	for (int i = 0; i < 20; i++) {
		uint64_t account = failures_who(SPAN("dies"), span_of(&i, sizeof(i)));
		pid_t child = fork();

		assert_true(child >= 0);
		if (child == 0)
			for (;;)
				(void)failures_note(account, START);
		while (failures_permit(account, START) == 0)
			usleep((useconds_t)(200 + 37 * i));
		kill(child, SIGKILL);
		assert_int_equal(waitpid(child, NULL, 0), child);
		(void)failures_note(who("after"), START);
		assert_int_equal(failures_permit(account, START), ERR_FAILURES);
	}
}

static int
setup(void **state)
{
	(void)state;
	return failures_init();
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	rows_add(&r, "no wait is longer than an hour", test_longest_wait, NULL);
	rows_add(&r, "the limit is told once", test_limit_is_told_once, NULL);
	rows_add(&r, "an alarm once a minute", test_alarm, NULL);
	rows_add(&r, "an alarm once an hour", test_alarm_hour, NULL);
	rows_add(&r, "nothing is counted when it is off", test_off, NULL);
	rows_add(&r, "a flood of accounts hides nobody", test_full, NULL);
	rows_add(&r, "a process that is killed leaves no lock", test_death, NULL);
	return rows_run(&r, "failures", setup, NULL);
}
