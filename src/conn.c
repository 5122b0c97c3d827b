/*
 * conn: the turns of one connection. Read this file from conn_turn on.
 */
#include "conn.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <sodium.h>

#include "config.h"
#include "err.h"
#include "guard.h"
#include "log.h"
#include "pool.h"
#include "stats.h"
#include "usage.h"

enum { CODE = 2 };	/* characters of a command, response or error code */

static void
put_in(struct conn *c)
{
	pool_put(c->set->pool, c->in, c->in_high);
	c->in = NULL;
	c->in_start = c->in_end = c->in_high = 0;
}

static void
put_out(struct conn *c)
{
	pool_put(c->set->pool, c->out, c->out_end);
	c->out = NULL;
	c->out_start = c->out_end = 0;
}

void
conn_close(struct conn *c)
{
	struct conns *s = c->set;
	uint32_t token = c->token;

	event_del(&c->event);
	wheel_drop(&s->wheel, &c->timeout);
	slow_forget(s->slow, &c->job);
	asks_forget(s->asks, &c->ask);
	if (c->ready)
		TAILQ_REMOVE(&s->ready, c, turn);
	LIST_REMOVE(c, link);
	put_in(c);
	put_out(c);
	close(c->fd);
	free(c);
	s->count--;
	atomic_store_explicit(&s->stats->connections, (uint32_t)s->count, memory_order_relaxed);
	s->closed(s->arg, token);
}

/* Read once what there is room for. 0, or negative: close. */
static int
conn_read(struct conn *c)
{
	struct conns *s = c->set;
	ssize_t n;

	if (c->in == NULL && (c->in = pool_take(s->pool)) == NULL)
		return ERR_NO_MEMORY;
	n = read(c->fd, c->in + c->in_end, pool_size(s->pool) - c->in_end);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : ERR_SYSTEM;
	if (n == 0)
		c->eof = true;
	c->unread -= (size_t)n < c->unread ? (size_t)n : c->unread;
	c->in_end += (size_t)n;
	if (c->in_high < c->in_end)
		c->in_high = c->in_end;
	s->stats->bytes_in += (size_t)n;
	return 0;
}

/* Run one message; its reply goes behind those that are in the block already.
 * Its length, or what else command_run says. */
static size_t
conn_answer(struct conn *c, struct span msg)
{
	struct conns *s = c->set;
	size_t header = s->config->header_length, n, second;
	uint8_t *frame = c->out + c->out_end, *reply = frame + FRAME_LENGTH;
	uint64_t began = s->now;

	atomic_store_explicit(&s->stats->busy_since, began, memory_order_relaxed);
	n = command_run(s->commands, &c->from, msg, reply, FRAME_LIMIT);
	if (n == COMMAND_SLOW || n == COMMAND_ASKS)
		return n;
	frame_length(frame, n);
	c->out_end += FRAME_LENGTH + n;
	frame = c->out + c->out_end;
	if ((second = command_second(s->commands, msg, frame + FRAME_LENGTH)) != 0) {
		frame_length(frame, second);
		c->out_end += FRAME_LENGTH + second;
	}
	s->now = stats_now();
	stats_count(s->stats, msg.p + header, reply + header + CODE);
	histogram_add(&s->stats->latency, s->now - began);
	return n;
}

/*
 * Take back what is done with of the input: all of the block, or the bytes in
 * front of a message cut short, which moves to the start.
 */
static void
conn_trim(struct conn *c, size_t left, bool answered)
{
	if (left == 0) {
		put_in(c);
		c->frame_began = 0;
		return;
	}
	if (answered || c->frame_began == 0)
		c->frame_began = c->set->now;
	memmove(c->in, c->in + c->in_start, left);
	sodium_memzero(c->in + left, c->in_high - left);
	c->in_start = 0;
	c->in_end = c->in_high = left;
}

void
conn_spare_out(struct conn *c)
{
	if (c->out != NULL && c->out_end == 0)
		put_out(c);
}

