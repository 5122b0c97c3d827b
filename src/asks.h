/*
 * asks: requests that wait for the keeper, as a worker sees them.
 *
 * Many wait at a time, so that one holds up no other. A question that could
 * not be sent is not kept: the request is run again when there is room, and
 * asks anew. When the keeper is replaced, so are requests run again whose
 * question may be asked twice; the others fail.
 */
#ifndef LUAHSM_ASKS_H
#define LUAHSM_ASKS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "span.h"

struct asks;
struct event_base;
struct keeper_message;

enum {
	ASKS_AWAY    = 16,	/* questions under way, those of askers that have gone, too:
				 * their answers fit into the socket */
	ASKS_TICK_MS = 250
};

/* Embedded in who asks, all zero at first. */
struct asks_job {
	TAILQ_ENTRY(asks_job) entry;
	uint64_t    number;	/* 0: nothing is asked */
	uint64_t    since;	/* when the request first asked; the asker sets it */
	bool        repeats;
	struct span msg;	/* the asker's; as it is until the answer comes */
};

/*
 * The answer, borrowed. Or NULL: run the request again from its start, or, if
 * not again, it has failed. job is the asker's, who may ask with it at once.
 */
typedef void asks_done(struct asks_job *job, struct keeper_message *answer, bool again);

/* No link yet. NULL: no memory. */
struct asks *asks_new(struct event_base *base, asks_done *done);

/* Nobody asks any more. */
void asks_free(struct asks *a);

/* fd, taken over, leads to the keeper; what led to its predecessor is closed. */
void asks_link(struct asks *a, int fd);

/* Have the question answered; done is called later, never from here. */
void asks_put(struct asks *a, struct asks_job *job, struct keeper_message *question);

/* A keeper that dies is not replaced any more: wait for no other. */
void asks_drain(struct asks *a);

/* The asker goes. Nothing happens when nothing was asked. */
void asks_forget(struct asks *a, struct asks_job *job);

#endif
