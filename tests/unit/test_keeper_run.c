/* keeper_run: the keeper as a process: links that come and go, a store that is away, its end. */
#include "keeper_run.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "channel.h"
#include "config.h"
#include "err.h"
#include "log.h"
#include "questions.h"
#include "rows.h"
#include "secret.h"
#include "stats.h"
#include "worker.h"

enum { LINKS = 3, ASK_MS = 60000 };

static char   dir[] = "/tmp/luahsm-test-XXXXXX";
static struct config config;
static struct stats *pages;
static pid_t  pid;
static int    channel, ends[LINKS];

static int
ask(int end)
{
	assert_int_equal(keeper_ask(end, m, ASK_MS), 0);
	return m->result;
}

static int
create(int end, const char *label)
{
	begin(KEEPER_CREATE, label);
	m->algorithm = 1;
	m->public_len = m->private_len = 3;
	memcpy(m->public, "pub", 3);
	memcpy(m->private, "own", 3);
	return ask(end);
}

/* Give it a link, as the supervisor does. Our end. */
static int
link_up(void)
{
	const struct channel_message message = { .kind = CHANNEL_LINK };
	int both[2];

	assert_int_equal(channel_pair(both), 0);
	assert_int_equal(channel_send(channel, &message, both[1]), 0);
	close(both[1]);
	return both[0];
}

static int
start(void **state)
{
	struct worker_start begun = { .config = &config, .pages = pages,
		.stats = &pages->worker[STATS_PAGES - 1], .keeper = true, .parent = getpid() };
	int both[2];

	(void)state;
	assert_int_equal(channel_pair(both), 0);
	begun.channel = both[1];
	channel = both[0];
	if ((pid = fork()) == 0)
		keeper_run(&begun);
	close(both[1]);
	for (int i = 0; i < LINKS; i++)
		ends[i] = link_up();
	return 0;
}

/* How it ended, which it does by itself. */
static int
ended(void)
{
	int status = -1;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	pid = -1;
	return status;
}

static int
stop(void **state)
{
	char command[80];

	(void)state;
	if (pid > 0) {
		kill(pid, SIGKILL);
		(void)ended();
	}
	close(channel);
	for (int i = 0; i < LINKS; i++)
		if (ends[i] >= 0)
			close(ends[i]);
	snprintf(command, sizeof(command), "rm -rf %s/*", dir);
	return system(command);
}

/* Whoever asks, it is one store; its epoch is told before the answer. */
static void
test_links(void **state)
{
	(void)state;
	assert_int_equal(create(ends[0], "k"), 0);
	assert_int_equal(atomic_load(&pages->key_epoch), m->epoch);
	begin(KEEPER_FIND, "k");
	m->right = POLICY_SIGN;
	assert_int_equal(ask(ends[1]), 0);
	assert_int_equal(m->private_len, 3);
	assert_int_equal(create(ends[2], "l"), 0);
	assert_int_equal(atomic_load(&pages->key_epoch), m->epoch);
}

/* One link that is cut while a signature of its waits harms neither the keeper nor others. */
static void
test_cut(void **state)
{
	uint64_t epoch;
	int fresh;

	(void)state;
	assert_int_equal(create(ends[0], "k"), 0);
	epoch = m->epoch;
	kill(pid, SIGSTOP);
	for (int i = 0; i < 2; i++) {
		begin_signature("k", epoch);
		m->number = 70 + (uint64_t)i;
		assert_int_equal(keeper_send(ends[i], m), 0);
	}
	close(ends[0]);
	fresh = link_up();
	kill(pid, SIGCONT);
	for (struct pollfd p = { ends[1], POLLIN, 0 }; poll(&p, 1, ASK_MS) != 1;)
		assert_int_equal(errno, EINTR);
	assert_int_equal(keeper_receive(ends[1], m), 1);
	assert_true(m->number == 71 && m->result == 0);
	begin_signature("k", epoch);
	assert_int_equal(ask(fresh), 0);
	/* nothing of the other's came here */
	assert_int_equal(keeper_receive(fresh, m), 0);
	ends[0] = fresh;
}

/* Who sends something that is no question is cut off; the others are not. */
static void
test_nonsense(void **state)
{
	char byte;

	(void)state;
	assert_int_equal(send(ends[0], "nonsense", 8, 0), 8);
	for (struct pollfd p = { ends[0], POLLIN, 0 }; poll(&p, 1, ASK_MS) != 1;)
		assert_int_equal(errno, EINTR);
	assert_int_equal(recv(ends[0], &byte, 1, 0), 0);
	assert_int_equal(create(ends[1], "k"), 0);
}

/* A store that cannot be opened is tried again, not with every question. */
static void
test_away(void **state)
{
	FILE *f;

	(void)state;
	assert_int_equal(mkdir(config.store, 0700), 0);
	assert_int_equal(create(ends[0], "k"), ERR_STORE);
	assert_int_equal(rmdir(config.store), 0);
	for (int i = 0; create(ends[0], "k") == ERR_STORE; i++) {
		assert_true(i < 6000);
		usleep(10000);
	}
	assert_int_equal(m->result, 0);
	f = fopen(config.store_audit, "r");
	assert_non_null(f);
	fclose(f);
}

/* Told to end, it serves those who are there until they have gone. */
static void
test_drain(void **state)
{
	const struct channel_message drain = { .kind = CHANNEL_DRAIN };

	(void)state;
	assert_int_equal(channel_send(channel, &drain, -1), 0);
	assert_int_equal(create(ends[0], "k"), 0);
	for (int i = 0; i < LINKS; i++) {
		close(ends[i]);
		ends[i] = -1;
	}
	assert_int_equal(ended(), 0);
}

static void
test_orphan(void **state)
{
	(void)state;
	assert_int_equal(create(ends[0], "k"), 0);
	shutdown(channel, SHUT_RDWR);
	assert_int_equal(ended(), 0);
}

static int
setup(void **state)
{
	(void)state;
	if (mkdtemp(dir) == NULL || secret_init(false) != 0 || (pages = stats_map()) == NULL ||
	    (m = secret_alloc(sizeof(*m))) == NULL)
		return -1;
	config_default(&config);
	config.log_level = LOG_ERROR;
	snprintf(config.store, sizeof(config.store), "%s/keys.db", dir);
	snprintf(config.store_key, sizeof(config.store_key), "%s/master.key", dir);
	snprintf(config.store_audit, sizeof(config.store_audit), "%s/audit.log", dir);
	config.store_passphrase[0] = '\0';
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	secret_free(m);
	return rmdir(dir);
}

int
main(void)
{
	static struct rows r;

	rows_add(&r, "several links, one store", test_links, NULL);
	rows_add(&r, "a link that is cut while it waits", test_cut, NULL);
	rows_add(&r, "no question", test_nonsense, NULL);
	rows_add(&r, "a store that is away", test_away, NULL);
	rows_add(&r, "the end, when all have gone", test_drain, NULL);
	rows_add(&r, "the end, with the supervisor's", test_orphan, NULL);
	for (size_t i = 0; i < r.n; i++) {
		r.test[i].setup_func = start;
		r.test[i].teardown_func = stop;
	}
	return rows_run(&r, "keeper_run", setup, teardown);
}
