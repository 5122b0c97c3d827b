/*
 * accept: from the listeners to the workers, within the limits.
 */
#ifndef LUAHSM_ACCEPT_H
#define LUAHSM_ACCEPT_H

enum {
	ACCEPT_BATCH    = 64,	/* per listener and turn of the loop */
	ACCEPT_PAUSE_MS = 100	/* without a descriptor to accept with */
};

struct accept;
struct crew;
struct event_base;
struct listeners;
struct peers;
struct stats;

/* Accept on all of l, beginning with accept_resume; users as listen_trusts has them.
 * Arguments must outlive it. NULL: no memory, or no descriptor. */
struct accept *accept_new(struct event_base *base, const struct listeners *l,
    struct peers *peers, struct crew *crew, struct stats *stats, const char *users);
void           accept_free(struct accept *a);

/* Begin, or go on because a worker can take connections again. */
void accept_resume(struct accept *a);

#endif