/* Have a slow worker answer. The message stays where it is until the reply comes. */
static void
conn_pass_on(struct conn *c, struct span msg)
{
	conn_spare_out(c);
	c->asked = c->set->now;
	slow_ask(c->set->slow, &c->job, c->from, msg);
}

/* What is behind the messages that are answered: a whole one, or the start of one. */
static void
conn_left(struct conn *c, bool answered)
{
	struct span in = span_of(c->in + c->in_start, c->in_end - c->in_start), msg;

	c->more = frame_next(&in, c->set->config->header_length + CODE,
	    c->set->config->frame_max, &msg) != 0;
	if (!c->more)
		conn_trim(c, in.n, answered);
}

/* Cut and answer messages until the turn is over or no whole one is left.
 * 0, or negative: close. */
static int
conn_run(struct conn *c)
{
	struct conns *s = c->set;
	struct span in = span_of(c->in + c->in_start, c->in_end - c->in_start), msg;
	size_t least = s->config->header_length + CODE, most = s->config->frame_max, n;
	uint64_t end = s->now + CONN_TURN_US * 1000U;
	unsigned done = 0;
	int r;

	while ((r = frame_next(&in, least, most, &msg)) == 1) {
		if (c->out == NULL && (c->out = pool_take(s->pool)) == NULL)
			return ERR_NO_MEMORY;
		n = conn_answer(c, msg);
		if (n == COMMAND_SLOW)
			conn_pass_on(c, msg);
		else if (n == COMMAND_ASKS)
			conn_ask(c, msg);
		if (conn_waits(c))
			break;
		if (++done == CONN_TURN_REQUESTS || s->now >= end ||
		    pool_size(s->pool) - c->out_end < CONN_ROOM)
			break;
	}
	atomic_store_explicit(&s->stats->busy_since, 0, memory_order_relaxed);
	c->in_start = c->in_end - in.n;
	c->more = false;
	if (r < 0) {
		c->lost = true;
		s->stats->refused++;
		conn_complain(c, LOG_WARN, "frame-refused", "length out of range");
		put_in(c);
	} else if (!conn_waits(c)) {
		conn_left(c, done > 0);
	}
	return 0;
}

/* Send what is answered. A short write means that the socket is full.
 * 0, or negative: close. */
static int
conn_write(struct conn *c)
{
	struct conns *s = c->set;
	ssize_t n;

	if (c->out == NULL)
		return 0;
	do
		n = write(c->fd, c->out + c->out_start, c->out_end - c->out_start);
	while (n < 0 && errno == EINTR);
	if (n < 0 && errno != EAGAIN)
		return ERR_SYSTEM;
	if (n > 0 || c->awaits != EV_WRITE)
		c->wrote = s->now;
	if (n > 0) {
		s->stats->bytes_out += (size_t)n;
		c->out_start += (size_t)n;
		if (c->out_start == c->out_end) {
			put_out(c);
			/* It was not read meanwhile: only now can it finish its message. */
			c->frame_began = c->frame_began != 0 ? s->now : 0;
		}
	}
	return 0;
}

/* While a slow worker is at a request of the connection, its host is read once more,
 * to learn of its end. */
static bool
conn_hears(const struct conn *c)
{
	return !conn_waits(c) || (!c->eof && c->in_start == c->in_end &&
	    c->in_end < pool_size(c->set->pool));
}

/* Replies that wait come before requests that wait: the host has to take its
 * answers before it is read again. */
static int
conn_serve(struct conn *c)
{
	int r = 0;

	if (c->out == NULL) {
		if (!c->more && conn_hears(c))
			r = conn_read(c);
		if (r == 0 && !conn_waits(c))
			r = conn_run(c);
	}
	return r == 0 ? conn_write(c) : r;
}

void
conn_resume(struct conn *c)
{
	conn_left(c, true);
	if (conn_write(c) != 0)
		conn_close(c);
	else
		conn_settle(c);
}

/* We have sent our last byte: throw away what comes until the host ends, too. */
static int
conn_linger(struct conn *c)
{
	int r = conn_read(c);

	put_in(c);
	return c->eof ? ERR_SYSTEM : r;
}

