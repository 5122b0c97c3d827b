/*
 * pglink: libpq's calls that do not wait, and a wait of our own.
 */
#include "pglink.h"

#include <endian.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "err.h"
#include "stats.h"

enum { OID_BYTES = 17, OID_NUMBER = 20, RESTS = 10 };

static const uint64_t ms = 1000000;

void
pglink_add_bytes(struct pglink_parameters *p, const void *bytes, size_t n)
{
	p->type[p->n] = OID_BYTES;
	p->value[p->n] = n > 0 ? bytes : "";
	p->length[p->n] = (int)n;
	p->binary[p->n++] = 1;
}

void
pglink_add_number(struct pglink_parameters *p, uint64_t value)
{
	p->type[p->n] = OID_NUMBER;
	p->number[p->n] = htobe64(value);
	p->value[p->n] = (const char *)&p->number[p->n];
	p->length[p->n] = sizeof(value);
	p->binary[p->n++] = 1;
}

/* "relation exists already" is no news. */
static void
hear_nothing(void *arg, const PGresult *result)
{
	(void)arg;
	(void)result;
}

int
pglink_open(struct pglink *l, const char *url)
{
	const char *const names[] = { "fallback_application_name", "connect_timeout",
		"tcp_user_timeout", "dbname", NULL };
	const char *const values[] = { "luahsm", "3", "3000", url, NULL };

	*l = (struct pglink){ .c = PQconnectdbParams(names, values, 1) };
	if (l->c == NULL)
		return ERR_SYSTEM;
	PQsetNoticeReceiver(l->c, hear_nothing, NULL);
	return PQstatus(l->c) == CONNECTION_OK ? 0 : ERR_SYSTEM;
}

void
pglink_close(struct pglink *l)
{
	PQfinish(l->c);
	l->c = NULL;
}

const char *
pglink_error(const struct pglink *l)
{
	if (l->c == NULL)
		return "out of memory";
	return l->hung ? "the server does not answer" : PQerrorMessage(l->c);
}

/* What took so long in vain is not tried again for ten times as long. */
static void
rest_after(struct pglink *l, uint64_t took)
{
	uint64_t rest = took * RESTS;

	l->rests_until = stats_now() + (rest < PGLINK_REST_MS * ms ? rest : PGLINK_REST_MS * ms);
}

int
pglink_ready(struct pglink *l)
{
	uint64_t began;

	if (PQstatus(l->c) == CONNECTION_OK)
		return 0;
	began = stats_now();
	if (began < l->rests_until)
		return ERR_SYSTEM;
	l->hung = false;
	PQreset(l->c);
	if (PQstatus(l->c) == CONNECTION_OK)
		return 0;
	rest_after(l, stats_now() - began);
	return ERR_SYSTEM;
}

/* Until what has been sent is answered, or the connection is of no use. */
static void
await(struct pglink *l)
{
	struct pollfd p = { .fd = PQsocket(l->c), .events = POLLIN };

	while (PQisBusy(l->c)) {
		int n = poll(&p, 1, PGLINK_QUIET_MS);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			l->hung = true;
			rest_after(l, PGLINK_QUIET_MS * ms);
			(void)shutdown(p.fd, SHUT_RDWR);
		}
		if (PQconsumeInput(l->c) == 0)
			return;
	}
}

/* The last result of what was sent; NULL: it was not. */
static PGresult *
result_of(struct pglink *l, int sent)
{
	PGresult *result = NULL, *next;

	l->hung = false;
	while (sent != 0) {
		await(l);
		if ((next = PQgetResult(l->c)) == NULL)
			break;
		PQclear(result);
		result = next;
	}
	return result;
}

static bool
is_good(const PGresult *result)
{
	return PQresultStatus(result) == PGRES_TUPLES_OK ||
	    PQresultStatus(result) == PGRES_COMMAND_OK;
}

/*
 * Somebody else was faster: the key is there, or the server could not bring
 * both transactions into an order.
 */
static bool
is_conflict(const PGresult *result)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	return state != NULL && (strcmp(state, "23505") == 0 || strcmp(state, "40001") == 0 ||
	    strcmp(state, "40P01") == 0);
}

static PGresult *
send_and_wait(struct pglink *l, const char *sql, const struct pglink_parameters *p)
{
	return result_of(l, PQsendQueryParams(l->c, sql, p->n, p->type, p->value, p->length,
	    p->binary, 1));
}

PGresult *
pglink_run(struct pglink *l, const char *sql, const struct pglink_parameters *p, int *r)
{
	/* in a transaction a new connection would be one without its beginning */
	bool within = PQtransactionStatus(l->c) == PQTRANS_INTRANS;
	PGresult *result;

	if (!within && (*r = pglink_ready(l)) != 0)
		return NULL;
	result = send_and_wait(l, sql, p);
	/* that the server has gone shows when it is asked; it may be back */
	if (!within && !l->hung && PQstatus(l->c) != CONNECTION_OK && pglink_ready(l) == 0) {
		PQclear(result);
		result = send_and_wait(l, sql, p);
	}
	*r = is_good(result) ? 0 : is_conflict(result) ? 1 : ERR_SYSTEM;
	if (*r == 0)
		return result;
	PQclear(result);
	return NULL;
}

int
pglink_execute(struct pglink *l, const char *sql)
{
	PGresult *result = result_of(l, PQsendQuery(l->c, sql));
	int r = is_good(result) ? 0 : is_conflict(result) ? 1 : ERR_SYSTEM;

	/* COMMIT of a transaction that failed before says ROLLBACK and no error */
	if (r == 0 && strcmp(sql, "COMMIT") == 0 && strcmp(PQcmdStatus(result), "COMMIT") != 0)
		r = 1;
	PQclear(result);
	return r;
}
