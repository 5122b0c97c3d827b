#include "failures.h"

#include <sodium.h>
#include <stdbool.h>
#include <sys/mman.h>

#include "crypto/keytag.h"
#include "err.h"
#include "shared.h"

enum { WAYS = 8, BUCKETS = FAILURES_PLACES / WAYS, MINUTE = 60, HOUR = 60 * MINUTE };

struct place {
	uint64_t who;			/* 0: free */
	uint32_t when[FAILURES_MOST];	/* seconds, 0: none; in no order */
};

/* A place that a dead owner of the lock left half written is a count that is off by one. */
struct failures {
	struct shared_lock lock;
	uint8_t            secret[KEYTAG_SECRET];	/* another one in each server */
	struct window {
		uint32_t   began;
		unsigned   failures;
	} minute, hour;			/* of the alarms */
	struct place       place[BUCKETS][WAYS];
};

static struct failures *store;
static struct failures_rules rules;

int
failures_init(void)
{
	if (store != NULL)
		return 0;
	if ((store = shared_map(sizeof(*store))) == NULL)
		return ERR_NO_MEMORY;
	(void)madvise(store, sizeof(*store), MADV_DONTDUMP);
	randombytes_buf(store->secret, sizeof(store->secret));
	shared_lock_init(&store->lock);
	return 0;
}

void
failures_serve(const struct failures_rules *r)
{
	rules = *r;
}

uint64_t
failures_who(struct span key, struct span subject)
{
	if (rules.limit == 0 && rules.alarm == 0 && rules.alarm_hour == 0)
		return 0;
	return keytag(store->secret, key, subject);
}

/* Failures that still count, and the time of the last of them. */
static unsigned
living(const struct place *p, uint32_t now, uint32_t *last)
{
	unsigned n = 0;

	*last = 0;
	for (unsigned i = 0; i < FAILURES_MOST; i++) {
		if (p->when[i] == 0 || now - p->when[i] >= rules.seconds)
			continue;
		n++;
		if (p->when[i] > *last)
			*last = p->when[i];
	}
	return n;
}

static struct place *
find(uint64_t who)
{
	struct place *bucket = store->place[who % BUCKETS];

	for (unsigned i = 0; i < WAYS; i++)
		if (bucket[i].who == who)
			return &bucket[i];
	return NULL;
}

/* A place for a new one: free, or of the account that has failed least, and then longest ago. */
static struct place *
make_place(uint64_t who, uint32_t now)
{
	struct place *bucket = store->place[who % BUCKETS], *best = NULL;
	unsigned fewest = 0;
	uint32_t oldest = 0;

	for (unsigned i = 0; i < WAYS; i++) {
		uint32_t last;
		unsigned n = living(&bucket[i], now, &last);

		if (best != NULL && (n > fewest || (n == fewest && last >= oldest)))
			continue;
		best = &bucket[i];
		fewest = n;
		oldest = last;
	}
	*best = (struct place){ .who = who };
	return best;
}

static uint32_t
wait_after(unsigned failures)
{
	uint64_t wait = rules.delay;

	if (failures < FAILURES_DELAY)
		return 0;
	wait <<= failures - FAILURES_DELAY;
	return wait < FAILURES_WAIT ? (uint32_t)wait : FAILURES_WAIT;
}

int
failures_permit(uint64_t who, uint32_t now)
{
	const struct place *p;
	uint32_t last;
	unsigned n;
	int r = 0;

	if (who == 0 || rules.limit == 0)
		return 0;
	shared_lock_take(&store->lock);
	if ((p = find(who)) != NULL) {
		n = living(p, now, &last);
		if (n >= rules.limit || now - last < wait_after(n))
			r = ERR_FAILURES;
	}
	shared_lock_put(&store->lock);
	return r;
}

/* Add one failure to an account; true: it was the last that it may have. */
static bool
add(uint64_t who, uint32_t now)
{
	struct place *p = find(who);
	unsigned oldest = 0;
	uint32_t last;

	if (p == NULL)
		p = make_place(who, now);
	for (unsigned i = 1; i < FAILURES_MOST; i++)
		if (p->when[i] < p->when[oldest])
			oldest = i;
	p->when[oldest] = now == 0 ? 1 : now;
	return living(p, now, &last) == rules.limit;
}

/* A failure in the window that runs, or in a new one: how many it has. */
static unsigned
one_more(struct window *w, uint32_t length, uint32_t now)
{
	if (now - w->began >= length)
		*w = (struct window){ .began = now };
	return ++w->failures;
}

unsigned
failures_note(uint64_t who, uint32_t now)
{
	unsigned what = 0;

	if (who == 0)
		return 0;
	shared_lock_take(&store->lock);
	if (rules.limit != 0 && add(who, now))
		what |= FAILURES_REFUSED;
	if (one_more(&store->minute, MINUTE, now) == rules.alarm)
		what |= FAILURES_ALARM;
	if (one_more(&store->hour, HOUR, now) == rules.alarm_hour)
		what |= FAILURES_HOUR;
	shared_lock_put(&store->lock);
	return what;
}
