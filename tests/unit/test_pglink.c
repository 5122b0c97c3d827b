/* pglink: a server that goes, comes back or says nothing. */
#include "pglink.h"

#include "err.h"
#include "pg.h"
#include "rows.h"
#include "stats.h"

static const struct pglink_parameters none;
static const char                    *no_pg;

static void
skip_without(void)
{
	if (no_pg == NULL)
		return;
	print_message("%s\n", no_pg);
	skip();
}

static struct pglink
opened(void)
{
	struct pglink l;

	assert_int_equal(pglink_open(&l, pg_url), 0);
	return l;
}

/* The only value of a statement, as text; "": it failed. */
static const char *
value_of(struct pglink *l, const char *sql)
{
	static char text[100];
	int r;
	PGresult *result = pglink_run(l, sql, &none, &r);

	text[0] = '\0';
	if (result != NULL && PQntuples(result) == 1)
		snprintf(text, sizeof(text), "%.*s", PQgetlength(result, 0, 0),
		    PQgetvalue(result, 0, 0));
	assert_int_equal(result == NULL, r != 0);
	PQclear(result);
	return text;
}

/* End the process that serves the connection. */
static void
end_backend(const struct pglink *l)
{
	pid_t pid = PQbackendPID(l->c);

	assert_int_equal(kill(pid, SIGTERM), 0);
	for (int i = 0; i < 3000 && kill(pid, 0) == 0; i++)
		usleep(10000);
	assert_true(kill(pid, 0) != 0);
}

static void
test_values(void **state)
{
	struct pglink l;
	struct pglink_parameters p = { 0 };
	PGresult *result;
	int r;

	(void)state;
	skip_without();
	l = opened();
	pglink_add_bytes(&p, "a\0b", 3);
	pglink_add_bytes(&p, NULL, 0);
	pglink_add_number(&p, 0x0102030405060708);
	result = pglink_run(&l, "SELECT $1, $2, $3", &p, &r);
	assert_int_equal(r, 0);
	assert_int_equal(PQgetlength(result, 0, 0), 3);
	assert_memory_equal(PQgetvalue(result, 0, 0), "a\0b", 3);
	assert_int_equal(PQgetlength(result, 0, 1), 0);
	assert_memory_equal(PQgetvalue(result, 0, 2), "\1\2\3\4\5\6\7\10", 8);
	PQclear(result);
	assert_string_equal(value_of(&l, "SELECT nonsense"), "");
	assert_non_null(strstr(pglink_error(&l), "nonsense"));
	assert_string_equal(value_of(&l, "SELECT 'yes'::text"), "yes");
	pglink_close(&l);
}

static void
test_conflict(void **state)
{
	struct pglink l;
	int r;

	(void)state;
	skip_without();
	l = opened();
	assert_int_equal(pglink_execute(&l, "CREATE TEMP TABLE t (n INT PRIMARY KEY)"), 0);
	assert_int_equal(pglink_execute(&l, "BEGIN"), 0);
	PQclear(pglink_run(&l, "INSERT INTO t VALUES (1)", &none, &r));
	assert_int_equal(r, 0);
	assert_null(pglink_run(&l, "INSERT INTO t VALUES (1)", &none, &r));
	assert_int_equal(r, 1);
	/* the server says ROLLBACK */
	assert_int_equal(pglink_execute(&l, "COMMIT"), 1);
	assert_string_equal(value_of(&l, "SELECT count(*)::text FROM t"), "0");
	pglink_close(&l);
}

/* A lost connection is made anew, but for what a transaction has to do. */
static void
test_lost(void **state)
{
	struct pglink l;

	(void)state;
	skip_without();
	l = opened();
	end_backend(&l);
	assert_string_equal(value_of(&l, "SELECT 'again'::text"), "again");
	assert_int_equal(pglink_execute(&l, "BEGIN"), 0);
	end_backend(&l);
	assert_string_equal(value_of(&l, "SELECT 'within'::text"), "");
	assert_true(pglink_execute(&l, "COMMIT") != 0);
	assert_string_equal(value_of(&l, "SELECT 'after'::text"), "after");
	pglink_close(&l);
}

/* One that says nothing is given up and left alone for a while; then another one is asked. */
static void
test_hung(void **state)
{
	struct pglink l;
	int hung;

	(void)state;
	skip_without();
	l = opened();
	hung = PQbackendPID(l.c);
	assert_int_equal(kill(hung, SIGSTOP), 0);
	assert_string_equal(value_of(&l, "SELECT 'yes'::text"), "");
	assert_string_equal(pglink_error(&l), "the server does not answer");
	assert_true(l.rests_until > stats_now());
	l.rests_until = stats_now() + 3600 * 1000000000ULL;
	assert_string_equal(value_of(&l, "SELECT 'not yet'::text"), "");
	assert_string_equal(pglink_error(&l), "the server does not answer");
	l.rests_until = stats_now();
	assert_string_equal(value_of(&l, "SELECT 'yes'::text"), "yes");
	assert_int_equal(kill(hung, SIGCONT), 0);
	pglink_close(&l);
}

/* What can't be reached is left alone for a while, and fails at once meanwhile. */
static void
test_rests(void **state)
{
	struct pglink l;

	(void)state;
	skip_without();
	l = opened();
	pg_pause();
	assert_string_equal(value_of(&l, "SELECT 'no'::text"), "");
	assert_true(l.rests_until > 0);
	l.rests_until = stats_now() + 3600 * 1000000000ULL;
	assert_null(pg_resume());
	assert_string_equal(value_of(&l, "SELECT 'not yet'::text"), "");
	assert_int_equal(pglink_ready(&l), ERR_SYSTEM);
	l.rests_until = stats_now();
	assert_int_equal(pglink_ready(&l), 0);
	assert_string_equal(value_of(&l, "SELECT 'now'::text"), "now");
	pglink_close(&l);
}

static void
test_nobody(void **state)
{
	struct pglink l;

	(void)state;
	assert_int_equal(pglink_open(&l, "postgresql://x@/y?host=/nowhere"), ERR_SYSTEM);
	assert_non_null(strstr(pglink_error(&l), "/nowhere"));
	pglink_close(&l);
}

int
main(void)
{
	struct rows r = { 0 };
	int status;

	no_pg = pg_start();
	rows_add(&r, "values come back", test_values, NULL);
	rows_add(&r, "somebody was faster", test_conflict, NULL);
	rows_add(&r, "a connection that is lost is made anew", test_lost, NULL);
	rows_add(&r, "who does not answer is given up", test_hung, NULL);
	rows_add(&r, "a server that is gone is left alone", test_rests, NULL);
	rows_add(&r, "a server that is not there is named", test_nobody, NULL);
	status = rows_run(&r, "pglink", NULL, NULL);
	pg_stop();
	return status;
}