void
conn_turn(struct conn *c)
{
	uint64_t began = stats_now();
	int r;

	c->set->now = began;
	r = c->lingers ? conn_linger(c) : conn_serve(c);
	guard_scrub();
	c->set->now = stats_now();
	usage_worked(c->set->stats, began, c->set->now);
	if (r == ERR_NO_MEMORY)
		conn_complain(c, LOG_ERROR, "connection-closed", "no memory for a block");
	if (r < 0)
		conn_close(c);
	else
		conn_settle(c);
}

void
conn_event(evutil_socket_t fd, short what, void *arg)
{
	struct conn *c = arg;

	(void)fd;
	(void)what;
	if (!c->ready)		/* otherwise its turn comes without this */
		conn_turn(c);
}

/* Wait for the socket to be readable or writable: a system call only when that changes. */
static void
conn_await(struct conn *c, short what)
{
	if (c->awaits == what)
		return;
	c->awaits = what;
	event_del(&c->event);
	if (what == 0)
		return;
	event_assign(&c->event, c->set->base, c->fd, (short)(what | EV_PERSIST), conn_event, c);
	event_add(&c->event, NULL);
}

/* Another turn of the loop has to come first. */
static void
conn_queue_turn(struct conn *c)
{
	static const struct timeval at_once;
	struct conns *s = c->set;

	if (TAILQ_EMPTY(&s->ready))
		evtimer_add(&s->turn, &at_once);
	TAILQ_INSERT_TAIL(&s->ready, c, turn);
	c->ready = true;
}

/* End our side. To close outright would destroy replies on their way if the
 * host has sent more than was read. */
static void
conn_finish(struct conn *c)
{
	put_in(c);
	c->lingers = true;
	conn_await(c, EV_READ);
	shutdown(c->fd, SHUT_WR);
}

/* When its time will be up, as things are; 0: never. */
static uint64_t
conn_due(const struct conn *c)
{
	const uint64_t second = 1000000000U;
	const struct conns *s = c->set;

	if (c->lingers)
		return s->now + CONN_LINGER_MS * 1000000U;
	if (c->out != NULL)
		return c->wrote + CONN_WRITE_S * second;
	if (c->more || conn_waits(c))
		return 0;
	if (c->in != NULL && c->in_end < FRAME_LENGTH + s->config->header_length)
		return c->frame_began + CONN_HEADER_S * second;
	if (c->in != NULL)
		return c->frame_began + CONN_FRAME_S * second;
	return s->config->idle_ms == 0 ? 0 : s->now + s->config->idle_ms * 1000000ULL;
}

void
conn_settle(struct conn *c)
{
	static const struct timeval tick = { 0, WHEEL_TICK_MS * 1000 };
	struct conns *s = c->set;
	bool empty = s->wheel.entries == 0;

	if (c->lingers)
		return;
	if (c->out != NULL) {
		conn_await(c, EV_WRITE);
	} else if (conn_waits(c)) {
		conn_await(c, conn_hears(c) ? EV_READ : 0);
	} else if (c->more) {
		conn_queue_turn(c);
	} else if (c->eof) {
		conn_close(c);
		return;
	} else if (c->lost || (s->draining && c->in == NULL && c->unread == 0)) {
		conn_finish(c);
	} else {
		conn_await(c, EV_READ);
	}
	wheel_set(&s->wheel, &c->timeout, conn_due(c), s->now);
	if (empty && s->wheel.entries > 0)
		event_add(&s->tick, &tick);
}

void
conn_expire(struct conn *c)
{
	if (c->lingers)
		;	/* the host had its time */
	else if (c->out != NULL)
		conn_complain(c, LOG_WARN, "timeout", "replies not taken");
	else if (c->in != NULL)
		conn_complain(c, LOG_WARN, "timeout", "message cut short");
	else
		conn_complain(c, LOG_INFO, "timeout", "idle");
	conn_close(c);
}
