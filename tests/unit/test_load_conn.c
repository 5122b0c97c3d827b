/* load_conn: every way a reply can be wrong is seen, and nothing is counted twice. */
#include "load_conn.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "err.h"

enum { DEPTH = 4, HEADER = 4 };

static struct load load;
static struct load_shared shared;
static struct load_conn conn;
static struct load_result result;
static int server;

static int
setup(void **state)
{
	int pair[2];

	(void)state;
	load = (struct load){ .header_length = HEADER, .connections = 1, .depth = DEPTH,
		.kinds = 2 };
	load.kind[0] = (struct load_kind){ .name = "NC", .request = SPAN("NC"),
		.reply = SPAN("ND00x"), .fixed = true, .weight = 1 };
	load.kind[1] = (struct load_kind){ .name = "A0", .request = SPAN("A00001U"),
		.reply = SPAN("A100random"), .fixed = false, .weight = 1 };
	memset(&conn, 0, sizeof(conn));
	memset(&result, 0, sizeof(result));
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0 ||
	    load_shared_init(&shared, &load) != 0 || load_conn_open(&shared, &conn) != 0)
		return -1;
	conn.fd = pair[0];
	server = pair[1];
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	load_conn_close(&conn);
	load_shared_free(&shared);
	close(server);
	return 0;
}

/* A reply to request number n. */
static void
answer(uint8_t n, const char *text)
{
	uint8_t frame[64] = { 0 };
	size_t len = strlen(text);

	frame[1] = (uint8_t)(HEADER + len);
	frame[FRAME_LENGTH + HEADER - 1] = n;
	memcpy(frame + FRAME_LENGTH + HEADER, text, len);
	assert_int_equal(write(server, frame, FRAME_LENGTH + HEADER + len),
	    FRAME_LENGTH + HEADER + len);
}

static void
test_requests(void **state)
{
	static const char want[] = "\0\6\0\0\0\1NC" "\0\13\0\0\0\2A00001U" "\0\6\0\0\0\3NC"
	    "\0\13\0\0\0\4A00001U";
	char got[64];

	(void)state;
	for (int i = 0; i < DEPTH; i++) {
		assert_true(load_conn_room(&shared, &conn));
		load_conn_build(&shared, &conn, 100);
	}
	assert_false(load_conn_room(&shared, &conn));
	assert_int_equal(shared.under_way, DEPTH);
	assert_int_equal(load_conn_flush(&conn), 0);
	assert_int_equal(read(server, got, sizeof(got)), sizeof(want) - 1);
	assert_memory_equal(got, want, sizeof(want) - 1);
	assert_int_equal(load_conn_drop(&shared, &conn), DEPTH);
	close(server);
	assert_int_equal(shared.under_way, 0);
	assert_true(load_conn_room(&shared, &conn));
	server = -1;
}

static const struct row {
	const char *name;
	uint8_t     number;	/* that the first reply carries; it should be 1 */
	const char *reply;
	const char *fault;	/* NULL: none */
} rows[] = {
	{ "as it must be", 1, "ND00x", NULL },
	{ "another header", 2, "ND00x", "NC: another message header" },
	{ "another reply code", 1, "NE00x", "NC: another reply code" },
	{ "another error code", 1, "ND15", "NC: another error code (error code 15)" },
	{ "a byte less", 1, "ND00", "NC: another length" },
	{ "a byte more", 1, "ND00xx", "NC: another length" },
	{ "another content", 1, "ND00y", "NC: another content" },
	{ "next to nothing", 1, "N", "NC: another message header" },
};

static void
test_reply(void **state)
{
	const struct row *row = *state;

	load_conn_build(&shared, &conn, 100);
	assert_int_equal(load_conn_flush(&conn), 0);
	answer(row->number, row->reply);
	assert_int_equal(load_conn_read(&shared, &conn, &result, 250), 0);
	assert_int_equal(shared.under_way, 0);
	assert_int_equal(result.requests, row->fault == NULL);
	assert_int_equal(result.wrong, row->fault != NULL);
	if (row->fault != NULL)
		assert_memory_equal(result.first_wrong, row->fault, strlen(row->fault));
	else
		assert_int_equal(result.latency.max, 150);
}

/* What is random is compared by code and length only. */
static void
test_random(void **state)
{
	(void)state;
	load_conn_build(&shared, &conn, 0);
	load_conn_build(&shared, &conn, 0);
	answer(1, "ND00x");
	answer(2, "A100RANDOM");
	assert_int_equal(load_conn_read(&shared, &conn, &result, 1), 0);
	assert_int_equal(result.requests, 2);
	assert_int_equal(result.wrong, 0);
}

/* A reply that comes a byte at a time is one reply. */
static void
test_pieces(void **state)
{
	static const char reply[] = "\0\11\0\0\0\1ND00x";

	(void)state;
	load_conn_build(&shared, &conn, 0);
	for (size_t i = 0; i < sizeof(reply) - 1; i++) {
		assert_int_equal(result.requests, 0);
		assert_int_equal(write(server, reply + i, 1), 1);
		assert_int_equal(load_conn_read(&shared, &conn, &result, 1), 0);
	}
	assert_int_equal(result.requests, 1);
	assert_int_equal(load_conn_read(&shared, &conn, &result, 1), 0);
}

static void
test_unasked(void **state)
{
	(void)state;
	answer(1, "ND00x");
	assert_int_equal(load_conn_read(&shared, &conn, &result, 1), ERR_SYSTEM);
	assert_int_equal(result.wrong, 1);
}

static void
test_closed(void **state)
{
	(void)state;
	load_conn_build(&shared, &conn, 0);
	assert_int_equal(shutdown(server, SHUT_RDWR), 0);
	assert_int_equal(load_conn_read(&shared, &conn, &result, 1), ERR_SYSTEM);
	assert_int_equal(load_conn_flush(&conn), ERR_SYSTEM);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

enum { ROWS = sizeof(rows) / sizeof(rows[0]), OTHERS = 5 };

int
main(void)
{
	struct CMUnitTest tests[OTHERS + ROWS] = {
		TEST(test_requests), TEST(test_random), TEST(test_pieces), TEST(test_unasked),
		TEST(test_closed),
	};

	for (size_t i = 0; i < ROWS; i++)
		tests[OTHERS + i] = (struct CMUnitTest){ .name = rows[i].name,
			.test_func = test_reply, .setup_func = setup,
			.teardown_func = teardown, .initial_state = (void *)(uintptr_t)&rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
