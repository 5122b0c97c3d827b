/* filter: what a process that runs Lua may still ask of the kernel, and what ends it. */
#include "rows.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "filter.h"

/* How a child ends that runs f behind the filter: 0 to 255, or 1000 + a signal. */
static int
behind(int (*f)(void))
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		_exit(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || filter_apply() != 0 ?
		    99 : f());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static int
use_memory(void)
{
	void *p = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED || mprotect(p, 4096, PROT_READ) != 0 ||
	    mprotect(p, 4096, PROT_READ | PROT_WRITE) != 0 || munmap(p, 1 << 20) != 0;
}

static int
tell_time(void)
{
	struct timespec now;

	return clock_gettime(CLOCK_MONOTONIC, &now) != 0;
}

static int
ask_random(void)
{
	uint8_t byte;

	return getrandom(&byte, 1, 0) != 1;
}

static int
write_log(void)
{
	return write(STDERR_FILENO, "", 0) != 0;
}

static int
count_unread(void)
{
	int n;

	return ioctl(STDERR_FILENO, FIONREAD, &n) != 0 && errno != ENOTTY && errno != EINVAL;
}

static int
push_input(void)
{
	return ioctl(STDERR_FILENO, TIOCSTI, "x") != 0;
}

static int
give_up(void)
{
	abort();
}

static int
open_file(void)
{
	return open("/etc/passwd", O_RDONLY) < 0;
}

static int
open_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) < 0;
}

static int
run_program(void)
{
	static char name[] = "/bin/true", *const argv[] = { name, NULL };

	return execv(name, argv);
}

static int
make_child(void)
{
	return fork() < 0;
}

static int
trace_parent(void)
{
	return ptrace(PTRACE_ATTACH, getppid(), NULL, NULL) != 0;
}

static int
signal_parent(void)
{
	return kill(getppid(), 0) != 0;
}

static int
map_code(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
	    MAP_FAILED;
}

static int
make_code(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return mprotect(p, 4096, PROT_READ | PROT_EXEC) != 0;
}

static int
gain_privileges(void)
{
	return setuid(0) != 0;
}

enum { KILLED = 1000 + SIGSYS };

static const struct row {
	const char *name;
	int       (*f)(void);
	int         ends;
} rows[] = {
	{ "memory is had and given back", use_memory, 0 },
	{ "the clock", tell_time, 0 },
	{ "randomness", ask_random, 0 },
	{ "the log", write_log, 0 },
	{ "how much has not been read", count_unread, 0 },
	{ "abort()", give_up, 1000 + SIGABRT },
	{ "no file is opened", open_file, KILLED },
	{ "no socket", open_socket, KILLED },
	{ "no terminal is typed at", push_input, KILLED },
	{ "no program is run", run_program, KILLED },
	{ "no child is made", make_child, KILLED },
	{ "nobody is traced", trace_parent, KILLED },
	{ "nobody is signalled", signal_parent, KILLED },
	{ "no memory that can be run", map_code, KILLED },
	{ "none becomes so", make_code, KILLED },
	{ "nobody else is become", gain_privileges, KILLED },
};

static void
test_row(void **state)
{
	const struct row *row = *state;

	if (!filter_exists() || under_valgrind())
		skip();		/* which need calls of their own */
	assert_int_equal(behind(row->f), row->ends);
}

int
main(void)
{
	struct rows r = { 0 };

	ROWS(&r, rows, test_row);
	return rows_run(&r, "filter", NULL, NULL);
}
