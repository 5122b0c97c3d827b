/*
 * slow: requests reach slow workers one at a time, replies their askers, and
 * what is lost is told. The slow workers are this file's own ends of the links.
 */
#include "rows.h"

#include <event2/event.h>
#include <sys/resource.h>
#include <unistd.h>

#include "channel.h"
#include "err.h"
#include "errand.h"
#include "frame.h"
#include "slow.h"
#include "stats.h"

enum { JOBS = 6 };

static struct event_base *base;
static struct slow       *slow;
static struct slow_job    job[JOBS];
static char               ended[256];	/* "0=reply 3=- ": who ended, in order, with what */
static struct stats_worker page;

static void
on_done(struct slow_job *j, struct span reply)
{
	size_t n = strlen(ended);

	assert_true(j->number == 0);
	snprintf(ended + n, sizeof(ended) - n, "%d=%.*s ", (int)(j - job),
	    reply.n == 0 ? 1 : (int)reply.n, reply.n == 0 ? "-" : (const char *)reply.p);
}

static int
setup(void **state)
{
	(void)state;
	memset(job, 0, sizeof(job));
	ended[0] = '\0';
	base = event_base_new();
	slow = slow_new(base, on_done);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	for (int i = 0; i < JOBS; i++)
		slow_forget(slow, &job[i]);
	slow_free(slow);
	event_base_free(base);
	return 0;
}

static void
pump(void)
{
	for (int i = 0; i < 10; i++)
		event_base_loop(base, EVLOOP_NONBLOCK);
}

/* A link; the slow worker's end of it. */
static int
add_link(unsigned number, const struct stats_worker *counts)
{
	int ends[2];

	assert_int_equal(channel_pair(ends), 0);
	slow_link(slow, number, ends[0], counts);
	return ends[1];
}

static void
ask(int i)
{
	static const char text[JOBS][2] = { "a", "b", "c", "d", "e", "f" };
	const struct origin from = { .lmk = i, .unix_socket = i % 2 != 0 };

	slow_ask(slow, &job[i], from, span_of(text[i], 1));
}

/* The request that came on a link, as one letter; ' ': none; '$': the end. */
static char
came(int fd, struct errand *e)
{
	static uint8_t buf[FRAME_LIMIT];
	size_t n;
	int r;

	pump();
	r = errand_receive(fd, e, buf, &n);
	return r == 0 ? ' ' : r < 0 ? '$' : (char)buf[0];
}

static void
reply(int fd, const struct errand *e, const char *text)
{
	assert_int_equal(errand_send(fd, e, span_str(text)), 0);
	pump();
}

static void
test_through(void **state)
{
	struct errand e;
	int fd = add_link(0, NULL);

	(void)state;
	ask(3);
	assert_int_equal(came(fd, &e), 'd');
	assert_true(e.lmk == 3 && e.unix_socket == 1);
	reply(fd, &e, "done");
	assert_string_equal(ended, "3=done ");
	close(fd);
}

static void
test_one_at_a_time(void **state)
{
	struct errand e;
	int fd = add_link(0, NULL);

	(void)state;
	for (int i = 0; i < 3; i++)
		ask(i);
	assert_int_equal(came(fd, &e), 'a');
	assert_int_equal(came(fd, &(struct errand){ 0 }), ' ');
	reply(fd, &e, "A");
	assert_int_equal(came(fd, &e), 'b');
	reply(fd, &e, "B");
	assert_int_equal(came(fd, &e), 'c');
	reply(fd, &e, "C");
	assert_string_equal(ended, "0=A 1=B 2=C ");
	close(fd);
}

static void
test_waits_for_a_link(void **state)
{
	struct errand e;
	int fd;

	(void)state;
	ask(0);
	pump();
	assert_string_equal(ended, "");
	fd = add_link(7, NULL);
	assert_int_equal(came(fd, &e), 'a');
	close(fd);
}

static void
test_idle_first(void **state)
{
	struct errand e;
	int busy = add_link(0, &page), idle = add_link(1, NULL);

	(void)state;
	atomic_store(&page.busy_since, 1);
	ask(0);
	assert_int_equal(came(idle, &e), 'a');
	ask(1);
	assert_int_equal(came(busy, &e), 'b');
	atomic_store(&page.busy_since, 0);
	close(busy);
	close(idle);
}

/* It dies with one request and has not seen the others: they wait for the next one. */
static void
test_lost(void **state)
{
	struct errand e;
	int fd = add_link(0, NULL);

	(void)state;
	for (int i = 0; i < 3; i++)
		ask(i);
	assert_int_equal(came(fd, &e), 'a');
	close(fd);
	pump();
	assert_string_equal(ended, "0=- ");
	fd = add_link(0, NULL);
	assert_int_equal(came(fd, &e), 'b');
	close(fd);
	pump();
	assert_string_equal(ended, "0=- 1=- ");
}

