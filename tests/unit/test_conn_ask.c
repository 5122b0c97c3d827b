/*
 * conn_ask: requests that wait for the keeper, in the order of their connection.
 * command_run is this file's: AS asks and answers with what the keeper says, SA
 * asks and then wants a slow worker, everything else echoes.
 */
#include "conn.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "channel.h"
#include "command.h"
#include "err.h"
#include "errand.h"
#include "hosts.h"
#include "keeper.h"
#include "log.h"
#include "secret.h"
#include "signer.h"
#include "usage.h"

static int                  keeper;	/* its end; -1: gone */
static unsigned             runs;
static struct keeper_message question;	/* the last that was left, or came */
static int                  given;		/* result of the answer of this run; -1: none */
static uint64_t             work;		/* nanoseconds that a run with an answer takes */

struct keeper_message *
signer_question(void)
{
	return &question;
}

void
signer_hand(const struct keeper_message *m)
{
	given = m != NULL ? m->result : -1;
}

static size_t
reply(struct span msg, int code, uint8_t *out)
{
	char digits[4];

	snprintf(digits, sizeof(digits), "%02d", code % 100);
	memcpy(out, msg.p, 6);
	memcpy(out + 6, digits, 2);
	memcpy(out + 8, msg.p + 6, msg.n - 6);
	return msg.n + 2;
}

size_t
command_run(struct commands *c, const struct origin *from, struct span msg, uint8_t *out,
    size_t room)
{
	struct span code = span_sub(msg, 4, 2);
	int answer = given;

	(void)c;
	(void)from;
	assert_true(room >= FRAME_LIMIT);
	runs++;
	given = -1;
	for (uint64_t began = stats_now(); answer >= 0 && stats_now() - began < work;)
		;
	if (!span_is(code, "AS") && !span_is(code, "SA"))
		return reply(msg, 0, out);
	if (answer < 0) {
		question = (struct keeper_message){ .kind = KEEPER_FIND, .uid = 7 };
		memcpy(question.label, msg.p + 6, msg.n - 6);
		return COMMAND_ASKS;
	}
	return span_is(code, "SA") ? COMMAND_SLOW : reply(msg, answer, out);
}

size_t
command_second(struct commands *c, struct span msg, uint8_t *out)
{
	(void)c;
	if (!span_is(span_sub(msg, 4, 2), "AS") || msg.p[6] != 'p')
		return 0;
	memcpy(out, "2nd", 3);
	return 3;
}

size_t
command_fail(struct commands *c, struct span msg, int r, uint8_t *out)
{
	(void)c;
	return reply(msg, -r, out);
}

static void
on_closed(void *arg, uint32_t token)
{
	(void)arg;
	(void)token;
}

static void
new_keeper(void)
{
	int ends[2];

	assert_int_equal(channel_pair(ends), 0);
	conns_keeper(conns, ends[0]);
	keeper = ends[1];
}

static int
once(void **state)
{
	(void)state;
	signal(SIGPIPE, SIG_IGN);
	log_open("test", -1, LOG_ERROR, false);
	return secret_init(false);
}

static int
setup(void **state)
{
	(void)state;
	runs = 0;
	work = 0;
	given = -1;
	hosts_open(1, -1, on_closed);
	new_keeper();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	hosts_close();
	if (keeper >= 0)
		close(keeper);
	return 0;
}

/* The keeper answers its next question, which is about that label. */
static void
answers(const char *label, int result)
{
	struct keeper_message m;

	pump();
	assert_int_equal(keeper_receive(keeper, &m), 1);
	assert_string_equal(m.label, label);
	m.result = result;
	assert_int_equal(keeper_send(keeper, &m), 0);
	pump();
}

static void
test_order(void **state)
{
	(void)state;
	say(SPAN("\0\7" "1111ECa" "\0\7" "2222ASb" "\0\7" "3333ECc" "\0\7" "4444ASd"));
	expect(SPAN("\0\11" "1111EC00a"));
	assert_int_equal(runs, 2);
	answers("b", 34);
	expect(SPAN("\0\11" "2222AS34b" "\0\11" "3333EC00c"));
	answers("d", 0);
	expect(SPAN("\0\11" "4444AS00d"));
	assert_int_equal(runs, 6);
	assert_int_equal(stats.requests, 4);
}

/* One request asks at a time on a connection, and its host may end meanwhile. */
static void
test_close(void **state)
{
	(void)state;
	say(SPAN("\0\7" "1111ASa"));
	shutdown(host, SHUT_WR);
	pump();
	answers("a", 0);
	expect(SPAN("\0\11" "1111AS00a"));
	assert_int_equal(conns_count(conns), 0);
}

static void
test_gone(void **state)
{
	(void)state;
	say(SPAN("\0\7" "1111ASa"));
	close(host);
	host = -1;
	conns_free(conns);
	conns = NULL;
}

/* The keeper dies with the question; the next one gets it. */
static void
test_keeper(void **state)
{
	(void)state;
	say(SPAN("\0\7" "1111ASa"));
	close(keeper);
	pump();
	expect(span_of(NULL, 0));
	new_keeper();
	answers("a", 31);
	expect(SPAN("\0\11" "1111AS31a"));
}

/* The answer shows that it takes long. */
static void
test_slow(void **state)
{
	static uint8_t got[FRAME_LIMIT];
	struct errand e;
	int ends[2];
	size_t n;

	(void)state;
	assert_int_equal(channel_pair(ends), 0);
	conns_link(conns, 0, ends[0], NULL);
	say(SPAN("\0\7" "1111SAa" "\0\7" "2222ECb"));
	answers("a", 30);
	pump();
	assert_int_equal(errand_receive(ends[1], &e, got, &n), 1);
	assert_true(n == 7 && memcmp(got, "1111SAa", 7) == 0);
	assert_int_equal(errand_send(ends[1], &e, SPAN("1111SA00A")), 0);
	expect(SPAN("\0\11" "1111SA00A" "\0\11" "2222EC00b"));
	close(ends[1]);
}

/* A request that waited and prints has two replies. */
static void
test_second(void **state)
{
	(void)state;
	say(SPAN("\0\7" "1111ASp" "\0\7" "2222ECb"));
	answers("p", 0);
	expect(SPAN("\0\11" "1111AS00p" "\0\3" "2nd" "\0\11" "2222EC00b"));
}

/* A run with the answer is work, too. */
static void
test_load(void **state)
{
	struct stats *pages = stats_map();
	uint64_t busy = 0;

	(void)state;
	assert_non_null(pages);
	assert_int_equal(usage_open(pages, 1, 0), 0);
	work = 30000000;
	say(SPAN("\0\7" "1111ASa"));
	answers("a", 0);
	expect(SPAN("\0\11" "1111AS00a"));
	for (int i = 0; i < STATS_SECONDS; i++)
		busy += stats.second[i].busy;
	assert_true(busy >= work);
}

int
main(void)
{
#define TEST(name) { #name, test_##name, setup, teardown, NULL }
	const struct CMUnitTest tests[] = {
		TEST(order), TEST(close), TEST(gone), TEST(keeper), TEST(slow), TEST(load),
		TEST(second)
	};

	return cmocka_run_group_tests_name("conn_ask", tests, once, NULL);
}
