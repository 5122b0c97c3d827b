/* asks: questions go to the keeper as there is room, and what is lost is asked again. */
#include "asks.h"

#include <event2/event.h>
#include <unistd.h>

#include "channel.h"
#include "err.h"
#include "keeper.h"
#include "rows.h"
#include "secret.h"
#include "stats.h"

enum { JOBS = 40 };

/* A request: how often it was run, and what became of it. */
static struct request_ {
	struct asks_job     job;
	enum keeper_kind    kind;
	unsigned            runs, answers, failures;
	struct keeper_message answer;
} requests[JOBS];

static struct event_base *base;
static struct asks       *asks;
static int                keeper;	/* its end; -1: none */

static void
ask(struct request_ *q)
{
	struct keeper_message m = { .kind = q->kind, .asked = (uint32_t)(q - requests) };

	q->runs++;
	asks_put(asks, &q->job, &m);
	assert_int_equal(m.asked, 0);	/* wiped: it may have held a key */
}

static void
on_done(struct asks_job *job, struct keeper_message *answer, bool again)
{
	struct request_ *q = (struct request_ *)(void *)job;

	assert_int_equal(job->number, 0);
	if (answer != NULL) {
		q->answers++;
		q->answer = *answer;
	} else if (again) {
		ask(q);
	} else {
		q->failures++;
	}
}

static void
new_keeper(void)
{
	int ends[2];

	assert_int_equal(channel_pair(ends), 0);
	asks_link(asks, ends[0]);
	keeper = ends[1];
}

static void
lose_keeper(void)
{
	close(keeper);
	keeper = -1;
}

static int
setup(void **state)
{
	(void)state;
	memset(requests, 0, sizeof(requests));
	base = event_base_new();
	asks = asks_new(base, on_done);
	keeper = -1;
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	for (int i = 0; i < JOBS; i++)
		asks_forget(asks, &requests[i].job);
	asks_free(asks);
	event_base_free(base);
	if (keeper >= 0)
		close(keeper);
	return secret_bytes_used() == 0 ? 0 : -1;
}

static int
once(void **state)
{
	(void)state;
	return secret_init(false);
}

static void
pump(void)
{
	for (int i = 0; i < 20; i++)
		event_base_loop(base, EVLOOP_NONBLOCK);
}

/* A request asks, now. */
static struct request_ *
begin(int i, enum keeper_kind kind)
{
	requests[i].kind = kind;
	requests[i].job.since = stats_now();
	ask(&requests[i]);
	return &requests[i];
}

/* The keeper takes its next question. 1, or 0: there is none. */
static int
takes(struct keeper_message *m)
{
	pump();
	return keeper_receive(keeper, m);
}

static void
answers(struct keeper_message *m)
{
	m->result = (int32_t)m->asked;
	assert_int_equal(keeper_send(keeper, m), 0);
	pump();
}

static void
test_answer(void **state)
{
	struct request_ *a = begin(0, KEEPER_FIND), *b;
	struct keeper_message first, second;

	(void)state;
	pump();
	assert_int_equal(a->runs, 1);		/* there is no keeper yet */
	new_keeper();
	pump();
	assert_int_equal(a->runs, 2);
	b = begin(1, KEEPER_LIST);
	assert_int_equal(takes(&first), 1);
	assert_int_equal(takes(&second), 1);
	assert_int_equal(second.kind, KEEPER_LIST);
	answers(&second);
	assert_true(b->answers == 1 && a->answers == 0);
	assert_int_equal(b->answer.result, 1);
	answers(&first);
	assert_true(a->answers == 1 && a->runs == 2 && b->runs == 1);
}

/* As many as there is room for are under way; the others wait, and all are answered. */
static void
test_many(void **state)
{
	struct keeper_message m;
	unsigned under_way = 0, done = 0;

	(void)state;
	new_keeper();
	for (int i = 0; i < JOBS; i++)
		begin(i, KEEPER_FIND);
	while (takes(&m) == 1)
		under_way++;
	assert_int_equal(under_way, ASKS_AWAY);
	/* those questions are lost with their keeper; they may be asked again */
	lose_keeper();
	pump();
	new_keeper();
	while (takes(&m) == 1) {
		answers(&m);
		done++;
	}
	assert_int_equal(done, JOBS);
	for (int i = 0; i < JOBS; i++) {
		assert_int_equal(requests[i].answers, 1);
		assert_int_equal(requests[i].answer.asked, i);
		assert_int_equal(requests[i].failures, 0);
	}
}

/* Whether a change was made nobody knows: it is not asked for twice. */
static void
test_change(void **state)
{
	struct request_ *q;
	struct keeper_message m;

	(void)state;
	new_keeper();
	q = begin(0, KEEPER_ROTATE);
	assert_int_equal(takes(&m), 1);
	lose_keeper();
	pump();
	assert_true(q->failures == 1 && q->runs == 1);
	new_keeper();
	assert_int_equal(takes(&m), 0);
}

