/* histogram: quantiles of known values, to within a bucket. */
#include "rows.h"

#include "histogram.h"

static struct histogram h;

static const struct row {
	const char *name;
	uint64_t    from, to;	/* each of these once */
	double      q;
	uint64_t    least, most;
} rows[] = {
	{ "half of one value is that value", 7, 7, 0.5, 7, 7 },
	{ "small values are exact", 1, 10, 0.5, 5, 5 },
	{ "the least", 1, 10, 0, 1, 1 },
	{ "the largest", 1, 10, 1, 10, 10 },
	{ "rounded up", 1, 10, 0.51, 6, 6 },
	{ "a thousand: half", 1, 1000, 0.5, 500, 531 },
	{ "a thousand: 99 %", 1, 1000, 0.99, 990, 1000 },
	{ "a thousand: 99.9 %", 1, 1000, 0.999, 999, 1000 },
	{ "never above the largest value", 1000, 1001, 1, 1001, 1001 },
	{ "the top of the range", UINT64_MAX, UINT64_MAX, 0.5, UINT64_MAX, UINT64_MAX },
	{ "nought", 0, 0, 0.99, 0, 0 },
};

static void
test_row(void **state)
{
	const struct row *row = *state;
	uint64_t got;

	memset(&h, 0, sizeof(h));
	for (uint64_t v = row->from;; v++) {
		histogram_add(&h, v);
		if (v == row->to)
			break;
	}
	assert_int_equal(h.count, row->to - row->from + 1);
	assert_int_equal(h.max, row->to);
	got = histogram_quantile(&h, row->q);
	assert_in_range(got, row->least, row->most);
}

/* Every value's bucket ends at or above it, by a sixteenth at most. */
static void
test_error(void **state)
{
	(void)state;
	for (uint64_t v = 1; v < UINT64_MAX / 3; v += v / 8 + 1) {
		uint64_t got;

		memset(&h, 0, sizeof(h));
		histogram_add(&h, v);
		histogram_add(&h, UINT64_MAX);
		got = histogram_quantile(&h, 0.5);
		assert_in_range(got, v, v + v / 16);
	}
}

static void
test_empty(void **state)
{
	(void)state;
	memset(&h, 0, sizeof(h));
	assert_int_equal(histogram_quantile(&h, 0.99), 0);
}

static void
test_merge(void **state)
{
	static struct histogram other;

	(void)state;
	memset(&h, 0, sizeof(h));
	memset(&other, 0, sizeof(other));
	for (uint64_t v = 1; v <= 5; v++)
		histogram_add(&h, v);
	for (uint64_t v = 6; v <= 10; v++)
		histogram_add(&other, v);
	histogram_merge(&h, &other);
	assert_int_equal(h.count, 10);
	assert_int_equal(h.sum, 55);
	assert_int_equal(h.max, 10);
	assert_int_equal(histogram_quantile(&h, 0.7), 7);
}

int
main(void)
{
	struct rows r = { 0 };

	ROWS(&r, rows, test_row);
	rows_add(&r, "no value is off by more than a sixteenth", test_error, NULL);
	rows_add(&r, "empty has no quantile but nought", test_empty, NULL);
	rows_add(&r, "merged as if added to one", test_merge, NULL);
	return rows_run(&r, "histogram", NULL, NULL);
}
