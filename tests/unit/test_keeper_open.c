/* keeper_open: a store and a log from settings, and what is said when there are none. */
#include "keeper_open.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config.h"
#include "err.h"
#include "log.h"
#include "rows.h"
#include "secret.h"

static char          dir[] = "/tmp/luahsm-test-XXXXXX";
static struct config config;

/* Settings for a store of its own below dir. */
static void
settings(const char *name)
{
	memset(&config, 0, sizeof(config));
	snprintf(config.store, sizeof(config.store), "%s/%s/data/keys.db", dir, name);
	snprintf(config.store_key, sizeof(config.store_key), "%s/%s/data/master.key", dir, name);
	snprintf(config.store_audit, sizeof(config.store_audit), "%s/%s/log/audit.log", dir, name);
}

/* Open it. The result, with what the log says in said. */
static char said[4000];

static int
open_it(struct keeper_store *s)
{
	char path[80];
	int fd, old = dup(STDERR_FILENO), r;
	ssize_t n;

	snprintf(path, sizeof(path), "%s/said", dir);
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	dup2(fd, STDERR_FILENO);
	log_open("keeper", -1, LOG_INFO, true);
	memset(s, 0, sizeof(*s));
	r = keeper_open(&config, s);
	dup2(old, STDERR_FILENO);
	close(old);
	n = pread(fd, said, sizeof(said) - 1, 0);
	close(fd);
	said[n > 0 ? n : 0] = '\0';
	return r;
}

static void
write_file(const char *path, const char *text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

/* Is the text in the audit log? */
static bool
in_log(const char *text)
{
	char log[4000] = "";
	int fd = open(config.store_audit, O_RDONLY);
	ssize_t n = read(fd, log, sizeof(log) - 1);

	close(fd);
	return n > 0 && strstr(log, text) != NULL;
}

static mode_t
mode_of(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? st.st_mode & 0777 : 0;
}

static void
test_first(void **state)
{
	struct keeper_store s;

	(void)state;
	settings("first");
	assert_int_equal(open_it(&s), 0);
	assert_non_null(strstr(said, "master-key-made"));
	assert_non_null(strstr(said, config.store_key));
	assert_int_equal(mode_of(config.store), 0600);
	assert_int_equal(mode_of(config.store_key), 0600);
	assert_int_equal(mode_of(config.store_audit), 0600);
	assert_true(audit_works(s.audit));
	keeper_close(&s);
	assert_null(s.ks);
	assert_int_equal(open_it(&s), 0);
	assert_null(strstr(said, "master-key-made"));
	keeper_close(&s);
}

/* No key is made for a store that is there: it would open nothing. */
static void
test_lost_key(void **state)
{
	struct keeper_store s;

	(void)state;
	settings("lost");
	assert_int_equal(open_it(&s), 0);
	keeper_close(&s);
	assert_int_equal(unlink(config.store_key), 0);
	assert_int_equal(open_it(&s), ERR_STORE);
	assert_non_null(strstr(said, "master.key"));
	assert_int_equal(access(config.store_key, F_OK), -1);
}

static void
test_passphrase(void **state)
{
	struct keeper_store s;

	(void)state;
	settings("phrase");
	snprintf(config.store_passphrase, sizeof(config.store_passphrase), "%s/words", dir);
	assert_int_equal(open_it(&s), ERR_STORE);
	assert_non_null(strstr(said, "words"));
	write_file(config.store_passphrase, "correct horse\n", 0600);
	assert_int_equal(open_it(&s), 0);
	assert_int_equal(access(config.store_key, F_OK), -1);
	keeper_close(&s);
	write_file(config.store_passphrase, "correct horse", 0600);
	assert_int_equal(open_it(&s), 0);
	keeper_close(&s);
	write_file(config.store_passphrase, "wrong horse\n", 0600);
	assert_int_equal(open_it(&s), ERR_STORE);
	assert_non_null(strstr(said, "another master key"));
	write_file(config.store_passphrase, "\n", 0600);
	assert_int_equal(open_it(&s), ERR_STORE);
	assert_non_null(strstr(said, "1 to 1024 bytes"));
	assert_int_equal(chmod(config.store_passphrase, 0644), 0);
	assert_int_equal(open_it(&s), ERR_STORE);
	config.store_passphrase[0] = '\0';
	assert_int_equal(open_it(&s), ERR_STORE);
	assert_null(s.ks);
}

static void
test_none(void **state)
{
	struct keeper_store s;

	(void)state;
	settings("none");
	config.store[0] = '\0';
	assert_int_equal(open_it(&s), ERR_STORE);
	assert_non_null(strstr(said, "store.keys is none"));
	settings("none");
	config.store_key[0] = '\0';
	assert_int_equal(open_it(&s), ERR_STORE);
	assert_non_null(strstr(said, "store.key_file"));
}

/* A log that cannot be had: nothing is signed, and nothing stays open. */
static void
test_no_log(void **state)
{
	struct keeper_store s;

	(void)state;
	settings("log");
	snprintf(config.store_audit, sizeof(config.store_audit), "%s/said/audit.log", dir);
	assert_int_equal(open_it(&s), ERR_STORE);
	assert_null(s.ks);
	settings("log");
	assert_int_equal(open_it(&s), 0);
	keeper_close(&s);
}

/* A copy of the store from before is put back. */
static void
test_older(void **state)
{
	const struct audit_record r = { .operation = "sign", .uid = 1, .pid = 1, .epoch = 9 };
	struct keeper_store s;

	(void)state;
	settings("older");
	assert_int_equal(open_it(&s), 0);
	assert_int_equal(audit_add(s.audit, &r), 0);
	keeper_close(&s);
	assert_int_equal(open_it(&s), 0);
	assert_int_equal(audit_epoch(s.audit), 9);
	assert_non_null(strstr(said, "older than its log"));
	keeper_close(&s);
}

/* A change that was not recorded, because the keeper was killed, is recorded now, once. */
static void
test_late(void **state)
{
	const struct keystore_pair pair = { span_str("public"), span_str("private") };
	struct store_row *row = calloc(1, sizeof(*row));
	struct keeper_store s;

	(void)state;
	assert_non_null(row);
	settings("late");
	assert_int_equal(open_it(&s), 0);
	assert_int_equal(audit_last(s.audit), 0);
	strcpy(row->label, "k");
	row->algorithm = 1;
	assert_int_equal(keystore_create(s.ks, row, &pair), 0);
	free(row);
	keeper_close(&s);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(open_it(&s), 0);
		assert_int_equal(audit_last(s.audit), 1);
		keeper_close(&s);
	}
	assert_true(in_log("\"operation\":\"recover\",\"key\":\"k\",\"version\":1,"));
}