static void
test_forget(void **state)
{
	struct request_ *q;
	struct keeper_message m;

	(void)state;
	begin(1, KEEPER_FIND);		/* waits */
	asks_forget(asks, &requests[1].job);
	new_keeper();
	assert_int_equal(takes(&m), 0);
	q = begin(0, KEEPER_FIND);
	assert_int_equal(takes(&m), 1);
	asks_forget(asks, &q->job);
	asks_forget(asks, &q->job);
	answers(&m);			/* nobody waits for it */
	assert_int_equal(q->answers, 0);
	begin(0, KEEPER_FIND);
	assert_int_equal(takes(&m), 1);
	answers(&m);
	assert_int_equal(q->answers, 1);
}

/* Those who have asked and gone: the keeper owes their answers still, and no more questions
 * are sent than answers find room. */
static void
test_gone(void **state)
{
	struct keeper_message first[ASKS_AWAY], m;
	unsigned under_way = 0;

	(void)state;
	new_keeper();
	for (int i = 0; i < ASKS_AWAY; i++)
		begin(i, KEEPER_FIND);
	for (int i = 0; i < ASKS_AWAY; i++) {
		assert_int_equal(takes(&first[i]), 1);
		asks_forget(asks, &requests[i].job);
	}
	for (int i = ASKS_AWAY; i < 2 * ASKS_AWAY; i++)
		begin(i, KEEPER_FIND);
	assert_int_equal(takes(&m), 0);
	for (int i = 0; i < ASKS_AWAY; i++) {
		answers(&first[i]);
		assert_int_equal(requests[i].answers, 0);
	}
	while (takes(&m) == 1) {
		under_way++;
		answers(&m);
	}
	assert_int_equal(under_way, ASKS_AWAY);
	for (int i = ASKS_AWAY; i < 2 * ASKS_AWAY; i++)
		assert_int_equal(requests[i].answers, 1);
}

/* With no room in the slab an answer is lost, and nothing else. */
static void
test_room(void **state)
{
	enum { PIECES = 4096 };
	static void *piece[PIECES];
	struct request_ *q;
	struct keeper_message m;
	size_t n = 0;

	(void)state;
	new_keeper();
	q = begin(0, KEEPER_FIND);
	assert_int_equal(takes(&m), 1);
	for (size_t size = 65536; size >= 64; size /= 2)
		while (n < PIECES && (piece[n] = secret_alloc(size)) != NULL)
			n++;
	assert_true(n < PIECES);
	answers(&m);
	while (n > 0)
		secret_free(piece[--n]);
	assert_true(q->failures == 1 && q->answers == 0);
	q = begin(1, KEEPER_FIND);
	assert_int_equal(takes(&m), 1);
	answers(&m);
	assert_int_equal(q->answers, 1);
}

/* Waiting has an end, with a keeper that says nothing and without one. */
static void
test_late(void **state)
{
	struct request_ *a, *b;

	(void)state;
	a = begin(0, KEEPER_FIND);
	a->job.since -= (KEEPER_MS + 1) * 1000000ULL;
	for (int i = 0; i < 1000 && a->failures == 0; i++) {
		usleep(1000);
		pump();
	}
	assert_int_equal(a->failures, 1);
	new_keeper();
	b = begin(1, KEEPER_FIND);
	b->job.since -= (KEEPER_MS + 1) * 1000000ULL;
	for (int i = 0; i < 1000 && b->failures == 0; i++) {
		usleep(1000);
		pump();
	}
	assert_int_equal(b->failures, 1);
}

/* In a drain no other keeper comes. */
static void
test_drain(void **state)
{
	struct request_ *away, *other;
	struct keeper_message m;

	(void)state;
	new_keeper();
	away = begin(0, KEEPER_FIND);
	other = begin(1, KEEPER_FIND);
	asks_drain(asks);
	assert_int_equal(takes(&m), 1);
	answers(&m);
	assert_true(away->answers == 1 && other->failures == 0);
	lose_keeper();
	pump();
	assert_int_equal(other->failures, 1);
	other = begin(2, KEEPER_FIND);
	for (int i = 0; i < 5000 && other->failures == 0; i++) {
		usleep(1000);
		pump();
	}
	assert_int_equal(other->failures, 1);
}

static void
test_nonsense(void **state)
{
	struct request_ *q;
	struct keeper_message m;

	(void)state;
	new_keeper();
	q = begin(0, KEEPER_FIND);
	assert_int_equal(takes(&m), 1);
	assert_int_equal(write(keeper, "hello", 5), 5);
	pump();
	close(keeper);
	new_keeper();
	assert_int_equal(takes(&m), 1);
	answers(&m);
	assert_int_equal(q->answers, 1);
}

int
main(void)
{
#define TEST(name) { #name, test_##name, setup, teardown, NULL }
	const struct CMUnitTest tests[] = {
		TEST(answer), TEST(many), TEST(change), TEST(forget), TEST(late), TEST(nonsense),
		TEST(gone), TEST(room), TEST(drain)
	};

	return cmocka_run_group_tests_name("asks", tests, once, NULL);
}
