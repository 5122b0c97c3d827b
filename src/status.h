/*
 * status: what a running server does, as one JSON document.
 *
 *	pid, uptime (seconds), profile, plugins, generation,
 *	accepted, refused, reloads, reloads_failed, replaced, requests, connections,
 *	latency_ns: { p50, p99, p99.9, max },
 *	workers: [ { worker, pid, generation, connections, requests, bytes_in,
 *	    bytes_out, frames_refused, scripts_lost } ],
 *	slow_workers: the same for them; connections are their links to workers,
 *	    and requests are those of the workers once more,
 *	commands: { COMMAND: { CODE: count } }
 */
#ifndef LUAHSM_STATUS_H
#define LUAHSM_STATUS_H

#include <stddef.h>
#include <stdint.h>

struct config;
struct crew;
struct stats;

/* The document, on the heap: the caller frees it. NULL: no memory. */
char *status_text(const struct config *config, const struct stats *stats,
    const struct crew *crew, size_t plugins, uint64_t generation);

#endif
