/*
 * slow_worker: request in, request through, reply out.
 */
#include "slow_worker.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/queue.h>
#include <time.h>
#include <unistd.h>

#include <event2/event.h>
#include <event2/event_struct.h>

#include "command.h"
#include "err.h"
#include "errand.h"
#include "frame.h"
#include "guard.h"
#include "keeper.h"
#include "pool.h"
#include "stats.h"
#include "worker.h"

struct link {
	LIST_ENTRY(link)    entry;
	struct slow_worker *set;
	struct event        event;
	int                 fd;
};

struct slow_worker {
	struct event_base       *base;
	struct commands         *commands;
	struct stats_worker     *stats;
	struct slow_worker_calls calls;
	struct pool             *pool;
	LIST_HEAD(, link)        links;
	size_t                   count;
	int                      keeper;	/* -1: not there */
	bool                     draining;
};

/*
 * Ask the keeper and wait: there is nothing else to do. While it is replaced
 * the supervisor sends word of the next one, but in a drain.
 */
static int
ask(void *arg, struct keeper_message *m)
{
	static const struct timespec nap = { 0, 5 * 1000000 };
	struct slow_worker *s = arg;
	uint64_t end = stats_now() + KEEPER_MS * 1000000ULL;
	int r = ERR_SYSTEM;

	while (r == ERR_SYSTEM && stats_now() < end) {
		if (s->keeper >= 0) {
			if ((r = keeper_ask(s->keeper, m, KEEPER_MS)) == 0)
				return 0;
			if (r == ERR_SYSTEM)
				slow_worker_keeper(s, -1);
			if (!keeper_repeats(m))
				break;
		} else if (s->draining) {
			break;
		} else {
			nanosleep(&nap, NULL);
			s->calls.before(s->calls.arg);
		}
	}
	return r;
}

struct slow_worker *
slow_worker_new(struct event_base *base, struct commands *commands,
    struct stats_worker *stats, const struct slow_worker_calls *calls)
{
	struct slow_worker *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	if ((s->pool = pool_new(FRAME_LIMIT, 2)) == NULL || pool_fill(s->pool) != 0) {
		pool_free(s->pool);
		free(s);
		return NULL;
	}
	s->base = base;
	s->commands = commands;
	s->stats = stats;
	s->calls = *calls;
	s->keeper = -1;
	commands_ask_by(commands, ask, s);
	LIST_INIT(&s->links);
	return s;
}

static void
cut(struct link *l)
{
	struct slow_worker *s = l->set;

	event_del(&l->event);
	LIST_REMOVE(l, entry);
	close(l->fd);
	free(l);
	s->count--;
	atomic_store_explicit(&s->stats->connections, (uint32_t)s->count, memory_order_relaxed);
}

void
slow_worker_free(struct slow_worker *s)
{
	struct link *l, *next;

	if (s == NULL)
		return;
	for (l = LIST_FIRST(&s->links); l != NULL; l = next) {
		next = LIST_NEXT(l, entry);
		cut(l);
	}
	slow_worker_keeper(s, -1);
	pool_free(s->pool);
	free(s);
}

void
slow_worker_keeper(struct slow_worker *s, int fd)
{
	if (s->keeper >= 0)
		close(s->keeper);
	s->keeper = fd;
}

void
slow_worker_drain(struct slow_worker *s)
{
	s->draining = true;
}

/* Answer the n bytes at in. 0, or negative: the reply can't be given. */
static int
answer(struct link *l, const struct errand *e, const uint8_t *in, size_t n, uint8_t *out)
{
	const struct origin from = { .lmk = e->lmk, .unix_socket = e->unix_socket != 0,
		.uid = e->uid, .pid = e->pid };
	struct stats_worker *stats = l->set->stats;
	size_t length;
	int r;

	atomic_store_explicit(&stats->busy_since, stats_now(), memory_order_relaxed);
	length = command_run(l->set->commands, &from, span_of(in, n), out, FRAME_LIMIT);
	atomic_store_explicit(&stats->busy_since, 0, memory_order_relaxed);
	stats->requests++;
	stats->bytes_in += n;
	stats->bytes_out += length;
	guard_scrub();
	r = errand_send(l->fd, e, span_of(out, length));
	/* One request at a time is under way on a link, so that its reply finds room;
	 * where it does not, the end of this process tells the worker. */
	if (r != 0 && r != ERR_SYSTEM)
		worker_give_up("no room for a reply");
	return r;
}

/* Take one request. 0, also when there was none, or negative: close. */
static int
serve(struct link *l)
{
	struct pool *pool = l->set->pool;
	uint8_t *in = pool_take(pool), *out = pool_take(pool);
	struct errand e;
	size_t n = 0;
	int r;

	assert(in != NULL && out != NULL);
	if ((r = errand_receive(l->fd, &e, in, &n)) == 1)
		r = answer(l, &e, in, n, out);
	pool_put(pool, in, r == 0 ? n : FRAME_LIMIT);
	pool_put(pool, out, FRAME_LIMIT);
	return r;
}

static void
on_request(evutil_socket_t fd, short what, void *arg)
{
	struct link *l = arg;
	struct slow_worker *s = l->set;

	(void)fd;
	(void)what;
	s->calls.before(s->calls.arg);
	if (serve(l) == 0)
		return;
	cut(l);
	s->calls.gone(s->calls.arg);
}

int
slow_worker_link(struct slow_worker *s, int fd)
{
	struct link *l = calloc(1, sizeof(*l));

	if (l == NULL || event_assign(&l->event, s->base, fd, EV_READ | EV_PERSIST,
	    on_request, l) != 0 || event_add(&l->event, NULL) != 0) {
		free(l);
		close(fd);
		return ERR_NO_MEMORY;
	}
	l->set = s;
	l->fd = fd;
	LIST_INSERT_HEAD(&s->links, l, entry);
	s->count++;
	atomic_store_explicit(&s->stats->connections, (uint32_t)s->count, memory_order_relaxed);
	return 0;
}

size_t
slow_worker_links(const struct slow_worker *s)
{
	return s->count;
}
