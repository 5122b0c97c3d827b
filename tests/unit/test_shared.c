/* shared: what a child writes is seen, and a lock outlives who has it. */
#include "shared.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rows.h"

enum { CHILDREN = 4, TIMES = 2000 };

struct page {
	struct shared_lock lock;
	unsigned           count;
	uint8_t            rest[10000];
};

static struct page *page;

/* The children of a test, which do what it says and end. */
static void
fork_children(unsigned n, void (*work)(void))
{
	for (unsigned i = 0; i < n; i++) {
		pid_t pid = fork();

		assert_true(pid >= 0);
		if (pid == 0) {
			work();
			_exit(0);
		}
	}
}

static void
wait_children(unsigned n, int status)
{
	for (unsigned i = 0; i < n; i++) {
		int found;

		assert_true(wait(&found) > 0);
		assert_int_equal(found, status);
	}
}

static void
write_page(void)
{
	page->count = 7;
	page->rest[sizeof(page->rest) - 1] = 1;
}

static void
take_and_die(void)
{
	shared_lock_take(&page->lock);
	page->count = 1;
	raise(SIGKILL);
}

/* Not atomic: some would be lost without the lock. */
static void
count(void)
{
	volatile unsigned *n = &page->count;

	for (int i = 0; i < TIMES; i++) {
		shared_lock_take(&page->lock);
		*n = *n + 1;
		shared_lock_put(&page->lock);
	}
}

static void
fail_to_try(void)
{
	if (shared_lock_try(&page->lock))
		page->count = 1;
}

static int
setup(void **state)
{
	(void)state;	/* stays the row */
	if ((page = shared_map(sizeof(*page))) == NULL)
		return -1;
	shared_lock_init(&page->lock);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	shared_unmap(page, sizeof(*page));
	return 0;
}

static void
test_zero(void **state)
{
	(void)state;
	assert_int_equal(page->count, 0);
	for (size_t i = 0; i < sizeof(page->rest); i++)
		assert_int_equal(page->rest[i], 0);
}

static void
test_child_writes(void **state)
{
	(void)state;
	fork_children(1, write_page);
	wait_children(1, 0);
	assert_int_equal(page->count, 7);
	assert_int_equal(page->rest[sizeof(page->rest) - 1], 1);
}

static void
test_one_at_a_time(void **state)
{
	(void)state;
	fork_children(CHILDREN, count);
	wait_children(CHILDREN, 0);
	assert_int_equal(page->count, CHILDREN * TIMES);
}

static void
test_try_taken(void **state)
{
	(void)state;
	shared_lock_take(&page->lock);
	fork_children(1, fail_to_try);
	wait_children(1, 0);
	assert_int_equal(page->count, 0);
	shared_lock_put(&page->lock);
	assert_true(shared_lock_try(&page->lock));
	shared_lock_put(&page->lock);
}

/* Who comes after a process that was killed while it had the lock. */
static const struct row {
	const char *name;
	bool        tries;
} rows[] = {
	{ "who waits gets the lock of a dead process", false },
	{ "who tries gets the lock of a dead process", true },
};

static void
test_death(void **state)
{
	const struct row *row = *state;

	fork_children(1, take_and_die);
	wait_children(1, SIGKILL);
	if (row->tries)
		assert_true(shared_lock_try(&page->lock));
	else
		shared_lock_take(&page->lock);
	assert_int_equal(page->count, 1);
	shared_lock_put(&page->lock);
	/* It is whole again, for others, too. */
	page->count = 0;
	fork_children(CHILDREN, count);
	wait_children(CHILDREN, 0);
	assert_int_equal(page->count, CHILDREN * TIMES);
}

static void
test_nothing(void **state)
{
	(void)state;
	shared_unmap(NULL, 0);
	assert_null(shared_map(SIZE_MAX / 2));
}

int
main(void)
{
	struct rows r = { 0 };

	rows_add(&r, "all zero", test_zero, NULL);
	rows_add(&r, "what a child writes is seen", test_child_writes, NULL);
	rows_add(&r, "one at a time", test_one_at_a_time, NULL);
	rows_add(&r, "a lock that is taken", test_try_taken, NULL);
	ROWS(&r, rows, test_death);
	for (size_t i = 0; i < r.n; i++) {
		r.test[i].setup_func = setup;
		r.test[i].teardown_func = teardown;
	}
	rows_add(&r, "no memory", test_nothing, NULL);
	return rows_run(&r, "shared", NULL, NULL);
}
