/*
 * conn_slow: requests of slow commands leave the order of a connection as it
 * is, whatever becomes of the slow worker or the host.
 *
 * command_run is this file's: SL is a slow command, everything else echoes.
 * The slow worker is this file's end of a link; it answers when told to.
 */
#include "hosts.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "channel.h"
#include "command.h"
#include "conn.h"
#include "errand.h"
#include "frame.h"
#include "log.h"
#include "pool.h"

enum { TOKEN = 7 };

static int           worker;	/* its end; -1: gone */
static unsigned      run;		/* requests that ran here */
static uint32_t      closed;
static struct errand errand;	/* the last that came */

static size_t
echo(struct span msg, const char *code, uint8_t *out)
{
	memcpy(out, msg.p, 6);
	memcpy(out + 6, code, 2);
	memcpy(out + 8, msg.p + 6, msg.n - 6);
	return msg.n + 2;
}

size_t
command_run(struct commands *c, const struct origin *from, struct span msg, uint8_t *out,
    size_t room)
{
	(void)c;
	(void)from;
	assert_true(room >= FRAME_LIMIT);
	if (span_is(span_sub(msg, 4, 2), "SL"))
		return 0;
	run++;
	return echo(msg, "00", out);
}

size_t
command_second(struct commands *c, struct span msg, uint8_t *out)
{
	(void)c;
	(void)msg;
	(void)out;
	return 0;
}

size_t
command_fail(struct commands *c, struct span msg, int r, uint8_t *out)
{
	char code[4];

	(void)c;
	snprintf(code, sizeof(code), "%02d", -r % 100);
	return echo(msg, code, out);
}

static void
on_closed(void *arg, uint32_t token)
{
	(void)arg;
	closed = token;
}

static void
new_worker(void)
{
	int ends[2];

	assert_int_equal(channel_pair(ends), 0);
	conns_link(conns, 0, ends[0], NULL);
	worker = ends[1];
}

static int
setup(void **state)
{
	(void)state;
	signal(SIGPIPE, SIG_IGN);
	log_open("test", -1, LOG_ERROR, false);
	closed = 0;
	run = 0;
	hosts_open(TOKEN, 3, on_closed);
	new_worker();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	hosts_close();
	if (worker >= 0)
		close(worker);
	return 0;
}

/* The slow worker takes its next request, which is this. */
static void
takes(struct span want)
{
	static uint8_t got[FRAME_LIMIT];
	size_t n;

	pump();
	assert_int_equal(errand_receive(worker, &errand, got, &n), 1);
	assert_int_equal(n, want.n);
	assert_memory_equal(got, want.p, n);
}

static void
takes_none(void)
{
	static uint8_t got[FRAME_LIMIT];
	size_t n;

	pump();
	assert_int_equal(errand_receive(worker, &errand, got, &n), 0);
}

static void
answers(struct span reply)
{
	assert_int_equal(errand_send(worker, &errand, reply), 0);
	pump();
}

static void
test_order(void **state)
{
	(void)state;
	say(SPAN("\0\7" "1111ECa" "\0\7" "2222SLb" "\0\7" "3333ECc" "\0\7" "4444SLd"
	    "\0\7" "5555ECe"));
	expect(SPAN("\0\11" "1111EC00a"));
	takes(SPAN("2222SLb"));
	assert_true(errand.lmk == 3 && errand.unix_socket == 1);
	assert_int_equal(run, 1);
	say(SPAN("\0\7" "6666ECf"));
	answers(SPAN("2222SL00B"));
	expect(SPAN("\0\11" "2222SL00B" "\0\11" "3333EC00c"));
	takes(SPAN("4444SLd"));
	takes_none();
	answers(SPAN("4444SL00D"));
	expect(SPAN("\0\11" "4444SL00D" "\0\11" "5555EC00e" "\0\11" "6666EC00f"));
	assert_int_equal(stats.requests, 6);
	assert_int_equal(stats.latency.count, 6);
	assert_int_equal(pool_taken(conns->pool), 0);
}

/* A request in halves behind a slow one, and a frame that can't be right. */
static void
test_behind(void **state)
{
	uint8_t c;

	(void)state;
	say(SPAN("\0\7" "1111SLa" "\0\10" "22"));
	say(SPAN("22EC"));
	takes(SPAN("1111SLa"));
	answers(SPAN("1111SL00A"));
	expect(SPAN("\0\11" "1111SL00A"));
	say(SPAN("xy" "\0\7" "3333SLb" "\0\0"));
	expect(SPAN("\0\12" "2222EC00xy"));
	takes(SPAN("3333SLb"));
	answers(SPAN("3333SL00B"));
	expect(SPAN("\0\11" "3333SL00B"));
	assert_int_equal(read(host, &c, 1), 0);
}

