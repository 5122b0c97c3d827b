/*
 * sessions: consoles, as the supervisor has them: a process each, so that what an officer types
 * is read by nobody who has other work to do. When a session's process ends, what it was
 * authorised for ends with it.
 */
#ifndef LUAHSM_SESSIONS_H
#define LUAHSM_SESSIONS_H

#include <stdbool.h>
#include <sys/types.h>

struct config;

enum { SESSIONS_MOST = 8 };

/* Start a console on fd, a connected socket, with a link to the keeper (or -1): both are
 * closed here. */
void sessions_start(const struct config *config, int fd, int keeper);

/* All are to end: each says so to whoever is at it, once it asks for the next line. */
void sessions_end(void);

/* A child has ended: was it a session? */
bool sessions_ended(pid_t pid);

#endif
