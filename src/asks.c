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
	unsigned               naway;
	uint64_t               last;	/* number given */
	int                    fd;	/* -1: no keeper there */
	struct event           readable, turn, tick;
};

/* Look at what waits when who asks has come to an end. */
static void
wake(struct asks *a)
{
	event_active(&a->turn, EV_TIMEOUT, 0);
}

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
	if (queue == &a->away)
		a->naway--;
	job->number = 0;
	a->done(job, answer, again);
}

/* Let as many ask as there is room for; those that wait again are behind them. */
static void
dispatch(struct asks *a)
{
	struct asks_job *job, *last = TAILQ_LAST(&a->waiting, jobs);
	bool all = false;

	while (!all && a->fd >= 0 && a->naway < ASKS_AWAY &&
	    (job = TAILQ_FIRST(&a->waiting)) != NULL) {
		all = job == last;
		finish(a, &a->waiting, job, NULL, true);
	}
}

static void
on_turn(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	dispatch(arg);
}

static void
cut(struct asks *a)
{
	if (a->fd < 0)
		return;
	event_del(&a->readable);
	close(a->fd);
	a->fd = -1;
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
		a->naway--;
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

static void
on_answer(evutil_socket_t fd, short what, void *arg)
{
	struct asks *a = arg;
	struct asks_job *job;
	int r;

	(void)what;
	if (a->m == NULL && (a->m = secret_alloc(sizeof(*a->m))) == NULL)
		r = ERR_NO_ROOM;
	else
		r = keeper_receive(fd, a->m);
	/* nobody waits any more for one that is too late */
	if (r == 1 && (job = numbered(a, a->m->number)) != NULL)
		finish(a, &a->away, job, a->m, false);
	if (r == 1)
		sodium_memzero(a->m, sizeof(*a->m));
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
	evtimer_assign(&a->turn, base, on_turn, a);
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
	event_del(&a->turn);
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
asks_put(struct asks *a, struct asks_job *job, struct keeper_message *question)
{
	job->number = question->number = ++a->last;
	job->repeats = keeper_repeats(question);
	keep_time(a);
	if (a->fd >= 0 && a->naway < ASKS_AWAY && keeper_send(a->fd, question) == 0) {
		TAILQ_INSERT_TAIL(&a->away, job, entry);
		a->naway++;
	} else {
		TAILQ_INSERT_TAIL(&a->waiting, job, entry);
		/* with none under way there is no answer to wake us */
		if (a->naway == 0 && a->fd >= 0)
			wake(a);
	}
	sodium_memzero(question, sizeof(*question));
}

void
asks_forget(struct asks *a, struct asks_job *job)
{
	if (job->number == 0)
		return;
	if (numbered(a, job->number) == job) {
		TAILQ_REMOVE(&a->away, job, entry);
		a->naway--;
	} else {
		TAILQ_REMOVE(&a->waiting, job, entry);
	}
	job->number = 0;
}
