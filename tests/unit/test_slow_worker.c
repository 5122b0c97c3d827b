/*
 * slow_worker: a request comes in on a link, its reply goes out on it, and
 * links take turns. command_run is this file's.
 */
#include "rows.h"

#include <event2/event.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "channel.h"
#include "command.h"
#include "err.h"
#include "errand.h"
#include "frame.h"
#include "keeper.h"
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

static command_asker *asker;	/* what requests ask the keeper by */
static void          *asker_arg;

void
commands_ask_by(struct commands *c, command_asker *ask, void *arg)
{
	(void)c;
	asker = ask;
	asker_arg = arg;
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

static void (*before)(void *arg);	/* NULL: note that it came */

static void
on_before(void *arg)
{
	if (before != NULL)
		before(arg);
	else
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
	const struct errand e = { .number = number, .lmk = 4, .unix_socket = 1 };

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

/* A keeper that answers so many questions, each with its kind. Our end of the link to it. */
static int
keeper(int answers)
{
	struct keeper_message m;
	int ends[2];
	pid_t pid;

	assert_int_equal(channel_pair(ends), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		close(ends[0]);
		while (answers > 0) {
			struct pollfd p = { .fd = ends[1], .events = POLLIN };

			if (poll(&p, 1, -1) != 1 || keeper_receive(ends[1], &m) != 1)
				_exit(1);
			m.result = (int32_t)m.kind;
			if (keeper_send(ends[1], &m) != 0)
				_exit(1);
			answers--;
		}
		_exit(0);
	}
	close(ends[1]);
	return ends[0];
}

/* The supervisor sends word of the keeper when the request waits for it already. */
static void
give_keeper(void *arg)
{
	(void)arg;
	slow_worker_keeper(set, keeper(1));
}

static void
test_asks(void **state)
{
	struct keeper_message m = { .kind = KEEPER_LIST };

	(void)state;
	before = give_keeper;
	assert_ptr_equal(asker_arg, set);
	assert_int_equal(asker(asker_arg, &m), 0);
	assert_int_equal(m.result, KEEPER_LIST);
	/* that one is gone, and the question is asked again */
	m = (struct keeper_message){ .kind = KEEPER_FIND };
	assert_int_equal(asker(asker_arg, &m), 0);
	/* a change is not, because it may have been made */
	m = (struct keeper_message){ .kind = KEEPER_ROTATE };
	assert_int_equal(asker(asker_arg, &m), ERR_SYSTEM);
	m = (struct keeper_message){ .kind = KEEPER_ROTATE };
	assert_int_equal(asker(asker_arg, &m), 0);
	/* the last one: no other will come */
	slow_worker_drain(set);
	m = (struct keeper_message){ .kind = KEEPER_FIND };
	assert_int_equal(asker(asker_arg, &m), ERR_SYSTEM);
	while (wait(NULL) > 0)
		;
}

int
main(void)
{
#define TEST(name) { #name, test_##name, setup, teardown, NULL }
	const struct CMUnitTest tests[] = {
		TEST(answers), TEST(longest), TEST(turns), TEST(gone), TEST(asks)
	};

	return cmocka_run_group_tests_name("slow_worker", tests, NULL, NULL);
}
