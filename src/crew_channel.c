/*
 * crew_channel: what workers are told and what they tell, and the connections
 * that they are handed.
 */
#include "crew_member.h"

#include <unistd.h>

#include "channel.h"
#include "config.h"
#include "courier.h"
#include "err.h"
#include "folder.h"
#include "log.h"
#include "peers.h"
#include "stats.h"

void
member_update(struct member *m)
{
	const struct crew *c = m->crew;
	struct channel_message msg;
	int r = 0;

	if (m->pid == 0)
		return;
	if (m->sent != c->generation && !m->keeper) {
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

void
member_writable(evutil_socket_t fd, short what, void *arg)
{
	struct member *m = arg;

	(void)fd;
	(void)what;
	member_update(m);
	crew_link(m->crew);
	m->crew->calls.room(m->crew->calls.arg);
}

void
member_announce(struct member *m)
{
	struct crew *c = m->crew;

	m->ready_at = stats_now();
	log_event(LOG_INFO, m->slow ? "slow-worker-ready" : "worker-ready",
	    "worker", 'd', m->number, "pid", 'd', (int)m->pid,
	    "ms", 'u', (unsigned)((m->ready_at - m->began) / crew_ms), NULL);
	c->calls.room(c->calls.arg);
}

static void
now_serves(struct member *m, uint32_t generation)
{
	bool first = m->serves == 0;

	m->serves = generation;
	if (first && m->spare)
		m->ready_at = stats_now();
	else if (first)
		member_announce(m);
	m->crew->calls.changed(m->crew->calls.arg);
}

void
member_readable(evutil_socket_t fd, short what, void *arg)
{
	struct member *m = arg;
	struct channel_message msg;
	int r, passed;

	(void)what;
	while ((r = channel_receive(fd, &msg, &passed)) == 1) {
		if (passed >= 0 && msg.kind == CHANNEL_PRINT)
			courier_serve(m->crew->config->spool, passed);
		else if (passed >= 0)
			close(passed);		/* no worker has any other to give */
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
	/* slow workers, which are last, hear of it before any worker sends them a request of it */
	for (unsigned i = c->size; i-- > 0;)
		member_update(&c->member[i]);
}

/* The ready worker with the fewest connections that is not in tried, or NULL. */
static struct member *
least_loaded(struct crew *c, const bool tried[STATS_PAGES])
{
	struct member *best = NULL;

	for (unsigned i = 0; i < c->size; i++) {
		struct member *m = &c->member[i];

		if (m->serves == 0 || m->spare || m->slow || m->condemned || tried[i])
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
	    .unix_socket = from.unix_socket, .uid = from.uid, .pid = from.pid,
	    .token = { token } };
	struct member *m;
	bool tried[STATS_PAGES] = { false };
	int r;

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
		tried[m->number] = true;
	}
	return 1;
}
