/*
 * slow: requests that slow workers answer, as the worker sees them.
 *
 * They wait in one queue, and a link carries one at a time: a slow worker that
 * dies costs this worker one request. Replies are matched by a number that is
 * used once, so that one that comes when nobody waits for it any more is
 * dropped, and wiped.
 */
#ifndef LUAHSM_SLOW_H
#define LUAHSM_SLOW_H

#include <stdint.h>
#include <sys/queue.h>

#include "command.h"
#include "span.h"

struct event_base;
struct slow;
struct stats_worker;

/* Embedded in who asks, all zero at first. */
struct slow_job {
	TAILQ_ENTRY(slow_job) entry;
	uint64_t      number;	/* 0: nothing is asked */
	struct origin from;
	struct span   msg;	/* the asker's; as it is until the reply comes */
};

/*
 * The reply, borrowed; empty: the slow worker that had the request is gone.
 * job is the asker's again. Must not ask anew before it returns.
 */
typedef void slow_done(struct slow_job *job, struct span reply);

/* No links yet. NULL: no memory. */
struct slow *slow_new(struct event_base *base, slow_done *done);

/* Nobody asks any more. */
void slow_free(struct slow *s);

/*
 * fd, taken over, leads to slow worker number (below STATS_SLOW), which counts
 * in page; what led to its predecessor is closed. NULL is no page.
 */
void slow_link(struct slow *s, unsigned number, int fd, const struct stats_worker *page);

/* Have msg answered; done is called later, never from here. */
void slow_ask(struct slow *s, struct slow_job *job, struct origin from, struct span msg);

/* The asker goes. Nothing happens when nothing was asked. */
void slow_forget(struct slow *s, struct slow_job *job);

/* Slow workers that die are not replaced any more: wait for no others. */
void slow_drain(struct slow *s);

#endif
