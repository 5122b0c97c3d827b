/*
 * worker: the loop, and the supervisor's end of the line.
 *
 * Connections are conn.c's, requests are command.c's, plug-ins are serving.c's.
 * Here is what keeps them together.
 */
#include "worker.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "channel.h"
#include "command.h"
#include "config.h"
#include "courier.h"
#include "conn.h"
#include "conns.h"
#include "deadline.h"
#include "failures.h"
#include "folder.h"
#include "guard.h"
#include "idle.h"
#include "log.h"
#include "serving.h"
#include "signer.h"
#include "slow_worker.h"
#include "stats.h"

enum {
	MESSAGES = 64		/* taken from the channel per turn of the loop */
};

struct worker {
	struct event_base   *base;
	const struct config *config;
	struct stats_worker *stats;
	struct commands     *commands;
	struct stats        *pages;
	struct conns        *conns;	/* NULL in a slow worker, */
	struct slow_worker  *links;	/* and this in others */
	struct serving      *serving;
	struct idle         *idle;
	int                  channel;
	struct event        *readable, *writable;
	bool                 tell_serves;
	bool                 draining, ended;
	uint32_t            *gone;	/* tokens to tell */
	size_t               ngone, gone_room;
	uint64_t             swallowed;	/* connections for which no descriptor was left */
	uint64_t             told;	/* when the log last heard of them */
};

noreturn void
worker_give_up(const char *why)
{
	log_event(LOG_ERROR, "worker-failed", "why", 's', why, NULL);
	exit(1);
}

/* What keeps it from ending when it drains. */
static size_t
open_ones(const struct worker *w)
{
	return w->conns != NULL ? conns_count(w->conns) : slow_worker_links(w->links);
}

/* Tell the supervisor what it does not know yet; what does not fit waits for on_writable. */
static void
tell(struct worker *w)
{
	struct channel_message m;
	int r = 0;

	if (w->tell_serves) {
		m = (struct channel_message){ .kind = CHANNEL_SERVES,
		    .number = atomic_load(&w->stats->generation) };
		if ((r = channel_send(w->channel, &m, -1)) == 0)
			w->tell_serves = false;
	}
	while (r == 0 && w->ngone > 0) {
		size_t n = w->ngone < CHANNEL_TOKENS ? w->ngone : CHANNEL_TOKENS;

		m = (struct channel_message){ .kind = CHANNEL_CLOSED, .number = (uint32_t)n };
		memcpy(m.token, w->gone + w->ngone - n, n * sizeof(m.token[0]));
		if ((r = channel_send(w->channel, &m, -1)) == 0)
			w->ngone -= n;
	}
	if (r > 0)
		event_add(w->writable, NULL);
	else if (w->draining && open_ones(w) == 0)
		w->ended = true;
}

static void
on_writable(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	tell(arg);
}

/* There is room: one was made when the connection came. */
static void
on_closed(void *arg, uint32_t token)
{
	struct worker *w = arg;

	w->gone[w->ngone++] = token;
	tell(w);
}

static bool
make_room(struct worker *w)
{
	size_t most = conns_count(w->conns) + w->ngone + 1, room = w->gone_room;
	uint32_t *gone;

	if (most <= room)
		return true;
	room = room == 0 ? CHANNEL_TOKENS : 2 * room;
	if ((gone = realloc(w->gone, room * sizeof(*gone))) == NULL)
		return false;
	w->gone = gone;
	w->gone_room = room;
	return true;
}

/* A descriptor did not arrive: one line a second, however many do not. */
static void
tell_swallowed(struct worker *w)
{
	uint64_t now = stats_now();

	w->swallowed++;
	if (w->told != 0 && now - w->told < 1000000000U)
		return;
	w->told = now;
	log_event(LOG_ERROR, "connection-closed", "why", 's',
	    "no descriptor left: raise the limit on open files",
	    "closed", 'U', w->swallowed, NULL);
}

static void
take_connection(struct worker *w, const struct channel_message *m, int fd)
{
	const struct origin from = { .lmk = m->lmk, .unix_socket = m->unix_socket != 0,
		.uid = m->uid, .pid = m->pid };

	if (!make_room(w))
		worker_give_up("no memory");
	if (fd < 0) {
		tell_swallowed(w);
		on_closed(w, m->token[0]);
		return;
	}
	conns_add(w->conns, fd, m->token[0], from);
}

/* A worker's way to a slow worker, or the other end of it. */
static void
take_link(struct worker *w, const struct channel_message *m, int fd)
{
	if (fd < 0)
		worker_give_up("no descriptor left for a link: raise the limit on open files");
	if (w->conns != NULL)
		conns_link(w->conns, m->number, fd, stats_slow(w->pages, m->number));
	else if (slow_worker_link(w->links, fd) != 0)
		worker_give_up("no memory");
}

static void
take_keeper(struct worker *w, int fd)
{
	if (fd < 0)
		worker_give_up("no descriptor left for a link: raise the limit on open files");
	if (w->conns != NULL)
		conns_keeper(w->conns, fd);
	else
		slow_worker_keeper(w->links, fd);
}

/* --- plug-ins ------------------------------------------------------------ */

static void
on_changed(void *arg, uint32_t generation)
{
	struct worker *w = arg;

	atomic_store(&w->stats->generation, generation);
	w->tell_serves = true;
	tell(w);
}

