/*
 * usage: what the device tells of its load, its volumes and its health (host
 * commands J2 J4 J8), and resetting that (J6 JI).
 *
 * Workers count in their own pages of stats.h and never go back; what a reset
 * changes is from where on the sums are told. The load of one second is the
 * share of it for which the workers were at work. Seconds are added up to ten
 * ranges when they are over, by whichever worker comes to the next one first, so
 * that nobody wakes up for it.
 */
#ifndef LUAHSM_USAGE_H
#define LUAHSM_USAGE_H

#include <stdint.h>

#include "stats.h"

enum {
	USAGE_RANGES  = 10,
	USAGE_VOLUMES = 280	/* clients read J5 with one call of 4096 bytes */
};

/* Points in time are seconds since 1970. */
struct usage_load {
	uint64_t since, now;
	uint64_t seconds;		/* the sum of all periods */
	uint64_t period[USAGE_RANGES];	/* seconds whose load was in that range */
};

struct usage_volume {
	char     code[2];
	uint64_t requests;
};

struct usage_volumes {
	uint64_t since, now, seconds;
	unsigned n;
	struct usage_volume command[USAGE_VOLUMES];	/* those that were used, by code */
};

struct usage_health {
	uint64_t since, now;
	uint64_t number;	/* of the second of the last reset, whatever the wall clock says */
	uint64_t count[HEALTH_COUNTS];
};

/*
 * Begin to collect: before any fork. s, of so many workers and slow workers, outlives
 * everything. 0 or ERR_NO_MEMORY.
 * In a process that has not done so, proofs among them, nothing is ever counted
 * and the clock stands still.
 */
int usage_open(const struct stats *s, unsigned workers, unsigned slow);

/* Worker w was at work between two points of stats_now. */
void usage_worked(struct stats_worker *w, uint64_t from, uint64_t to);

/* It happened again. */
void usage_health(enum stats_health what);

/* The date and time that the device shows, UTC. */
uint64_t usage_now(void);

void usage_read_load(struct usage_load *load);
void usage_read_volumes(struct usage_volumes *volumes);
void usage_read_health(struct usage_health *health);

/* Go on with counts of a run before this one. */
void usage_restore_health(const struct usage_health *health);

void usage_reset_load(void);	/* and volumes */
void usage_reset_health(void);

#endif
