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

/* A question stays what it is until its own answer comes: it may have to be asked again. */
static void
test_kept(void **state)
{
	static struct keeper_message late;
	int own[2], status;
	pid_t child;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, own), 0);
	if ((child = fork()) == 0) {
		close(own[0]);
		late.kind = KEEPER_RECORD;
		strcpy(late.label, "late");
		_exit(keeper_send(own[1], &late) != 0 || recv(own[1], &late, sizeof(late), 0) <= 0);
	}
	close(own[1]);
	begin(KEEPER_CREATE, "kept");
	set_pair("public", "private");
	assert_int_equal(keeper_ask(own[0], m, ASK_MS), ERR_SYSTEM);
	assert_int_equal(m->kind, KEEPER_CREATE);
	assert_string_equal(m->label, "kept");
	assert_memory_equal(m->private, "private", m->private_len);
	assert_int_equal(m->private_len, 7);
	close(own[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
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
	rows_add(&r, "a question behind a late answer", test_kept, NULL);
	rows_add(&r, "a keeper that is killed", test_gone, NULL);
	rows_add(&r, "what is no question", test_garbage, NULL);
	return rows_run(&r, "keeper_ask", keepers_setup, keepers_teardown);
}
