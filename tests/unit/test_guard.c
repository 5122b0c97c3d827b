/* guard: what a process has given up, looked at from inside a child. */
#include "rows.h"

#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <event2/event.h>

#include "guard.h"

/* Run f in a child, since limits don't come back; 0 when it returned true. */
static int
in_child(bool (*f)(void))
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		_exit(f() ? 0 : 1);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static bool
start(void)
{
	FILE *nowhere = fopen("/dev/null", "w");

	return nowhere != NULL && guard_start(false, nowhere) == 0;
}

static bool
no_core(void)
{
	struct rlimit r;

	return start() && getrlimit(RLIMIT_CORE, &r) == 0 && r.rlim_cur == 0 && r.rlim_max == 0;
}

static bool
no_debugger(void)
{
	return start() && prctl(PR_GET_DUMPABLE) == 0;
}

static bool
no_privileges(void)
{
	return start() && prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
}

static bool
no_sigpipe(void)
{
	struct sigaction old;

	return start() && sigaction(SIGPIPE, NULL, &old) == 0 && old.sa_handler == SIG_IGN;
}

static bool
stack_grows(void)
{
	struct rlimit r;

	if (getrlimit(RLIMIT_STACK, &r) != 0)
		return false;
	r.rlim_cur = 1 << 20;
	return setrlimit(RLIMIT_STACK, &r) == 0 && start() &&
	    getrlimit(RLIMIT_STACK, &r) == 0 && r.rlim_cur >= 8 << 20;
}

static bool
loop_works(void)
{
	struct event_base *base;

	if (!start() || (base = event_base_new()) == NULL)
		return false;
	event_base_free(base);
	return true;
}

static bool
root_is_refused(void)
{
	FILE *nowhere = fopen("/dev/null", "w");

	return (guard_start(true, nowhere) != 0) == (geteuid() == 0);
}

static bool
files_are_raised(void)
{
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r) != 0)
		return false;
	r.rlim_cur = 100;
	return setrlimit(RLIMIT_NOFILE, &r) == 0 && guard_files(200, stderr) == 0 &&
	    getrlimit(RLIMIT_NOFILE, &r) == 0 && r.rlim_cur >= 200 + GUARD_FILES;
}

static bool
files_are_too_few(void)
{
	const struct rlimit low = { 100, 100 };
	char *text = NULL;
	size_t n;
	FILE *err = open_memstream(&text, &n);
	int r;

	/* without the right to raise it again */
	if (setrlimit(RLIMIT_NOFILE, &low) != 0 || (geteuid() == 0 && setuid(65534) != 0))
		return false;
	r = guard_files(200, err);
	fclose(err);
	return r == -1 && strstr(text, "limits.connections = 200") != NULL &&
	    strstr(text, "at most 36") != NULL;
}

static const struct row {
	const char *name;
	bool      (*holds)(void);
} rows[] = {
	{ "no core file", no_core },
	{ "no debugger of the same user", no_debugger },
	{ "no new privileges", no_privileges },
	{ "SIGPIPE is ignored", no_sigpipe },
	{ "a small stack is raised to 8 MiB", stack_grows },
	{ "libevent works on wiped memory", loop_works },
	{ "strict refuses root and nobody else", root_is_refused },
	{ "the limit on files is raised to fit", files_are_raised },
	{ "or says what to set", files_are_too_few },
};

static void
test_row(void **state)
{
	const struct row *row = *state;

	if (row->holds == files_are_too_few && under_valgrind())
		skip();	/* it keeps limits of its own */
	assert_int_equal(in_child(row->holds), 0);
}

/* Leave a pattern where the next call's frame will be; its address. */
__attribute__((noinline)) static uintptr_t
leave_secret(void)
{
	volatile uint8_t secret[512];

	for (size_t i = 0; i < sizeof(secret); i++)
		secret[i] = 0xA5;
	return (uintptr_t)secret;
}

static void
test_scrub(void **state)
{
	const volatile uint8_t *below = (const volatile uint8_t *)leave_secret();
	unsigned left = 0;

	(void)state;
	guard_scrub();
#ifndef __SANITIZE_ADDRESS__	/* whose frames are elsewhere, and not to be looked at */
	if (under_valgrind())
		skip();		/* it lets nobody look there either */
	for (size_t i = 0; i < 512; i++)
		left += below[i] == 0xA5;
#else
	(void)below;
#endif
	assert_int_equal(left, 0);
}

int
main(void)
{
	struct rows r = { 0 };

	ROWS(&r, rows, test_row);
	rows_add(&r, "what lies below on the stack is wiped", test_scrub, NULL);
	return rows_run(&r, "guard", NULL, NULL);
}
