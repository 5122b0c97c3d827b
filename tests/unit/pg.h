/*
 * pg: a PostgreSQL server for the tests of one program, in a temporary folder,
 * on a Unix socket only, gone afterwards.
 */
#ifndef TEST_PG_H
#define TEST_PG_H

#include <glob.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <libpq-fe.h>

static char  pg_dir[] = "/tmp/luahsm-pg-XXXXXX";
static char  pg_url[128];
static pid_t pg_pid = -1;

/* Give up root for the user that Debian's package makes, or for nobody. */
static inline void
pg_become_user(void)
{
	const struct passwd *pw = getpwnam("postgres");

	if (geteuid() != 0)
		return;
	if (pw == NULL)
		pw = getpwnam("nobody");
	if (pw == NULL || chown(pg_dir, pw->pw_uid, pw->pw_gid) != 0 || setgid(pw->pw_gid) != 0 ||
	    setuid(pw->pw_uid) != 0)
		_exit(127);
}

/* Run a program of PostgreSQL's in a child. Its process id. */
static inline pid_t
pg_run(const char *program, const char *const *arguments)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	pg_become_user();
	prctl(PR_SET_PDEATHSIG, SIGINT);	/* a test that is killed takes its server along */
	if (chdir("/") != 0 || freopen("/dev/null", "w", stdout) == NULL ||
	    freopen("/dev/null", "w", stderr) == NULL)
		_exit(127);
	execv(program, (char *const *)(uintptr_t)arguments);
	_exit(127);
}

/* The folder of the newest server that is installed. */
static inline int
pg_find(char bin[256])
{
	glob_t found;
	int r = glob("/usr/lib/postgresql/*/bin/postgres", 0, NULL, &found);

	if (r == 0)
		snprintf(bin, 256, "%.*s",
		    (int)(strlen(found.gl_pathv[found.gl_pathc - 1]) - strlen("/postgres")),
		    found.gl_pathv[found.gl_pathc - 1]);
	globfree(&found);
	return r;
}

/* Take the server away, and bring it back, with all that is in it. */
static inline void
pg_pause(void)
{
	if (pg_pid > 0) {
		kill(pg_pid, SIGINT);
		waitpid(pg_pid, NULL, 0);
	}
	pg_pid = -1;
}

static inline const char *
pg_resume(void)
{
	char bin[256], program[300], data[64], sock[64];

	if (pg_find(bin) != 0)
		return "no PostgreSQL server is installed";
	snprintf(data, sizeof(data), "%s/data", pg_dir);
	snprintf(program, sizeof(program), "%s/postgres", bin);
	snprintf(sock, sizeof(sock), "unix_socket_directories=%s", pg_dir);
	pg_pid = pg_run(program, (const char *const[]){ "postgres", "-D", data, "-F", "-c",
	    "listen_addresses=", "-c", sock, NULL });
	for (int i = 0; i < 3000 && PQping(pg_url) != PQPING_OK; i++)
		usleep(10000);
	return PQping(pg_url) == PQPING_OK ? NULL : "the server does not start";
}

/* Make and start it. NULL and pg_url is set, or why there is none. */
static inline const char *
pg_start(void)
{
	const char *preload = getenv("LD_PRELOAD");
	char bin[256], program[300], data[64];
	int status;

	if (preload != NULL && strstr(preload, "vgpreload") != NULL)
		return "not under valgrind";
	if (pg_find(bin) != 0)
		return "no PostgreSQL server is installed";
	if (mkdtemp(pg_dir) == NULL)
		return "no temporary folder";
	snprintf(data, sizeof(data), "%s/data", pg_dir);
	snprintf(program, sizeof(program), "%s/initdb", bin);
	if (waitpid(pg_run(program, (const char *const[]){ "initdb", "-D", data, "-N", "-A",
	    "trust", "-U", "luahsm", "--no-locale", "-E", "UTF8", NULL }), &status, 0) < 0 ||
	    status != 0)
		return "initdb failed";
	snprintf(pg_url, sizeof(pg_url), "postgresql://luahsm@/postgres?host=%s", pg_dir);
	return pg_resume();
}

static inline void
pg_stop(void)
{
	char command[64];

	pg_pause();
	snprintf(command, sizeof(command), "rm -rf %s", pg_dir);
	if (access(pg_dir, F_OK) == 0 && system(command) != 0)
		perror(pg_dir);
}

#endif
