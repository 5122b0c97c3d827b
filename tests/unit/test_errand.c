/* errand: packets stay whole, in order, with the head that belongs to each. */
#include "rows.h"

#include <signal.h>
#include <unistd.h>

#include "channel.h"
#include "err.h"
#include "errand.h"
#include "frame.h"

static int     ends[2];
static uint8_t buf[FRAME_LIMIT];

static int
setup(void **state)
{
	(void)state;
	return channel_pair(ends);
}

static int
teardown(void **state)
{
	(void)state;
	close(ends[0]);
	close(ends[1]);
	return 0;
}

static const struct row {
	const char *name;
	struct errand e;
	size_t        n;
} rows[] = {
	{ "an empty one", { .number = 1, .uid = 1, .pid = 2 }, 0 },
	{ "a short one", { .number = 2, .lmk = -1, .unix_socket = 1, .uid = -1, .pid = -1 }, 6 },
	{ "as long as a message can be", { .number = UINT64_MAX, .lmk = 19 }, FRAME_LIMIT },
};

static void
test_whole(void **state)
{
	static uint8_t bytes[FRAME_LIMIT];
	const struct row *row = *state;
	struct errand e;
	size_t n;

	setup(NULL);
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 7);
	assert_int_equal(errand_send(ends[0], &row->e, span_of(bytes, row->n)), 0);
	assert_int_equal(errand_receive(ends[1], &e, buf, &n), 1);
	assert_int_equal(n, row->n);
	assert_memory_equal(buf, bytes, n);
	assert_true(e.number == row->e.number && e.lmk == row->e.lmk &&
	    e.unix_socket == row->e.unix_socket && e.uid == row->e.uid && e.pid == row->e.pid);
	assert_int_equal(errand_receive(ends[1], &e, buf, &n), 0);
	teardown(NULL);
}

static void
test_order(void **state)
{
	struct errand e = { 0 };
	size_t n;

	(void)state;
	for (e.number = 0; e.number < 20; e.number++)
		assert_int_equal(errand_send(ends[0], &e, span_of("abcdefghijklmnopqrst",
		    (size_t)e.number)), 0);
	for (uint64_t i = 0; i < 20; i++) {
		assert_int_equal(errand_receive(ends[1], &e, buf, &n), 1);
		assert_true(e.number == i && n == i);
	}
}

static void
test_full(void **state)
{
	const struct errand e = { .number = 1 };
	struct errand got;
	size_t n, sent = 0;

	(void)state;
	while (errand_send(ends[0], &e, span_of(buf, FRAME_LIMIT)) == 0)
		sent++;
	assert_true(sent > 0);
	assert_int_equal(errand_send(ends[0], &e, span_of(buf, FRAME_LIMIT)), 1);
	assert_int_equal(errand_receive(ends[1], &got, buf, &n), 1);
	assert_int_equal(errand_send(ends[0], &e, span_of(buf, FRAME_LIMIT)), 0);
}

static void
test_gone(void **state)
{
	const struct errand e = { .number = 1 };
	struct errand got;
	size_t n;

	(void)state;
	assert_int_equal(errand_send(ends[1], &e, SPAN("last word")), 0);
	close(ends[1]);
	assert_int_equal(errand_receive(ends[0], &got, buf, &n), 1);
	assert_int_equal(n, 9);
	assert_int_equal(errand_receive(ends[0], &got, buf, &n), ERR_SYSTEM);
	assert_int_equal(errand_send(ends[0], &e, SPAN("x")), ERR_SYSTEM);
	ends[1] = dup(ends[0]);
}

/* What is no packet of ours is as good as the end. */
static void
test_nonsense(void **state)
{
	struct errand got;
	size_t n;

	(void)state;
	assert_int_equal(write(ends[0], "short", 5), 5);
	assert_int_equal(errand_receive(ends[1], &got, buf, &n), ERR_SYSTEM);
	assert_int_equal(write(ends[0], buf, sizeof(buf)), sizeof(buf));
	assert_int_equal(errand_receive(ends[1], &got, buf, &n), 1);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, setup, teardown)
	const struct CMUnitTest others[] = {
		TEST(order), TEST(full), TEST(gone), TEST(nonsense)
	};
	struct rows r = { 0 };
	int bad;

	ROWS(&r, rows, test_whole);
	bad = rows_run(&r, "errand", NULL, NULL);
	return bad + cmocka_run_group_tests_name("errand, more", others, NULL, NULL);
}
