/*
 * reload: plug-ins read and judged beside the running server.
 *
 * The judge is this binary, executed anew: a process that never had the LMK,
 * at low priority, which builds the folder and runs every proof. The
 * supervisor's loop goes on meanwhile.
 */
#ifndef LUAHSM_RELOAD_H
#define LUAHSM_RELOAD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct config;
struct event_base;
struct folder;
struct reload;

enum {
	RELOAD_NICE    = 10,
	RELOAD_SECONDS = 60,		/* then the judge is killed: the folder is bad */
	RELOAD_REPORT  = 64 * 1024,	/* bytes of a judge's report that are kept */
	RELOAD_FD      = 3,		/* the judge's descriptor of the folder */
	RELOAD_PROVEN_FD = 4		/* and of the last good one */
};

/*
 * The reload of that number has been judged. good: folder is the caller's;
 * otherwise NULL, and report says what is wrong, a line each.
 */
typedef void reload_judged(void *arg, uint64_t number, struct folder *folder,
    const char *report);

/* options: see supervisor_run. NULL: no memory. */
struct reload *reload_new(struct event_base *base, const struct config *config,
    char *const *options, reload_judged *judged, void *arg);
void           reload_free(struct reload *r);

/* Have folder judged, which is taken over: the first one. It is reload number 1. */
void reload_first(struct reload *r, struct folder *folder);

/*
 * Read the folder again and have it judged; when one is being judged, after
 * that. Returns the number that the answer will have: several who ask while
 * one is judged share the next. The answer never comes before this returns.
 */
uint64_t reload_ask(struct reload *r);

/* A child has ended: was it the judge? */
bool reload_ended(struct reload *r, pid_t pid, int status);

#endif
