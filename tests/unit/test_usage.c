/* usage: seconds fall into ranges by their load, sums never go back but by a reset. */
#include "rows.h"

#include "usage.h"

static const uint64_t second = 1000000000, ms = 1000000;

static uint64_t clock_now = 5000000000000;
static struct stats *pages;

/* In place of the one in stats.c. */
uint64_t
stats_now(void)
{
	return clock_now;
}

static uint64_t
seconds(void)
{
	struct usage_load load;

	usage_read_load(&load);
	assert_int_equal(load.now - load.since, load.seconds);
	return load.seconds;
}

static uint64_t
in_range(unsigned range)
{
	struct usage_load load;
	uint64_t sum = 0;

	usage_read_load(&load);
	for (unsigned i = 0; i < USAGE_RANGES; i++)
		sum += load.period[i];
	assert_int_equal(sum, load.seconds);
	return load.period[range];
}

/* A server with so many workers, and the clock just behind the start of a second. */
static void
start(unsigned workers)
{
	uint64_t before;

	free(pages);
	pages = calloc(1, sizeof(*pages));
	assert_non_null(pages);
	assert_int_equal(usage_open(pages, workers, 1), 0);
	before = seconds();
	while (seconds() == before)
		clock_now += ms;
}

static void
work(unsigned worker, uint64_t from, uint64_t to)
{
	usage_worked(&pages->worker[worker], clock_now + from * ms, clock_now + to * ms);
}

static const struct row {
	const char *name;
	unsigned    workers;
	unsigned    busy[2];	/* ms of a second, of two workers */
	unsigned    range;
} rows[] = {
	{ "no work is in the first range", 1, { 0, 0 }, 0 },
	{ "9 percent are, too", 1, { 90, 0 }, 0 },
	{ "11 percent are in the second", 1, { 110, 0 }, 1 },
	{ "a second full of work is in the last", 1, { 998, 0 }, 9 },
	{ "one worker of two is half of the load", 2, { 900, 0 }, 4 },
	{ "the work of two is added up", 2, { 500, 700 }, 6 },
	{ "both all the time are the last range", 2, { 990, 990 }, 9 },
	{ "a spare worker that helps out is no more than all", 1, { 990, 990 }, 9 },
};

static void
test_row(void **state)
{
	const struct row *row = *state;

	start(row->workers);
	usage_reset_load();
	for (unsigned i = 0; i < 2; i++)
		if (row->busy[i] != 0)
			work(i, 0, row->busy[i]);
	clock_now += second;
	assert_int_equal(seconds(), 1);
	assert_int_equal(in_range(row->range), 1);
}

/* Pieces of work in one second add up, and each second has its own. */
static void
test_pieces(void **state)
{
	(void)state;
	start(1);
	usage_reset_load();
	for (unsigned i = 0; i < 8; i++)
		work(0, 100 * i, 100 * i + 100);
	work(0, 1000, 1050);
	work(0, 2500, 2950);
	clock_now += 3 * second;
	assert_int_equal(in_range(8), 1);
	assert_int_equal(in_range(0), 1);
	assert_int_equal(in_range(4), 1);
}

/* A long request is in every second that it takes. */
static void
test_long(void **state)
{
	(void)state;
	start(1);
	usage_reset_load();
	work(0, 650, 3150);
	clock_now += 5 * second;
	assert_int_equal(in_range(3), 1);
	assert_int_equal(in_range(9), 2);
	assert_int_equal(in_range(1), 1);
	assert_int_equal(in_range(0), 1);
}

/* While it runs it counts, and not once more when it has ended. */
static void
test_running(void **state)
{
	uint64_t began;

	(void)state;
	start(1);
	usage_reset_load();
	began = clock_now;
	atomic_store(&pages->worker[0].busy_since, began);
	clock_now += 30 * second;
	assert_int_equal(in_range(9), 30);
	atomic_store(&pages->worker[0].busy_since, 0);
	usage_worked(&pages->worker[0], began, clock_now);
	clock_now += 2 * second;
	assert_int_equal(in_range(9), 30);
	assert_int_equal(in_range(0), 2);
}

/* A day without requests, and the second before it that nobody has looked at. */
static void
test_idle(void **state)
{
	(void)state;
	start(1);
	usage_reset_load();
	work(0, 0, 650);
	clock_now += 86400 * second;
	work(0, 0, 950);
	clock_now += second;
	assert_int_equal(seconds(), 86401);
	assert_int_equal(in_range(6), 1);
	assert_int_equal(in_range(9), 1);
}

static void
count(unsigned worker, const char *code, unsigned n)
{
	*stats_volume(&pages->worker[worker], (const uint8_t *)code) += n;
}

