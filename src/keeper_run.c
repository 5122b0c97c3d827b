/*
 * keeper_run: one question at a time, from whichever link.
 */
#include "keeper_run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/queue.h>
#include <unistd.h>

#include <event2/event.h>
#include <event2/event_struct.h>
#include <sodium.h>

#include "asks.h"
#include "channel.h"
#include "config.h"
#include "err.h"
#include "keeper.h"
#include "keeper_open.h"
#include "log.h"
#include "secret.h"
#include "stats.h"

struct link {
	LIST_ENTRY(link) entry;
	struct process  *process;
	struct event     event;
	int              fd;
};

struct process {
	const struct config *config;
	struct event_base   *base;
	struct stats        *pages;
	struct stats_worker *stats;
	int                  channel;
	struct event         readable, look;
	LIST_HEAD(, link)    links;
	struct keeper       *keeper;
	struct keeper_store  store;
	uint64_t             tried;	/* when the store was last tried in vain; 0: it was not */
	bool                 draining, ended;
};

static void
set_busy(struct process *p, bool busy)
{
	atomic_store_explicit(&p->stats->busy_since, busy ? stats_now() : 0,
	    memory_order_relaxed);
}

/* What others change in a store that is shared is known within this time, if not before. */
static void
on_look(evutil_socket_t fd, short what, void *arg)
{
	struct process *p = arg;

	(void)fd;
	(void)what;
	set_busy(p, true);
	(void)keeper_refresh(p->keeper);	/* what is wrong has been said */
	set_busy(p, false);
}

static void
look_at_times(struct process *p)
{
	static const struct timeval often = { KEEPER_LOOK_MS / 1000, KEEPER_LOOK_MS % 1000 * 1000 };

	if (p->store.ks == NULL || !keystore_shared(p->store.ks))
		event_del(&p->look);
	else if (!event_pending(&p->look, EV_TIMEOUT, NULL))
		event_add(&p->look, &often);
}

/* Open what is not open, unless that failed a moment ago. */
static void
open_store(struct process *p)
{
	uint64_t now = stats_now();

	if (p->store.ks != NULL ||
	    (p->tried != 0 && now - p->tried < KEEPER_RETRY_MS * 1000000ULL))
		return;
	p->tried = keeper_open(p->config, &p->store) == 0 ? 0 : stats_now();
	keeper_give(p->keeper, p->store.ks, p->store.audit);
	if (p->store.ks != NULL)
		atomic_store(&p->pages->key_epoch, keystore_epoch(p->store.ks));
	look_at_times(p);
}

static void
cut(struct link *l)
{
	event_del(&l->event);
	LIST_REMOVE(l, entry);
	close(l->fd);
	free(l);
}

/* After a write that failed nobody knows what is on disk: begin again. */
static void
give_up_broken(struct process *p)
{
	if (p->store.audit != NULL && !audit_works(p->store.audit))
		keeper_close(&p->store);
	else if (p->store.ks != NULL && keystore_broken(p->store.ks))
		keeper_close_keys(&p->store);
	keeper_give(p->keeper, p->store.ks, p->store.audit);
}

/* Record and answer the signatures that came together. */
static void
flush(struct process *p)
{
	set_busy(p, true);
	if (keeper_flush(p->keeper) != 0)
		worker_give_up("an answer was not taken");
	give_up_broken(p);
	set_busy(p, false);
}

/* What has come over one link, so that it has a share of the flush; then the others' turn. */
static void
on_question(evutil_socket_t fd, short what, void *arg)
{
	struct link *l = arg;
	struct process *p = l->process;
	bool slow = false;
	int r = 1;

	(void)what;
	for (int i = 0; i < ASKS_AWAY && r == 1 && !slow; i++) {
		uint64_t began = stats_now();

		set_busy(p, true);	/* anew: the watch's patience is for one */
		open_store(p);
		r = keeper_serve(p->keeper, fd);
		p->stats->requests += r == 1;
		give_up_broken(p);
		slow = stats_now() - began > KEEPER_SLOW_MS * 1000000ULL;
	}
	set_busy(p, false);
	if (r == ERR_NO_ROOM)
		worker_give_up("an answer was not taken");
	if (r < 0 || slow)
		flush(p);	/* before somebody else has its descriptor; or waits, too */
	if (r < 0)
		cut(l);
	p->ended = p->draining && LIST_EMPTY(&p->links);
}

