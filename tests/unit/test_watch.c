/* watch: it looks when there is a reason, once at a time, and not without one. */
#include "watch.h"

#include <event2/event.h>

#include "ready.h"
#include "rows.h"

enum { TURNS = 20 };

static const struct row {
	const char *name;
	unsigned    deadline_ms;
	unsigned    needed;	/* turns of the loop that say so, from the first on */
	unsigned    again;	/* looks that say so */
	unsigned    want;	/* looks */
	int         least_ms;	/* what that takes */
} rows[] = {
	{ "no reason, no look", 100, 0, 0, 0, 0 },
	{ "one reason, one look", 100, 1, 0, 1, 25 },
	{ "each turn has a reason", 100, 3, 0, 3, 75 },
	{ "a look is the reason for the next", 100, 1, 2, 3, 75 },
	{ "never more often than each 25 ms", 1, 2, 0, 2, 50 },
	{ "a quarter of the deadline", 160, 2, 0, 2, 80 },
	{ "never less often than each 50 ms", 60000, 1, 0, 1, 50 },
};

static unsigned looks, again;

static bool
look(void *arg)
{
	(void)arg;
	return ++looks <= again;
}

static void
test_row(void **state)
{
	const struct row *row = *state;
	struct event_base *base = event_base_new();
	struct watch *w = watch_new(base, row->deadline_ms, look, NULL);
	int64_t began = ready_now();

	assert_non_null(w);
	looks = 0;
	again = row->again;
	for (unsigned i = 0; i < TURNS; i++) {
		watch_keep(w, i < row->needed);
		watch_keep(w, i < row->needed);	/* it waits already */
		/* without a timer there is nothing to wait for */
		assert_true(event_base_loop(base, EVLOOP_ONCE) >= 0);
	}
	assert_int_equal(looks, row->want);
	/* the loop reads a clock that ticks every 4 ms */
	assert_true(ready_now() - began >= row->least_ms - 5 * (int)row->want);
	watch_free(w);
	event_base_free(base);
}

static void
test_none(void **state)
{
	(void)state;
	watch_free(NULL);
}

int
main(void)
{
	struct rows r = { 0 };

	ROWS(&r, rows, test_row);
	rows_add(&r, "nothing to free", test_none, NULL);
	return rows_run(&r, "watch", NULL, NULL);
}
