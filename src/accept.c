/*
 * accept: batches, limits, and what to do when descriptors run out.
 *
 * When no worker can take a connection, one is held here and the listeners
 * rest: the kernel keeps the others in its backlog, and nobody is turned away.
 */
#include "accept.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <event2/event.h>

#include "crew.h"
#include "listen.h"
#include "log.h"
#include "peers.h"
#include "stats.h"

/* One listener's event. */
struct door {
	struct accept *accept;
	struct event  *event;
	struct origin  origin;
	uint16_t       port;
};

struct accept {
	struct peers *peers;
	struct crew  *crew;
	struct stats *stats;
	const char   *users;		/* beside our own, on the Unix socket */
	struct event *pause;
	int           reserve;		/* given up to accept and close when none is left */
	bool          resting;
	int           held;		/* accepted and not handed over yet; -1: none */
	uint32_t      held_token;
	struct origin held_origin;
	uint64_t      told;		/* when the log last heard of a limit */
	size_t        n;
	struct door   door[];
};

/* A flood of refusals is one line a second; the counter has them all. */
static void
tell_limit(struct accept *a, const char *why)
{
	uint64_t now = stats_now();

	atomic_fetch_add(&a->stats->over_limit, 1);
	if (a->told != 0 && now - a->told < 1000000000U)
		return;
	a->told = now;
	log_event(LOG_WARN, "connection-refused", "why", 's', why, "refused", 'U',
	    (uint64_t)atomic_load(&a->stats->over_limit), NULL);
}

/* Leave the listeners alone; for_a_while: until the timer rather than accept_resume. */
static void
rest(struct accept *a, bool for_a_while)
{
	static const struct timeval while_ = { 0, ACCEPT_PAUSE_MS * 1000 };

	a->resting = true;
	for (size_t i = 0; i < a->n; i++)
		event_del(a->door[i].event);
	if (for_a_while)
		evtimer_add(a->pause, &while_);
}

/* No descriptor left: turn one away, so that somebody hears of it, and rest. */
static void
turn_away(struct accept *a, int listener)
{
	int fd;

	close(a->reserve);
	if ((fd = accept(listener, NULL, NULL)) >= 0)
		close(fd);
	a->reserve = open("/dev/null", O_RDONLY | O_CLOEXEC);
	tell_limit(a, "no descriptor left: raise the limit on open files");
	rest(a, true);
}

static void
hand_over(struct accept *a, int fd, uint32_t token, struct origin origin)
{
	int r = crew_give(a->crew, fd, token, origin);

	if (r == 0) {
		atomic_fetch_add(&a->stats->accepted, 1);
		return;
	}
	a->held = fd;
	a->held_token = token;
	a->held_origin = origin;
	rest(a, r == 2);
}

static uint16_t
port_of(const struct sockaddr_storage *from)
{
	return ntohs(from->ss_family == AF_INET6 ?
	    ((const struct sockaddr_in6 *)from)->sin6_port :
	    ((const struct sockaddr_in *)from)->sin_port);
}

/* The address as peers counts it: IPv4 as mapped into IPv6. */
static void
address_of(const struct sockaddr_storage *from, struct in6_addr *address)
{
	memset(address, 0, sizeof(*address));
	if (from->ss_family == AF_INET6) {
		*address = ((const struct sockaddr_in6 *)from)->sin6_addr;
	} else {
		address->s6_addr[10] = address->s6_addr[11] = 0xff;
		memcpy(address->s6_addr + 12,
		    &((const struct sockaddr_in *)from)->sin_addr, 4);
	}
}

static void
admit(struct accept *a, int fd, const struct sockaddr_storage *from, const struct door *door)
{
	struct origin origin = door->origin;
	struct in6_addr address;
	int64_t token;

	if (origin.unix_socket && !listen_trusts(fd, a->users, &origin)) {
		log_event(LOG_WARN, "peer-refused", "uid", 'd', (int)origin.uid, NULL);
		close(fd);
		return;
	}
	if (!origin.unix_socket)
		address_of(from, &address);
	token = peers_take(a->peers, origin.unix_socket ? NULL : &address);
	if (token < 0) {
		close(fd);
		tell_limit(a, "limits.connections or limits.per_address reached");
		return;
	}
	if (!origin.unix_socket)
		peers_ports(a->peers, (uint32_t)token, port_of(from), door->port);
	hand_over(a, fd, (uint32_t)token, origin);
}

static void
on_acceptable(evutil_socket_t listener, short what, void *arg)
{
	const struct door *door = arg;
	struct accept *a = door->accept;
	struct sockaddr_storage from;

	(void)what;
	for (int i = 0; i < ACCEPT_BATCH && !a->resting; i++) {
		socklen_t n = sizeof(from);
		int fd = accept4(listener, (struct sockaddr *)&from, &n,
		    SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (fd >= 0) {
			admit(a, fd, &from, door);
		} else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
		    errno == ENOMEM) {
			turn_away(a, listener);
		} else if (errno != EINTR && errno != ECONNABORTED) {
			return;		/* nobody waits any more */
		}
	}
}

static void
on_pause_over(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	accept_resume(arg);
}

void
accept_resume(struct accept *a)
{
	int fd = a->held;

	if (!a->resting || evtimer_pending(a->pause, NULL))
		return;
	if (fd >= 0) {
		a->held = -1;
		hand_over(a, fd, a->held_token, a->held_origin);
		if (a->held >= 0)
			return;
	}
	a->resting = false;
	for (size_t i = 0; i < a->n; i++)
		event_add(a->door[i].event, NULL);
}

struct accept *
accept_new(struct event_base *base, const struct listeners *l, struct peers *peers,
    struct crew *crew, struct stats *stats, const char *users)
{
	struct accept *a = calloc(1, sizeof(*a) + l->n * sizeof(a->door[0]));
	bool whole;

	if (a == NULL)
		return NULL;
	a->peers = peers;
	a->crew = crew;
	a->stats = stats;
	a->users = users;
	a->held = -1;
	a->resting = true;
	a->n = l->n;
	a->reserve = open("/dev/null", O_RDONLY | O_CLOEXEC);
	a->pause = evtimer_new(base, on_pause_over, a);
	whole = a->reserve >= 0 && a->pause != NULL;
	for (size_t i = 0; i < l->n; i++) {
		struct door *d = &a->door[i];

		d->accept = a;
		d->origin = l->all[i].origin;
		d->port = l->all[i].port;
		d->event = event_new(base, l->all[i].fd, EV_READ | EV_PERSIST,
		    on_acceptable, d);
		whole = whole && d->event != NULL;
	}
	if (whole)
		return a;
	accept_free(a);
	return NULL;
}

void
accept_free(struct accept *a)
{
	if (a == NULL)
		return;
	for (size_t i = 0; i < a->n; i++)
		if (a->door[i].event != NULL)
			event_free(a->door[i].event);
	if (a->pause != NULL)
		event_free(a->pause);
	if (a->held >= 0) {
		peers_put(a->peers, a->held_token, PEERS_NOBODY);
		close(a->held);
	}
	if (a->reserve >= 0)
		close(a->reserve);
	free(a);
}
