/*
 * health: what the host command J8 tells is kept in a file from one run of the server to
 * the next, so that starts can be counted. The supervisor alone writes it.
 */
#ifndef LUAHSM_HEALTH_H
#define LUAHSM_HEALTH_H

#include <stdbool.h>

/*
 * Take up the counts in the file at path, and one start more; without a file they begin now.
 * Call it when the server is ready and nobody has been served. Nothing is kept when path is
 * empty or its folder is not there: a server that nobody has given a place for its data makes
 * none. Nor when what is there can't be read or is not the server's alone: that is left as it is.
 */
void health_open(const char *path);

/* Have the file say what is counted now, if that has changed; not more than once in ten
 * seconds, unless the server ends. What fails is tried again as late, and said once. */
void health_keep(bool ends);

#endif
