/*
 * wheel: when connections run out of time, to a quarter of a second.
 *
 * A libevent timer per connection would cost a heap operation per request.
 * Here a deadline that moves away, as an idle connection's does with every
 * request, is one store; only one that comes nearer moves the entry. Times
 * are monotonic nanoseconds.
 */
#ifndef LUAHSM_WHEEL_H
#define LUAHSM_WHEEL_H

#include <stddef.h>
#include <stdint.h>

enum {
	WHEEL_SLOTS   = 128,
	WHEEL_AHEAD   = WHEEL_SLOTS / 2,	/* how far ahead an entry is put at most */
	WHEEL_TICK_MS = 250
};

/* Embedded in what it is for; all zero at first. */
struct wheel_entry {
	struct wheel_entry  *next;
	struct wheel_entry **at;	/* what points to this entry; NULL: not in the wheel */
	uint64_t             tick;	/* when it will be looked at */
	uint64_t             due;	/* 0: never */
};

struct wheel {
	struct wheel_entry *slot[WHEEL_SLOTS];
	uint64_t            tick;	/* the next to sweep */
	size_t              entries;
};

/* All zero is an empty wheel. Set or (due 0) clear an entry's deadline. */
void wheel_set(struct wheel *w, struct wheel_entry *e, uint64_t due, uint64_t now);

/* Take an entry out, before its memory goes. */
void wheel_drop(struct wheel *w, struct wheel_entry *e);

/* An entry whose deadline has passed, taken out; NULL when there are no more. */
struct wheel_entry *wheel_next(struct wheel *w, uint64_t now);

#endif
