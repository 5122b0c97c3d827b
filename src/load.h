/*
 * load: put a server under load from one process, and check every reply.
 *
 * Closed loop: each connection keeps depth requests under way. Fixed rate:
 * requests fall due at even intervals, and their latency counts from then, so
 * that a server that stalls can't hide it. Every request has a message header
 * of its own; a reply must bring it back, in order, with the right reply code
 * and the content expected.
 */
#ifndef LUAHSM_LOAD_H
#define LUAHSM_LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "client.h"
#include "histogram.h"
#include "span.h"

enum { LOAD_KINDS = 32, LOAD_WEIGHT = 1000, LOAD_DEPTH = 256, LOAD_CONNECTIONS = 65000 };

/* One kind of request. Spans are borrowed and live as long as the load. */
struct load_kind {
	const char *name;
	struct span request;	/* from the command code on */
	struct span reply;	/* from the reply code on, as load_probe found it */
	bool        fixed;	/* every reply is the same; otherwise 4 bytes and the length are */
	unsigned    weight;
};

struct load {
	struct client_target target;
	size_t   header_length;
	unsigned connections, depth;
	double   seconds;
	double   rate;		/* requests per second over all; 0: closed loop */
	size_t   kinds;
	struct load_kind kind[LOAD_KINDS];
};

struct load_result {
	double   seconds;	/* from the first request to the last reply */
	uint64_t requests;	/* replies that were as they must be */
	uint64_t lost;		/* requests without a reply */
	uint64_t reset;		/* connections that the server ended or refused */
	uint64_t wrong;		/* replies with another header, code or content */
	char     first_wrong[160];	/* what was wrong with the first one */
	struct histogram latency;	/* nanoseconds */
};

/*
 * Send each kind once, so that the replies under load can be compared. Fills
 * kind[].reply, on the heap. 0, or -1 after a line on err; *connected tells
 * whether there was a server.
 */
int load_probe(struct load *load, bool *connected, FILE *err);

/*
 * Run the load. progress (may be NULL) is called about once a second.
 * 0, or -1 after a line on err.
 */
int load_run(const struct load *load, struct load_result *result,
    void (*progress)(const struct load_result *so_far), FILE *err);

/* Give back what load_probe took. */
void load_free(struct load *load);

#endif
