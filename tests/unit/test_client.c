/* client: whole frames whatever the pieces, and an end to every wait. */
#include "client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "config.h"
#include "err.h"

#define BYTES(lit) lit, sizeof(lit) - 1

static int pair[2];
static uint8_t reply[FRAME_LIMIT];

static int
setup(void **state)
{
	(void)state;
	return socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
}

static int
teardown(void **state)
{
	(void)state;
	close(pair[0]);
	close(pair[1]);
	return 0;
}

static const struct row {
	const char *name;
	const char *sent;	/* by the server */
	size_t      n;
	bool        closes;
	int         want;
	size_t      length;	/* of the reply */
} rows[] = {
	{ "a whole reply", BYTES("\0\6" "0001ND"), false, 0, 6 },
	{ "an empty reply", BYTES("\0\0"), false, 0, 0 },
	{ "nothing", BYTES(""), false, ERR_DEADLINE, 0 },
	{ "half a length", BYTES("\0"), false, ERR_DEADLINE, 0 },
	{ "half a reply", BYTES("\0\6" "000"), false, ERR_DEADLINE, 6 },
	{ "closed at once", BYTES(""), true, ERR_SYSTEM, 0 },
	{ "closed in the reply", BYTES("\0\6" "000"), true, ERR_SYSTEM, 6 },
};

static void
test_receive(void **state)
{
	const struct row *row = *state;
	size_t n = 99;

	assert_int_equal(write(pair[1], row->sent, row->n), row->n);
	if (row->closes)
		assert_int_equal(shutdown(pair[1], SHUT_WR), 0);
	assert_int_equal(client_receive(pair[0], reply, &n, 20), row->want);
	if (row->closes)
		assert_int_equal(errno, 0);
	assert_int_equal(n, row->length);
	if (row->want == 0)
		assert_memory_equal(reply, row->sent + FRAME_LENGTH, n);
}

static void
test_two_replies(void **state)
{
	size_t n;

	(void)state;
	assert_int_equal(write(pair[1], "\0\1a\0\2bc", 7), 7);
	assert_int_equal(client_receive(pair[0], reply, &n, 20), 0);
	assert_int_equal(n, 1);
	assert_int_equal(client_receive(pair[0], reply, &n, 20), 0);
	assert_int_equal(n, 2);
	assert_memory_equal(reply, "bc", 2);
}

static void
test_send(void **state)
{
	char got[16];

	(void)state;
	assert_int_equal(client_send(pair[0], SPAN("0001NC"), 20), 0);
	assert_int_equal(read(pair[1], got, sizeof(got)), 8);
	assert_memory_equal(got, "\0\6" "0001NC", 8);
}

/* A server that never reads does not hold us for ever. */
static void
test_send_deadline(void **state)
{
	static uint8_t big[FRAME_LIMIT + 1];
	int r = 0;

	(void)state;
	assert_int_equal(client_send(pair[0], span_of(big, sizeof(big)), 20), ERR_TOO_LONG);
	for (int i = 0; i < 100 && r == 0; i++)
		r = client_send(pair[0], span_of(big, FRAME_LIMIT), 20);
	assert_int_equal(r, ERR_DEADLINE);
}

/* A server gone is an error, not a signal. */
static void
test_send_closed(void **state)
{
	(void)state;
	close(pair[1]);
	assert_int_equal(client_send(pair[0], SPAN("0001NC"), 20), ERR_SYSTEM);
	assert_int_equal(errno, EPIPE);
	pair[1] = -1;
}

static void
test_connect_refused(void **state)
{
	struct client_target to = { .socket = "/none/luahsm.sock" };
	char said[512] = "";
	FILE *err = fmemopen(said, sizeof(said), "w");

	(void)state;
	assert_int_equal(client_connect(&to, 1000, err), -1);
	assert_null(client_ask("/none/admin.sock", "status", 1000, err));
	fclose(err);
	assert_non_null(strstr(said, "cannot connect to /none/luahsm.sock: No such file"));
	assert_non_null(strstr(said, "/none/admin.sock: No such file"));
	assert_non_null(strstr(said, "is `luahsm serve` running?"));
}

