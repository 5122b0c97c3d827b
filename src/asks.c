/*
 * asks: one link, two queues.
 */
#include "asks.h"

#include <assert.h>
#include <stdlib.h>
#include <unistd.h>

#include <event2/event.h>
#include <event2/event_struct.h>
#include <sodium.h>

#include "err.h"
#include "keeper.h"
#include "secret.h"
#include "stats.h"

TAILQ_HEAD(jobs, asks_job);

struct asks {
	struct event_base     *base;
	asks_done             *done;
	struct keeper_message *m;	/* an answer, in the slab; NULL until the first */
	struct jobs            waiting, away;
	unsigned               owed;	/* answers to come, those nobody waits for included */
	uint64_t               last;	/* number given */
	int                    fd;	/* -1: no keeper there */
	bool                   draining;
	struct event           readable, tick;
};

static void
keep_time(struct asks *a)
{
	static const struct timeval tick = { 0, ASKS_TICK_MS * 1000 };

	if (!evtimer_pending(&a->tick, NULL))
		evtimer_add(&a->tick, &tick);
}

static void
finish(struct asks *a, struct jobs *queue, struct asks_job *job, struct keeper_message *answer,
    bool again)
{
	TAILQ_REMOVE(queue, job, entry);
	job->number = 0;
	a->done(job, answer, again);
}

/* Let as many ask as there is room for; those that wait again are behind them. In a drain
 * no other keeper will come. */
static void
dispatch(struct asks *a)
{
	struct asks_job *job, *last = TAILQ_LAST(&a->waiting, jobs);
	bool all = false;

	while (!all && a->fd >= 0 && a->owed < ASKS_AWAY &&
	    (job = TAILQ_FIRST(&a->waiting)) != NULL) {
		all = job == last;
		finish(a, &a->waiting, job, NULL, true);
	}
	while (a->draining && a->fd < 0 && (job = TAILQ_FIRST(&a->waiting)) != NULL)
		finish(a, &a->waiting, job, NULL, false);
}

static void
cut(struct asks *a)
{
	if (a->fd < 0)
		return;
	event_del(&a->readable);
	close(a->fd);
	a->fd = -1;
	a->owed = 0;
}

/* The keeper is gone: what can be asked again waits for the next one. */
static void
lose(struct asks *a)
{
	struct asks_job *job;

	cut(a);
	while ((job = TAILQ_LAST(&a->away, jobs)) != NULL) {
		if (!job->repeats) {
			finish(a, &a->away, job, NULL, false);
			continue;
		}
		TAILQ_REMOVE(&a->away, job, entry);
		TAILQ_INSERT_HEAD(&a->waiting, job, entry);
	}
}

static struct asks_job *
numbered(struct asks *a, uint64_t number)
{
	struct asks_job *job;

	TAILQ_FOREACH(job, &a->away, entry) {
		if (job->number == number)
			break;
	}
	return job;
}

/* Give job the answer that has come; NULL: nobody waits for it any more. As keeper_receive. */
static int
take(struct asks *a, struct asks_job *job)
{
	int r;

	if (job != NULL && a->m == NULL)
		a->m = secret_alloc(sizeof(*a->m));
	if (job == NULL || a->m == NULL) {
		keeper_skip(a->fd);
		if (job != NULL)
			finish(a, &a->away, job, NULL, false);
		return 1;
	}
	if ((r = keeper_receive(a->fd, a->m)) == 1)
		finish(a, &a->away, job, a->m, false);
	sodium_memzero(a->m, sizeof(*a->m));
	return r;
}

static void
on_answer(evutil_socket_t fd, short what, void *arg)
{
	struct asks *a = arg;
	uint64_t number;
	int r = keeper_next(fd, &number);

	(void)what;
	if (r == 1 && a->owed == 0)
		r = ERR_SYSTEM;		/* it talks nonsense: as good as gone */
	if (r == 1) {
		a->owed--;
		r = take(a, numbered(a, number));
	}
	if (r < 0)
		lose(a);
	dispatch(a);
}

/* End what has waited for too long; the queues are in no order of time. */
static bool
end_old(struct asks *a, struct jobs *queue, uint64_t now)
{
	struct asks_job *job;

	TAILQ_FOREACH(job, queue, entry) {
		if (now > job->since && now - job->since > KEEPER_MS * 1000000ULL) {
			finish(a, queue, job, NULL, false);
			return true;
		}
	}
	return false;
}

static void
on_tick(evutil_socket_t fd, short what, void *arg)
{
	struct asks *a = arg;
	uint64_t now = stats_now();

	(void)fd;
	(void)what;
	while (end_old(a, &a->away, now) || end_old(a, &a->waiting, now))
		;
	if (!TAILQ_EMPTY(&a->waiting) || !TAILQ_EMPTY(&a->away))
		keep_time(a);
	dispatch(a);
}

struct asks *
asks_new(struct event_base *base, asks_done *done)
{
	struct asks *a = calloc(1, sizeof(*a));

	if (a == NULL)
		return NULL;
	a->base = base;
	a->done = done;
	a->fd = -1;
	TAILQ_INIT(&a->waiting);
	TAILQ_INIT(&a->away);
	evtimer_assign(&a->tick, base, on_tick, a);
	return a;
}

void
asks_free(struct asks *a)
{
	if (a == NULL)
		return;
	assert(TAILQ_EMPTY(&a->waiting) && TAILQ_EMPTY(&a->away));
	cut(a);
	event_del(&a->tick);
	secret_free(a->m);
	free(a);
}

void
asks_link(struct asks *a, int fd)
{
	lose(a);
	a->fd = fd;
	event_assign(&a->readable, a->base, fd, EV_READ | EV_PERSIST, on_answer, a);
	event_add(&a->readable, NULL);
	dispatch(a);
}

void
asks_drain(struct asks *a)
{
	a->draining = true;
	dispatch(a);
}

void
asks_put(struct asks *a, struct asks_job *job, struct keeper_message *question)
{
	job->number = question->number = ++a->last;
	job->repeats = keeper_repeats(question);
	keep_time(a);
	if (a->fd >= 0 && a->owed < ASKS_AWAY && keeper_send(a->fd, question) == 0) {
		TAILQ_INSERT_TAIL(&a->away, job, entry);
		a->owed++;
	} else {
		TAILQ_INSERT_TAIL(&a->waiting, job, entry);
	}
	sodium_memzero(question, sizeof(*question));
}

void
asks_forget(struct asks *a, struct asks_job *job)
{
	if (job->number == 0)
		return;
	TAILQ_REMOVE(numbered(a, job->number) == job ? &a->away : &a->waiting, job, entry);
	job->number = 0;
}
