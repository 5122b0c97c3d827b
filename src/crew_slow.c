/*
 * crew_slow: slow workers, and the links that lead to them: a pair of sockets
 * for each worker and each slow worker, made anew when either is replaced.
 */
#include "crew_member.h"

#include <unistd.h>

#include "channel.h"
#include "config.h"
#include "err.h"
#include "stats.h"

struct stats_worker *
member_page(const struct member *m)
{
	return &m->crew->stats->worker[(m->slow ? STATS_PAGES - STATS_SLOW : 0) + m->number];
}

/* Give m its end. What does not fit is sent when it does. false: not now. */
static bool
send_end(struct member *m, const struct member *slow, int fd)
{
	const struct channel_message msg = { .kind = CHANNEL_LINK,
	    .number = (uint32_t)slow->number };
	int r = channel_send(m->channel, &msg, fd);

	if (r > 0)
		event_add(m->writable, NULL);
	return r == 0;
}

/* A worker whose slow worker does not get the other end sees that one end at once,
 * and is given another link later. */
static void
link_pair(struct member *m, struct member *slow)
{
	int ends[2];

	if (channel_pair(ends) != 0)
		return;
	if (send_end(m, slow, ends[0]) && send_end(slow, slow, ends[1]))
		m->linked |= (uint8_t)(1U << slow->number);
	close(ends[0]);
	close(ends[1]);
}

void
crew_link(struct crew *c)
{
	unsigned workers = c->config->workers + 1;

	for (unsigned i = 0; i < workers && !c->draining; i++) {
		for (unsigned k = workers; k < c->size; k++) {
			struct member *m = &c->member[i], *slow = &c->member[k];

			if (m->pid != 0 && slow->pid != 0 &&
			    (m->linked & 1U << slow->number) == 0)
				link_pair(m, slow);
		}
	}
}

void
crew_unlink(struct member *m)
{
	struct crew *c = m->crew;

	m->linked = 0;
	for (unsigned i = 0; m->slow && i < c->size; i++)
		c->member[i].linked &= (uint8_t)(~(1U << m->number));
}
