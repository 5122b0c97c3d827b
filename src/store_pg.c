/*
 * store_pg: the store in PostgreSQL, shared by several daemons.
 *
 * Two writers meet at the head: each updates it only if its epoch is still
 * the one it read, so the second one changes nothing and starts over. When the
 * connection is lost (pglink.h), what was under way on it has failed.
 */
#include "store.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "pglink.h"
#include "store_sql.h"

_Static_assert(PGLINK_PARAMETERS >= (int)COLUMNS, "a row does not fit");

struct pg {
	struct store  store;
	struct pglink link;
};

static struct pg *
of(struct store *s)
{
	return (struct pg *)s;
}

/* Note what the link says. */
static int
failed(struct pg *s)
{
	return store_fail(&s->store, ERR_SYSTEM, "PostgreSQL: %s", pglink_error(&s->link));
}

/* Run one of ours. The result, which the caller clears; NULL with *r: 1 conflict, or a failure. */
static PGresult *
run(struct pg *s, enum store_sql which, const struct pglink_parameters *p, int *r)
{
	PGresult *result = pglink_run(&s->link, store_sql[which], p, r);

	if (*r < 0)
		failed(s);
	return result;
}

/* Run one that changes rows: 0 one has changed, 1 none has, or a failure. */
static int
change(struct pg *s, enum store_sql which, const struct pglink_parameters *p)
{
	int r;
	PGresult *result = run(s, which, p, &r);

	if (result == NULL)
		return r;
	r = strcmp(PQcmdTuples(result), "1") == 0 ? 0 : 1;
	PQclear(result);
	return r;
}

static bool
get_bytes(const PGresult *result, int row, int column, void *out, size_t room, size_t *n)
{
	*n = (size_t)PQgetlength(result, row, column);
	if (PQgetisnull(result, row, column) || *n > room)
		return false;
	memcpy(out, PQgetvalue(result, row, column), *n);
	return true;
}

static bool
get_text(const PGresult *result, int row, int column, char *out, size_t room)
{
	size_t n;

	if (!get_bytes(result, row, column, out, room - 1, &n) || memchr(out, '\0', n) != NULL)
		return false;
	out[n] = '\0';
	return true;
}

static bool
get_number(const PGresult *result, int row, int column, uint64_t most, uint64_t *out)
{
	size_t n;

	if (!get_bytes(result, row, column, out, sizeof(*out), &n) || n != sizeof(*out))
		return false;
	*out = be64toh(*out);
	return *out <= most;
}

/* 1, or ERR_CORRUPT. */
static int
take_row(struct pg *s, const PGresult *result, int at, struct store_row *row)
{
	uint64_t version, algorithm, state, created;
	size_t id;

	memset(row, 0, sizeof(*row));
	if (!get_text(result, at, COLUMN_LABEL, row->label, sizeof(row->label)) ||
	    !get_number(result, at, COLUMN_VERSION, UINT32_MAX, &version) ||
	    !get_bytes(result, at, COLUMN_ID, row->id, STORE_ID, &id) || id != STORE_ID ||
	    !get_number(result, at, COLUMN_ALGORITHM, UINT8_MAX, &algorithm) ||
	    !get_number(result, at, COLUMN_STATE, STORE_DESTROYED, &state) ||
	    !get_number(result, at, COLUMN_CREATED, INT64_MAX, &created) ||
	    !get_number(result, at, COLUMN_SEQUENCE, INT64_MAX, &row->sequence) ||
	    !get_text(result, at, COLUMN_POLICY, row->policy, sizeof(row->policy)) ||
	    !get_bytes(result, at, COLUMN_SEALED, row->sealed, sizeof(row->sealed),
	        &row->sealed_len))
		return store_fail(&s->store, ERR_CORRUPT, "PostgreSQL: the row of key %.40s is "
		    "damaged; restore a backup", row->label);
	row->version = (uint32_t)version;
	row->algorithm = (uint8_t)algorithm;
	row->state = (uint8_t)state;
	row->created = (int64_t)created;
	return 1;
}

static int
pg_begin(struct store *s)
{
	struct pglink *l = &of(s)->link;
	int r = pglink_ready(l);

	if (r == 0)
		r = pglink_execute(l, "BEGIN");
	/* that the server has gone shows only now; nothing has been done yet */
	if (r < 0 && PQstatus(l->c) != CONNECTION_OK && pglink_ready(l) == 0)
		r = pglink_execute(l, "BEGIN");
	return r < 0 ? failed(of(s)) : r;
}

static void
pg_rollback(struct store *s)
{
	struct pglink *l = &of(s)->link;

	if (PQtransactionStatus(l->c) != PQTRANS_IDLE)
		(void)pglink_execute(l, "ROLLBACK");
}

static int
pg_commit(struct store *s)
{
	int r = pglink_execute(&of(s)->link, "COMMIT");

	if (r == 1)
		r = store_fail(s, ERR_SYSTEM, "PostgreSQL: another daemon changed the same key");
	else if (r < 0)
		failed(of(s));
	if (r != 0)
		pg_rollback(s);
	return r;
}

