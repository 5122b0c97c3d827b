/*
 * crew: one struct member per worker, whether it runs at the moment or not.
 */
#include "crew.h"

#include <assert.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <event2/event.h>

#include "channel.h"
#include "config.h"
#include "err.h"
#include "folder.h"
#include "log.h"
#include "peers.h"
#include "stats.h"
#include "worker.h"

struct member {
	struct crew  *crew;
	int           number;
	pid_t         pid;		/* 0: not there */
	int           channel;
	struct event *readable, *writable;	/* NULL while it is not there */
	struct event *restart;
	uint32_t      sent;		/* the newest set it was given */
	uint32_t      serves;		/* the set that it said it serves; 0: none yet */
	bool          told_to_drain;
	bool          condemned;	/* killed by us, not reaped yet */
	uint64_t      began;		/* when it was lost, or first started */
	uint64_t      ready_at;
};

struct crew {
	struct event_base   *base;
	const struct config *config;
	struct stats        *stats;
	struct peers        *peers;
	struct crew_calls    calls;
	struct folder       *folder;
	uint32_t             generation;
	bool                 draining;
	uint64_t             young_lost[CREW_LOSSES];	/* when; a ring */
	unsigned             nlost;
	unsigned             size;
	struct member        member[];
};

static const uint64_t ms = 1000000;

struct crew *
crew_new(struct event_base *base, const struct config *config, struct stats *stats,
    struct peers *peers, const struct crew_calls *calls)
{
	struct crew *c = calloc(1, sizeof(*c) + config->workers * sizeof(c->member[0]));

	if (c == NULL)
		return NULL;
	c->base = base;
	c->config = config;
	c->stats = stats;
	c->peers = peers;
	c->calls = *calls;
	c->size = config->workers;
	for (unsigned i = 0; i < c->size; i++) {
		c->member[i].crew = c;
		c->member[i].number = (int)i;
		c->member[i].channel = -1;
	}
	return c;
}

static struct stats_worker *
page_of(const struct member *m)
{
	return &m->crew->stats->worker[m->number];
}

/* Forget the process that was: its end of the channel, its connections, its state. */
static void
clear(struct member *m)
{
	if (m->readable != NULL)
		event_free(m->readable);
	if (m->writable != NULL)
		event_free(m->writable);
	if (m->channel >= 0)
		close(m->channel);
	m->readable = m->writable = NULL;
	m->channel = -1;
	m->pid = 0;
	m->serves = 0;
	m->told_to_drain = m->condemned = false;
	peers_lost(m->crew->peers, m->number);
	atomic_store(&page_of(m)->busy_since, 0);
	atomic_store(&page_of(m)->connections, 0);
	atomic_store(&page_of(m)->generation, 0);
}

void
crew_free(struct crew *c)
{
	if (c == NULL)
		return;
	for (unsigned i = 0; i < c->size; i++) {
		clear(&c->member[i]);
		if (c->member[i].restart != NULL)
			event_free(c->member[i].restart);
	}
	free(c);
}

/* --- messages ------------------------------------------------------------ */

/* Give a worker what it should have by now. What does not fit is sent when it does. */
static void
update(struct member *m)
{
	const struct crew *c = m->crew;
	struct channel_message msg;
	int r = 0;

	if (m->pid == 0)
		return;
	if (m->sent != c->generation) {
		msg = (struct channel_message){ .kind = CHANNEL_FOLDER,
		    .number = c->generation };
		if ((r = channel_send(m->channel, &msg, folder_fd(c->folder))) == 0)
			m->sent = c->generation;
	}
	if (r == 0 && c->draining && !m->told_to_drain) {
		msg = (struct channel_message){ .kind = CHANNEL_DRAIN };
		if ((r = channel_send(m->channel, &msg, -1)) == 0)
			m->told_to_drain = true;
	}
	if (r > 0)
		event_add(m->writable, NULL);
}

static void
on_writable(evutil_socket_t fd, short what, void *arg)
{
	struct member *m = arg;

	(void)fd;
	(void)what;
	update(m);
	m->crew->calls.room(m->crew->calls.arg);
}

