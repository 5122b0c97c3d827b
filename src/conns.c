/*
 * conns: the queue of turns, the timeouts and the end.
 */
#include "conns.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "config.h"
#include "conn.h"
#include "pool.h"
#include "stats.h"

/*
 * One turn for each connection that had one coming. Those that want another
 * queue up again and get it in the next turn of the loop: a timeout of zero
 * runs after the next poll, so that everybody else is looked at in between.
 */
static void
on_turn(evutil_socket_t fd, short what, void *arg)
{
	static const struct timeval at_once;
	struct conns *s = arg;
	struct conn_queue now = TAILQ_HEAD_INITIALIZER(now);
	struct conn *c;

	(void)fd;
	(void)what;
	TAILQ_CONCAT(&now, &s->ready, turn);
	while ((c = TAILQ_FIRST(&now)) != NULL) {
		TAILQ_REMOVE(&now, c, turn);
		c->ready = false;
		conn_turn(c);
	}
	if (!TAILQ_EMPTY(&s->ready))
		evtimer_add(&s->turn, &at_once);
}

static void
on_tick(evutil_socket_t fd, short what, void *arg)
{
	struct conns *s = arg;
	struct wheel_entry *e;

	(void)fd;
	(void)what;
	s->now = stats_now();
	while ((e = wheel_next(&s->wheel, s->now)) != NULL)
		conn_expire((struct conn *)(void *)((char *)e - offsetof(struct conn, timeout)));
	if (s->wheel.entries == 0)
		evtimer_del(&s->tick);
}

struct conns *
conns_new(struct event_base *base, const struct config *config, struct commands *commands,
    struct stats_worker *stats, conns_closed *closed, void *arg)
{
	struct conns *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	if ((s->pool = pool_new(CONN_BLOCK, CONN_BLOCKS_KEPT)) == NULL ||
	    (s->slow = slow_new(base, conn_answered)) == NULL ||
	    (s->asks = asks_new(base, conn_told)) == NULL) {
		slow_free(s->slow);
		pool_free(s->pool);
		free(s);
		return NULL;
	}
	s->base = base;
	s->config = config;
	s->commands = commands;
	s->stats = stats;
	s->closed = closed;
	s->arg = arg;
	LIST_INIT(&s->all);
	TAILQ_INIT(&s->ready);
	evtimer_assign(&s->turn, base, on_turn, s);
	event_assign(&s->tick, base, -1, EV_PERSIST, on_tick, s);
	return s;
}

static void
no_word(void *arg, uint32_t token)
{
	(void)arg;
	(void)token;
}

void
conns_free(struct conns *s)
{
	struct conn *c;

	if (s == NULL)
		return;
	s->closed = no_word;
	while ((c = LIST_FIRST(&s->all)) != NULL)
		conn_close(c);
	slow_free(s->slow);
	asks_free(s->asks);
	event_del(&s->turn);
	event_del(&s->tick);
	pool_free(s->pool);
	free(s);
}

/* What has come by now is answered; what comes after it is not. */
static void
note_unread(struct conn *c)
{
	int n;

	c->unread = ioctl(c->fd, FIONREAD, &n) == 0 && n > 0 ? (size_t)n : 0;
}

void
conns_add(struct conns *s, int fd, uint32_t token, struct origin from)
{
	struct conn *c = calloc(1, sizeof(*c));

	if (c == NULL || event_assign(&c->event, s->base, fd, EV_READ | EV_PERSIST,
	    conn_event, c) != 0 || event_add(&c->event, NULL) != 0) {
		free(c);
		close(fd);
		s->closed(s->arg, token);
		return;
	}
	c->set = s;
	c->fd = fd;
	c->token = token;
	c->from = from;
	c->awaits = EV_READ;
	LIST_INSERT_HEAD(&s->all, c, link);
	s->count++;
	atomic_store_explicit(&s->stats->connections, (uint32_t)s->count, memory_order_relaxed);
	s->now = stats_now();
	if (s->draining)
		note_unread(c);
	conn_settle(c);
}

void
conns_link(struct conns *s, unsigned number, int fd, const struct stats_worker *page)
{
	slow_link(s->slow, number, fd, page);
}

void
conns_keeper(struct conns *s, int fd)
{
	asks_link(s->asks, fd);
}

void
conns_drain(struct conns *s)
{
	struct conn *c, *next;

	s->draining = true;
	slow_drain(s->slow);
	asks_drain(s->asks);
	LIST_FOREACH(c, &s->all, link)
		note_unread(c);
	for (c = LIST_FIRST(&s->all); c != NULL; c = next) {
		next = LIST_NEXT(c, link);
		if (!c->ready && c->awaits == EV_READ)
			conn_turn(c);
	}
}

size_t
conns_count(const struct conns *s)
{
	return s->count;
}
