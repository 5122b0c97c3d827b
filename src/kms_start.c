/*
 * kms_start: lock, look again, fork, wait until it answers.
 */
#include "kms_start.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kms_daemon.h"
#include "paths.h"
#include "ready.h"

enum { LOOK_MS = 5, NOT_STARTED = 127 };

static void
nap(void)
{
	usleep(LOOK_MS * 1000);
}

/* Is dir/name a program? Then its path is in out. */
static bool
program_in(const char *dir, size_t n, const char *name, char out[PATH_MAX])
{
	return n > 0 && (size_t)snprintf(out, PATH_MAX, "%.*s/%s", (int)n, dir, name) < PATH_MAX &&
	    access(out, X_OK) == 0;
}

/* Beside this program, else on PATH: absolute folders only, whoever calls us. */
static bool
find_luahsm(char out[PATH_MAX])
{
	const char *path = getenv("PATH");
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (n > 0) {
		self[n] = '\0';
		dirname(self);
		if (program_in(self, strlen(self), "luahsm", out))
			return true;
	}
	for (; path != NULL && *path != '\0'; path += *path == ':') {
		size_t len = strcspn(path, ":");

		if (path[0] == '/' && program_in(path, len, "luahsm", out))
			return true;
		path += len;
	}
	return false;
}

/* What paths.c says on a stream, as d->error. -1. */
static int
folder_failed(struct kms_daemon *d, FILE *said, const char *text)
{
	fflush(said);
	return kms_fail(d, "cannot start the daemon: %.*s", (int)strcspn(text, "\n"), text);
}

/* Make the folders of the socket and of the log, and open the log. Its descriptor, or -1. */
static int
open_log(struct kms_daemon *d, const char *path, char log[PATH_MAX])
{
	char text[256] = "";
	FILE *said = fmemopen(text, sizeof(text), "w");
	int fd = -1;

	if (said == NULL)
		return kms_fail(d, "out of memory");
	if (paths_make_for(path, 0750, said) != 0)
		folder_failed(d, said, text);
	else if (paths_in(PATHS_STATE, "luahsm.log", log, PATH_MAX) != 0)
		kms_fail(d, "the path of the log is too long");
	else if (paths_make_for(log, 0700, said) != 0)
		folder_failed(d, said, text);
	else if ((fd = open(log, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC,
	    0600)) < 0)
		kms_fail(d, "cannot start the daemon: %s: %s", log, strerror(errno));
	fclose(said);
	return fd;
}

/* The lock: its descriptor, or -1. Who has it may start a daemon. */
static int
lock(struct kms_daemon *d, const char *path)
{
	char name[PATH_MAX];
	int fd;

	if ((size_t)snprintf(name, sizeof(name), "%s.lock", path) >= sizeof(name))
		return kms_fail(d, "the path of the socket is too long");
	fd = open(name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return kms_fail(d, "cannot start the daemon: %s: %s", name, strerror(errno));
	while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		if (ready_now() >= d->until || (errno != EWOULDBLOCK && errno != EINTR)) {
			close(fd);
			return kms_fail(d, "another call is starting the daemon: the deadline has "
			    "passed");
		}
		nap();
	}
	return fd;
}

/* The child: become the daemon. */
static _Noreturn void
become(const char *program, const char *path, int log)
{
	const char *const arguments[] = {
		"luahsm", "serve", "--port", "0", "--socket", path, NULL
	};
	char dir[PATH_MAX];
	int nothing = open("/dev/null", O_RDONLY);

	snprintf(dir, sizeof(dir), "%s", path);
	/* Settings of this program would only puzzle the daemon. */
	unsetenv("LUAHSM_TIMEOUT");
	unsetenv("LUAHSM_AUTOSTART");
	unsetenv("LUAHSM_HASH4");
	if (nothing >= 0 && setsid() >= 0 && chdir(dirname(dir)) == 0 &&
	    dup2(nothing, STDIN_FILENO) >= 0 && dup2(log, STDOUT_FILENO) >= 0 &&
	    dup2(log, STDERR_FILENO) >= 0 && close_range(STDERR_FILENO + 1, ~0u, 0) == 0)
		execv(program, (char *const *)(uintptr_t)arguments);
	_exit(NOT_STARTED);
}

/* Wait until the child answers, or ends. */
static int
await(struct kms_daemon *d, pid_t child, const char *path, bool anybody, kms_connector *connect_to,
    const char *log)
{
	int status;

	while (connect_to(d, path, anybody) != 0) {
		if (waitpid(child, &status, WNOHANG) == child) {
			return kms_fail(d, "the daemon did not start (%s %d): see %s",
			    WIFEXITED(status) ? "exit status" : "signal",
			    WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status), log);
		}
		if (ready_now() >= d->until)
			return kms_fail(d, "the daemon does not answer yet: the deadline has "
			    "passed; see %s", log);
		nap();
	}
	return 0;
}

/* With the lock held: look whether somebody else has started it, else do. */
static int
start_locked(struct kms_daemon *d, const char *path, bool anybody, kms_connector *connect_to,
    int log_fd, const char *log)
{
	char program[PATH_MAX];
	pid_t child;

	if (connect_to(d, path, anybody) == 0)
		return 0;
	if (!find_luahsm(program))
		return kms_fail(d, "cannot connect to %s, and there is no luahsm to start: neither "
		    "beside this program nor on PATH", path);
	kms_say(d, KMS_INFO, "starting %s, which logs to %s", program, log);
	if ((child = fork()) == 0)
		become(program, path, log_fd);
	if (child < 0)
		return kms_fail(d, "cannot start the daemon: %s", strerror(errno));
	return await(d, child, path, anybody, connect_to, log);
}

int
kms_start(struct kms_daemon *d, const char *path, bool anybody, kms_connector *connect_to)
{
	char log[PATH_MAX];
	int log_fd, lock_fd, r = -1;

	if (path[0] != '/')
		return kms_fail(d, "cannot start a daemon on %s: the path is not absolute", path);
	if ((log_fd = open_log(d, path, log)) < 0)
		return -1;
	if ((lock_fd = lock(d, path)) >= 0) {
		r = start_locked(d, path, anybody, connect_to, log_fd, log);
		close(lock_fd);
	}
	close(log_fd);
	return r;
}
