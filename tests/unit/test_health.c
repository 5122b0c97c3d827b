/* health: the file that J8's counts are kept in, through starts that this process plays. */
#include "health.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rows.h"
#include "usage.h"

static char dir[] = "/tmp/luahsm-test-XXXXXX", path[60];
static struct stats *pages;

static int
setup(void **state)
{
	(void)state;
	pages = stats_map();
	snprintf(path, sizeof(path), "%s/health", mkdtemp(dir) != NULL ? dir : "");
	return pages == NULL;
}

static int
teardown(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(dir);
}

/* The server starts: what it tells then. */
static struct usage_health
started(const char *from)
{
	struct usage_health h;

	assert_int_equal(usage_open(pages, 1, 0), 0);
	health_open(from);
	usage_read_health(&h);
	return h;
}

static void
put(const char *text, mode_t mode)
{
	FILE *f;

	unlink(path);
	assert_non_null(f = fopen(path, "w"));
	fputs(text, f);
	fclose(f);
	assert_int_equal(chmod(path, mode), 0);
}

static const struct row {
	const char *name, *text;
	mode_t      mode;
	uint64_t    reboots, attacks;
} rows[] = {
	{ "one start more", "luahsm-health 1 1700000000 4 0 1 2 3\n", 0600, 5, 3 },
	{ "a start that is yet to come", "luahsm-health 1 99999999999 0 0 0 0 0\n", 0600, 1, 0 },
	{ "another format", "luahsm-health 2 1700000000 4 0 1 2 3\n", 0600, 0, 0 },
	{ "cut short", "luahsm-health 1 1700000000 4 0 1", 0600, 0, 0 },
	{ "empty", "", 0600, 0, 0 },
	{ "everybody's", "luahsm-health 1 1700000000 4 0 1 2 3\n", 0666, 0, 0 },
};

static void
test_row(void **state)
{
	const struct row *row = *state;
	struct usage_health h;

	put(row->text, row->mode);
	h = started(path);
	assert_int_equal(h.count[HEALTH_REBOOT], row->reboots);
	assert_int_equal(h.count[HEALTH_PIN_ATTACK], row->attacks);
	assert_true(h.since <= h.now);
}

/* What is counted in one run is there in the next, and what is reset is not. */
static void
test_runs(void **state)
{
	struct usage_health h;

	(void)state;
	unlink(path);
	h = started(path);
	assert_int_equal(h.count[HEALTH_REBOOT], 0);
	usage_health(HEALTH_PIN_HOUR);
	health_keep(true);
	h = started(path);
	assert_int_equal(h.count[HEALTH_REBOOT], 1);
	assert_int_equal(h.count[HEALTH_PIN_HOUR], 1);
	usage_reset_health();
	health_keep(true);
	h = started(path);
	assert_int_equal(h.count[HEALTH_REBOOT], 1);
	assert_int_equal(h.count[HEALTH_PIN_HOUR], 0);
}

static void
read_back(char text[200])
{
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	text[fread(text, 1, 199, f)] = '\0';
	fclose(f);
}

/* Counts that can't be trusted are somebody's to look at, and not ours to replace. */
static void
test_left(void **state)
{
	static const char counts[] = "luahsm-health 1 1700000000 4 0 1 2 3\n";
	char text[200];

	(void)state;
	put(counts, 0666);
	(void)started(path);
	usage_health(HEALTH_PIN_HOUR);
	health_keep(true);
	read_back(text);
	assert_string_equal(text, counts);
}

/* A place that can't be written to for a while is tried again. */
static void
test_again(void **state)
{
	(void)state;
	unlink(path);
	(void)started(path);
	usage_health(HEALTH_PIN_HOUR);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	health_keep(true);
	health_keep(true);
	assert_int_equal(rmdir(path), 0);
	health_keep(true);
	assert_int_equal(started(path).count[HEALTH_PIN_HOUR], 1);
}

/* Only what is counted, or a reset, writes the file; and not twice at once, but at the end. */
static void
test_writes(void **state)
{
	(void)state;
	unlink(path);
	(void)started(path);
	assert_int_equal(unlink(path), 0);
	health_keep(true);
	assert_int_not_equal(access(path, F_OK), 0);
	usage_health(HEALTH_PIN_HOUR);
	health_keep(false);
	assert_int_not_equal(access(path, F_OK), 0);
	health_keep(true);
	assert_int_equal(access(path, F_OK), 0);
}

/* No folder is made for it. */
static void
test_nowhere(void **state)
{
	char there[80];

	(void)state;
	snprintf(there, sizeof(there), "%s/none/health", dir);
	assert_int_equal(started(there).count[HEALTH_REBOOT], 0);
	health_keep(true);
	assert_int_not_equal(access(there, F_OK), 0);
	assert_int_equal(started("").count[HEALTH_REBOOT], 0);
}

int
main(void)
{
	struct rows r = { 0 };

	ROWS(&r, rows, test_row);
	rows_add(&r, "three runs", test_runs, NULL);
	rows_add(&r, "counts that others may write", test_left, NULL);
	rows_add(&r, "a failed write", test_again, NULL);
	rows_add(&r, "when it is written", test_writes, NULL);
	rows_add(&r, "nowhere", test_nowhere, NULL);
	return rows_run(&r, "health", setup, teardown);
}
