/*
 * crew_watch: which processes hang: in a request, which has a limit, or outside of
 * any. The latter are asked for a sign of life now and then, so that those that
 * have nothing to do need no timer of their own.
 */
#include "crew_member.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "channel.h"
#include "config.h"
#include "log.h"
#include "stats.h"

enum {
	BEAT_MS = 1000,		/* from one question to the next */
	DEAF_MS = 10000,	/* longer than anything that is waited for outside a request */
	LOOK_MS = 100		/* a look that comes later counts as this: we have slept, too */
};

/* How long a request may run before its process is killed. */
static uint64_t
patience(const struct member *m)
{
	const struct config *config = m->crew->config;
	uint64_t ms = config->deadline_ms;

	if (m->slow || m->keeper || (config->slow_workers == 0 && config->slow_ms > ms))
		ms = config->slow_ms;
	return 2 * ms * crew_ms;
}

/*
 * How long it has been ready to run and had no processor, in ns; 0 if that is not told. On a
 * busy machine a process may wait longer than a request may last: that is no hang.
 */
static uint64_t
waited(const struct member *m)
{
	char path[48], line[128] = "", *behind;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/schedstat", (int)m->pid);
	if ((f = fopen(path, "re")) == NULL)
		return 0;
	if (fgets(line, sizeof(line), f) == NULL)
		line[0] = '\0';
	fclose(f);
	/* how long it ran, and how long it waited */
	behind = strchr(line, ' ');
	return behind == NULL ? 0 : strtoull(behind, NULL, 10);
}

/*
 * How long its request has been seen to run: look by look, without the time that it has only
 * waited for a processor, and without what we did not watch because we slept as well.
 */
static uint64_t
spent(struct member *m, uint64_t since, uint64_t look)
{
	uint64_t before = m->waited, wait;

	if (since == 0) {
		m->since = 0;
		return 0;
	}
	m->waited = waited(m);
	if (m->since != since) {
		m->since = since;
		m->spent = 0;
		return 0;
	}
	wait = m->waited > before ? m->waited - before : 0;
	look = wait < look ? look - wait : 0;
	m->spent += look < LOOK_MS * crew_ms ? look : LOOK_MS * crew_ms;
	return m->spent;
}

static void
condemn(struct member *m, const char *where, uint64_t ns)
{
	log_event(LOG_ERROR, m->keeper ? "keeper-hung" : m->slow ? "slow-worker-hung" :
	    "worker-hung",
	    "worker", 'd', m->number, "pid", 'd', (int)m->pid,
	    "ms", 'u', (unsigned)(ns / crew_ms), "in", 's', where, NULL);
	m->condemned = true;
	kill(m->pid, SIGKILL);
}

/* It is in no request: ask it for a sign of life, or is that one overdue? */
static void
listen_for(struct member *m, uint64_t look)
{
	const struct channel_message msg = { .kind = CHANNEL_BEAT, .number = m->beat + 1 };
	uint64_t most = DEAF_MS * crew_ms;

	m->silent += look < LOOK_MS * crew_ms ? look : LOOK_MS * crew_ms;
	if (most < patience(m))
		most = patience(m);
	if (atomic_load_explicit(&member_page(m)->beat, memory_order_relaxed) == m->beat &&
	    m->silent >= BEAT_MS * crew_ms && channel_send(m->channel, &msg, -1) <= 0) {
		m->beat++;
		m->silent = 0;
	}
	/* the question may not even fit into its channel, which it does not read */
	if (m->silent > most)
		condemn(m, "the event loop", m->silent);
}

bool
crew_watch(struct crew *c)
{
	uint64_t now = stats_now(), look = now - c->looked;
	bool busy = false;

	crew_link(c);		/* there may have been no descriptors for it */
	c->looked = now;
	for (unsigned i = 0; i < c->size; i++) {
		struct member *m = &c->member[i];
		uint64_t since = atomic_load_explicit(&member_page(m)->busy_since,
		    memory_order_relaxed), ns;

		busy |= since != 0;
		if (m->pid == 0 || m->condemned)
			continue;
		if (since == 0 && (m->serves != 0 || m->keeper))
			listen_for(m, look);
		else
			m->silent = 0;
		if ((ns = spent(m, since, look)) > patience(m))
			condemn(m, "a request", ns);
	}
	return busy;
}
