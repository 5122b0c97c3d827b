/*
 * portable: what only one of the engines reads.
 *
 * Plug-ins are written in what Lua 5.4 and LuaJIT share, so that a folder
 * proven with one engine loads with the other.
 */
#ifndef LUAHSM_PORTABLE_H
#define LUAHSM_PORTABLE_H

#include "span.h"

/*
 * The first thing in the source that isn't shared: a static text for people,
 * and its line. NULL: all is.
 */
const char *portable_find(struct span source, unsigned *line);

#endif
