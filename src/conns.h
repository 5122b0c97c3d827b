/*
 * conns: all connections of one worker.
 *
 * Who has a turn coming, whose time is up, and how to end them all in order.
 * What happens on one connection is in conn.c.
 */
#ifndef LUAHSM_CONNS_H
#define LUAHSM_CONNS_H

#include <stddef.h>
#include <stdint.h>

#include "command.h"

struct config;
struct conns;
struct event_base;
struct stats_worker;

/* The connection that was added with this token is no more. */
typedef void conns_closed(void *arg, uint32_t token);

/*
 * No connections yet; requests go to commands. All arguments must outlive the
 * set. NULL: no memory.
 */
struct conns *conns_new(struct event_base *base, const struct config *config,
    struct commands *commands, struct stats_worker *stats, conns_closed *closed, void *arg);

/* Close every connection, without a word to closed. */
void conns_free(struct conns *s);

/* Serve fd, a non-blocking stream socket, which is taken over: when there is
 * no memory it is closed and closed is called. */
void conns_add(struct conns *s, int fd, uint32_t token, struct origin from);

/* fd, taken over, leads to slow worker number, which counts in page. */
void conns_link(struct conns *s, unsigned number, int fd, const struct stats_worker *page);

/* fd, taken over, leads to the keeper. */
void conns_keeper(struct conns *s, int fd);

/* Answer what has been received, then close: no more requests after that. */
void conns_drain(struct conns *s);

size_t conns_count(const struct conns *s);

#endif
