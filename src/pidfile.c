/*
 * pidfile: one line.
 */
#include "pidfile.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "paths.h"

void
pidfile_write(const char *path)
{
	FILE *f;

	if (path[0] == '\0')
		return;
	f = paths_make_for(path, 0750, stderr) == 0 ? fopen(path, "we") : NULL;
	if (f == NULL || fprintf(f, "%d\n", (int)getpid()) < 0)
		log_event(LOG_WARN, "no-pid-file", "file", 's', path, "why", 's',
		    strerror(errno), NULL);
	if (f != NULL)
		fclose(f);
}
