/*
 * slow_worker: what a slow worker has in place of connections: links to the
 * workers, of which it takes one request at a time, each link in its turn.
 */
#ifndef LUAHSM_SLOW_WORKER_H
#define LUAHSM_SLOW_WORKER_H

#include <stddef.h>

struct commands;
struct event_base;
struct slow_worker;
struct stats_worker;

enum { SLOW_WORKER_NICE = 10 };

struct slow_worker_calls {
	void (*before)(void *arg);	/* a request comes: be up to date with the supervisor */
	void (*gone)(void *arg);	/* a worker has ended, or the link to it */
	void *arg;
};

/* No links yet. All arguments must outlive it. NULL: no memory. */
struct slow_worker *slow_worker_new(struct event_base *base, struct commands *commands,
    struct stats_worker *stats, const struct slow_worker_calls *calls);
void                slow_worker_free(struct slow_worker *s);

/* fd, taken over, leads to the keeper, which requests ask (commands_ask_by). */
void slow_worker_keeper(struct slow_worker *s, int fd);

/* A keeper that dies is not replaced any more: wait for no other. */
void slow_worker_drain(struct slow_worker *s);

/* Take requests from fd, too, which is taken over. 0 or ERR_NO_MEMORY. */
int slow_worker_link(struct slow_worker *s, int fd);

size_t slow_worker_links(const struct slow_worker *s);

#endif
