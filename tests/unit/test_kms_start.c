/* kms_start: one daemon, whoever asks, and a sentence when there is none. */
#include "kms_start.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kms_daemon.h"
#include "ready.h"
#include "rows.h"

static struct kms_daemon d;
static char top[] = "/tmp/luahsm-test-XXXXXX";
static char path[64], text[4096];
static unsigned looks;

static const char *
in_top(const char *name)
{
	static char out[2][96];
	static unsigned turn;

	turn ^= 1;
	snprintf(out[turn], sizeof(out[turn]), "%s/%s", top, name);
	return out[turn];
}

/* It answers when the file is there. */
static int
connect_to(struct kms_daemon *k, const char *where, bool anybody)
{
	assert_ptr_equal(k, &d);
	assert_string_equal(where, path);
	assert_true(anybody);
	looks++;
	if (access(in_top("up"), F_OK) == 0)
		return 0;
	errno = ENOENT;
	return -1;
}

/* What a file holds. */
static const char *
content(const char *name)
{
	FILE *f = fopen(in_top(name), "r");
	size_t n = 0;

	if (f != NULL) {
		n = fread(text, 1, sizeof(text) - 1, f);
		fclose(f);
	}
	text[n] = '\0';
	return text;
}

/* A luahsm that is this script. */
static void
put_luahsm(const char *script)
{
	FILE *f = fopen(in_top("bin/luahsm"), "w");

	assert_non_null(f);
	fprintf(f, "#!/bin/sh\ncd \"%s\" || exit 9\n%s\n", top, script);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(in_top("bin/luahsm"), 0700), 0);
}

static int
each(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "/bin/rm -rf %s/*; /bin/mkdir %s/bin", top, top);
	assert_int_equal(system(command), 0);
	setenv("PATH", in_top("bin"), 1);
	setenv("XDG_STATE_HOME", in_top("state"), 1);
	unsetenv("LOGS_DIRECTORY");
	unsetenv("STATE_DIRECTORY");
	snprintf(path, sizeof(path), "%s/run/s", top);
	memset(&d, 0, sizeof(d));
	d.until = ready_now() + 60000;
	looks = 0;
	return 0;
}

static int
start(void)
{
	return kms_start(&d, path, true, connect_to);
}

static void
test_starts(void **state)
{
	(void)state;
	setenv("LUAHSM_TIMEOUT", "77", 1);
	/* where it was started, how, and with what of our settings */
	put_luahsm("echo \"$OLDPWD $*, ${LUAHSM_TIMEOUT-none}\" >args; echo hello; : >up");
	assert_int_equal(start(), 0);
	unsetenv("LUAHSM_TIMEOUT");
	content("args");
	assert_memory_equal(text, top, strlen(top));
	assert_non_null(strstr(text, "/run serve --port 0 --socket "));
	assert_non_null(strstr(text, "/run/s, none\n"));
	assert_string_equal(content("state/luahsm/luahsm.log"), "hello\n");
	assert_true(looks >= 2);
	while (waitpid(-1, NULL, 0) > 0)
		;
}

/* Somebody else was faster: it is there when we have the lock. */
static void
test_there(void **state)
{
	(void)state;
	put_luahsm("echo started >>args");
	close(open(in_top("up"), O_CREAT | O_WRONLY, 0600));
	assert_int_equal(start(), 0);
	assert_int_equal(looks, 1);
	assert_string_equal(content("args"), "");
}

static const struct row {
	const char *name;
	const char *script;	/* NULL: there is no luahsm */
	const char *socket;	/* NULL: the usual one */
	const char *folders;	/* PATH; NULL: the one with luahsm, which is behind /nowhere */
	int         ms;
	const char *error;
} rows[] = {
	{ "it ends", "exit 3", NULL, NULL, 60000, "did not start (exit status 3): see " },
	{ "it is killed", "kill -9 $$", NULL, NULL, 60000, "did not start (signal 9): see " },
	{ "it takes too long", "exec /bin/sleep 2", NULL, NULL, 200,
	    "does not answer yet: the deadline has passed; see " },
	{ "there is none", NULL, NULL, NULL, 60000, "there is no luahsm to start" },
	{ "in a relative folder", "exit 3", NULL, "bin:.:", 60000,
	    "there is no luahsm to start" },
	{ "in the second folder", "exit 3", NULL, "/nowhere", 60000, "exit status 3" },
	{ "a relative socket", "exit 3", "run/s", NULL, 60000, "the path is not absolute" },
	{ "a folder that cannot be made", "exit 3", "/proc/nowhere/s", NULL, 60000,
	    "cannot start the daemon: " },
};

static void
test_row(void **state)
{
	const struct row *row = *state;
	char folders[128];

	if (row->script != NULL)
		put_luahsm(row->script);
	if (row->folders != NULL) {
		snprintf(folders, sizeof(folders), "%s%s%s", row->folders[0] == '/' ?
		    "/nowhere:" : row->folders, row->folders[0] == '/' ? top : "",
		    row->folders[0] == '/' ? "/bin" : "");
		setenv("PATH", folders, 1);
		assert_int_equal(chdir(top), 0);
	}
	if (row->socket != NULL)
		snprintf(path, sizeof(path), "%s", row->socket);
	d.until = ready_now() + row->ms;
	assert_int_equal(start(), -1);
	if (strstr(d.error, row->error) == NULL)
		fail_msg("it says: %s", d.error);
	assert_int_equal(chdir("/"), 0);
	while (waitpid(-1, NULL, 0) > 0)
		;
}

/* Who has the lock is waited for, but not for ever. */
static void
test_lock(void **state)
{
	int fd;

	(void)state;
	put_luahsm("echo started >>args; : >up");
	assert_int_equal(mkdir(in_top("run"), 0700), 0);
	fd = open(in_top("run/s.lock"), O_RDWR | O_CREAT, 0600);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	d.until = ready_now() + 50;
	assert_int_equal(start(), -1);
	assert_non_null(strstr(d.error, "another call is starting the daemon"));
	assert_int_equal(looks, 0);
	close(fd);
	d.until = ready_now() + 60000;
	assert_int_equal(start(), 0);
	assert_string_equal(content("args"), "started\n");
	while (waitpid(-1, NULL, 0) > 0)
		;
}

static int
end(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof(command), "/bin/rm -rf %s", top);
	return system(command);
}

int
main(void)
{
	static struct rows r;

	if (mkdtemp(top) == NULL)
		return 1;
	rows_add(&r, "it is started, alone in its folder, with a log", test_starts, NULL);
	rows_add(&r, "one that is there by now is taken", test_there, NULL);
	rows_add(&r, "a lock", test_lock, NULL);
	ROWS(&r, rows, test_row);
	for (size_t i = 0; i < r.n; i++)
		r.test[i].setup_func = each;
	return rows_run(&r, "kms_start", NULL, end);
}
