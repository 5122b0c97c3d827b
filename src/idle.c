/*
 * idle: a timer that runs from a request on until the worker is at rest.
 */
#include "idle.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include <event2/event.h>

#include "command.h"
#include "guard.h"
#include "key.h"
#include "rsakey.h"
#include "stats.h"

struct idle {
	struct commands           *commands;
	const struct stats_worker *stats;
	struct event              *timer;
	bool                       runs;
	uint64_t                   at_tick;	/* requests when the timer last looked */
	uint64_t                   collected;	/* and when collectors last ran */
	unsigned                   busy_ticks;
};

static const struct timeval soon = { 0, IDLE_MS * 1000 };
static const struct timeval later = { IDLE_FORGET_S, 0 };

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct idle *i = arg;

	(void)fd;
	(void)what;
	if (i->stats->requests != i->at_tick && ++i->busy_ticks < IDLE_MOST) {
		i->at_tick = i->stats->requests;
		evtimer_add(i->timer, &soon);
		return;
	}
	if (i->stats->requests != i->collected) {
		commands_idle(i->commands);
		guard_scrub();
		i->collected = i->at_tick = i->stats->requests;
		i->busy_ticks = 0;
		evtimer_add(i->timer, &later);
		return;
	}
	key_forget();
	rsakey_forget();
	i->runs = false;
}

void
idle_watch(struct idle *i)
{
	if (i->runs || i->stats->requests == i->collected)
		return;
	i->runs = true;
	i->busy_ticks = 0;
	i->at_tick = i->stats->requests;
	evtimer_add(i->timer, &soon);
}

struct idle *
idle_new(struct event_base *base, struct commands *commands, const struct stats_worker *stats)
{
	struct idle *i = calloc(1, sizeof(*i));

	if (i == NULL)
		return NULL;
	i->commands = commands;
	i->stats = stats;
	i->collected = stats->requests;
	if ((i->timer = evtimer_new(base, on_timer, i)) != NULL)
		return i;
	free(i);
	return NULL;
}

void
idle_free(struct idle *i)
{
	if (i == NULL)
		return;
	event_free(i->timer);
	free(i);
}
