/*
 * crew_slow: slow workers and the keeper, and the links that lead to them: a pair
 * of sockets for each worker and each of these, made anew when either is replaced.
 * Slow workers ask the keeper, too.
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
	unsigned first = m->keeper ? STATS_PAGES - 1 : m->slow ? STATS_PAGES - 1 - STATS_SLOW : 0;

	return &m->crew->stats->worker[first + (unsigned)m->number];
}

/* The bit of linked for a slow worker or the keeper. */
static uint16_t
bit_of(const struct member *to)
{
	return (uint16_t)(1U << (to->keeper ? STATS_SLOW : to->number));
}

/* Give m its end of a link. What does not fit is sent when it does. false: not now. */
static bool
send_end(struct member *m, enum channel_kind kind, const struct member *to, int fd)
{
	const struct channel_message msg = { .kind = kind, .number = (uint32_t)to->number };
	int r = channel_send(m->channel, &msg, fd);

	if (r > 0)
		event_add(m->writable, NULL);
	return r == 0;
}

/* One that does not get the other end of a link sees that the first is closed at
 * once, and is given another link later. */
static void
link_pair(struct member *from, struct member *to)
{
	int ends[2];

	if (from->pid == 0 || to->pid == 0 || (from->linked & bit_of(to)) != 0 ||
	    channel_pair(ends) != 0)
		return;
	if (send_end(from, to->keeper ? CHANNEL_KEEPER : CHANNEL_LINK, to, ends[0]) &&
	    send_end(to, CHANNEL_LINK, to, ends[1]))
		from->linked |= bit_of(to);
	close(ends[0]);
	close(ends[1]);
}

int
crew_keeper(struct crew *c)
{
	struct member *keeper = &c->member[c->size - 1];
	int ends[2];

	if (c->draining || keeper->pid == 0 || channel_pair(ends) != 0)
		return -1;
	if (!send_end(keeper, CHANNEL_LINK, keeper, ends[1])) {
		close(ends[0]);
		ends[0] = -1;
	}
	close(ends[1]);
	return ends[0];
}

void
crew_link(struct crew *c)
{
	unsigned workers = c->config->workers + 1, keeper = c->size - 1;

	for (unsigned i = 0; i < keeper && !c->draining; i++) {
		for (unsigned k = workers; k < keeper && i < workers; k++)
			link_pair(&c->member[i], &c->member[k]);
		link_pair(&c->member[i], &c->member[keeper]);
	}
}

void
crew_unlink(struct member *m)
{
	struct crew *c = m->crew;

	m->linked = 0;
	for (unsigned i = 0; (m->slow || m->keeper) && i < c->size; i++)
		c->member[i].linked &= (uint16_t)~bit_of(m);
}
