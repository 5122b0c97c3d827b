/*
 * peers: a table with a free list through it.
 *
 * The connections of an address are counted by looking at all of them: the
 * setting is rarely on, and a few thousand entries are read faster than a
 * connection is accepted.
 */
#include "peers.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "shared.h"
#include "stats.h"

struct peer {
	struct in6_addr address;
	int32_t         next;		/* free: the next free one, or -1 */
	int16_t         worker;
	bool            used;
};

struct peers {
	unsigned    most, per_address;
	size_t      count;
	size_t      of[STATS_PAGES];
	int32_t     free;
	struct peer_shown *shown;
	struct peer all[];
};

struct peers *
peers_new(unsigned most, unsigned per_address)
{
	struct peers *p = calloc(1, sizeof(*p) + most * sizeof(p->all[0]));

	if (p == NULL)
		return NULL;
	if ((p->shown = shared_map(most * sizeof(*p->shown))) == NULL) {
		free(p);
		return NULL;
	}
	p->most = most;
	p->per_address = per_address;
	for (unsigned i = 0; i < most; i++)
		p->all[i].next = i + 1 < most ? (int32_t)i + 1 : -1;
	p->free = most > 0 ? 0 : -1;
	return p;
}

void
peers_free(struct peers *p)
{
	if (p != NULL)
		shared_unmap(p->shown, p->most * sizeof(*p->shown));
	free(p);
}

static unsigned
count_from(const struct peers *p, const struct in6_addr *address)
{
	unsigned n = 0;

	for (unsigned i = 0; i < p->most; i++)
		if (p->all[i].used &&
		    memcmp(&p->all[i].address, address, sizeof(*address)) == 0)
			n++;
	return n;
}

static void
show(struct peer_shown *shown, const struct in6_addr *address)
{
	*shown = (struct peer_shown){ .since = (uint32_t)(stats_now() / 1000000000U) + 1 };
	if (address != NULL && IN6_IS_ADDR_V4MAPPED(address))
		memcpy(shown->address, address->s6_addr + 12, sizeof(shown->address));
}

int64_t
peers_take(struct peers *p, const struct in6_addr *address)
{
	struct peer *peer;
	int32_t token = p->free;

	if (token < 0 || (address != NULL && p->per_address > 0 &&
	    count_from(p, address) >= p->per_address))
		return PEERS_FULL;
	peer = &p->all[token];
	p->free = peer->next;
	peer->used = true;
	peer->worker = PEERS_NOBODY;
	peer->address = address != NULL ? *address : in6addr_any;
	p->count++;
	show(&p->shown[token], address);
	return token;
}

void
peers_ports(struct peers *p, uint32_t token, uint16_t port, uint16_t local_port)
{
	p->shown[token].port = port;
	p->shown[token].local_port = local_port;
}

const struct peer_shown *
peers_shown(const struct peers *p)
{
	return p->shown;
}

void
peers_give(struct peers *p, uint32_t token, int worker)
{
	assert(token < p->most && p->all[token].used);
	p->all[token].worker = (int16_t)worker;
	p->of[worker]++;
}

void
peers_put(struct peers *p, uint32_t token, int worker)
{
	struct peer *peer;

	if (token >= p->most)
		return;
	peer = &p->all[token];
	if (!peer->used || peer->worker != worker)
		return;
	peer->used = false;
	p->shown[token].since = 0;
	peer->next = p->free;
	p->free = (int32_t)token;
	p->count--;
	if (worker != PEERS_NOBODY)
		p->of[worker]--;
}

void
peers_lost(struct peers *p, int worker)
{
	for (unsigned i = 0; i < p->most; i++)
		if (p->all[i].used && p->all[i].worker == worker)
			peers_put(p, i, worker);
}

size_t
peers_count(const struct peers *p)
{
	return p->count;
}

size_t
peers_of(const struct peers *p, int worker)
{
	return p->of[worker];
}
