/*
 * wheel: slots of a quarter of a second, swept in order.
 *
 * An entry lies in the slot of its deadline, or WHEEL_AHEAD slots ahead when
 * that is further away; when its slot is swept and it is not due yet, it
 * moves on. Entries ahead and slots still to be swept are less than half a
 * turn apart on either side of now, so that none is ever swept twice in one go.
 */
#include "wheel.h"

#include <stdbool.h>

static uint64_t
tick_of(uint64_t ns)
{
	return ns / ((uint64_t)WHEEL_TICK_MS * 1000000U);
}

void
wheel_drop(struct wheel *w, struct wheel_entry *e)
{
	if (e->at == NULL)
		return;
	*e->at = e->next;
	if (e->next != NULL)
		e->next->at = e->at;
	e->next = NULL;
	e->at = NULL;
	w->entries--;
}

static void
put_in(struct wheel *w, struct wheel_entry *e, uint64_t now)
{
	struct wheel_entry **slot;
	uint64_t tick = tick_of(e->due) + 1, far = tick_of(now) + WHEEL_AHEAD;

	if (tick > far)
		tick = far;
	if (tick <= tick_of(now))
		tick = tick_of(now) + 1;
	slot = &w->slot[tick % WHEEL_SLOTS];
	e->tick = tick;
	e->next = *slot;
	e->at = slot;
	if (e->next != NULL)
		e->next->at = &e->next;
	*slot = e;
	w->entries++;
}

void
wheel_set(struct wheel *w, struct wheel_entry *e, uint64_t due, uint64_t now)
{
	e->due = due;
	if (due == 0 || (e->at != NULL && e->tick <= tick_of(due) + 1))
		return;		/* it will be looked at in time */
	wheel_drop(w, e);
	if (w->entries == 0)
		w->tick = tick_of(now);
	put_in(w, e, now);
}

struct wheel_entry *
wheel_next(struct wheel *w, uint64_t now)
{
	uint64_t last = tick_of(now);

	/* After a long sleep the slots skipped here are swept in the next half turn. */
	if (w->tick + WHEEL_AHEAD <= last)
		w->tick = last - WHEEL_AHEAD + 1;
	while (w->tick <= last) {
		struct wheel_entry *e = w->slot[w->tick % WHEEL_SLOTS];

		if (e == NULL) {
			w->tick++;
			continue;
		}
		wheel_drop(w, e);
		if (e->due != 0 && e->due <= now)
			return e;
		if (e->due != 0)
			put_in(w, e, now);
	}
	return NULL;
}