/* A message to the block's very end: there is no room to read on, which is no end. */
static void
test_full_block(void **state)
{
	static uint8_t in[2 * CONN_BLOCK], out[2 * CONN_BLOCK];
	const size_t big = FRAME_LIMIT - 2, size = pool_size(conns->pool);
	const size_t at = 2 * (FRAME_LENGTH + big), n = size - at - FRAME_LENGTH;

	(void)state;
	config.frame_max = FRAME_LIMIT;
	frame_length(in, big);
	memcpy(in + FRAME_LENGTH, "1111EC", 6);
	memcpy(in + at / 2, in, FRAME_LENGTH + 6);
	frame_length(in + at, n);
	memcpy(in + at + FRAME_LENGTH, "2222SL", 6);
	say(span_of(in, size));
	say(SPAN("\0\7" "3333ECa"));
	assert_int_equal(read(host, out, sizeof(out)), at + 4);
	assert_int_equal(LIST_FIRST(&conns->all)->in_end, size);
	takes(span_of(in + at + FRAME_LENGTH, n));
	answers(SPAN("2222SL00A"));
	expect(SPAN("\0\11" "2222SL00A" "\0\11" "3333EC00a"));
}

static void
test_lost(void **state)
{
	(void)state;
	say(SPAN("\0\7" "1111SLa" "\0\7" "2222ECb" "\0\7" "3333SLc"));
	takes(SPAN("1111SLa"));
	close(worker);
	expect(SPAN("\0\11" "1111SL41a" "\0\11" "2222EC00b"));
	new_worker();
	takes(SPAN("3333SLc"));
	answers(SPAN("3333SL00C"));
	expect(SPAN("\0\11" "3333SL00C"));
}

/* No limit of time holds for the host while it waits for us. */
static void
test_patience(void **state)
{
	(void)state;
	say(SPAN("\0\7" "1111SLa" "\0\7" "22"));
	assert_int_equal(LIST_FIRST(&conns->all)->timeout.due, 0);
	takes(SPAN("1111SLa"));
	answers(SPAN("1111SL00A"));
	assert_true(LIST_FIRST(&conns->all)->timeout.due > 0);
}

static void
test_host_gone(void **state)
{
	(void)state;
	say(SPAN("\0\7" "1111SLa"));
	takes(SPAN("1111SLa"));
	close(host);
	host = -1;
	pump();
	answers(SPAN("1111SL00A"));
	assert_int_equal(closed, TOKEN);
	assert_int_equal(conns_count(conns), 0);
	assert_int_equal(pool_taken(conns->pool), 0);
}

static void
test_closed_here(void **state)
{
	(void)state;
	say(SPAN("\0\7" "1111SLa"));
	takes(SPAN("1111SLa"));
	conn_close(LIST_FIRST(&conns->all));
	answers(SPAN("1111SL00A"));
	assert_int_equal(pool_taken(conns->pool), 0);
	assert_int_equal(stats.requests, 0);
}

static void
test_half_closed(void **state)
{
	uint8_t c;

	(void)state;
	say(SPAN("\0\7" "1111SLa" "\0\7" "2222ECb"));
	shutdown(host, SHUT_WR);
	takes(SPAN("1111SLa"));
	answers(SPAN("1111SL00A"));
	expect(SPAN("\0\11" "1111SL00A" "\0\11" "2222EC00b"));
	assert_int_equal(read(host, &c, 1), 0);
	assert_int_equal(closed, TOKEN);
}

static void
test_drain(void **state)
{
	uint8_t c;

	(void)state;
	say(SPAN("\0\7" "1111SLa"));
	takes(SPAN("1111SLa"));
	conns_drain(conns);
	pump();
	assert_int_equal(conns_count(conns), 1);
	answers(SPAN("1111SL00A"));
	expect(SPAN("\0\11" "1111SL00A"));
	assert_int_equal(read(host, &c, 1), 0);
}

int
main(void)
{
#define TEST(name) { #name, test_##name, setup, teardown, NULL }
	const struct CMUnitTest tests[] = {
		TEST(order), TEST(behind), TEST(full_block), TEST(lost), TEST(patience),
		TEST(host_gone), TEST(closed_here), TEST(half_closed), TEST(drain)
	};

	return cmocka_run_group_tests_name("conn_slow", tests, NULL, NULL);
}