static void
now_serves(struct member *m, uint32_t generation)
{
	struct crew *c = m->crew;
	bool first = m->serves == 0;

	m->serves = generation;
	if (first) {
		m->ready_at = stats_now();
		log_event(LOG_INFO, "worker-ready", "worker", 'd', m->number,
		    "pid", 'd', (int)m->pid,
		    "ms", 'u', (unsigned)((m->ready_at - m->began) / ms), NULL);
		c->calls.room(c->calls.arg);
	}
	c->calls.changed(c->calls.arg);
}

static void
on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct member *m = arg;
	struct channel_message msg;
	int r, passed;

	(void)what;
	while ((r = channel_receive(fd, &msg, &passed)) == 1) {
		if (passed >= 0)
			close(passed);		/* no worker has any to give */
		if (msg.kind == CHANNEL_SERVES)
			now_serves(m, msg.number);
		for (uint32_t i = 0; msg.kind == CHANNEL_CLOSED && i < msg.number; i++)
			peers_put(m->crew->peers, msg.token[i], m->number);
	}
	if (r < 0)
		event_del(m->readable);		/* it is ending: crew_ended comes next */
}

void
crew_serve(struct crew *c, struct folder *folder, uint32_t generation)
{
	c->folder = folder;
	c->generation = generation;
	for (unsigned i = 0; i < c->size; i++)
		update(&c->member[i]);
}

void
crew_drain(struct crew *c)
{
	c->draining = true;
	for (unsigned i = 0; i < c->size; i++) {
		if (c->member[i].restart != NULL)
			event_del(c->member[i].restart);
		update(&c->member[i]);
	}
}

/* --- start and end ------------------------------------------------------- */

/* Make the process. 0 or ERR_SYSTEM. */
static int
spawn(struct member *m)
{
	struct crew *c = m->crew;
	struct worker_start start = { c->config, c->folder, page_of(m), -1, m->number,
	    c->generation, getpid() };
	int ends[2];

	if (channel_pair(ends) != 0)
		return ERR_SYSTEM;
	start.channel = ends[1];
	fflush(NULL);
	if ((m->pid = fork()) == 0)
		worker_run(&start);
	close(ends[1]);
	m->channel = ends[0];
	m->sent = c->generation;
	m->readable = event_new(c->base, ends[0], EV_READ | EV_PERSIST, on_readable, m);
	m->writable = event_new(c->base, ends[0], EV_WRITE, on_writable, m);
	if (m->pid > 0 && m->readable != NULL && m->writable != NULL &&
	    event_add(m->readable, NULL) == 0)
		return 0;
	if (m->pid > 0)
		kill(m->pid, SIGKILL);
	clear(m);
	return ERR_SYSTEM;
}

static void
restart_later(struct member *m)
{
	static const struct timeval wait = { CREW_BACKOFF_MS / 1000,
	    CREW_BACKOFF_MS % 1000 * 1000 };

	evtimer_add(m->restart, &wait);
}

static void
on_restart(evutil_socket_t fd, short what, void *arg)
{
	struct member *m = arg;

	(void)fd;
	(void)what;
	if (spawn(m) != 0)
		restart_later(m);
}

int
crew_start(struct crew *c)
{
	assert(c->folder != NULL);
	for (unsigned i = 0; i < c->size; i++) {
		struct member *m = &c->member[i];

		m->began = stats_now();
		if ((m->restart = evtimer_new(c->base, on_restart, m)) == NULL ||
		    spawn(m) != 0)
			return ERR_SYSTEM;
	}
	return 0;
}

/* Do workers die as soon as they live? Those that worked for a while are no
 * crash loop, however many are killed. */
static bool
crash_loop(struct crew *c, const struct member *m)
{
	uint64_t now = stats_now(), oldest;

	if (m->serves != 0 && now - m->ready_at > CREW_YOUNG_MS * ms)
		return false;
	oldest = c->young_lost[c->nlost % CREW_LOSSES];
	c->young_lost[c->nlost++ % CREW_LOSSES] = now;
	return c->nlost > CREW_LOSSES && now - oldest < CREW_LOSSES_MS * ms;
}

