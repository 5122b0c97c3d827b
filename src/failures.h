/*
 * failures: PINs and card values that were wrong, per account and key, in
 * memory that all processes share (spec: threats A2).
 *
 * An account is known here by a keyed hash of it and of the key it was
 * verified with, never by its digits. So many failures in so many hours, and
 * it is refused until the first of them is old enough; before that, from the
 * third one on, a new try has to wait, twice as long each time. A try that
 * comes too early is refused without a look at it: nobody else waits for it, as
 * they would for a reply held back on a connection that many card holders share.
 *
 * The table has so many places and no more. Where it is full, the account with
 * the fewest failures is forgotten. It is gone when the server ends.
 */
#ifndef LUAHSM_FAILURES_H
#define LUAHSM_FAILURES_H

#include <stdint.h>

#include "span.h"

enum {
	FAILURES_PLACES = 64 * 1024,
	FAILURES_MOST   = 16,	/* of one account that can be told apart */
	FAILURES_DELAY  = 3,	/* the first after which a try has to wait */
	FAILURES_WAIT   = 3600	/* seconds that it has to wait at most */
};

/* What is counted, and how far. All zero: nothing is. */
struct failures_rules {
	unsigned limit;		/* in so many seconds: 0 to FAILURES_MOST, 0 for no limit */
	uint32_t seconds;
	unsigned delay;		/* seconds, 0 for none */
	unsigned alarm;		/* failures of all accounts in a minute; 0 for no alarm */
	unsigned alarm_hour;	/* and in an hour */
};

/* What a failure has led to, as bits. */
enum {
	FAILURES_REFUSED = 1,	/* the account's limit is reached: it is refused from now on */
	FAILURES_ALARM   = 2,	/* that many in this minute; said once a minute */
	FAILURES_HOUR    = 4	/* and in this hour */
};

/* Make the memory, before any fork. 0 or ERR_NO_MEMORY. */
int failures_init(void);

/* Count in this process from now on. Proofs of vectors must not, and don't. */
void failures_serve(const struct failures_rules *rules);

/*
 * Who is verified: subject is what the value depends on beside the key, and
 * nothing that a caller is free to change. 0 where nothing is counted.
 */
uint64_t failures_who(struct span key, struct span subject);

/* May it be tried now (in seconds of the monotonic clock)? 0 or ERR_FAILURES. */
int failures_permit(uint64_t who, uint32_t now);

/* It was wrong. Bits of above. */
unsigned failures_note(uint64_t who, uint32_t now);

#endif
