/*
 * scan: step through a Lua source by its tokens' edges, for the checks that
 * look at a source before the engine does.
 *
 * Comments and texts are passed as Lua reads them, so that nothing which Lua
 * runs can hide in what is taken for one.
 */
#ifndef LUAHSM_SCAN_H
#define LUAHSM_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "span.h"

/* A place in a source. Start with { .source = ..., .line = 1 }. */
struct scan {
	struct span source;
	size_t      at;
	unsigned    line;
};

bool scan_ended(const struct scan *c);

/* The byte that far ahead, or -1 behind the end. */
int  scan_look(const struct scan *c, size_t ahead);
void scan_skip(struct scan *c, size_t n);

/* Past the comment, text, long text or blanks that are here. false: none is. */
bool scan_skip_text(struct scan *c);

/* Past the letters, digits and underscores that are here. */
struct span scan_word(struct scan *c);

#endif
