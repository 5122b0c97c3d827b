/*
 * conn: one connection: read, cut, run, write, close.
 *
 * A connection is served in turns. It holds no block of the pool while
 * nothing of it is half done, which is what keeps idle ones cheap; while a
 * reply can't be written it reads nothing.
 */
#ifndef LUAHSM_CONN_H
#define LUAHSM_CONN_H

#include <event2/event.h>
#include <event2/event_struct.h>

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "asks.h"
#include "command.h"
#include "conns.h"
#include "frame.h"
#include "log.h"
#include "slow.h"
#include "wheel.h"

enum {
	CONN_TURN_REQUESTS = 16,
	CONN_TURN_US       = 200,
	/* Room for one whole message behind the remains of another, on either side. */
	CONN_ROOM          = 2 * FRAME_LENGTH + FRAME_LIMIT + COMMAND_SECOND,
	CONN_BLOCK         = 2 * CONN_ROOM,
	CONN_BLOCKS_KEPT   = 32,

	CONN_HEADER_S      = 5,		/* from a frame's first byte to its header's last */
	CONN_FRAME_S       = 10,	/* to the frame's last */
	CONN_WRITE_S       = 30,	/* without a byte of the replies taken */
	CONN_LINGER_MS     = 500	/* from our end of the stream to the host's */
};

TAILQ_HEAD(conn_queue, conn);
LIST_HEAD(conn_list, conn);

/* What the connections of a worker share. */
struct conns {
	struct event_base   *base;
	const struct config *config;
	struct commands     *commands;
	struct stats_worker *stats;
	struct pool         *pool;
	conns_closed        *closed;
	void                *arg;
	struct slow         *slow;
	struct asks         *asks;
	struct conn_list     all;
	struct conn_queue    ready;	/* have more to do than one turn allows */
	struct event         turn;	/* serves them, once per loop turn */
	struct wheel         wheel;
	struct event         tick;	/* runs while the wheel has entries */
	uint64_t             now;	/* the clock when it was last read */
	size_t               count;
	bool                 draining;
};

struct conn {
	LIST_ENTRY(conn)   link;
	TAILQ_ENTRY(conn)  turn;
	struct conns      *set;
	struct event       event;
	struct wheel_entry timeout;
	struct origin      from;
	int                fd;
	uint32_t           token;
	short              awaits;	/* EV_READ or EV_WRITE */
	bool               ready;	/* in set->ready */
	bool               more;	/* a whole message waits in the block */
	bool               eof;		/* the host has sent its last byte */
	bool               lost;	/* its frames can't be told apart any more */
	bool               lingers;	/* we have sent our last byte */
	uint8_t           *in;		/* NULL: nothing is half read */
	size_t             in_start, in_end, in_high;
	size_t             unread;	/* of what had come when the drain began */
	uint8_t           *out;		/* NULL: nothing is unsent */
	size_t             out_start, out_end;
	uint64_t           frame_began;	/* first byte of a message cut short; 0: none */
	uint64_t           wrote;	/* when the host last took a byte, or should have */
	struct slow_job    job;		/* what a slow worker has of it; others wait */
	struct asks_job    ask;		/* the same for the keeper */
	uint64_t           asked;	/* when it came */
};

/* Is a request of the connection away? */
static inline bool
conn_waits(const struct conn *c)
{
	return c->job.number != 0 || c->ask.number != 0;
}

/* Give the connection a turn: it may be closed when this returns. */
void conn_turn(struct conn *c);

/* See to it that it gets its next turn, or ends it: close is one way. */
void conn_settle(struct conn *c);

/* The reply that was waited for is behind the others in the block: go on. */
void conn_resume(struct conn *c);

/* The end of the connection's request at a slow worker: a slow_done. */
void conn_answered(struct slow_job *job, struct span reply);

/* msg has left a question for the keeper: wait for the answer. */
void conn_ask(struct conn *c, struct span msg);

/* The answer to a question: an asks_done. */
void conn_told(struct asks_job *job, struct keeper_message *answer, bool again);

/* Where a reply that was waited for goes, FRAME_LIMIT bytes. NULL: the connection is closed. */
uint8_t *conn_late(struct conn *c);

/* The reply to msg is there, n bytes, and a length behind it the second, if it has any: go on. */
void conn_late_reply(struct conn *c, struct span msg, size_t n, size_t second);

/* Give back the block of replies if there are none in it. */
void conn_spare_out(struct conn *c);

/* Its time is up: log why and close. */
void conn_expire(struct conn *c);

/* A line in the log about it and its host. */
void conn_complain(const struct conn *c, enum log_level level, const char *event,
    const char *why);

/* Close at once and free. */
void conn_close(struct conn *c);

/* The event's callback: the socket can be read or written. */
void conn_event(evutil_socket_t fd, short what, void *arg);

#endif
