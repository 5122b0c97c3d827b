/*
 * log: one line per event: text on a terminal, JSON otherwise.
 *
 * An event is a name and key=value pairs. There is no way to log a secret
 * type. In a text, 13 to 19 digits are masked as a PAN is (first six and last
 * four shown), 12 as an account field (last four), more of them wholly; single
 * blanks and hyphens between digits don't end a run.
 *
 * A line that standard error has no room for is dropped: nothing waits here.
 * The next line that is written says how many were, in a field `dropped`.
 */
#ifndef LUAHSM_LOG_H
#define LUAHSM_LOG_H

#include <stdbool.h>

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG, LOG_TRACE };

/* role: "supervisor", "worker", ...; number: -1 for none. Call again in a child. */
void log_open(const char *role, int number, enum log_level most, bool json);

bool log_wants(enum log_level level);

/*
 * Write one line. The arguments are pairs: a key, then a type letter and its
 * value, ending with NULL:
 *	log_event(LOG_INFO, "reload", "plugins", 'u', 13u, "dir", 's', dir, NULL);
 * 's' const char *, 'd' int, 'u' unsigned, 'U' uint64_t.
 */
void log_event(enum log_level level, const char *event, ...);

#endif
