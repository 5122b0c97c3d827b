/* courier: a document reaches the spool by way of another process, or the code 16 comes back. */
#include "courier.h"

#include <dirent.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "channel.h"
#include "err.h"
#include "log.h"
#include "rows.h"

static char dir[] = "/tmp/test_courier.XXXXXX";
static int ends[2];

static char code[3];	/* of the file that was taken last, by its name */

/* The text of one file in dir, which goes; "" when there is none. */
static const char *
take(void)
{
	static char text[64];
	DIR *d = opendir(dir);
	const struct dirent *e;

	memset(text, 0, sizeof(text));
	while ((e = readdir(d)) != NULL) {
		char path[512];
		FILE *f;

		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, e->d_name);
		assert_non_null(f = fopen(path, "r"));
		assert_true(fread(text, 1, sizeof(text) - 1, f) > 0);
		fclose(f);
		unlink(path);
		snprintf(code, sizeof(code), "%s", strchr(strchr(e->d_name, '-') + 1, '-') + 8);
		break;
	}
	closedir(d);
	return text;
}

/* A process that prints into a folder for as many documents, then ends. */
static pid_t
start_supervisor(const char *folder, int documents)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid != 0)
		return pid;
	while (documents-- > 0) {
		struct pollfd p = { .fd = ends[1], .events = POLLIN };
		struct channel_message m;
		int fd;

		if (poll(&p, 1, 10000) != 1 || channel_receive(ends[1], &m, &fd) != 1 ||
		    m.kind != CHANNEL_PRINT || fd < 0)
			_exit(1);
		courier_serve(folder, fd);
	}
	_exit(0);
}

static void
expect_end(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

/* Before there is a channel the process prints itself. */
static void
test_alone(void **state)
{
	(void)state;
	assert_int_equal(courier_write(dir, "A2", SPAN("alone\n")), 0);
	assert_string_equal(take(), "alone\n");
}

static void
test_write(void **state)
{
	pid_t pid;

	(void)state;
	assert_int_equal(channel_pair(ends), 0);
	assert_int_equal(courier_open(ends[0]), 0);
	pid = start_supervisor(dir, 2);
	assert_int_equal(courier_write("", "A2", SPAN("first\n")), 0);
	assert_string_equal(take(), "first\n");
	assert_int_equal(courier_write("", "OE", SPAN("second\n")), 0);
	assert_string_equal(take(), "second\n");
	expect_end(pid);
}

static void
test_refused(void **state)
{
	pid_t pid = start_supervisor("", 1);

	(void)state;
	assert_int_equal(courier_write(dir, "A2", SPAN("nowhere\n")), ERR_PRINTER);
	expect_end(pid);
	pid = start_supervisor(dir, 1);
	assert_int_equal(courier_write(dir, "/x", SPAN("elsewhere\n")), ERR_PRINTER);
	expect_end(pid);
	assert_string_equal(take(), "");
}

static void
on_alarm(int number)
{
	(void)number;
}

/* The timer of a handler's deadline may tick while a document is on its way. */
static void
test_signals(void **state)
{
	const struct itimerval often = { { 0, 1000 }, { 0, 1000 } }, never = { { 0, 0 }, { 0, 0 } };
	pid_t pid = start_supervisor(dir, 20);

	(void)state;
	signal(SIGALRM, on_alarm);
	setitimer(ITIMER_REAL, &often, NULL);
	for (int i = 0; i < 20; i++) {
		assert_int_equal(courier_write(dir, "A2", SPAN("ticks\n")), 0);
		assert_string_equal(take(), "ticks\n");
	}
	setitimer(ITIMER_REAL, &never, NULL);
	expect_end(pid);
}

/* What the supervisor would do: the channel's next message, and the end that came with it. */
static int
next_end(void)
{
	struct pollfd p = { .fd = ends[1], .events = POLLIN };
	struct channel_message m;
	int fd;

	if (poll(&p, 1, 10000) != 1 || channel_receive(ends[1], &m, &fd) != 1)
		_exit(1);
	return fd;
}

/* A supervisor that has taken the first of two documents and says so when the second is
 * there, which it then refuses: the second has failed. */
static void
test_late(void **state)
{
	struct courier_head h;
	uint8_t text[64];
	pid_t pid;
	int fd;

	(void)state;
	if ((pid = fork()) == 0) {
		fd = next_end();
		if (recv(fd, text, sizeof(text), 0) < (ssize_t)sizeof(h))
			_exit(2);
		memcpy(&h, text, sizeof(h));
		h.r = 0;
		next_end();
		if (send(fd, &h, sizeof(h), 0) != sizeof(h))
			_exit(3);
		courier_serve("", fd);
		_exit(0);
	}
	assert_int_equal(courier_write(dir, "A2", SPAN("first\n")), ERR_PRINTER);
	assert_int_equal(courier_write(dir, "A2", SPAN("second\n")), ERR_PRINTER);
	expect_end(pid);
	assert_string_equal(take(), "");
}

/* A supervisor that comes to the first of two documents when it was taken back: what it
 * finds is the second, under its own code, and it finds it once. */
static void
test_behind(void **state)
{
	pid_t pid;

	(void)state;
	assert_int_equal(courier_write(dir, "A2", SPAN("first\n")), ERR_PRINTER);
	pid = start_supervisor(dir, 2);
	assert_int_equal(courier_write(dir, "OE", SPAN("second\n")), 0);
	expect_end(pid);
	assert_string_equal(take(), "second\n");
	assert_string_equal(code, "OE");
	assert_string_equal(take(), "");
}

static int
setup(void **state)
{
	(void)state;
	log_open("test", -1, LOG_ERROR, false);
	return mkdtemp(dir) == NULL;
}

static int
teardown(void **state)
{
	(void)state;
	return rmdir(dir);
}

int
main(void)
{
	static struct rows r;

	rows_add(&r, "without a supervisor", test_alone, NULL);
	rows_add(&r, "by way of it", test_write, NULL);
	rows_add(&r, "what it refuses", test_refused, NULL);
	rows_add(&r, "signals meanwhile", test_signals, NULL);
	rows_add(&r, "an answer that comes late", test_late, NULL);
	rows_add(&r, "a supervisor that is one document behind", test_behind, NULL);
	return rows_run(&r, "courier", setup, teardown);
}
