/* wheel: entries come out once, not before their time and at most a tick after it. */
#include "rows.h"

#include "wheel.h"

static const uint64_t ms = 1000000, start = 1000000 * (uint64_t)5000;

static struct wheel       wheel;
static struct wheel_entry entry[3];

static int
clear(void **state)
{
	(void)state;
	memset(&wheel, 0, sizeof(wheel));
	memset(entry, 0, sizeof(entry));
	return 0;
}

/* Sweep each tick from now on; when did e come out, in milliseconds? 0: not in time. */
static uint64_t
comes_out(const struct wheel_entry *e, uint64_t now, uint64_t most)
{
	for (uint64_t at = 0; at <= most; at += WHEEL_TICK_MS) {
		struct wheel_entry *out = wheel_next(&wheel, now + at * ms);

		if (out != NULL) {
			assert_ptr_equal(out, e);
			return at;
		}
	}
	return 0;
}

static const struct row {
	const char *name;
	uint64_t    due;	/* milliseconds from now */
} rows[] = {
	{ "at once", 1 },
	{ "half a tick", WHEEL_TICK_MS / 2 },
	{ "a tick", WHEEL_TICK_MS },
	{ "five seconds", 5000 },
	{ "as far as an entry is put ahead", WHEEL_AHEAD * WHEEL_TICK_MS },
	{ "just beyond that", WHEEL_AHEAD * WHEEL_TICK_MS + 1 },
	{ "a whole turn", WHEEL_SLOTS * WHEEL_TICK_MS },
	{ "ten minutes", 600000 },
};

static void
test_due(void **state)
{
	const struct row *row = *state;

	clear(NULL);
	wheel_set(&wheel, &entry[0], start + row->due * ms, start);
	assert_in_range(comes_out(&entry[0], start, row->due + 1000), row->due,
	    row->due + WHEEL_TICK_MS);
	assert_int_equal(wheel.entries, 0);
	assert_null(wheel_next(&wheel, start + 2 * row->due * ms));
}

static void
test_later(void **state)
{
	(void)state;
	clear(NULL);
	wheel_set(&wheel, &entry[0], start + 1000 * ms, start);
	wheel_set(&wheel, &entry[0], start + 3000 * ms, start + 500 * ms);
	assert_in_range(comes_out(&entry[0], start, 5000), 3000, 3000 + WHEEL_TICK_MS);
}

static void
test_sooner(void **state)
{
	(void)state;
	clear(NULL);
	wheel_set(&wheel, &entry[0], start + 300000 * ms, start);
	wheel_set(&wheel, &entry[0], start + 2000 * ms, start);
	assert_in_range(comes_out(&entry[0], start, 5000), 2000, 2000 + WHEEL_TICK_MS);
}

static void
test_cleared(void **state)
{
	(void)state;
	clear(NULL);
	wheel_set(&wheel, &entry[0], start + 1000 * ms, start);
	wheel_set(&wheel, &entry[0], 0, start);
	assert_int_equal(comes_out(&entry[0], start, 5000), 0);
	assert_int_equal(wheel.entries, 0);
}

static void
test_dropped(void **state)
{
	(void)state;
	clear(NULL);
	for (int i = 0; i < 3; i++)
		wheel_set(&wheel, &entry[i], start + 1000 * ms, start);
	wheel_drop(&wheel, &entry[1]);
	wheel_drop(&wheel, &entry[1]);
	assert_int_equal(wheel.entries, 2);
	assert_non_null(wheel_next(&wheel, start + 2000 * ms));
	assert_non_null(wheel_next(&wheel, start + 2000 * ms));
	assert_null(wheel_next(&wheel, start + 2000 * ms));
}

/* The loop was held up for longer than the wheel is round. */
static void
test_slept(void **state)
{
	uint64_t late = start + 100 * (uint64_t)WHEEL_SLOTS * WHEEL_TICK_MS * ms;

	(void)state;
	clear(NULL);
	wheel_set(&wheel, &entry[0], start + 1000 * ms, start);
	wheel_set(&wheel, &entry[1], late + 600000 * ms, start);
	assert_in_range(comes_out(&entry[0], late, WHEEL_SLOTS * WHEEL_TICK_MS), 0,
	    WHEEL_SLOTS * WHEEL_TICK_MS);
	assert_int_equal(wheel.entries, 1);
}

int
main(void)
{
	struct rows r = { 0 };

	ROWS(&r, rows, test_due);
	rows_add(&r, "a deadline that moves away", test_later, NULL);
	rows_add(&r, "a deadline that comes nearer", test_sooner, NULL);
	rows_add(&r, "a deadline that is taken back", test_cleared, NULL);
	rows_add(&r, "an entry that is dropped", test_dropped, NULL);
	rows_add(&r, "after a long sleep", test_slept, NULL);
	return rows_run(&r, "wheel", NULL, NULL);
}
