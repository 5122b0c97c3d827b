#include "watch.h"

#include <stdlib.h>

#include <event2/event.h>

/* A quarter of the deadline lies in these bounds. */
enum { LEAST_MS = 25, MOST_MS = 50 };

struct watch {
	watch_look    *look;
	void          *arg;
	struct event  *timer;
	struct timeval pause;
	bool           waiting;	/* for the timer */
	bool           again;	/* what the last look said */
};

static void
on_time(evutil_socket_t fd, short what, void *arg)
{
	struct watch *w = arg;

	(void)fd;
	(void)what;
	w->waiting = false;
	w->again = w->look(w->arg);
}

struct watch *
watch_new(struct event_base *base, unsigned deadline_ms, watch_look *look, void *arg)
{
	unsigned ms = deadline_ms / 4;
	struct watch *w = calloc(1, sizeof(*w));

	if (w == NULL)
		return NULL;
	if ((w->timer = evtimer_new(base, on_time, w)) == NULL) {
		free(w);
		return NULL;
	}
	ms = ms < LEAST_MS ? LEAST_MS : ms > MOST_MS ? MOST_MS : ms;
	w->pause.tv_usec = (suseconds_t)ms * 1000;
	w->look = look;
	w->arg = arg;
	return w;
}

void
watch_free(struct watch *w)
{
	if (w == NULL)
		return;
	event_free(w->timer);
	free(w);
}

void
watch_keep(struct watch *w, bool needed)
{
	if (w->waiting || (!needed && !w->again))
		return;
	w->waiting = true;
	evtimer_add(w->timer, &w->pause);
}