static int
pg_head_get(struct store *store, struct store_head *head)
{
	struct pg *s = of(store);
	struct pglink_parameters none = { 0 };
	uint64_t format;
	int r;
	PGresult *result = run(s, SQL_HEAD_GET, &none, &r);

	memset(head, 0, sizeof(*head));
	if (result == NULL)
		return r == 1 ? failed(s) : r;
	if (PQntuples(result) == 0) {
		r = 0;
	} else if (!get_number(result, 0, 0, UINT32_MAX, &format) ||
	    !get_number(result, 0, 1, INT64_MAX, &head->epoch) ||
	    !get_bytes(result, 0, 2, head->wrap, sizeof(head->wrap), &head->wrap_len) ||
	    !get_bytes(result, 0, 3, head->sealed, sizeof(head->sealed), &head->sealed_len)) {
		r = store_fail(store, ERR_CORRUPT, "PostgreSQL: the head of the key store is "
		    "damaged; restore a backup");
	} else {
		head->format = (uint32_t)format;
		r = 1;
	}
	PQclear(result);
	return r;
}

static int
pg_head_put(struct store *store, const struct store_head *head, uint64_t was)
{
	struct pglink_parameters p = { 0 };

	pglink_add_number(&p, head->format);
	pglink_add_number(&p, head->epoch);
	pglink_add_bytes(&p, head->wrap, head->wrap_len);
	pglink_add_bytes(&p, head->sealed, head->sealed_len);
	if (was != 0)
		pglink_add_number(&p, was);
	return change(of(store), was == 0 ? SQL_HEAD_INSERT : SQL_HEAD_UPDATE, &p);
}

static int
pg_row_get(struct store *store, const char *label, uint32_t version, struct store_row *row)
{
	struct pg *s = of(store);
	struct pglink_parameters p = { 0 };
	PGresult *result;
	int r;

	pglink_add_bytes(&p, label, strlen(label));
	if (version != 0)
		pglink_add_number(&p, version);
	result = run(s, version == 0 ? SQL_ROW_NEWEST : SQL_ROW_GET, &p, &r);
	if (result == NULL)
		return r == 1 ? failed(s) : r;
	r = PQntuples(result) == 0 ? 0 : take_row(s, result, 0, row);
	PQclear(result);
	return r;
}

static int
pg_row_put(struct store *store, const struct store_row *row, bool fresh)
{
	struct pglink_parameters p = { 0 };

	pglink_add_bytes(&p, row->label, strlen(row->label));
	pglink_add_number(&p, row->version);
	pglink_add_bytes(&p, row->id, STORE_ID);
	pglink_add_number(&p, row->algorithm);
	pglink_add_number(&p, row->state);
	pglink_add_number(&p, (uint64_t)row->created);
	pglink_add_number(&p, row->sequence);
	pglink_add_bytes(&p, row->policy, strlen(row->policy));
	pglink_add_bytes(&p, row->sealed, row->sealed_len);
	return change(of(store), fresh ? SQL_ROW_INSERT : SQL_ROW_UPDATE, &p);
}

static int
pg_walk(struct store *store, store_visit *visit, void *arg)
{
	struct pg *s = of(store);
	struct pglink_parameters none = { 0 };
	struct store_row *row = malloc(sizeof(*row));
	int r = ERR_SYSTEM;
	PGresult *result = row != NULL ? run(s, SQL_WALK, &none, &r) : NULL;

	for (int i = 0; result != NULL && r == 0 && i < PQntuples(result); i++) {
		r = take_row(s, result, i, row);
		if (r == 1)
			r = visit(row, arg);
	}
	PQclear(result);
	free(row);
	return r;
}

static void
pg_close(struct store *store)
{
	pglink_close(&of(store)->link);
	free(store);
}

static const struct store_calls calls = {
	.close = pg_close,
	.begin = pg_begin,
	.commit = pg_commit,
	.rollback = pg_rollback,
	.head_get = pg_head_get,
	.head_put = pg_head_put,
	.row_get = pg_row_get,
	.row_put = pg_row_put,
	.walk = pg_walk,
};

struct store *
store_open_pg(const char *url, FILE *err)
{
	struct pg *s = calloc(1, sizeof(*s));
	int r;

	if (s == NULL) {
		fputs("PostgreSQL: out of memory\n", err);
		return NULL;
	}
	s->store.calls = &calls;
	s->store.shared = true;
	r = pglink_open(&s->link, url);
	/* two daemons that make the tables at once: the second one tries again */
	for (int i = 0; r >= 0 && i < 3; i++) {
		r = 0;
		for (size_t t = 0; t < sizeof(store_tables) / sizeof(store_tables[0]); t++)
			r = r != 0 ? r : pglink_execute(&s->link, store_tables[t]);
		if (r == 0)
			return &s->store;
	}
	failed(s);
	fprintf(err, "%s\n", s->store.error);
	pg_close(&s->store);
	return NULL;
}
