/*
 * usage: seconds have numbers, of the monotonic clock and in step with the
 * wall clock as it was when the server began, so that a clock that is set
 * changes no count.
 */
#include "usage.h"

#include <assert.h>
#include <string.h>
#include <time.h>

#include "err.h"
#include "shared.h"

static const uint64_t second = 1000000000;
static const uint64_t standstill = 1767225600;	/* 1 January 2026, in proofs */

/* What a dead owner of the lock left is whole but for one second's place. */
struct usage {
	struct shared_lock lock;
	unsigned           workers, slow;
	uint64_t           zero;	/* when second number 0 began */
	uint64_t           since;	/* the first second that counts */
	_Atomic uint64_t   folded;	/* all seconds before it are in period */
	uint64_t           period[USAGE_RANGES];
	uint64_t           before[STATS_VOLUMES];	/* sums at the last reset */
	uint64_t           health_since;
	uint64_t           health_before;	/* seconds it was counted for in other runs */
	_Atomic uint64_t   health[HEALTH_COUNTS];
};

static struct usage *usage;
static const struct stats *pages;

int
usage_open(const struct stats *s, unsigned workers, unsigned slow)
{
	struct timespec wall;

	if ((usage = shared_map(sizeof(*usage))) == NULL)
		return ERR_NO_MEMORY;
	pages = s;
	usage->workers = workers;
	usage->slow = slow;
	clock_gettime(CLOCK_REALTIME, &wall);
	usage->zero = stats_now() - (uint64_t)wall.tv_nsec;
	shared_lock_init(&usage->lock);
	return 0;
}

static uint64_t
number_of(uint64_t t)
{
	return t < usage->zero ? 0 : (t - usage->zero) / second;
}

static uint64_t
start_of(uint64_t number)
{
	return usage->zero + number * second;
}

/* --- load ---------------------------------------------------------------- */

/* The part of from to to that lies in a second. */
static uint64_t
overlap(uint64_t number, uint64_t from, uint64_t to)
{
	uint64_t start = start_of(number), end = start + second;

	from = from < start ? start : from;
	to = to < end ? to : end;
	return to > from ? to - from : 0;
}

/* What the workers did in that second, and do in it since. */
static uint64_t
busy_in(uint64_t number)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i <= usage->workers; i++) {
		const struct stats_worker *w = &pages->worker[i];
		const struct stats_second *s = &w->second[number % STATS_SECONDS];
		uint64_t since = atomic_load_explicit(&w->busy_since, memory_order_relaxed);

		sum += s->number == number ? s->busy : 0;
		if (since != 0)
			sum += overlap(number, since, UINT64_MAX);
	}
	return sum;
}

/* The first of the last seconds before end of which a worker may know something. */
static uint64_t
first_known(uint64_t end)
{
	uint64_t first = end < STATS_SECONDS ? 0 : end - STATS_SECONDS;

	for (unsigned i = 0; i <= usage->workers; i++) {
		uint64_t since = atomic_load_explicit(&pages->worker[i].busy_since,
		    memory_order_relaxed);

		if (since != 0 && number_of(since) < first)
			first = number_of(since);
	}
	return first;
}

/* Add up all seconds before end. Nobody came to a new one since the last that is
 * added up, so what lies long behind that and long before end was idle. */
static void
fold(uint64_t end)
{
	uint64_t idle = usage->folded + STATS_SECONDS, known = first_known(end);

	assert(usage->workers > 0);
	while (usage->folded < end) {
		uint64_t whole = usage->workers * second;
		uint64_t range = busy_in(usage->folded) * USAGE_RANGES / whole;

		usage->period[range < USAGE_RANGES ? range : USAGE_RANGES - 1]++;
		usage->folded++;
		if (usage->folded == idle && idle < known) {
			usage->period[0] += known - idle;
			usage->folded = known;
		}
	}
}

/* Its own page, and nobody else writes there. */
static void
note(struct stats_worker *w, uint64_t number, uint64_t busy)
{
	struct stats_second *s = &w->second[number % STATS_SECONDS];

	if (s->number != number) {
		s->busy = 0;
		s->number = number;
	}
	s->busy += busy;
}

