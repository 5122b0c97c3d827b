/*
 * crew_member: one worker, whether it runs at the moment or not. Shared by the
 * files of the crew and by nobody else.
 */
#ifndef LUAHSM_CREW_MEMBER_H
#define LUAHSM_CREW_MEMBER_H

#include <event2/event.h>

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "crew.h"

static const uint64_t crew_ms = 1000000;	/* in nanoseconds */

struct member {
	struct crew  *crew;
	int           number;		/* among workers (and the spare one), or slow ones */
	bool          slow;
	bool          keeper;		/* neither worker nor slow worker */
	pid_t         pid;		/* 0: not there */
	int           channel;
	struct event *readable, *writable;	/* NULL while it is not there */
	struct event *restart;
	uint32_t      sent;		/* the newest set it was given */
	uint32_t      serves;		/* the set that it said it serves; 0: none yet */
	uint16_t      linked;		/* bits of the slow workers it has a link to, and one
					 * for the keeper */
	bool          spare;		/* gets no connections until it takes a lost one's place */
	bool          told_to_drain;
	bool          condemned;	/* killed by us, not reaped yet */
	uint32_t      beat;		/* signs of life it was asked for */
	uint64_t      since;		/* the request that the watch saw last began then, */
	uint64_t      spent;		/* and has been seen to run for so long */
	uint64_t      waited;		/* for processors, at the last look, in all its life */
	uint64_t      silent;		/* watched for so long since the last of them */
	uint64_t      began;		/* start, or loss of the one it stands in for */
	uint64_t      ready_at;		/* when it became what it is */
};

struct crew {
	struct event_base   *base;
	const struct config *config;
	struct stats        *stats;
	struct peers        *peers;
	struct crew_calls    calls;
	struct folder       *folder;
	uint32_t             generation;
	bool                 draining;
	uint64_t             looked;	/* when the watch last looked */
	uint64_t             young_lost[CREW_LOSSES];	/* when; a ring */
	unsigned             nlost;
	unsigned             size;	/* with the spare one, the slow ones and the keeper, last */
	struct member        member[];
};

/* Give a worker what it should have by now. What does not fit is sent when it does. */
void member_update(struct member *m);

/* Where its process counts. */
struct stats_worker *member_page(const struct member *m);

/* Make the links that are missing: from workers to slow workers, from both to the keeper. */
void crew_link(struct crew *c);

/* Its process is gone, and its links with it. */
void crew_unlink(struct member *m);

/* It can take connections: say so, and that there is room. */
void member_announce(struct member *m);

/* The channel's events: it can be written again; the worker has something to say. */
void member_writable(evutil_socket_t fd, short what, void *arg);
void member_readable(evutil_socket_t fd, short what, void *arg);

#endif
