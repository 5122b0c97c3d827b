/*
 * ownfile: files that are nobody else's business: key store, master key, audit.
 */
#ifndef LUAHSM_OWNFILE_H
#define LUAHSM_OWNFILE_H

#include <stdio.h>

#include "span.h"

/*
 * Open path, made with mode 0600 when flags have O_CREAT. It must be a regular
 * file (no link to one) of this user or root that nobody else may read or
 * write. The descriptor, or -1 with errno, after a line on err.
 */
int ownfile_open(const char *path, int flags, FILE *err);

/*
 * Make path with these bytes, mode 0600, on disk when this returns; at no time
 * is there a part of it. 0, or -1 with errno (EEXIST: it is there already),
 * after a line on err.
 */
int ownfile_make(const char *path, struct span bytes, FILE *err);

/* The same in the place of what may be there: at any time path is the one or the other. */
int ownfile_replace(const char *path, struct span bytes, FILE *err);

#endif
