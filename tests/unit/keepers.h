/*
 * keepers: a keeper in a process of its own, for the tests of both its sides.
 */
#ifndef TEST_KEEPERS_H
#define TEST_KEEPERS_H

#include "keeper.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "audit.h"
#include "err.h"
#include "keystore.h"
#include "log.h"
#include "questions.h"
#include "rows.h"
#include "secret.h"

enum { ENDS = 2, ASK_MS = 20000, STRANGER = 77 };

static char dir[] = "/tmp/luahsm-test-XXXXXX";
static char store_path[60], audit_path[60];
static struct master *master;
static int ends[ENDS];
static pid_t pid;

/* SIGUSR1 takes the store away from the keeper, SIGUSR2 the log, too. */
static volatile sig_atomic_t away;

static inline void
on_signal(int number)
{
	away = number;
}

/* The keeper: serve both ends until the first one closes. */
static inline void
serve(const int theirs[ENDS])
{
	struct keystore *ks = keystore_open(store_path, master, stderr);
	uint8_t key[SEAL_KEY];
	struct audit *audit;
	struct keeper *k;

	if (ks == NULL)
		_exit(2);
	keystore_subkey(ks, "audit", key);
	audit = audit_open(audit_path, key, stderr);
	if (audit == NULL || (k = keeper_new(ks, audit)) == NULL)
		_exit(3);
	signal(SIGUSR1, on_signal);
	signal(SIGUSR2, on_signal);
	for (int r = 0; r >= 0;) {
		struct pollfd p[ENDS] = { { theirs[0], POLLIN, 0 }, { theirs[1], POLLIN, 0 } };

		if (poll(p, ENDS, -1) < 0 && errno != EINTR)
			_exit(4);
		if (away != 0)
			keeper_give(k, NULL, away == SIGUSR1 ? audit : NULL);
		for (int i = 0; i < ENDS && r >= 0; i++)
			r = p[i].revents != 0 ? keeper_serve(k, theirs[i]) : 0;
		if (keeper_flush(k) != 0)
			_exit(5);
	}
	keeper_free(k);
	audit_close(audit);
	keystore_close(ks);
	_exit(0);
}

static inline void
start(void)
{
	int theirs[ENDS];

	for (int i = 0; i < ENDS; i++) {
		int both[2];

		assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, both), 0);
		ends[i] = both[0];
		theirs[i] = both[1];
	}
	if ((pid = fork()) == 0) {
		secret_relock(false);
		log_open("keeper", -1, LOG_ERROR, false);
		close(ends[0]);
		close(ends[1]);
		serve(theirs);
	}
	close(theirs[0]);
	close(theirs[1]);
}

static inline int
stop(void)
{
	int status;

	close(ends[0]);
	close(ends[1]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static inline int
ask(void)
{
	assert_int_equal(keeper_ask(ends[0], m, ASK_MS), 0);
	return m->result;
}

static inline void
set_pair(const char *public, const char *private)
{
	m->public_len = (uint16_t)strlen(public);
	memcpy(m->public, public, m->public_len);
	m->private_len = (uint16_t)strlen(private);
	memcpy(m->private, private, m->private_len);
}

static inline int
create(const char *label, uint8_t algorithm, const char *policy)
{
	begin(KEEPER_CREATE, label);
	m->algorithm = algorithm;
	strcpy(m->policy, policy);
	set_pair("public", "private");
	return ask();
}

static inline int
find(const char *label, uint32_t version, enum policy_right right, int64_t uid)
{
	begin(KEEPER_FIND, label);
	m->asked = version;
	m->right = (uint8_t)right;
	m->uid = uid;
	return ask();
}

static inline int
keepers_setup(void **state)
{
	char path[60];

	(void)state;
	if (secret_init(false) != 0 || mkdtemp(dir) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/master.key", dir);
	snprintf(store_path, sizeof(store_path), "%s/keys.db", dir);
	snprintf(audit_path, sizeof(audit_path), "%s/audit.log", dir);
	master = master_from_file(path, true, stderr);
	m = secret_alloc(sizeof(*m));
	if (master == NULL || m == NULL)
		return -1;
	start();
	return 0;
}

static inline int
keepers_teardown(void **state)
{
	char command[80];

	(void)state;
	secret_free(m);
	master_free(master);
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	return stop() == 0 && system(command) == 0 && secret_bytes_used() == 0 ? 0 : -1;
}

#endif
