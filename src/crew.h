/*
 * crew: the workers, as the supervisor sees them: start, watch, replace,
 * hand a connection over, tell them of new plug-ins.
 *
 * One more runs than are asked for: it has built everything and gets no
 * connections. When a worker is lost it takes its place at once, whatever the
 * number of plug-ins, and the next spare one is built meanwhile.
 *
 * Slow workers are members, too: they get links to the workers in place of
 * connections, and serve a new set before the next request rather than at once.
 */
#ifndef LUAHSM_CREW_H
#define LUAHSM_CREW_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "command.h"

struct config;
struct crew;
struct event_base;
struct folder;
struct peers;
struct stats;

enum {
	CREW_LOSSES      = 10,		/* so many young workers lost */
	CREW_LOSSES_MS   = 10000,	/* in this time are a crash loop: */
	CREW_YOUNG_MS    = 50,
	CREW_BACKOFF_MS  = 1000		/* wait so long before another is started */
};

/* What the supervisor hears. */
struct crew_calls {
	void (*changed)(void *arg);	/* a worker is ready, serves a new set, or is gone */
	void (*room)(void *arg);	/* a connection can be handed over again */
	void *arg;
};

/* No worker yet. All arguments must outlive the crew. NULL: no memory. */
struct crew *crew_new(struct event_base *base, const struct config *config,
    struct stats *stats, struct peers *peers, const struct crew_calls *calls);
void         crew_free(struct crew *c);

/*
 * What workers serve from now on: at first, then after each reload that was
 * judged good. Running ones are sent it. folder is borrowed until the next call.
 */
void crew_serve(struct crew *c, struct folder *folder, uint32_t generation);

/* Start the workers. 0, or ERR_SYSTEM. */
int crew_start(struct crew *c);

/* And the spare and the slow ones, when the workers have had the processors to themselves. */
void crew_start_others(struct crew *c);

/* A child has ended: if it was a worker, replace it (unless draining). Was it one? */
bool crew_ended(struct crew *c, pid_t pid, int status);

/* Hand fd, then closed here, to the worker with the fewest connections.
 * 0; 1: no worker can take it now, wait for room; 2: look again in a while. */
int crew_give(struct crew *c, int fd, uint32_t token, struct origin from);

/* A link to the keeper, for keeper_ask; the caller's. -1: there is none now, or no more
 * while all end. */
int crew_keeper(struct crew *c);

/*
 * To be called every so often, with pauses when there are no connections: kill processes whose
 * request runs longer than twice its deadline, or that give no sign of life outside of one.
 * Does any request run?
 */
bool crew_watch(struct crew *c);

/* All finish what they have and end; none is replaced any more. */
void crew_drain(struct crew *c);

/* Kill what is left. */
void crew_kill(struct crew *c);

/* Do all serve that generation, or a later one? */
bool     crew_ready(const struct crew *c, uint32_t generation);
unsigned crew_running(const struct crew *c);	/* processes there are */

/* Each worker counts in a page of its own; pages of lost ones are taken up again. */
unsigned crew_pages(const struct crew *c);
pid_t    crew_pid(const struct crew *c, unsigned page);	/* 0: no worker has it now */
pid_t    crew_slow_pid(const struct crew *c, unsigned number);	/* 0: it is not there now */

#endif