static void
report_loss(const struct member *m, int status)
{
	bool signalled = WIFSIGNALED(status);

	log_event(LOG_WARN, "worker-lost", "worker", 'd', m->number, "pid", 'd', (int)m->pid,
	    signalled ? "signal" : "exit", 'd',
	    signalled ? WTERMSIG(status) : WEXITSTATUS(status),
	    "connections", 'u', (unsigned)peers_of(m->crew->peers, m->number), NULL);
}

/* Start another in its place: at once, unless that is what has been done all the time. */
static void
replace(struct member *m, int status)
{
	struct crew *c = m->crew;
	bool slow_down = crash_loop(c, m);

	report_loss(m, status);
	clear(m);
	m->began = stats_now();
	atomic_fetch_add(&c->stats->replaced, 1);
	if (slow_down)
		log_event(LOG_ERROR, "crash-loop", "worker", 'd', m->number,
		    "wait_ms", 'd', CREW_BACKOFF_MS, NULL);
	if (slow_down || spawn(m) != 0)
		restart_later(m);
}

bool
crew_ended(struct crew *c, pid_t pid, int status)
{
	for (unsigned i = 0; i < c->size; i++) {
		struct member *m = &c->member[i];

		if (m->pid != pid)
			continue;
		if (c->draining)
			clear(m);
		else
			replace(m, status);
		c->calls.changed(c->calls.arg);
		return true;
	}
	return false;
}

void
crew_kill(struct crew *c)
{
	for (unsigned i = 0; i < c->size; i++)
		if (c->member[i].pid != 0)
			kill(c->member[i].pid, SIGKILL);
}

void
crew_watch(struct crew *c)
{
	uint64_t now = stats_now(), most = 2 * c->config->deadline_ms * ms;

	for (unsigned i = 0; i < c->size; i++) {
		struct member *m = &c->member[i];
		uint64_t since = atomic_load_explicit(&page_of(m)->busy_since,
		    memory_order_relaxed);

		/* since may be newer than now: the worker has gone on meanwhile */
		if (m->pid == 0 || m->condemned || since == 0 || now <= since ||
		    now - since <= most)
			continue;
		log_event(LOG_ERROR, "worker-hung", "worker", 'd', m->number, "pid", 'd',
		    (int)m->pid, "ms", 'u', (unsigned)((now - since) / ms), NULL);
		m->condemned = true;
		kill(m->pid, SIGKILL);
	}
}

/* --- connections --------------------------------------------------------- */

/* The ready worker with the fewest connections that is not in tried, or NULL. */
static struct member *
least_loaded(struct crew *c, uint64_t tried)
{
	struct member *best = NULL;

	for (unsigned i = 0; i < c->size; i++) {
		struct member *m = &c->member[i];

		if (m->serves == 0 || m->condemned || (tried >> i & 1) != 0)
			continue;
		if (best == NULL || peers_of(c->peers, m->number) <
		    peers_of(c->peers, best->number))
			best = m;
	}
	return best;
}

int
crew_give(struct crew *c, int fd, uint32_t token, struct origin from)
{
	const struct channel_message msg = { .kind = CHANNEL_CONNECTION, .lmk = from.lmk,
	    .unix_socket = from.unix_socket, .token = { token } };
	struct member *m;
	uint64_t tried = 0;
	int r;

	static_assert(STATS_WORKERS <= 64, "one bit of tried for each worker");
	while ((m = least_loaded(c, tried)) != NULL) {
		r = channel_send(m->channel, &msg, fd);
		if (r == 0) {
			close(fd);
			peers_give(c->peers, token, m->number);
			return 0;
		}
		if (r == 2)
			return 2;
		if (r == 1)
			event_add(m->writable, NULL);
		tried |= (uint64_t)1 << m->number;
	}
	return 1;
}

/* --- questions ----------------------------------------------------------- */

bool
crew_ready(const struct crew *c, uint32_t generation)
{
	for (unsigned i = 0; i < c->size; i++)
		if (c->member[i].serves == 0 || c->member[i].serves < generation)
			return false;
	return true;
}

unsigned
crew_running(const struct crew *c)
{
	unsigned n = 0;

	for (unsigned i = 0; i < c->size; i++)
		n += c->member[i].pid != 0;
	return n;
}

unsigned
crew_size(const struct crew *c)
{
	return c->size;
}

pid_t
crew_pid(const struct crew *c, unsigned number)
{
	return c->member[number].pid;
}
