/*
 * courier: documents on their way from workers, which can open no file (filter.h),
 * to the supervisor, which puts them in the spool. It looks at none of their bytes.
 *
 * A worker has a socket pair for it: it writes the document into one end and
 * sends the other along its channel; the supervisor's answer comes back the same
 * way, and is waited for. Either may be late, so each document has a number, which
 * its answer brings back, and lies in the pair with all that belongs to it.
 */
#ifndef LUAHSM_COURIER_H
#define LUAHSM_COURIER_H

#include <stdint.h>

#include "span.h"

enum { COURIER_MS = 5000 };	/* longest wait for the supervisor */

/* In front of a document's text, and, alone, its answer. */
struct courier_head {
	uint32_t number;
	int32_t  r;		/* of the answer: 0 or ERR_PRINTER */
	char     code[4];	/* the command's, with NULs behind */
};

/* In a worker, before it gives up calls: documents go along this channel. 0 or ERR_SYSTEM. */
int courier_open(int channel);

/* As spool_write, and that itself in a process that is no worker. */
int courier_write(const char *dir, const char *code, struct span text);

/* In the supervisor: a document came, to be read from end, which is closed. One that has
 * been taken back, or served already, is not there. */
void courier_serve(const char *dir, int end);

#endif
