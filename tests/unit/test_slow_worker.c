/*
 * slow_worker: a request comes in on a link, its reply goes out on it, and
 * links take turns. command_run is this file's.
 */
#include "rows.h"

#include <event2/event.h>
#include <unistd.h>

#include "channel.h"
#include "command.h"
#include "err.h"
#include "errand.h"
#include "frame.h"
#include "log.h"
#include "slow_worker.h"
#include "stats.h"
#include "worker.h"

static struct event_base  *base;
static struct slow_worker *set;
static struct stats_worker stats;
static struct origin       seen;
static char                order[16];	/* first letter of each request, '.' before each */
static unsigned            gone;

static void
note(char c)
{
	size_t n = strlen(order);

	assert_true(n + 1 < sizeof(order));
	order[n] = c;
}

/* It answers with the bytes in reverse; G with as many as a reply can have. */
size_t
command_run(struct commands *c, const struct origin *from, struct span msg, uint8_t *out,
    size_t room)
{
	(void)c;
	assert_true(room >= FRAME_LIMIT);
	assert_true(atomic_load(&stats.busy_since) != 0);
	seen = *from;
	note((char)msg.p[0]);
	if (msg.p[0] == 'G') {
		memset(out, 'g', FRAME_LIMIT);
		return FRAME_LIMIT;
	}
	for (size_t i = 0; i < msg.n; i++)
		out[i] = msg.p[msg.n - 1 - i];
	return msg.n;
}

noreturn void
worker_give_up(const char *why)
{
	(void)why;
	abort();
}

static void
on_before(void *arg)
{
	(void)arg;
	note('.');
}

static void
on_gone(void *arg)
{
	(void)arg;
	gone++;
}

static int
setup(void **state)
{
	const struct slow_worker_calls calls = { on_before, on_gone, NULL };

	(void)state;
	memset(&stats, 0, sizeof(stats));
	memset(order, 0, sizeof(order));
	gone = 0;
	base = event_base_new();
	set = slow_worker_new(base, NULL, &stats, &calls);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	slow_worker_free(set);
	event_base_free(base);
	return 0;
}

/* A link; the worker's end of it. */
static int
add_link(void)
{
	int ends[2];

	assert_int_equal(channel_pair(ends), 0);
	assert_int_equal(slow_worker_link(set, ends[0]), 0);
	return ends[1];
}

static void
send_text(int fd, uint64_t number, const char *text)
{
	const struct errand e = { number, 4, 1 };

	assert_int_equal(errand_send(fd, &e, span_str(text)), 0);
}

static void
pump(void)
{
	for (int i = 0; i < 10; i++)
		event_base_loop(base, EVLOOP_NONBLOCK);
}

static uint8_t buf[FRAME_LIMIT];

static void
expect(int fd, uint64_t number, const char *text)
{
	struct errand e;
	size_t n;

	assert_int_equal(errand_receive(fd, &e, buf, &n), 1);
	assert_true(e.number == number);
	assert_int_equal(n, strlen(text));
	assert_memory_equal(buf, text, n);
}

static void
test_answers(void **state)
{
	int fd = add_link();

	(void)state;
	send_text(fd, 77, "abc");
	pump();
	expect(fd, 77, "cba");
	assert_true(seen.lmk == 4 && seen.unix_socket);
	assert_string_equal(order, ".a");
	assert_int_equal(stats.requests, 1);
	assert_int_equal(stats.bytes_in, 3);
	assert_int_equal(stats.bytes_out, 3);
	assert_int_equal(atomic_load(&stats.busy_since), 0);
	close(fd);
}

static void
test_longest(void **state)
{
	int fd = add_link();
	struct errand e;
	size_t n;

	(void)state;
	send_text(fd, 1, "G");
	pump();
	assert_int_equal(errand_receive(fd, &e, buf, &n), 1);
	assert_int_equal(n, FRAME_LIMIT);
	assert_int_equal(buf[n - 1], 'g');
	close(fd);
}

/* A worker with much to do does not keep the others waiting. */
static void
test_turns(void **state)
{
	int one = add_link(), two = add_link();

	(void)state;
	for (uint64_t i = 0; i < 3; i++)
		send_text(one, i, "1x");
	send_text(two, 9, "2x");
	pump();
	assert_true(strcmp(order, ".1.2.1.1") == 0 || strcmp(order, ".2.1.1.1") == 0);
	expect(two, 9, "x2");
	close(one);
	close(two);
}

static void
test_gone(void **state)
{
	int one = add_link(), two = add_link();

	(void)state;
	assert_int_equal(slow_worker_links(set), 2);
	assert_int_equal(atomic_load(&stats.connections), 2);
	send_text(one, 1, "abc");	/* and does not wait for the reply */
	close(one);
	pump();
	assert_int_equal(gone, 1);
	assert_int_equal(slow_worker_links(set), 1);
	send_text(two, 2, "xyz");
	pump();
	expect(two, 2, "zyx");
	close(two);
	pump();
	assert_int_equal(gone, 2);
	assert_int_equal(slow_worker_links(set), 0);
	assert_int_equal(atomic_load(&stats.connections), 0);
}

int
main(void)
{
#define TEST(name) { #name, test_##name, setup, teardown, NULL }
	const struct CMUnitTest tests[] = {
		TEST(answers), TEST(longest), TEST(turns), TEST(gone)
	};

	return cmocka_run_group_tests_name("slow_worker", tests, NULL, NULL);
}
