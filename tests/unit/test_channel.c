/* channel: whole messages in order, with the descriptor that belongs to each. */
#include "rows.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "channel.h"
#include "err.h"

static int ends[2];

static int
setup(void **state)
{
	(void)state;
	return channel_pair(ends);
}

static int
teardown(void **state)
{
	(void)state;
	close(ends[0]);
	close(ends[1]);
	return 0;
}

static void
test_nothing(void **state)
{
	struct channel_message m;
	int fd;

	(void)state;
	assert_int_equal(channel_receive(ends[1], &m, &fd), 0);
	assert_int_equal(fd, -1);
}

static void
test_order(void **state)
{
	struct channel_message m = { .kind = CHANNEL_CLOSED, .number = CHANNEL_TOKENS };
	struct channel_message got;
	int fd;

	(void)state;
	for (uint32_t i = 0; i < CHANNEL_TOKENS; i++)
		m.token[i] = i * 1000;
	assert_int_equal(channel_send(ends[0], &m, -1), 0);
	m = (struct channel_message){ .kind = CHANNEL_SERVES, .number = 7 };
	assert_int_equal(channel_send(ends[0], &m, -1), 0);
	assert_int_equal(channel_receive(ends[1], &got, &fd), 1);
	assert_int_equal(got.number, CHANNEL_TOKENS);
	assert_int_equal(got.token[CHANNEL_TOKENS - 1], (CHANNEL_TOKENS - 1) * 1000);
	assert_int_equal(channel_receive(ends[1], &got, &fd), 1);
	assert_int_equal(got.kind, CHANNEL_SERVES);
	assert_int_equal(got.number, 7);
	assert_int_equal(fd, -1);
}

static void
test_descriptor(void **state)
{
	struct channel_message m = { .kind = CHANNEL_CONNECTION, .lmk = -1,
	    .unix_socket = 1, .token = { 42 } }, got;
	struct stat a, b;
	int sent[2], fd;

	(void)state;
	assert_int_equal(pipe(sent), 0);
	assert_int_equal(channel_send(ends[0], &m, sent[0]), 0);
	assert_int_equal(channel_receive(ends[1], &got, &fd), 1);
	assert_int_equal(got.lmk, -1);
	assert_int_equal(got.unix_socket, 1);
	assert_int_equal(got.token[0], 42);
	assert_true(fd >= 0 && fd != sent[0]);
	assert_int_equal(fstat(fd, &a), 0);
	assert_int_equal(fstat(sent[0], &b), 0);
	assert_int_equal(a.st_ino, b.st_ino);
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	close(fd);
	close(sent[0]);
	close(sent[1]);
}

static void
test_full(void **state)
{
	struct channel_message m = { .kind = CHANNEL_SERVES };
	int fd, r, n = 0;

	(void)state;
	while ((r = channel_send(ends[0], &m, -1)) == 0)
		n++;
	assert_int_equal(r, 1);
	assert_int_equal(channel_receive(ends[1], &m, &fd), 1);
	assert_int_equal(channel_send(ends[0], &m, -1), 0);
	while (channel_receive(ends[1], &m, &fd) == 1)
		n--;
	assert_int_equal(n, 0);
}

/* A count of tokens that the message does not carry must not be believed. */
static void
test_short(void **state)
{
	const uint32_t bytes[] = { CHANNEL_CLOSED, CHANNEL_TOKENS, 0, 0, 1 };
	const uint32_t many[] = { CHANNEL_CLOSED, UINT32_MAX, 0, 0, 1 };
	struct channel_message m;
	int fd;

	(void)state;
	assert_int_equal(write(ends[0], bytes, sizeof(bytes)), sizeof(bytes));
	assert_int_equal(channel_receive(ends[1], &m, &fd), ERR_SYSTEM);
	assert_int_equal(write(ends[0], many, sizeof(many)), sizeof(many));
	assert_int_equal(channel_receive(ends[1], &m, &fd), ERR_SYSTEM);
	assert_int_equal(write(ends[0], many, 7), 7);
	assert_int_equal(channel_receive(ends[1], &m, &fd), ERR_SYSTEM);
}

static void
test_gone(void **state)
{
	struct channel_message m = { .kind = CHANNEL_SERVES };
	int pair[2], fd;

	(void)state;
	assert_int_equal(channel_pair(pair), 0);
	close(pair[1]);
	assert_int_equal(channel_receive(pair[0], &m, &fd), ERR_SYSTEM);
	assert_int_equal(channel_send(pair[0], &m, -1), ERR_SYSTEM);
	close(pair[0]);
}

int
main(void)
{
	struct rows r = { 0 };

	rows_add(&r, "no message yet", test_nothing, NULL);
	rows_add(&r, "two messages in their order", test_order, NULL);
	rows_add(&r, "a descriptor comes with its message", test_descriptor, NULL);
	rows_add(&r, "a full channel says so and goes on later", test_full, NULL);
	rows_add(&r, "a message cut short is no message", test_short, NULL);
	rows_add(&r, "the other end is gone", test_gone, NULL);
	return rows_run(&r, "channel", setup, teardown);
}
