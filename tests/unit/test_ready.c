/* ready: what is there, what comes, what does not come in time, and signals between. */
#include "ready.h"

#include <poll.h>
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

#include "err.h"
#include "rows.h"

enum { LONG_MS = 60 * 1000, SHORT_MS = 30 };

static const struct row {
	const char *name;
	bool        written;	/* a byte is in the pipe */
	bool        closed;	/* its other end is */
	bool        reads;	/* waits for bytes, else for room */
	int         ms;
	int         want;
} rows[] = {
	{ "bytes are there", true, false, true, LONG_MS, 0 },
	{ "bytes are there, the moment is over", true, false, true, -1, 0 },
	{ "there is room", false, false, false, LONG_MS, 0 },
	{ "the other end is closed", false, true, true, LONG_MS, 0 },
	{ "nothing comes", false, false, true, SHORT_MS, ERR_DEADLINE },
	{ "nothing is there, no time", false, false, true, 0, ERR_DEADLINE },
	{ "nothing is there, the moment is over", false, false, true, -1, ERR_DEADLINE },
};

static void
test_row(void **state)
{
	const struct row *row = *state;
	int64_t began = ready_now();
	int fd[2];

	assert_int_equal(pipe(fd), 0);
	if (row->written)
		assert_int_equal(write(fd[1], "x", 1), 1);
	if (row->closed)
		close(fd[1]);
	assert_int_equal(ready_wait(fd[row->reads ? 0 : 1], row->reads ? POLLIN : POLLOUT,
	    began + row->ms), row->want);
	if (row->want != 0)
		assert_true(ready_now() - began >= row->ms);
	close(fd[0]);
	if (!row->closed)
		close(fd[1]);
}

static volatile sig_atomic_t heard;

static void
hear(int signo)
{
	(void)signo;
	heard++;
}

/* A signal cuts a wait short neither with success nor with a failure. */
static void
test_signal(void **state)
{
	const struct sigaction action = { .sa_handler = hear };
	const struct itimerval often = { { 0, 2000 }, { 0, 2000 } }, never = { { 0, 0 }, { 0, 0 } };
	int64_t began = ready_now();
	int fd[2];

	(void)state;
	assert_int_equal(pipe(fd), 0);
	assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
	assert_int_equal(setitimer(ITIMER_REAL, &often, NULL), 0);
	assert_int_equal(ready_wait(fd[0], POLLIN, began + SHORT_MS), ERR_DEADLINE);
	assert_int_equal(setitimer(ITIMER_REAL, &never, NULL), 0);
	assert_true(ready_now() - began >= SHORT_MS);
	assert_true(heard > 0);
	close(fd[0]);
	close(fd[1]);
}

int
main(void)
{
	struct rows r = { 0 };

	ROWS(&r, rows, test_row);
	rows_add(&r, "signals", test_signal, NULL);
	return rows_run(&r, "ready", NULL, NULL);
}