static void
take_folder(struct worker *w, const struct channel_message *m, int fd)
{
	struct folder *folder = fd >= 0 ? folder_map(fd) : NULL;

	if (folder == NULL)
		worker_give_up("the folder did not arrive");
	serving_take(w->serving, folder, m->number);
}

/* --- start and end ------------------------------------------------------- */

static void
on_message(evutil_socket_t fd, short what, void *arg)
{
	struct worker *w = arg;
	struct channel_message m;
	int r = 0, passed;

	(void)what;
	for (int i = 0; i < MESSAGES && (r = channel_receive(fd, &m, &passed)) == 1; i++) {
		switch (m.kind) {
		case CHANNEL_CONNECTION:
			take_connection(w, &m, passed);
			break;
		case CHANNEL_FOLDER:
			take_folder(w, &m, passed);
			break;
		case CHANNEL_LINK:
			take_link(w, &m, passed);
			break;
		case CHANNEL_KEEPER:
			take_keeper(w, passed);
			break;
		case CHANNEL_BEAT:
			atomic_store_explicit(&w->stats->beat, m.number, memory_order_relaxed);
			break;
		case CHANNEL_DRAIN:
			w->draining = true;
			if (w->conns != NULL)
				conns_drain(w->conns);
			else
				slow_worker_drain(w->links);
			tell(w);
			break;
		default:
			worker_give_up("unknown message from the supervisor");
		}
	}
	if (r < 0)
		w->ended = true;	/* the supervisor is gone */
}

static size_t
space_for(const struct config *config, const struct folder *folder)
{
	const size_t base = (size_t)2 << 30;	/* libraries, slab, stack, shared pages */

	return base + 2 * (size_t)config->connections * CONN_BLOCK +
	    2 * (folder_count(folder) + 64) * config->plugin_memory;
}

static struct event *
event_of(struct worker *w, int fd, short what, event_callback_fn call)
{
	struct event *e = event_new(w->base, fd, what, call, w);

	if (e == NULL)
		worker_give_up("no memory");
	return e;
}

/* Before a request, in a slow worker, which may have been away for long: it serves
 * what those serve that ask it. */
static void
before_request(void *arg)
{
	struct worker *w = arg;

	on_message(w->channel, EV_READ, w);
	serving_finish(w->serving);
}

static void
on_link_gone(void *arg)
{
	tell(arg);
}

/* What takes requests in. */
static bool
open_front(struct worker *w, bool slow)
{
	const struct slow_worker_calls calls = { before_request, on_link_gone, w };

	if (slow) {
		worker_give_way();
		commands_uncounted(w->commands);
		w->links = slow_worker_new(w->base, w->commands, w->stats, &calls);
		return w->links != NULL;
	}
	if (w->config->slow_workers > 0)
		commands_pass_slow(w->commands);
	w->conns = conns_new(w->base, w->config, w->commands, w->stats, on_closed, w);
	return w->conns != NULL;
}

static void
count_failures(const struct config *config)
{
	enum { HOUR = 60 * 60 };
	const struct failures_rules rules = {
		.limit = config->pin_failures,
		.seconds = config->pin_failures_hours * HOUR,
		.delay = config->pin_failures_delay,
		.alarm = config->pin_alarm,
		.alarm_hour = config->pin_alarm_hour,
	};

	failures_serve(&rules);
}

static void
open_all(struct worker *w, const struct worker_start *start)
{
	if (courier_open(start->channel) != 0)
		worker_give_up("no sockets to print by");
	worker_lock_memory(start->config->profile == PROFILE_STRICT);
	if (deadline_init(start->config->deadline_ms, start->config->slow_ms) != 0)
		worker_give_up("no timer for the deadline");
	count_failures(start->config);
	w->config = start->config;
	w->pages = start->pages;
	w->stats = start->stats;
	w->channel = start->channel;
	signer_init(&start->pages->key_epoch);
	if ((w->base = event_base_new()) == NULL ||
	    (w->commands = commands_new(w->config, w->stats)) == NULL ||
	    !open_front(w, start->slow) ||
	    (w->serving = serving_new(w->base, w->commands, on_changed, w)) == NULL ||
	    (w->idle = idle_new(w->base, w->commands, w->stats)) == NULL)
		worker_give_up("no memory");
	w->readable = event_of(w, w->channel, EV_READ | EV_PERSIST, on_message);
	w->writable = event_of(w, w->channel, EV_WRITE, on_writable);
	worker_give_up_calls(w->config);
	serving_take(w->serving, start->folder, start->generation);
	serving_finish(w->serving);
}

static void
close_all(struct worker *w)
{
	conns_free(w->conns);
	slow_worker_free(w->links);
	event_free(w->readable);
	event_free(w->writable);
	idle_free(w->idle);
	commands_free(w->commands);
	serving_free(w->serving);
	event_base_free(w->base);
	close(w->channel);
	free(w->gone);
}

noreturn void
worker_run(const struct worker_start *start)
{
	struct worker w = { .channel = -1 };

	worker_detach(start);
	log_open(start->slow ? "slow-worker" : "worker", start->number,
	    (enum log_level)start->config->log_level, start->config->log_json);
	guard_space(space_for(start->config, start->folder));
	open_all(&w, start);
	event_add(w.readable, NULL);
	while (!w.ended && event_base_loop(w.base, EVLOOP_ONCE) == 0)
		idle_watch(w.idle);
	close_all(&w);
	exit(0);
}