static void
take_link(struct process *p, int fd)
{
	struct link *l = fd >= 0 ? calloc(1, sizeof(*l)) : NULL;

	if (l == NULL || event_assign(&l->event, p->base, fd, EV_READ | EV_PERSIST,
	    on_question, l) != 0 || event_add(&l->event, NULL) != 0)
		worker_give_up("a link did not arrive, or there is no memory for it");
	l->process = p;
	l->fd = fd;
	LIST_INSERT_HEAD(&p->links, l, entry);
}

static void
on_message(evutil_socket_t fd, short what, void *arg)
{
	struct process *p = arg;
	struct channel_message m;
	int r, passed;

	(void)what;
	while ((r = channel_receive(fd, &m, &passed)) == 1) {
		if (m.kind == CHANNEL_LINK)
			take_link(p, passed);
		else if (m.kind == CHANNEL_BEAT)
			atomic_store_explicit(&p->stats->beat, m.number, memory_order_relaxed);
		else if (m.kind == CHANNEL_DRAIN)
			p->draining = true;
		else
			worker_give_up("unknown message from the supervisor");
	}
	if (r < 0 || (p->draining && LIST_EMPTY(&p->links)))
		p->ended = true;
}

/* What signs has to be told of each change before who made it is answered. */
static void
on_change(void *arg, uint64_t epoch)
{
	struct process *p = arg;

	atomic_store(&p->pages->key_epoch, epoch);
}

/* It was forked with the LMKs, and needs none. */
static void
forget_lmks(void)
{
	void *lmks = secret_fixed(true);

	if (lmks == NULL)
		worker_give_up("the LMKs can't be wiped");
	sodium_memzero(lmks, SECRET_FIXED);
	if (secret_fixed(false) == NULL)
		worker_give_up("the LMKs' memory can't be made read-only");
}

static void
open_all(struct process *p, const struct worker_start *start)
{
	worker_lock_memory(start->config->profile == PROFILE_STRICT);
	forget_lmks();
	p->config = start->config;
	p->pages = start->pages;
	p->stats = start->stats;
	p->channel = start->channel;
	LIST_INIT(&p->links);
	if ((p->base = event_base_new()) == NULL ||
	    (p->keeper = keeper_new(NULL, NULL)) == NULL ||
	    event_assign(&p->readable, p->base, p->channel, EV_READ | EV_PERSIST, on_message,
	    p) != 0 || event_add(&p->readable, NULL) != 0 ||
	    event_assign(&p->look, p->base, -1, EV_PERSIST, on_look, p) != 0)
		worker_give_up("no memory");
	keeper_on_change(p->keeper, on_change, p);
}

noreturn void
keeper_run(const struct worker_start *start)
{
	struct process p = { .channel = -1 };

	(void)prctl(PR_SET_NAME, "luahsm-keeper");	/* for ps(1): its siblings are workers */
	worker_detach(start);
	log_open("keeper", -1, (enum log_level)start->config->log_level,
	    start->config->log_json);
	open_all(&p, start);
	while (!p.ended && event_base_loop(p.base, EVLOOP_ONCE) == 0)
		flush(&p);
	for (struct link *l = LIST_FIRST(&p.links), *next; l != NULL; l = next) {
		next = LIST_NEXT(l, entry);
		cut(l);
	}
	event_del(&p.readable);
	event_del(&p.look);
	keeper_free(p.keeper);
	keeper_close(&p.store);
	event_base_free(p.base);
	close(p.channel);
	exit(0);
}
