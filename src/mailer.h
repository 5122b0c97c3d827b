/*
 * mailer: what a printing command puts on paper: formatting data, which a host
 * has loaded, with the fields of one request and clear values in it.
 *
 * Symbols: >L line feed, >F form feed, >nnn column nnn (from 000); ^0 to ^F print
 * field; ^P ^Q ^R ^T ^W a value of the command's. All other characters print
 * themselves. Pure: text in, text out, nothing kept.
 */
#ifndef LUAHSM_MAILER_H
#define LUAHSM_MAILER_H

#include <stddef.h>
#include <stdint.h>

#include "span.h"

enum {
	MAILER_FIELDS = 16,
	MAILER_MAX    = 4096	/* bytes of one document */
};

/* The values behind the letters P Q R T W. */
enum mailer_value { MAILER_P, MAILER_Q, MAILER_R, MAILER_T, MAILER_W, MAILER_VALUES };

struct mailer {
	struct span form;
	struct span field[MAILER_FIELDS];	/* NULL: there is none, and nothing is printed */
	struct span value[MAILER_VALUES];	/* the same */
};

/* Are all symbols of a form known? 0 or ERR_INPUT. */
int mailer_check(struct span form);

/* Cut "one;two;" into m->field; a last ; may be missing. 0, or ERR_INPUT: too many. */
int mailer_fields(struct span text, struct mailer *m);

/*
 * Write the document to out (MAILER_MAX bytes, in the slab) and its length to
 * *n; it ends with a line feed. 0, or ERR_INPUT: it is too long.
 */
int mailer_write(const struct mailer *m, uint8_t *out, size_t *n);

#endif
