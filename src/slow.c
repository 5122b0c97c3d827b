/*
 * slow: the queue, the links, and who is away on which.
 */
#include "slow.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include <event2/event.h>
#include <event2/event_struct.h>

#include "errand.h"
#include "err.h"
#include "frame.h"
#include "pool.h"
#include "stats.h"

TAILQ_HEAD(jobs, slow_job);

struct link {
	struct slow  *set;
	struct event  event;
	int           fd;	/* -1: no slow worker there */
	uint64_t      number;	/* of the request it carries; 0: none */
	const struct stats_worker *page;
};

struct slow {
	struct event_base *base;
	slow_done         *done;
	struct pool       *pool;	/* of replies as they come in */
	struct jobs        waiting, away;
	uint64_t           last;	/* number given */
	struct event       send;	/* runs dispatch when who asked has come to an end */
	bool               draining;
	struct link        link[STATS_SLOW];
};

static void on_send(evutil_socket_t fd, short what, void *arg);

struct slow *
slow_new(struct event_base *base, slow_done *done)
{
	struct slow *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	if ((s->pool = pool_new(FRAME_LIMIT, 1)) == NULL || pool_fill(s->pool) != 0) {
		pool_free(s->pool);
		free(s);
		return NULL;
	}
	s->base = base;
	s->done = done;
	evtimer_assign(&s->send, base, on_send, s);
	TAILQ_INIT(&s->waiting);
	TAILQ_INIT(&s->away);
	for (unsigned i = 0; i < STATS_SLOW; i++) {
		s->link[i].set = s;
		s->link[i].fd = -1;
	}
	return s;
}

static void
cut(struct link *l)
{
	if (l->fd < 0)
		return;
	event_del(&l->event);
	close(l->fd);
	l->fd = -1;
	l->number = 0;
}

void
slow_free(struct slow *s)
{
	if (s == NULL)
		return;
	assert(TAILQ_EMPTY(&s->waiting) && TAILQ_EMPTY(&s->away));
	for (unsigned i = 0; i < STATS_SLOW; i++)
		cut(&s->link[i]);
	event_del(&s->send);
	pool_free(s->pool);
	free(s);
}

static void
finish(struct slow *s, struct jobs *queue, struct slow_job *job, struct span reply)
{
	TAILQ_REMOVE(queue, job, entry);
	job->number = 0;
	s->done(job, reply);
}

/* End the request that the link carries, if somebody still waits for it. */
static void
arrive(struct link *l, struct span reply)
{
	struct slow *s = l->set;
	uint64_t number = l->number;
	struct slow_job *job;

	l->number = 0;
	TAILQ_FOREACH(job, &s->away, entry) {
		if (job->number == number) {
			finish(s, &s->away, job, reply);
			return;
		}
	}
}

static bool
has_links(const struct slow *s)
{
	for (unsigned i = 0; i < STATS_SLOW; i++)
		if (s->link[i].fd >= 0)
			return true;
	return false;
}

/* Its slow worker is gone: its request fails. */
static void
lose(struct link *l)
{
	arrive(l, span_of(NULL, 0));
	cut(l);
}

/* A link that carries nothing: best to a slow worker that is idle, and has not
 * the requests of another worker to answer first. */
static struct link *
choose(struct slow *s)
{
	struct link *any = NULL;

	for (unsigned i = 0; i < STATS_SLOW; i++) {
		struct link *l = &s->link[i];

		if (l->fd < 0 || l->number != 0)
			continue;
		if (l->page == NULL ||
		    atomic_load_explicit(&l->page->busy_since, memory_order_relaxed) == 0)
			return l;
		any = l;
	}
	return any;
}

/* Send what waits, as far as there are links; in a drain no more will come. */
static void
dispatch(struct slow *s)
{
	struct slow_job *job;
	struct link *l;
	int r;

	while ((job = TAILQ_FIRST(&s->waiting)) != NULL && (l = choose(s)) != NULL) {
		const struct errand e = { job->number, job->from.lmk, job->from.unix_socket,
			job->from.uid, job->from.pid };

		if ((r = errand_send(l->fd, &e, job->msg)) == 0) {
			TAILQ_REMOVE(&s->waiting, job, entry);
			TAILQ_INSERT_TAIL(&s->away, job, entry);
			l->number = job->number;
		} else if (r == ERR_SYSTEM) {
			lose(l);
		} else {
			finish(s, &s->waiting, job, span_of(NULL, 0));
		}
	}
	while (s->draining && !has_links(s) && (job = TAILQ_FIRST(&s->waiting)) != NULL)
		finish(s, &s->waiting, job, span_of(NULL, 0));
}

static void
on_send(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	dispatch(arg);
}

/* Take a reply. 1, 0: there is none, or negative: the slow worker is gone. */
static int
take(struct link *l)
{
	struct pool *pool = l->set->pool;
	uint8_t *buf = pool_take(pool);
	struct errand e;
	size_t n = 0;
	int r;

	assert(buf != NULL);		/* a link that is cut for want of it is cut for good */
	r = errand_receive(l->fd, &e, buf, &n);
	if (r == 1 && (e.number != l->number || n == 0))
		r = ERR_SYSTEM;		/* it talks nonsense: as good as gone */
	if (r == 1)
		arrive(l, span_of(buf, n));
	pool_put(pool, buf, r < 0 ? FRAME_LIMIT : n);
	return r;
}

static void
on_reply(evutil_socket_t fd, short what, void *arg)
{
	struct link *l = arg;

	(void)fd;
	(void)what;
	if (take(l) < 0)
		lose(l);
	dispatch(l->set);
}

void
slow_link(struct slow *s, unsigned number, int fd, const struct stats_worker *page)
{
	struct link *l = &s->link[number];

	assert(number < STATS_SLOW);
	if (l->fd >= 0 && l->number != 0)
		(void)take(l);		/* its last word */
	if (l->fd >= 0)
		lose(l);
	l->fd = fd;
	l->page = page;
	event_assign(&l->event, s->base, fd, EV_READ | EV_PERSIST, on_reply, l);
	event_add(&l->event, NULL);
	dispatch(s);
}

void
slow_ask(struct slow *s, struct slow_job *job, struct origin from, struct span msg)
{
	job->number = ++s->last;
	job->from = from;
	job->msg = msg;
	TAILQ_INSERT_TAIL(&s->waiting, job, entry);
	event_active(&s->send, EV_TIMEOUT, 0);
}

void
slow_forget(struct slow *s, struct slow_job *job)
{
	struct slow_job *other;

	if (job->number == 0)
		return;
	TAILQ_FOREACH(other, &s->away, entry) {
		if (other == job)
			break;
	}
	TAILQ_REMOVE(other != NULL ? &s->away : &s->waiting, job, entry);
	job->number = 0;
}

void
slow_drain(struct slow *s)
{
	s->draining = true;
	event_active(&s->send, EV_TIMEOUT, 0);
}
