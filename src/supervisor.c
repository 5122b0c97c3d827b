/*
 * supervisor: what happens in which order; the parts do the work.
 *
 * Signals arrive through a descriptor, so that no handler of this process is
 * left over in a forked child.
 */
#include "supervisor.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <event2/event.h>

#include "accept.h"
#include "admin.h"
#include "changes.h"
#include "config.h"
#include "crew.h"
#include "device.h"
#include "folder.h"
#include "health.h"
#include "guard.h"
#include "listen.h"
#include "log.h"
#include "peers.h"
#include "pidfile.h"
#include "reload.h"
#include "report.h"
#include "sessions.h"
#include "stats.h"
#include "status.h"
#include "usage.h"
#include "watch.h"

enum {
	EXIT_START  = 1,
	EXIT_CONFIG = 3
};

struct supervisor {
	const struct config *config;
	struct event_base   *base;
	struct stats        *stats;
	struct listeners     listeners;
	struct peers        *peers;
	struct crew         *crew;
	struct accept       *accept;
	struct reload       *reload;
	struct admin        *admin;
	struct folder       *folder;	/* what is served; NULL: nothing yet */
	uint64_t             generation;	/* the reload that read it */
	uint64_t             served;	/* the last one that all workers served */
	int                  signals;
	struct event        *signalled, *drained;
	struct watch        *watch;
	bool                 ready, draining, ended;
	int                  status;
};

static void
end(struct supervisor *s, int status)
{
	s->ended = true;
	s->status = status;
}

/* --- plug-ins ------------------------------------------------------------ */

static void
serve_first(struct supervisor *s, struct folder *folder, uint64_t number)
{
	s->folder = folder;
	s->generation = number;
	crew_serve(s->crew, folder, (uint32_t)number);
	if (crew_start(s->crew) != 0) {
		fprintf(stderr, "luahsm: workers can't be started: %s\n", strerror(errno));
		end(s, EXIT_START);
	}
}

static void
serve_next(struct supervisor *s, struct folder *folder, uint64_t number)
{
	struct folder *old = s->folder;

	atomic_fetch_add(&s->stats->reloads, 1);
	changes_log(old, folder);
	s->folder = folder;
	s->generation = number;
	crew_serve(s->crew, folder, (uint32_t)number);
	folder_free(old);
}

static void
refuse(struct supervisor *s, uint64_t number, const char *report)
{
	if (s->folder == NULL) {
		fprintf(stderr, "%sluahsm: the plug-ins in %s are refused: mend them or choose "
		    "another --plugin-dir\n", report, s->config->plugin_dir);
		end(s, EXIT_CONFIG);
		return;
	}
	atomic_fetch_add(&s->stats->reloads_failed, 1);
	report_log(LOG_ERROR, "reload-refused", report);
	admin_refused(s->admin, number, report);
}

static void
on_judged(void *arg, uint64_t number, struct folder *folder, const char *report)
{
	struct supervisor *s = arg;

	if (folder == NULL) {
		refuse(s, number, report);
	} else if (s->draining) {
		folder_free(folder);
	} else {
		report_log(LOG_WARN, "plug-in", report);
		if (s->folder == NULL)
			serve_first(s, folder, number);
		else
			serve_next(s, folder, number);
	}
}

/* --- workers ------------------------------------------------------------- */

static void
become_ready(struct supervisor *s)
{
	s->ready = true;
	health_open(s->config->store_health);	/* a start that fails is none */
	pidfile_write(s->config->pid_file);
	log_event(LOG_INFO, "ready", "pid", 'd', (int)getpid(),
	    "workers", 'u', s->config->workers,
	    "plugins", 'u', (unsigned)folder_count(s->folder),
	    "port", 'u', s->config->listen_tcp ? (unsigned)s->config->port : 0U,
	    "socket", 's', s->config->socket, NULL);
	accept_resume(s->accept);
	crew_start_others(s->crew);
}

static void
on_changed(void *arg)
{
	struct supervisor *s = arg;

	if (s->draining) {
		if (crew_running(s->crew) == 0)
			end(s, 0);
		return;
	}
	if (!crew_ready(s->crew, (uint32_t)s->generation) || s->served == s->generation)
		return;
	s->served = s->generation;
	if (!s->ready)
		become_ready(s);
	else
		log_event(LOG_INFO, "reloaded", "plugins", 'u',
		    (unsigned)folder_count(s->folder), "generation", 'U', s->generation, NULL);
	/* also when ready: somebody may have asked for a reload while all this started */
	admin_reloaded(s->admin, s->generation);
}

static void
on_room(void *arg)
{
	struct supervisor *s = arg;

	if (s->ready && !s->draining)
		accept_resume(s->accept);
}

static void
reap(struct supervisor *s)
{
	pid_t pid;
	int status;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (reload_ended(s->reload, pid, status) || sessions_ended(pid) || s->ended)
			continue;
		if (s->folder != NULL && !s->ready && !s->draining) {
			fprintf(stderr, "luahsm: a worker ended before it was ready\n");
			end(s, EXIT_START);
			return;
		}
		crew_ended(s->crew, pid, status);
	}
}

static bool
look(void *arg)
{
	const struct supervisor *s = arg;

	return crew_watch(s->crew);
}

/* --- signals and the admin socket ---------------------------------------- */

static void
on_drain_over(evutil_socket_t fd, short what, void *arg)
{
	struct supervisor *s = arg;

	(void)fd;
	(void)what;
	log_event(LOG_WARN, "drain-over", "workers", 'u', crew_running(s->crew), NULL);
	crew_kill(s->crew);
}

