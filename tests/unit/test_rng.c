/* rng: numbers stay below their bound; the repeatable stream repeats. */
#include "rng.h"

#include "rows.h"

static const struct row {
	const char *name;
	uint32_t    bound;
} rows[] = {
	{ "below 1 is always 0", 1 },
	{ "a die",               6 },
	{ "a power of two",      16 },
	{ "ten digits",          10 },
	{ "over half the range", 0x80000001u },
};

static void
test_below(void **state)
{
	const struct row *row = *state;
	unsigned seen[16] = { 0 };

	for (int i = 0; i < 4000; i++) {
		uint32_t r = rng_below(row->bound);

		assert_true(r < row->bound);
		if (row->bound <= 16)
			seen[r]++;
	}
	/* Every value comes: the chance that one of 16 stays out is below 2^-360. */
	for (uint32_t i = 0; row->bound <= 16 && i < row->bound; i++)
		assert_int_not_equal(seen[i], 0);
}

/* Last, because there is no way back. */
static void
test_repeat(void **state)
{
	uint8_t a[64], b[64], c[64];

	(void)state;
	rng_bytes(a, sizeof(a));
	rng_bytes(b, sizeof(b));
	assert_memory_not_equal(a, b, sizeof(a));
	rng_repeat(7);
	rng_bytes(a, sizeof(a));
	rng_bytes(b, sizeof(b));
	assert_memory_not_equal(a, b, sizeof(a));
	rng_repeat(7);
	rng_bytes(c, sizeof(c));
	assert_memory_equal(a, c, sizeof(a));
	rng_bytes(c, sizeof(c));
	assert_memory_equal(b, c, sizeof(b));
	rng_repeat(8);
	rng_bytes(c, sizeof(c));
	assert_memory_not_equal(a, c, sizeof(a));
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_below);
	rows_add(&r, "the same seed, the same stream", test_repeat, NULL);
	return rows_run(&r, "rng", NULL, NULL);
}