/* Its successor's link can come before the end of its own has been seen. */
static void
test_replaced(void **state)
{
	struct errand e;
	int fd = add_link(0, NULL), next;

	(void)state;
	ask(0);
	ask(1);
	assert_int_equal(came(fd, &e), 'a');
	assert_int_equal(errand_send(fd, &e, SPAN("A")), 0);
	next = add_link(0, NULL);
	assert_string_equal(ended, "0=A ");
	assert_int_equal(came(fd, &e), '$');
	assert_int_equal(came(next, &e), 'b');
	close(fd);
	fd = add_link(0, NULL);
	assert_string_equal(ended, "0=A 1=- ");
	close(fd);
	close(next);
}

static void
test_forgotten(void **state)
{
	struct errand e;
	int fd = add_link(0, NULL);

	(void)state;
	for (int i = 0; i < 3; i++)
		ask(i);
	assert_int_equal(came(fd, &e), 'a');
	slow_forget(slow, &job[0]);	/* it is away */
	slow_forget(slow, &job[1]);	/* it waits */
	slow_forget(slow, &job[5]);	/* it never asked */
	assert_int_equal(came(fd, &(struct errand){ 0 }), ' ');
	reply(fd, &e, "late");
	assert_string_equal(ended, "");
	assert_int_equal(came(fd, &e), 'c');
	reply(fd, &e, "C");
	assert_string_equal(ended, "2=C ");
	close(fd);
}

/* The same asker asks anew before the late reply comes: it is not the new one's. */
static void
test_late(void **state)
{
	struct errand old, e;
	int fd = add_link(0, NULL);

	(void)state;
	ask(0);
	assert_int_equal(came(fd, &old), 'a');
	slow_forget(slow, &job[0]);
	ask(0);
	reply(fd, &old, "old");
	assert_string_equal(ended, "");
	assert_int_equal(came(fd, &e), 'a');
	assert_true(e.number != old.number);
	reply(fd, &e, "new");
	assert_string_equal(ended, "0=new ");
	close(fd);
}

static void
test_nonsense(void **state)
{
	struct errand e;
	int fd = add_link(0, NULL);

	(void)state;
	ask(0);
	assert_int_equal(came(fd, &e), 'a');
	e.number += 1;
	reply(fd, &e, "not asked for");
	assert_string_equal(ended, "0=- ");
	assert_int_equal(came(fd, &e), '$');
	close(fd);
}

/* In a drain nobody replaces a slow worker: what waits for one fails with the last. */
static void
test_drain(void **state)
{
	struct errand e;
	int fd = add_link(0, NULL), other = add_link(1, NULL);

	(void)state;
	for (int i = 0; i < 4; i++)
		ask(i);
	assert_int_equal(came(fd, &e), 'a');
	slow_drain(slow);
	pump();
	assert_string_equal(ended, "");
	close(fd);
	pump();
	assert_string_equal(ended, "0=- ");
	assert_int_equal(came(other, &e), 'b');
	reply(other, &e, "B");
	close(other);
	pump();
	assert_string_equal(ended, "0=- 1=B 2=- 3=- ");
	ask(4);
	assert_string_equal(ended, "0=- 1=B 2=- 3=- ");
	pump();
	assert_string_equal(ended, "0=- 1=B 2=- 3=- 4=- ");
}

/* When there is no memory left a reply still finds room: it costs no link. */
static void
test_memory(void **state)
{
	struct rlimit space, none;
	struct errand e;
	int fd;

	(void)state;
	if (under_valgrind())
		return;		/* it would be out of memory itself */
	fd = add_link(0, NULL);
	ask(0);
	assert_int_equal(came(fd, &e), 'a');
	assert_int_equal(getrlimit(RLIMIT_AS, &space), 0);
	none = (struct rlimit){ 0, space.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_AS, &none), 0);
	reply(fd, &e, "A");
	assert_int_equal(setrlimit(RLIMIT_AS, &space), 0);
	assert_string_equal(ended, "0=A ");
	ask(1);
	assert_int_equal(came(fd, &e), 'b');
	close(fd);
}

int
main(void)
{
#define TEST(name) { #name, test_##name, setup, teardown, NULL }
	const struct CMUnitTest tests[] = {
		TEST(through), TEST(one_at_a_time), TEST(waits_for_a_link), TEST(idle_first),
		TEST(lost), TEST(replaced), TEST(forgotten), TEST(late), TEST(nonsense),
		TEST(drain), TEST(memory)
	};

	return cmocka_run_group_tests_name("slow", tests, NULL, NULL);
}