static void
drain(void *arg)
{
	struct supervisor *s = arg;
	struct timeval most = { s->config->drain_ms / 1000, s->config->drain_ms % 1000 * 1000 };

	if (s->draining)
		return;
	s->draining = true;
	log_event(LOG_INFO, "drain", "connections", 'u', (unsigned)peers_count(s->peers), NULL);
	accept_free(s->accept);
	s->accept = NULL;
	listen_close(&s->listeners);
	evtimer_add(s->drained, &most);
	sessions_end();		/* each has a link to the keeper, which waits for that */
	crew_drain(s->crew);
	on_changed(s);
}

static uint64_t
reload(void *arg)
{
	struct supervisor *s = arg;

	return reload_ask(s->reload);
}

static char *
status(void *arg)
{
	struct supervisor *s = arg;

	return status_text(s->config, s->stats, s->crew,
	    s->folder != NULL ? folder_count(s->folder) : 0, s->generation);
}

static void
console(void *arg, int fd)
{
	const struct supervisor *s = arg;

	if (s->draining)
		close(fd);
	else
		sessions_start(s->config, fd, crew_keeper(s->crew));
}

static void
on_signal(evutil_socket_t fd, short what, void *arg)
{
	struct supervisor *s = arg;
	struct signalfd_siginfo info;

	(void)what;
	while (read(fd, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		switch (info.ssi_signo) {
		case SIGCHLD:
			reap(s);
			break;
		case SIGHUP:
			if (!s->draining)
				reload_ask(s->reload);
			break;
		default:
			if (s->draining)
				end(s, 0);
			else
				drain(s);
		}
	}
}

/* --- start and end ------------------------------------------------------- */

/* Sockets and limits: what the configuration can ask for in vain. 0 or -1. */
static int
open_sockets(struct supervisor *s)
{
	const struct admin_calls calls = { status, reload, drain, console, s };
	int fd;

	if (guard_files(s->config->connections, stderr) != 0 ||
	    listen_open(s->config, &s->listeners, stderr) != 0)
		return -1;
	if (s->config->admin_socket[0] == '\0')
		return 0;
	if ((fd = listen_unix(s->config->admin_socket, false, stderr)) < 0)
		return -1;
	if ((s->admin = admin_new(s->base, fd, &calls)) != NULL)
		return 0;
	unlink(s->config->admin_socket);
	return -1;
}

static int
open_signals(struct supervisor *s)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGCHLD);
	if (sigprocmask(SIG_BLOCK, &set, NULL) != 0 ||
	    (s->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC)) < 0)
		return -1;
	s->signalled = event_new(s->base, s->signals, EV_READ | EV_PERSIST, on_signal, s);
	s->drained = evtimer_new(s->base, on_drain_over, s);
	return s->signalled == NULL || s->drained == NULL ? -1 : event_add(s->signalled, NULL);
}

static int
open_parts(struct supervisor *s, char *const *options)
{
	const struct crew_calls calls = { on_changed, on_room, s };

	if ((s->stats = stats_map()) == NULL ||
	    usage_open(s->stats, s->config->workers, s->config->slow_workers) != 0 ||
	    (s->peers = peers_new(s->config->connections, s->config->per_address)) == NULL ||
	    (s->crew = crew_new(s->base, s->config, s->stats, s->peers, &calls)) == NULL ||
	    (s->watch = watch_new(s->base, s->config->deadline_ms, look, s)) == NULL ||
	    (s->reload = reload_new(s->base, s->config, options, on_judged, s)) == NULL ||
	    (s->accept = accept_new(s->base, &s->listeners, s->peers, s->crew, s->stats,
	    s->config->socket_users)) == NULL)
		return -1;
	device_open(s->config, s->stats, peers_shown(s->peers));
	return open_signals(s);
}

static void
close_all(struct supervisor *s)
{
	struct event *events[] = { s->signalled, s->drained };

	if (s->crew != NULL)
		crew_kill(s->crew);
	if (s->admin != NULL)
		unlink(s->config->admin_socket);
	if (s->ready)
		unlink(s->config->pid_file);
	admin_free(s->admin);
	reload_free(s->reload);
	accept_free(s->accept);
	watch_free(s->watch);
	listen_close(&s->listeners);
	crew_free(s->crew);
	peers_free(s->peers);
	folder_free(s->folder);
	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++)
		if (events[i] != NULL)
			event_free(events[i]);
	if (s->signals >= 0)
		close(s->signals);
	if (s->base != NULL)
		event_base_free(s->base);
}

int
supervisor_run(const struct config *config, struct folder *first, char *const *options)
{
	struct supervisor s = { .config = config, .signals = -1 };

	log_open("supervisor", -1, (enum log_level)config->log_level, config->log_json);
	if ((s.base = event_base_new()) == NULL) {
		fprintf(stderr, "luahsm: no event loop: %s\n", strerror(errno));
		folder_free(first);
		return EXIT_START;
	}
	if (open_sockets(&s) != 0) {
		end(&s, EXIT_CONFIG);
	} else if (open_parts(&s, options) != 0) {
		fprintf(stderr, "luahsm: can't start: %s\n", strerror(errno));
		end(&s, EXIT_START);
	}
	if (s.ended)
		folder_free(first);
	else
		reload_first(s.reload, first);
	while (!s.ended && event_base_loop(s.base, EVLOOP_ONCE) == 0) {
		health_keep(false);
		/* while there are none of these nobody is held up, whoever hangs */
		watch_keep(s.watch, peers_count(s.peers) != 0 || s.served != s.generation);
	}
	close_all(&s);
	health_keep(true);
	log_event(LOG_INFO, "stopped", "status", 'd', s.status, NULL);
	return s.status;
}
