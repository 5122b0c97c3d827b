/*
 * prompt: a line that nobody may see: asked for on the terminal without echo, or
 * taken from standard input where that is no terminal.
 */
#ifndef LUAHSM_PROMPT_H
#define LUAHSM_PROMPT_H

#include <stddef.h>
#include <stdio.h>

#include "master.h"

/*
 * Read a line into line (in the slab, size bytes), without its newline. text is what
 * is asked for; it is shown on a terminal only. The length, or -1 after a line on
 * err: nothing more comes, the line is too long, or it was cancelled (^C, ^D).
 */
long prompt_secret(const char *text, char *line, size_t size, FILE *err);

/*
 * The same for something that nobody has typed before: on a terminal it is asked for
 * twice, and -1 when the second is another one.
 */
long prompt_new(const char *text, char *line, size_t size, FILE *err);

/*
 * The master key of a passphrase: that in file, if that is not empty; else that which
 * systemd passes as credential of that name; else asked for as text, twice where it is a
 * new one. NULL after a line on err.
 */
struct master *prompt_master(const char *file, const char *credential, const char *text,
    bool is_new, FILE *err);

#endif
