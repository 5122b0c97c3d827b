/*
 * worker: one event loop: descriptors in, requests through, plug-ins
 * exchanged between two requests.
 */
#ifndef LUAHSM_WORKER_H
#define LUAHSM_WORKER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdnoreturn.h>
#include <sys/types.h>

struct config;
struct folder;
struct stats;
struct stats_worker;

struct worker_start {
	const struct config *config;
	struct folder       *folder;		/* what to serve, judged; taken over */
	struct stats        *pages;
	struct stats_worker *stats;		/* its own one of them */
	int                  channel;		/* this end of it, taken over */
	int                  number;		/* among workers, or among slow workers */
	bool                 slow;
	bool                 keeper;		/* for keeper_run: neither */
	uint32_t             generation;	/* of folder */
	pid_t                parent;
};

/*
 * Be worker, or slow worker, start->number: everything in a freshly forked child, until it
 * drains or its supervisor dies. Closes every descriptor that is not its own.
 * Exit status 0, or 1 after a line in the log.
 */
noreturn void worker_run(const struct worker_start *start);

/* The start of such a child: alone with its channel and folder. */
void worker_detach(const struct worker_start *start);

/* Lock what holds secrets in memory; strict: or give up. */
void worker_lock_memory(bool strict);

/* Give way to everybody, as slow workers do: those of other sessions, too. */
void worker_give_way(void);

/* Give up system calls, before a script has run or a host been heard; without a filter
 * in the kernel strict gives up altogether. */
void worker_give_up_calls(const struct config *config);

/* It can't go on: exit status 1 after a line in the log. */
noreturn void worker_give_up(const char *why);

#endif