void
usage_worked(struct stats_worker *w, uint64_t from, uint64_t to)
{
	uint64_t number, last;

	if (usage == NULL)
		return;
	number = number_of(from);
	last = number_of(to);
	/* The places that are written to now must have been read; who finds the lock
	 * taken leaves it to him who has it. */
	if (number > usage->folded && shared_lock_try(&usage->lock)) {
		fold(number);
		shared_lock_put(&usage->lock);
	}
	if (last - number >= STATS_SECONDS)
		number = last - STATS_SECONDS + 1;
	for (; number <= last; number++)
		note(w, number, overlap(number, from, to));
}

uint64_t
usage_now(void)
{
	struct timespec wall;

	if (usage == NULL)
		return standstill;
	clock_gettime(CLOCK_REALTIME, &wall);
	return (uint64_t)wall.tv_sec;
}

void
usage_read_load(struct usage_load *load)
{
	*load = (struct usage_load){ .since = standstill, .now = standstill };
	if (usage == NULL)
		return;
	shared_lock_take(&usage->lock);
	fold(number_of(stats_now()));
	load->now = usage_now();
	load->seconds = usage->folded - usage->since;
	load->since = load->now - load->seconds;
	memcpy(load->period, usage->period, sizeof(load->period));
	shared_lock_put(&usage->lock);
}

/* --- volumes ------------------------------------------------------------- */

static uint64_t
requests_of(unsigned place)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i <= usage->workers; i++)
		sum += pages->worker[i].volume[place];
	for (unsigned i = 0; i < usage->slow; i++)
		sum += stats_slow(pages, i)->volume[place];
	return sum;
}

void
usage_read_volumes(struct usage_volumes *v)
{
	*v = (struct usage_volumes){ .since = standstill, .now = standstill };
	if (usage == NULL)
		return;
	shared_lock_take(&usage->lock);
	v->now = usage_now();
	v->seconds = number_of(stats_now()) - usage->since;
	v->since = v->now - v->seconds;
	for (unsigned i = 0; i < STATS_VOLUMES && v->n < USAGE_VOLUMES; i++) {
		uint64_t n = requests_of(i) - usage->before[i];

		if (n == 0)
			continue;
		v->command[v->n].code[0] = (char)(STATS_FIRST + i / STATS_LETTERS);
		v->command[v->n].code[1] = (char)(STATS_FIRST + i % STATS_LETTERS);
		v->command[v->n++].requests = n;
	}
	shared_lock_put(&usage->lock);
}

void
usage_reset_load(void)
{
	if (usage == NULL)
		return;
	shared_lock_take(&usage->lock);
	usage->since = number_of(stats_now());
	usage->folded = usage->since;
	memset(usage->period, 0, sizeof(usage->period));
	for (unsigned i = 0; i < STATS_VOLUMES; i++)
		usage->before[i] = requests_of(i);
	shared_lock_put(&usage->lock);
}

/* --- health -------------------------------------------------------------- */

void
usage_health(enum stats_health what)
{
	if (usage != NULL)
		atomic_fetch_add(&usage->health[what], 1);
}

void
usage_read_health(struct usage_health *health)
{
	*health = (struct usage_health){ .since = standstill, .now = standstill };
	if (usage == NULL)
		return;
	health->now = usage_now();
	shared_lock_take(&usage->lock);
	health->number = usage->health_since;
	health->since = health->now - (number_of(stats_now()) - usage->health_since) -
	    usage->health_before;
	shared_lock_put(&usage->lock);
	for (unsigned i = 0; i < HEALTH_COUNTS; i++)
		health->count[i] = atomic_load(&usage->health[i]);
}

void
usage_restore_health(const struct usage_health *health)
{
	uint64_t now = usage_now();

	if (usage == NULL)
		return;
	shared_lock_take(&usage->lock);
	usage->health_since = number_of(stats_now());
	usage->health_before = health->since < now ? now - health->since : 0;
	shared_lock_put(&usage->lock);
	for (unsigned i = 0; i < HEALTH_COUNTS; i++)
		atomic_store(&usage->health[i], health->count[i]);
}

void
usage_reset_health(void)
{
	if (usage == NULL)
		return;
	shared_lock_take(&usage->lock);
	usage->health_since = number_of(stats_now());
	usage->health_before = 0;
	shared_lock_put(&usage->lock);
	for (unsigned i = 0; i < HEALTH_COUNTS; i++)
		atomic_store(&usage->health[i], 0);
}
