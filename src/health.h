/*
 * health: what the host command J8 tells is kept in a file from one run of the server to
 * the next, so that starts can be counted. The supervisor alone writes it.
 */
#ifndef LUAHSM_HEALTH_H
#define LUAHSM_HEALTH_H

#include <stdbool.h>

/*
 * Take up the counts in the file at path, and one start more; without a file they begin now.
 * Call it behind usage_open. Nothing is kept when path is empty or its folder is not there:
 * a server that nobody has given a place for its data makes none.
 */
void health_open(const char *path);

/* Have the file say what is counted now, if that has changed; not more than once a second,
 * unless the server ends. */
void health_keep(bool ends);

#endif