/* The log stays when the store alone is opened anew, also in vain. */
static void
test_store_alone(void **state)
{
	struct keeper_store s;
	char other[120];

	(void)state;
	settings("alone");
	assert_int_equal(open_it(&s), 0);
	keeper_close_keys(&s);
	assert_null(s.ks);
	snprintf(other, sizeof(other), "%s/alone/elsewhere", dir);
	assert_int_equal(rename(config.store_key, other), 0);
	{
		struct keeper_store kept = s;

		assert_int_equal(keeper_open(&config, &kept), ERR_STORE);
		assert_ptr_equal(kept.audit, s.audit);
	}
	assert_true(audit_works(s.audit));
	assert_int_equal(rename(other, config.store_key), 0);
	assert_int_equal(keeper_open(&config, &s), 0);
	assert_non_null(s.ks);
	keeper_close(&s);
}

/* One daemon at a time. */
static void
test_second(void **state)
{
	struct keeper_store s, other;

	(void)state;
	settings("second");
	assert_int_equal(open_it(&s), 0);
	assert_int_equal(open_it(&other), ERR_STORE);
	assert_non_null(strstr(said, "another process has it open"));
	keeper_close(&s);
	assert_int_equal(open_it(&other), 0);
	keeper_close(&other);
}

static int
setup(void **state)
{
	(void)state;
	return secret_init(false) != 0 || mkdtemp(dir) == NULL ? -1 : 0;
}

static int
teardown(void **state)
{
	char command[80];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	return system(command) == 0 && secret_bytes_used() == 0 ? 0 : -1;
}

int
main(void)
{
	struct rows r = { 0 };

	rows_add(&r, "the first start makes all, and says it", test_first, NULL);
	rows_add(&r, "a master key that is lost", test_lost_key, NULL);
	rows_add(&r, "a passphrase", test_passphrase, NULL);
	rows_add(&r, "settings that say none", test_none, NULL);
	rows_add(&r, "no log", test_no_log, NULL);
	rows_add(&r, "a store that is older than its log", test_older, NULL);
	rows_add(&r, "a change that is not in the log", test_late, NULL);
	rows_add(&r, "the store alone", test_store_alone, NULL);
	rows_add(&r, "a second daemon", test_second, NULL);
	return rows_run(&r, "keeper_open", setup, teardown);
}