static void
test_volumes(void **state)
{
	static struct usage_volumes v;

	(void)state;
	start(2);
	count(0, "NC", 2);
	count(1, "NC", 3);
	count(2, "A0", 1);
	count(STATS_WORKERS + 1, "EI", 4);	/* a slow worker */
	count(0, "~~", 5);
	usage_read_volumes(&v);
	assert_int_equal(v.n, 4);
	assert_memory_equal(v.command[0].code, "A0", 2);
	assert_int_equal(v.command[0].requests, 1);
	assert_memory_equal(v.command[1].code, "EI", 2);
	assert_int_equal(v.command[1].requests, 4);
	assert_memory_equal(v.command[2].code, "NC", 2);
	assert_int_equal(v.command[2].requests, 5);
	assert_memory_equal(v.command[3].code, "~~", 2);
	usage_reset_load();
	usage_read_volumes(&v);
	assert_int_equal(v.n, 0);
	assert_int_equal(v.seconds, 0);
	count(1, "NC", 1);
	usage_read_volumes(&v);
	assert_int_equal(v.n, 1);
	assert_int_equal(v.command[0].requests, 1);
}

static void
test_many(void **state)
{
	static struct usage_volumes v;

	(void)state;
	start(1);
	for (char a = 'A'; a <= 'Z'; a++) {
		for (char b = 'A'; b <= 'Z'; b++) {
			const char code[] = { a, b };

			count(0, code, 1);
		}
	}
	usage_read_volumes(&v);
	assert_int_equal(v.n, USAGE_VOLUMES);
}

static void
test_health(void **state)
{
	struct usage_health h;
	uint64_t number;

	(void)state;
	start(1);
	usage_read_health(&h);
	number = h.number;
	usage_health(HEALTH_PIN_HOUR);
	usage_health(HEALTH_PIN_HOUR);
	usage_health(HEALTH_TAMPER);
	clock_now += 7 * second;
	usage_read_health(&h);
	assert_int_equal(h.count[HEALTH_PIN_HOUR], 2);
	assert_int_equal(h.count[HEALTH_TAMPER], 1);
	assert_int_equal(h.count[HEALTH_REBOOT], 0);
	assert_int_equal(h.now - h.since, 8);
	assert_int_equal(h.number, number);
	usage_reset_health();
	usage_read_health(&h);
	assert_int_equal(h.number, number + 8);
	assert_int_equal(h.count[HEALTH_PIN_HOUR], 0);
	assert_int_equal(h.now, h.since);
	assert_int_equal(seconds(), 8);
}

/* Counts of a run before go on, until they are reset. */
static void
test_restored(void **state)
{
	struct usage_health h = { .count = { [HEALTH_REBOOT] = 3 } };

	(void)state;
	start(1);
	h.since = usage_now() - 100;
	usage_restore_health(&h);
	usage_health(HEALTH_REBOOT);
	clock_now += 5 * second;
	usage_read_health(&h);
	assert_int_equal(h.count[HEALTH_REBOOT], 4);
	assert_in_range(h.now - h.since, 105, 106);
	usage_reset_health();
	usage_read_health(&h);
	assert_int_equal(h.count[HEALTH_REBOOT], 0);
	assert_int_equal(h.now, h.since);
}

/* Before usage_open: proofs, and programs that serve nobody. */
static void
test_closed(void **state)
{
	static struct usage_volumes v;
	static struct stats_worker w;
	struct usage_health h;

	(void)state;
	usage_worked(&w, 0, second);
	usage_health(HEALTH_TAMPER);
	usage_reset_load();
	usage_reset_health();
	assert_int_equal(seconds(), 0);
	usage_read_volumes(&v);
	assert_int_equal(v.n, 0);
	usage_read_health(&h);
	assert_int_equal(h.count[HEALTH_TAMPER], 0);
	assert_int_equal(h.now, usage_now());
}

int
main(void)
{
	struct rows r = { 0 };

	rows_add(&r, "without a server nothing is counted", test_closed, NULL);
	ROWS(&r, rows, test_row);
	rows_add(&r, "pieces of work add up, second by second", test_pieces, NULL);
	rows_add(&r, "a long request is in all its seconds", test_long, NULL);
	rows_add(&r, "a request that runs counts, and once", test_running, NULL);
	rows_add(&r, "idle seconds are in the first range", test_idle, NULL);
	rows_add(&r, "volumes are summed over all pages, by code", test_volumes, NULL);
	rows_add(&r, "of very many commands the first are told", test_many, NULL);
	rows_add(&r, "health is counted and reset by itself", test_health, NULL);
	rows_add(&r, "counts of a run before", test_restored, NULL);
	return rows_run(&r, "usage", NULL, NULL);
}
