/*
 * watch: has something looked at every so often, as long as there is a reason to.
 *
 * Without one the process sleeps: an idle server wakes up for nothing.
 */
#ifndef LUAHSM_WATCH_H
#define LUAHSM_WATCH_H

#include <stdbool.h>

struct event_base;
struct watch;

/* Look; true: there is a reason to look again. */
typedef bool watch_look(void *arg);

/* Look for what lasts longer than deadline_ms, four times in that time, within bounds.
 * NULL: no memory. */
struct watch *watch_new(struct event_base *base, unsigned deadline_ms, watch_look *look,
    void *arg);
void          watch_free(struct watch *w);	/* NULL is fine */

/* After each turn of the loop: look in a while, if this says so or the last look did. */
void watch_keep(struct watch *w, bool needed);

#endif
