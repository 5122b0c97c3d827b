/*
 * pglink: a connection to PostgreSQL for statements one after the other.
 *
 * A connection that was lost is made anew by the next statement outside a
 * transaction, which is then run there. Who has no answer is not waited for:
 * after PGLINK_QUIET_MS without a byte the connection is given up. A server that
 * does not answer or cannot be reached is left alone for ten times as long as it
 * took to find that out, at most PGLINK_REST_MS. Meanwhile everything fails at once.
 *
 * Parameters and results travel in binary.
 */
#ifndef LUAHSM_PGLINK_H
#define LUAHSM_PGLINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libpq-fe.h>

enum {
	PGLINK_PARAMETERS = 9,
	PGLINK_QUIET_MS   = 3000,
	PGLINK_REST_MS    = 10000
};

struct pglink {
	PGconn  *c;
	uint64_t rests_until;	/* stats_now(); 0: it does not rest */
	bool     hung;		/* the last statement had no answer in time */
};

/* What goes with a statement. */
struct pglink_parameters {
	int         n;
	Oid         type[PGLINK_PARAMETERS];
	const char *value[PGLINK_PARAMETERS];
	int         length[PGLINK_PARAMETERS];
	int         binary[PGLINK_PARAMETERS];
	uint64_t    number[PGLINK_PARAMETERS];
};

/* Both borrow nothing but the bytes. */
void pglink_add_bytes(struct pglink_parameters *p, const void *bytes, size_t n);
void pglink_add_number(struct pglink_parameters *p, uint64_t value);

/* Connect to url, whose parameters go before ours. 0, or ERR_SYSTEM: pglink_error says why. */
int  pglink_open(struct pglink *l, const char *url);
void pglink_close(struct pglink *l);

/* What went wrong with the last statement, in words. */
const char *pglink_error(const struct pglink *l);

/* Is the connection there, or again? 0 or ERR_SYSTEM. */
int pglink_ready(struct pglink *l);

/*
 * Run a statement. The result, which the caller clears; NULL with *r: 1, somebody
 * else was faster; ERR_SYSTEM.
 */
PGresult *pglink_run(struct pglink *l, const char *sql, const struct pglink_parameters *p, int *r);

/*
 * Run one that begins or ends a transaction, or makes a table: on this connection, once.
 * 0, 1, ERR_SYSTEM.
 */
int pglink_execute(struct pglink *l, const char *sql);

#endif
