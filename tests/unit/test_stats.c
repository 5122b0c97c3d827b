/* stats: replies land in their pair's counter, whatever a host sends. */
#include "rows.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stats.h"

static struct stats *page;

static int
setup(void **state)
{
	(void)state;
	return (page = stats_map()) != NULL ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	return munmap(page, sizeof(*page));
}

static uint64_t
count_of(const struct stats_worker *w, const char *pair)
{
	uint64_t n = 0;

	for (int i = 0; i < STATS_CODES; i++)
		if (memcmp(w->codes[i].command, pair, 2) == 0 &&
		    memcmp(w->codes[i].code, pair + 2, 2) == 0)
			n += w->codes[i].count;
	return n;
}

static void
count(struct stats_worker *w, const char *pair)
{
	stats_count(w, (const uint8_t *)pair, (const uint8_t *)pair + 2);
}

static const struct row {
	const char *name;
	const char *sent;	/* command and code */
	const char *counted;
} rows[] = {
	{ "a pair", "NC00", "NC00" },
	{ "the same command, another code", "NC15", "NC15" },
	{ "a code with a letter", "A0A2", "A0A2" },
	{ "lower case is as it is", "nc67", "nc67" },
	{ "a control character is any odd command", "\1A67", "??67" },
	{ "two NULs are, too, and take no free slot", "\0\0" "67", "??67" },
	{ "a space is", "A 67", "??67" },
	{ "a byte above ASCII is", "A\377" "67", "??67" },
};

static void
test_row(void **state)
{
	const struct row *row = *state;
	struct stats_worker *w = &page->worker[0];
	uint64_t before = count_of(w, row->counted), requests = w->requests;

	count(w, row->sent);
	count(w, row->sent);
	assert_int_equal(count_of(w, row->counted), before + 2);
	assert_int_equal(w->requests, requests + 2);
}

/* A host that makes up every code fills the table, and all that is lost is its own counts. */
static void
test_flood(void **state)
{
	struct stats_worker *w = &page->worker[1];
	uint64_t sum = 0;

	(void)state;
	count(w, "NC00");
	for (char a = '!'; a <= '~'; a++) {
		for (char b = '!'; b <= '~'; b++) {
			const char pair[] = { a, b, '6', '7' };

			count(w, pair);
		}
	}
	count(w, "NC00");
	for (int i = 0; i < STATS_CODES; i++)
		sum += w->codes[i].count;
	assert_int_equal(w->requests, 94 * 94 + 2);
	assert_in_range(sum, STATS_CODES / 2, STATS_CODES + 2);
	assert_int_equal(count_of(w, "NC00"), 2);
}

static void
test_shared(void **state)
{
	pid_t pid;
	int status;

	(void)state;
	if ((pid = fork()) == 0) {
		count(&page->worker[2], "B200");
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(count_of(&page->worker[2], "B200"), 1);
	assert_int_equal(page->worker[2].requests, 1);
}

static void
test_clock(void **state)
{
	uint64_t before = stats_now();

	(void)state;
	usleep(2000);
	assert_in_range(stats_now() - before, 2000000, 10000000000);
}

int
main(void)
{
	struct rows r = { 0 };

	ROWS(&r, rows, test_row);
	rows_add(&r, "made-up commands do not crowd out the others", test_flood, NULL);
	rows_add(&r, "what a child counts, its parent sees", test_shared, NULL);
	rows_add(&r, "the clock counts nanoseconds", test_clock, NULL);
	return rows_run(&r, "stats", setup, teardown);
}
