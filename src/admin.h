/*
 * admin: the socket through which this user asks a running server something.
 *
 * One line in, one answer out, then the server closes: `status` is answered
 * by a JSON document, `reload` by "ok" when all workers serve the new set or
 * by the judge's report and a last line "failed", `drain` by "ok" at once.
 * `console` makes the connection a session (console.h).
 * Anything else: "unknown request". Only the server's own user and root are
 * heard.
 */
#ifndef LUAHSM_ADMIN_H
#define LUAHSM_ADMIN_H

#include <stddef.h>
#include <stdint.h>

struct admin;
struct event_base;

enum { ADMIN_CLIENTS = 16, ADMIN_LINE = 64, ADMIN_SECONDS = 10, ADMIN_PAUSE_MS = 100 };

/* What the supervisor does for the admin socket. */
struct admin_calls {
	char    *(*status)(void *arg);	/* heap, caller frees; NULL: no memory */
	uint64_t (*reload)(void *arg);	/* number of the reload that will answer */
	void     (*drain)(void *arg);
	void     (*console)(void *arg, int fd);	/* a session on fd, taken over */
	void     *arg;
};

/* Serve the listening socket fd, taken over. NULL: no memory. */
struct admin *admin_new(struct event_base *base, int fd, const struct admin_calls *calls);
void          admin_free(struct admin *a);

/* All workers serve what reload `number` read: answer whoever waits for that or
 * an earlier one. Without an admin socket (a is NULL) nobody waits. */
void admin_reloaded(struct admin *a, uint64_t number);

/* Reload `number` was refused: answer whoever waits for it with the report, a line each. */
void admin_refused(struct admin *a, uint64_t number, const char *report);

#endif
