/*
 * stats: what is counted, in a page that all processes share.
 *
 * Each worker writes its own part and nobody else's; the supervisor reads all
 * of them. Reads may be torn by one request and nobody minds.
 */
#ifndef LUAHSM_STATS_H
#define LUAHSM_STATS_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "histogram.h"

enum {
	STATS_WORKERS = 64,
	STATS_SLOW    = 8,	/* slow workers */
	/* and one worker that waits to take over */
	STATS_PAGES   = STATS_WORKERS + 1 + STATS_SLOW + 1,	/* and the keeper, last */
	STATS_CODES   = 2048,	/* (command, error code) pairs counted per worker */
	STATS_FIRST   = '!',	/* the characters of a code that can be served */
	STATS_LETTERS = '~' - '!' + 1,
	STATS_VOLUMES = STATS_LETTERS * STATS_LETTERS,
	STATS_SECONDS = 16	/* of which a worker's load is kept until they are added up */
};

/* What a worker did in one second, by the numbers of usage.c. */
struct stats_second {
	uint64_t number;
	uint64_t busy;		/* nanoseconds */
};

struct stats_code {
	char     command[2];	/* zero: free */
	char     code[2];
	uint32_t spare;
	uint64_t count;
};

/* busy_since: start of the running request, 0 when idle; the supervisor's watchdog reads it. */
struct stats_worker {
	_Atomic uint64_t  busy_since;	/* monotonic nanoseconds */
	_Atomic uint32_t  connections;
	_Atomic uint32_t  generation;	/* of the plug-in set it serves */
	_Atomic uint32_t  beat;		/* the last sign of life it was asked for, and gave */
	uint64_t          requests;
	uint64_t          refused;	/* frames whose length can't be right */
	uint64_t          bytes_in, bytes_out;
	uint64_t          scripts_lost;	/* states thrown away: deadline, memory, defects */
	struct stats_code codes[STATS_CODES];
	struct histogram  latency;	/* nanoseconds from message to reply */
	struct stats_second second[STATS_SECONDS];	/* by number modulo STATS_SECONDS */
	uint64_t          volume[STATS_VOLUMES];	/* requests by command, if it is served */
};

/* What the device tells of its health: counted since the server began, or JI. */
enum stats_health {
	HEALTH_REBOOT,		/* starts of the server */
	HEALTH_TAMPER,		/* a vault that somebody has changed */
	HEALTH_PIN_MINUTE,	/* too many failed PIN verifications in a minute, */
	HEALTH_PIN_HOUR,	/* in an hour, */
	HEALTH_PIN_ATTACK,	/* at all */
	HEALTH_COUNTS
};

struct stats {
	uint64_t            started;	/* wall clock, seconds */
	_Atomic uint64_t    accepted;
	_Atomic uint64_t    over_limit;
	_Atomic uint64_t    reloads, reloads_failed;
	_Atomic uint64_t    replaced;	/* workers started in place of a lost one */
	_Atomic uint64_t    key_epoch;	/* of the key store: what workers keep is good for one */
	struct stats_worker worker[STATS_PAGES];
};

/* The page of slow worker number. */
static inline const struct stats_worker *
stats_slow(const struct stats *s, unsigned number)
{
	return &s->worker[STATS_PAGES - 1 - STATS_SLOW + number];
}

/* The counter of a served command's requests. */
static inline uint64_t *
stats_volume(struct stats_worker *w, const uint8_t command[2])
{
	return &w->volume[(command[0] - STATS_FIRST) * STATS_LETTERS +
	    command[1] - STATS_FIRST];
}

/* Map a zeroed page set shared with children. NULL: no memory. */
struct stats *stats_map(void);

/* Count one reply. Unknown pairs beyond STATS_CODES are counted in requests only. */
void stats_count(struct stats_worker *w, const uint8_t command[2], const uint8_t code[2]);

/* The monotonic clock in nanoseconds. */
uint64_t stats_now(void);

#endif