/* A process that answers one question on an admin socket with n letters. */
static pid_t
start_admin(const char *path, size_t n)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0), one;
	char line[64], *text;
	bool sent;
	pid_t pid;

	strcpy(address.sun_path, path);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(fd, 1), 0);
	if ((pid = fork()) != 0) {
		close(fd);
		return pid;
	}
	one = accept(fd, NULL, NULL);
	if (read(one, line, sizeof(line)) != 7 || memcmp(line, "status\n", 7) != 0)
		_exit(1);
	text = malloc(n);
	memset(text, 'x', n);
	sent = send(one, text, n, MSG_WAITALL) == (ssize_t)n;
	free(text);
	_exit(sent ? 0 : 1);
}

static void
test_ask(void **state)
{
	static const size_t lengths[] = { 0, 1, 4094, 4095, 4096, 4097, 100000 };
	char dir[] = "/tmp/test_client.XXXXXX", path[64];
	int status;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/admin.sock", dir);
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		pid_t pid = start_admin(path, lengths[i]);
		char *answer = client_ask(path, "status", 5000, stderr);

		assert_non_null(answer);
		assert_int_equal(strlen(answer), lengths[i]);
		free(answer);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_int_equal(status, 0);
		assert_int_equal(unlink(path), 0);
	}
	assert_int_equal(rmdir(dir), 0);
}

static const struct target_row {
	const char *name;
	const char *set[3];
	const char *host;
	const char *want;
} target_rows[] = {
	{ "TCP by default", { NULL }, NULL, "127.0.0.1:1500" },
	{ "another port", { "port=1600" }, NULL, "127.0.0.1:1600" },
	{ "another host", { NULL }, "hsm.example", "hsm.example:1500" },
	{ "the socket when asked for", { "socket=/x" }, NULL, "/x" },
	{ "the socket when there is no port", { "port=0" }, NULL, "/r/luahsm/luahsm.sock" },
	{ "a host means TCP", { "socket=/x" }, "::1", "[::1]:1500" },
	{ "the address that the server has", { "address=10.0.0.1" }, NULL, "10.0.0.1:1500" },
	{ "all addresses mean this machine", { "address=0.0.0.0" }, NULL, "127.0.0.1:1500" },
	{ "all of IPv6 too", { "address=::" }, NULL, "[::1]:1500" },
};

static void
test_target(void **state)
{
	const struct target_row *row = *state;
	struct client_target to;
	struct config *c = malloc(sizeof(*c));
	char text[512] = "";
	FILE *f = fmemopen(text, sizeof(text), "w");
	size_t n = 0;

	while (n < 3 && row->set[n] != NULL)
		n++;
	setenv("XDG_RUNTIME_DIR", "/r", 1);
	assert_int_equal(config_load(c, "/dev/null", row->set, n, stderr), 0);
	client_target(c, row->host, &to);
	client_print(&to, f);
	fclose(f);
	free(c);
	assert_string_equal(text, row->want);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

enum {
	ROWS    = sizeof(rows) / sizeof(rows[0]),
	TARGETS = sizeof(target_rows) / sizeof(target_rows[0]),
	OTHERS  = 6
};

int
main(void)
{
	struct CMUnitTest tests[OTHERS + ROWS + TARGETS] = {
		TEST(test_two_replies), TEST(test_send), TEST(test_send_deadline),
		TEST(test_send_closed), TEST(test_connect_refused), TEST(test_ask),
	};

	for (size_t i = 0; i < ROWS; i++)
		tests[OTHERS + i] = (struct CMUnitTest){ .name = rows[i].name,
			.test_func = test_receive, .setup_func = setup,
			.teardown_func = teardown, .initial_state = (void *)(uintptr_t)&rows[i] };
	for (size_t i = 0; i < TARGETS; i++)
		tests[OTHERS + ROWS + i] = (struct CMUnitTest){ .name = target_rows[i].name,
			.test_func = test_target,
			.initial_state = (void *)(uintptr_t)&target_rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
