/* pool: a block comes clean, whoever had it before, and the surplus goes. */
#include "rows.h"

#include "pool.h"

enum { SIZE = 10000, KEEP = 2, MANY = 5 };

static struct pool *pool;

static int
setup(void **state)
{
	(void)state;
	return (pool = pool_new(SIZE, KEEP)) != NULL ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	pool_free(pool);
	return 0;
}

static void
assert_clean(const uint8_t *block)
{
	for (size_t i = 0; i < pool_size(pool); i++)
		assert_int_equal(block[i], 0);
}

static const struct row {
	const char *name;
	size_t      used;
} rows[] = {
	{ "an unused block", 0 },
	{ "one byte used", 1 },
	{ "half used", SIZE / 2 },
	{ "all that was asked for used", SIZE },
};

static void
test_clean(void **state)
{
	const struct row *row = *state;
	uint8_t *block = pool_take(pool), *again;

	assert_non_null(block);
	assert_clean(block);
	memset(block, 0xA5, row->used);
	pool_put(pool, block, row->used);
	again = pool_take(pool);
	assert_ptr_equal(again, block);
	assert_clean(again);
	pool_put(pool, again, 0);
}

static void
test_surplus(void **state)
{
	uint8_t *block[MANY];

	(void)state;
	for (int i = 0; i < MANY; i++) {
		assert_non_null(block[i] = pool_take(pool));
		for (int k = 0; k < i; k++)
			assert_ptr_not_equal(block[i], block[k]);
		memset(block[i], i + 1, pool_size(pool));
	}
	assert_int_equal(pool_taken(pool), MANY);
	for (int i = 0; i < MANY; i++) {
		assert_int_equal(block[i][pool_size(pool) - 1], i + 1);
		pool_put(pool, block[i], pool_size(pool));
	}
	assert_int_equal(pool_taken(pool), 0);
	assert_int_equal(pool_kept(pool), KEEP);
}

static void
test_nothing(void **state)
{
	(void)state;
	pool_put(pool, NULL, 0);
	assert_int_equal(pool_taken(pool), 0);
	assert_true(pool_size(pool) >= SIZE);
	pool_free(NULL);
}

/* Blocks that are there before they are needed. */
static void
test_fill(void **state)
{
	uint8_t *block[KEEP];

	(void)state;
	for (int i = 0; i < 2; i++) {
		assert_int_equal(pool_fill(pool), 0);
		assert_int_equal(pool_kept(pool), KEEP);
	}
	for (int i = 0; i < KEEP; i++) {
		assert_non_null(block[i] = pool_take(pool));
		assert_clean(block[i]);
	}
	assert_int_equal(pool_kept(pool), 0);
	for (int i = 0; i < KEEP; i++)
		pool_put(pool, block[i], SIZE);
	assert_int_equal(pool_kept(pool), KEEP);
}

int
main(void)
{
	struct rows r = { 0 };

	ROWS(&r, rows, test_clean);
	rows_add(&r, "no more free blocks stay than asked", test_surplus, NULL);
	rows_add(&r, "those that stay, from the start", test_fill, NULL);
	rows_add(&r, "putting nothing back is harmless", test_nothing, NULL);
	return rows_run(&r, "pool", setup, teardown);
}
