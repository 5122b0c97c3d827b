/*
 * hosts: a worker's connections with one host, whose end a test has: what it sends, and
 * what has come. command_run is the test's own.
 */
#ifndef TEST_HOSTS_H
#define TEST_HOSTS_H

#include <event2/event.h>
#include <sys/socket.h>
#include <unistd.h>

#include "config.h"
#include "conns.h"
#include "rows.h"
#include "stats.h"

static struct config       config;
static struct stats_worker stats;
static struct event_base  *base;
static struct conns       *conns;
static int                 host;	/* its end; -1: gone */

/* The host is connected, as that token, on a Unix socket of that LMK. */
static inline void
hosts_open(uint32_t token, int lmk, void (*closed)(void *arg, uint32_t token))
{
	const struct origin from = { .lmk = lmk, .unix_socket = true };
	int ends[2];

	config = (struct config){ .header_length = 4, .frame_max = 32768, .idle_ms = 1000 };
	memset(&stats, 0, sizeof(stats));
	base = event_base_new();
	conns = conns_new(base, &config, NULL, &stats, closed, NULL);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
	conns_add(conns, ends[1], token, from);
	host = ends[0];
}

static inline void
hosts_close(void)
{
	conns_free(conns);
	event_base_free(base);
	if (host >= 0)
		close(host);
}

static inline void
pump(void)
{
	for (int i = 0; i < 20; i++)
		event_base_loop(base, EVLOOP_NONBLOCK);
}

static inline void
say(struct span s)
{
	assert_int_equal(write(host, s.p, s.n), s.n);
	pump();
}

/* Everything that has come by now is this. */
static inline void
expect(struct span want)
{
	uint8_t got[512];
	ssize_t n;

	pump();
	n = read(host, got, sizeof(got));
	assert_int_equal(n < 0 ? 0 : n, want.n);
	assert_memory_equal(got, want.p, want.n);
}

#endif
