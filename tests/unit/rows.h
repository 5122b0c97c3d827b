/*
 * rows: tables of rows as cmocka tests, one test a row, named by the row.
 *
 *	struct rows r = { 0 };
 *	ROWS(&r, opens, test_open);
 *	return rows_run(&r, "key", setup, teardown);
 */
#ifndef TEST_ROWS_H
#define TEST_ROWS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Under valgrind, where long loops are cut short. */
static inline bool
under_valgrind(void)
{
	const char *preloaded = getenv("LD_PRELOAD");

	return preloaded != NULL && strstr(preloaded, "vgpreload") != NULL;
}

enum { ROWS_MAX = 200 };

struct rows {
	struct CMUnitTest test[ROWS_MAX];
	size_t            n;
};

static inline void
rows_add(struct rows *r, const char *name, CMUnitTestFunction f, const void *row)
{
	if (r->n == ROWS_MAX)
		abort();
	/* cmocka hands the row back as it got it, but without its const. */
	r->test[r->n++] = (struct CMUnitTest){
		.name = name, .test_func = f, .initial_state = (void *)(uintptr_t)row
	};
}

#define ROWS(r, table, f)							\
	do									\
		for (size_t row_ = 0; row_ < sizeof(table) / sizeof((table)[0]); row_++) \
			rows_add((r), (table)[row_].name, (f), &(table)[row_]);	\
	while (0)

static inline int
rows_run(struct rows *r, const char *group, CMFixtureFunction setup,
    CMFixtureFunction teardown)
{
	return _cmocka_run_group_tests(group, r->test, r->n, setup, teardown);
}

#endif
