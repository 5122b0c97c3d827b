/* keeper_ask: an answer belongs to its question, or there is none. */
#include "keepers.h"

/* Two workers ask, each its own questions. */
static void
test_two(void **state)
{
	(void)state;
	assert_int_equal(create("a", 1, ""), 0);
	assert_int_equal(create("p", 1, ""), 0);
	for (int i = 0; i < 50; i++) {
		begin(KEEPER_FIND, i % 2 ? "a" : "p");
		m->right = POLICY_READ;
		assert_int_equal(keeper_ask(ends[i % 2], m, ASK_MS), 0);
		assert_int_equal(m->result, 0);
		assert_string_equal(m->label, i % 2 ? "a" : "p");
	}
}

/* A keeper that does not answer in time; its answer, when it comes, is not taken for another. */
static void
test_late(void **state)
{
	(void)state;
	kill(pid, SIGSTOP);
	begin(KEEPER_FIND, "a");
	m->right = POLICY_READ;
	assert_int_equal(keeper_ask(ends[0], m, 50), ERR_DEADLINE);
	kill(pid, SIGCONT);
	assert_int_equal(find("p", 0, POLICY_READ, geteuid()), 0);
	assert_string_equal(m->label, "p");
}

static void
test_gone(void **state)
{
	(void)state;
	kill(pid, SIGKILL);
	begin(KEEPER_FIND, "a");
	assert_int_equal(keeper_ask(ends[0], m, ASK_MS), ERR_SYSTEM);
	stop();
	start();
	assert_int_equal(find("a", 0, POLICY_SIGN, geteuid()), 0);
}

/* What is no question ends the conversation. */
static void
test_garbage(void **state)
{
	(void)state;
	assert_int_equal(send(ends[0], "hello", 5, 0), 5);
	assert_int_equal(stop(), 0);
	start();
	begin(KEEPER_FIND, "a");
	memset(m->label, 'x', sizeof(m->label));
	assert_int_equal(keeper_ask(ends[0], m, ASK_MS), ERR_SYSTEM);
	assert_int_equal(stop(), 0);
	start();
	begin(99, "a");
	assert_int_equal(ask(), ERR_INPUT);
}

int
main(void)
{
	struct rows r = { 0 };

	rows_add(&r, "two workers", test_two, NULL);
	rows_add(&r, "an answer that comes too late", test_late, NULL);
	rows_add(&r, "a keeper that is killed", test_gone, NULL);
	rows_add(&r, "what is no question", test_garbage, NULL);
	return rows_run(&r, "keeper_ask", keepers_setup, keepers_teardown);
}
