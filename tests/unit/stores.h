/*
 * stores: the same test for each kind of store, on a fresh one each time.
 *
 *	static void test_x(void **state) { const struct stores_row *row = *state; ... }
 *	STORES(&r, tests);
 *
 * stores_where says where a store of that kind is to be had; a kind that is
 * not there skips its tests.
 */
#ifndef TEST_STORES_H
#define TEST_STORES_H

#include "pg.h"
#include "rows.h"

#include <libpq-fe.h>

struct stores_row {
	char               name[80];
	CMUnitTestFunction run;
	int                pg;
};

static char        stores_dir[] = "/tmp/luahsm-test-XXXXXX";
static char        stores_path[64];
static const char *stores_no_pg;

/* Where a store without tables is. */
static inline const char *
stores_where(const struct stores_row *row)
{
	PGconn *c;

	if (!row->pg) {
		unlink(stores_path);
		return stores_path;
	}
	c = PQconnectdb(pg_url);
	PQclear(PQexec(c, "SET client_min_messages = error"));
	PQclear(PQexec(c, "DROP TABLE IF EXISTS luahsm_head"));
	PQclear(PQexec(c, "DROP TABLE IF EXISTS luahsm_keys"));
	PQfinish(c);
	return pg_url;
}

static inline void
stores_run(void **state)
{
	const struct stores_row *row = *state;

	if (row->pg && stores_no_pg != NULL) {
		print_message("%s\n", stores_no_pg);
		skip();
	}
	row->run(state);
}

static inline void
stores_add(struct rows *r, const char *name, CMUnitTestFunction run)
{
	static struct stores_row rows[ROWS_MAX];
	static size_t n;
	static const char *const kinds[] = { "SQLite", "PostgreSQL" };

	for (int pg = 0; pg < 2; pg++, n++) {
		snprintf(rows[n].name, sizeof(rows[n].name), "%s: %s%s%s", kinds[pg], name,
		    pg && stores_no_pg != NULL ? ": " : "",
		    pg && stores_no_pg != NULL ? stores_no_pg : "");
		rows[n].run = run;
		rows[n].pg = pg;
		rows_add(r, rows[n].name, stores_run, &rows[n]);
	}
}

/* Before the first stores_add. */
static inline void
stores_begin(void)
{
	if (mkdtemp(stores_dir) == NULL)
		abort();
	snprintf(stores_path, sizeof(stores_path), "%s/keys.db", stores_dir);
	stores_no_pg = pg_start();
}

static inline int
stores_end(int status)
{
	char command[64];

	pg_stop();
	snprintf(command, sizeof(command), "rm -rf %s", stores_dir);
	return system(command) != 0 ? 1 : status;
}

#endif
