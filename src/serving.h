/*
 * serving: which plug-ins a worker serves, and how it changes to others.
 *
 * A folder is built one state per turn of the loop, so that no request waits
 * for more than one, and swapped in whole between two requests.
 */
#ifndef LUAHSM_SERVING_H
#define LUAHSM_SERVING_H

#include <stdbool.h>
#include <stdint.h>

struct commands;
struct event_base;
struct folder;
struct serving;

/* The set of that generation is the running one now. */
typedef void serving_changed(void *arg, uint32_t generation);

/* Nothing is served yet. The arguments must outlive it. NULL: no memory. */
struct serving *serving_new(struct event_base *base, struct commands *commands,
    serving_changed *changed, void *arg);
void            serving_free(struct serving *s);

/*
 * Serve folder, which was judged good and is taken over, as soon as it is
 * built. One that came before and was not begun is forgotten. A folder that
 * can't be built here ends the process.
 */
void serving_take(struct serving *s, struct folder *folder, uint32_t generation);

/* Build all that was taken, at once. */
void serving_finish(struct serving *s);

#endif
