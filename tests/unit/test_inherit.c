/* inherit: a new process keeps what is named, with close_range and without it. */
#include "inherit.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rows.h"

enum { FIRST = 3, LAST = 40 };

static const struct row {
	const char *name;
	int         a, b;
	int         forbidden;	/* a system call that does not exist, or -1 */
} rows[] = {
	{ "two", 10, 20, -1 },
	{ "two, the other way round", 20, 10, -1 },
	{ "two side by side", 10, 11, -1 },
	{ "the first ones", 3, 4, -1 },
	{ "the same", 7, 7, -1 },
	{ "one", 12, -1, -1 },
	{ "none", -1, 2, -1 },
	{ "two without close_range", 10, 20, SYS_close_range },
	{ "the first ones without close_range", 4, 3, SYS_close_range },
	{ "none without close_range", -1, -1, SYS_close_range },
};

static int
forbid(int call)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)call, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof(filter) / sizeof(filter[0]), filter };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return -1;
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

/* In a process of its own: the first descriptor that is wrong, or 0. */
static int
try(const struct row *row)
{
	for (int fd = FIRST; fd <= LAST; fd++)
		dup2(0, fd);
	if (row->forbidden >= 0 && forbid(row->forbidden) != 0)
		return 250;
	if (inherit_only(row->a, row->b) != 0)
		return 251;
	for (int fd = 0; fd <= LAST + 5; fd++) {
		bool open = fcntl(fd, F_GETFD) >= 0;

		if (fd >= FIRST && open != (fd == row->a || fd == row->b))
			return fd;
	}
	return fcntl(0, F_GETFD) >= 0 ? 0 : 252;
}

static void
test_row(void **state)
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		_exit(try(*state));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	return rows_run(&r, "inherit", NULL, NULL);
}
