/*
 * idle: what a worker does when no requests come: collect garbage, and later
 * forget opened keys.
 */
#ifndef LUAHSM_IDLE_H
#define LUAHSM_IDLE_H

struct commands;
struct event_base;
struct idle;
struct stats_worker;

enum {
	IDLE_MS       = 10,	/* without a request, then collectors run */
	IDLE_MOST     = 20,	/* times that a busy worker may put that off */
	IDLE_FORGET_S = 1	/* without a request, then opened keys are forgotten */
};

/* Goes by the requests counted in stats. NULL: no memory. */
struct idle *idle_new(struct event_base *base, struct commands *commands,
    const struct stats_worker *stats);
void         idle_free(struct idle *i);

/* After each turn of the loop, so that the path of a request need not know of it. */
void idle_watch(struct idle *i);

#endif
