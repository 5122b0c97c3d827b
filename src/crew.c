/*
 * crew: workers as processes: started, watched, replaced and ended.
 */
#include "crew_member.h"

#include <assert.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "channel.h"
#include "config.h"
#include "err.h"
#include "keeper_run.h"
#include "log.h"
#include "peers.h"
#include "stats.h"
#include "worker.h"

struct crew *
crew_new(struct event_base *base, const struct config *config, struct stats *stats,
    struct peers *peers, const struct crew_calls *calls)
{
	unsigned workers = config->workers + 1, size = workers + config->slow_workers + 1;
	struct crew *c = calloc(1, sizeof(*c) + size * sizeof(c->member[0]));

	if (c == NULL)
		return NULL;
	c->base = base;
	c->config = config;
	c->stats = stats;
	c->peers = peers;
	c->calls = *calls;
	c->size = size;
	for (unsigned i = 0; i < c->size; i++) {
		c->member[i].crew = c;
		c->member[i].keeper = i == size - 1;
		c->member[i].slow = i >= workers && i < size - 1;
		c->member[i].number = (int)(i < workers ? i : i < size - 1 ? i - workers : 0);
		c->member[i].channel = -1;
	}
	c->member[workers - 1].spare = true;
	return c;
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
	m->beat = 0;
	m->silent = 0;
	m->since = 0;
	m->told_to_drain = m->condemned = false;
	crew_unlink(m);
	if (!m->slow && !m->keeper)
		peers_lost(m->crew->peers, m->number);
	atomic_store(&member_page(m)->busy_since, 0);
	atomic_store(&member_page(m)->connections, 0);
	atomic_store(&member_page(m)->generation, 0);
	atomic_store(&member_page(m)->beat, 0);
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

void
crew_drain(struct crew *c)
{
	c->draining = true;
	for (unsigned i = 0; i < c->size; i++) {
		if (c->member[i].restart != NULL)
			event_del(c->member[i].restart);
		member_update(&c->member[i]);
	}
}

/* --- start and end ------------------------------------------------------- */

/* Make the process. 0 or ERR_SYSTEM. */
static int
spawn(struct member *m)
{
	struct crew *c = m->crew;
	struct worker_start start = {
		.config = c->config, .folder = c->folder, .pages = c->stats,
		.stats = member_page(m), .number = m->number, .slow = m->slow,
		.keeper = m->keeper, .generation = c->generation, .parent = getpid()
	};
	int ends[2];

	if (channel_pair(ends) != 0)
		return ERR_SYSTEM;
	start.channel = ends[1];
	fflush(NULL);
	m->pid = fork();
	if (m->pid == 0 && m->keeper)
		keeper_run(&start);
	if (m->pid == 0)
		worker_run(&start);
	close(ends[1]);
	m->channel = ends[0];
	m->sent = c->generation;
	if (m->keeper)
		m->ready_at = stats_now();
	m->readable = event_new(c->base, ends[0], EV_READ | EV_PERSIST, member_readable, m);
	m->writable = event_new(c->base, ends[0], EV_WRITE, member_writable, m);
	if (m->pid > 0 && m->readable != NULL && m->writable != NULL &&
	    event_add(m->readable, NULL) == 0) {
		crew_link(c);
		return 0;
	}
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

/* Start the workers, or the spare and the slow ones. */
static int
start(struct crew *c, bool others)
{
	int r = 0;

	for (unsigned i = 0; i < c->size; i++) {
		struct member *m = &c->member[i];

		if ((m->spare || m->slow || m->keeper) != others)
			continue;
		m->began = stats_now();
		if ((m->restart = evtimer_new(c->base, on_restart, m)) == NULL)
			return ERR_SYSTEM;
		if (spawn(m) == 0)
			continue;
		r = ERR_SYSTEM;
		restart_later(m);
	}
	return r;
}

int
crew_start(struct crew *c)
{
	assert(c->folder != NULL);
	return start(c, false);
}

void
crew_start_others(struct crew *c)
{
	if (start(c, true) != 0)
		log_event(LOG_WARN, "no-spare-worker", "wait_ms", 'd', CREW_BACKOFF_MS, NULL);
}

/* Do workers die as soon as they live? Those that worked for a while are no
 * crash loop, however many are killed. */
static bool
crash_loop(struct crew *c, const struct member *m)
{
	uint64_t now = stats_now(), oldest;

	if ((m->serves != 0 || m->keeper) && now - m->ready_at > CREW_YOUNG_MS * crew_ms)
		return false;
	oldest = c->young_lost[c->nlost % CREW_LOSSES];
	c->young_lost[c->nlost++ % CREW_LOSSES] = now;
	return c->nlost > CREW_LOSSES && now - oldest < CREW_LOSSES_MS * crew_ms;
}

static void
report_loss(const struct member *m, int status)
{
	bool signalled = WIFSIGNALED(status);

	log_event(LOG_WARN, m->keeper ? "keeper-lost" : m->slow ? "slow-worker-lost" :
	    "worker-lost",
	    "worker", 'd', m->number, "pid", 'd', (int)m->pid,
	    signalled ? "signal" : "exit", 'd',
	    signalled ? WTERMSIG(status) : WEXITSTATUS(status), "connections", 'u',
	    m->slow || m->keeper ? 0U : (unsigned)peers_of(m->crew->peers, m->number), NULL);
}

/* Let the spare one take the place of m, which is gone; m is where the next spare
 * one will be. Does nothing while there is none. */
static void
stand_in(struct member *m)
{
	struct crew *c = m->crew;

	for (unsigned i = 0; i < c->size && !m->spare && !m->slow && !m->keeper; i++) {
		struct member *spare = &c->member[i];

		if (!spare->spare || spare->pid == 0 || spare->condemned)
			continue;
		spare->spare = false;
		m->spare = true;
		spare->began = m->began;
		if (spare->serves != 0)
			member_announce(spare);
	}
}

/* Have another take its place, and start one anew: at once, unless that is what
 * has been done all the time. */
static void
replace(struct member *m, int status)
{
	struct crew *c = m->crew;
	bool slow_down = crash_loop(c, m);

	report_loss(m, status);
	clear(m);
	m->began = stats_now();
	atomic_fetch_add(&c->stats->replaced, 1);
	stand_in(m);
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

/* --- questions ----------------------------------------------------------- */

bool
crew_ready(const struct crew *c, uint32_t generation)
{
	for (unsigned i = 0; i < c->size; i++) {
		const struct member *m = &c->member[i];

		if (m->keeper || ((m->spare || m->slow) && m->pid == 0))
			continue;
		/* a slow one builds what it was sent before it takes a request */
		if (m->slow ? m->sent < generation :
		    m->serves == 0 || m->serves < generation)
			return false;
	}
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
crew_pages(const struct crew *c)
{
	return c->config->workers + 1;
}

pid_t
crew_pid(const struct crew *c, unsigned page)
{
	return c->member[page].spare ? 0 : c->member[page].pid;
}

pid_t
crew_slow_pid(const struct crew *c, unsigned number)
{
	return c->member[c->config->workers + 1 + number].pid;
}
