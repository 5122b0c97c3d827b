/*
 * conn: what goes in at one end of a socket pair comes out answered, in
 * order, however it was cut, and nothing is held longer than needed.
 *
 * command_run is this file's: EC echoes, BG answers with 60,000 bytes, SL
 * takes longer than a turn may.
 */
#include "rows.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "command.h"
#include "config.h"
#include "conn.h"
#include "conns.h"
#include "frame.h"
#include "log.h"
#include "pool.h"
#include "stats.h"

enum { BIG = 60000, TOKEN = 7, SEEN = 4096 };

#define BYTES(lit) { (const uint8_t *)(lit), sizeof(lit) - 1 }

static struct config       config;
static struct stats_worker stats;
static struct event_base  *base;
static struct conns       *conns;
static int                 host;	/* the host's end */
static uint32_t            closed;	/* token of the last connection that ended; 0: none */
static int                 seen[SEEN];	/* origin.lmk of each request, in order */
static unsigned            nseen;

size_t
command_run(struct commands *c, const struct origin *from, struct span msg, uint8_t *out,
    size_t room)
{
	struct span code = span_sub(msg, 4, 2);
	size_t n = 8;

	(void)c;
	assert_true(room >= FRAME_LIMIT);
	assert_true(atomic_load(&stats.busy_since) != 0);
	seen[nseen++ % SEEN] = from->lmk;
	memcpy(out, msg.p, 6);
	memcpy(out + 6, "00", 2);
	if (span_is(code, "BG")) {
		memset(out + 8, 'x', BIG - 8);
		return BIG;
	}
	if (span_is(code, "SL"))
		usleep(2 * CONN_TURN_US);
	memcpy(out + n, msg.p + 6, msg.n - 6);
	return n + msg.n - 6;
}

/* PR is a command that prints. */
size_t
command_second(struct commands *c, struct span msg, uint8_t *out)
{
	(void)c;
	if (!span_is(span_sub(msg, 4, 2), "PR"))
		return 0;
	memcpy(out, msg.p, 5);
	memcpy(out + 5, "Z00", 3);
	return 8;
}

size_t
command_fail(struct commands *c, struct span msg, int r, uint8_t *out)
{
	(void)c;
	(void)r;
	memcpy(out, msg.p, 6);
	memcpy(out + 6, "41", 2);
	return 8;
}

static void
on_closed(void *arg, uint32_t token)
{
	(void)arg;
	closed = token;
}

/* Add a connection; the host's end of it. */
static int
connect_host(int lmk, uint32_t token)
{
	const struct origin from = { .lmk = lmk, .unix_socket = true };
	int ends[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
	conns_add(conns, ends[1], token, from);
	return ends[0];
}

static int
setup(void **state)
{
	(void)state;
	signal(SIGPIPE, SIG_IGN);
	log_open("test", -1, LOG_ERROR, false);
	config = (struct config){ .header_length = 4, .frame_max = 32768 };
	memset(&stats, 0, sizeof(stats));
	closed = 0;
	nseen = 0;
	base = event_base_new();
	conns = conns_new(base, &config, NULL, &stats, on_closed, NULL);
	host = connect_host(1, TOKEN);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	conns_free(conns);
	event_base_free(base);
	close(host);
	return 0;
}

/* The loop until nothing has happened for a moment. */
static void
pump(void)
{
	for (int i = 0; i < 40; i++)
		event_base_loop(base, EVLOOP_NONBLOCK);
}

static void
send_all(int fd, struct span s)
{
	while (s.n > 0) {
		ssize_t n = write(fd, s.p, s.n);

		if (n > 0)
			s = span_sub(s, (size_t)n, s.n - (size_t)n);
		else if (errno != EAGAIN)
			return;
		pump();
	}
}

/* Everything there is to read. -1: the end of the stream came, too; bytes in *n. */
static int
receive(int fd, uint8_t *buf, size_t size, size_t *n)
{
	ssize_t r;

	*n = 0;
	pump();
	while (*n < size && (r = read(fd, buf + *n, size - *n)) != 0) {
		if (r < 0)
			return 0;
		*n += (size_t)r;
		pump();
	}
	return *n < size ? -1 : 0;
}

static struct conn *
only(void)
{
	return LIST_FIRST(&conns->all);
}

/* --- what is said -------------------------------------------------------- */

static const struct row {
	const char *name;
	struct span in, out;
	bool        ends;
} rows[] = {
	{ "one message", BYTES("\0\10" "1234ECab"), BYTES("\0\12" "1234EC00ab"), false },
	{ "two in one segment", BYTES("\0\6" "1234EC" "\0\7" "5678ECx"),
	    BYTES("\0\10" "1234EC00" "\0\11" "5678EC00x"), false },
	{ "header of any bytes", BYTES("\0\6" "\0\377\n\x19" "EC"),
	    BYTES("\0\10" "\0\377\n\x19" "EC00"), false },
	{ "two replies to one, then the next", BYTES("\0\6" "1234PR" "\0\6" "5678EC"),
	    BYTES("\0\10" "1234PR00" "\0\10" "1234PZ00" "\0\10" "5678EC00"), false },
	{ "a message and a half", BYTES("\0\6" "1234EC" "\0\6" "56"),
	    BYTES("\0\10" "1234EC00"), false },
	{ "length nought ends it", BYTES("\0\0"), BYTES(""), true },
	{ "too short for header and code ends it", BYTES("\0\5" "1234E"), BYTES(""), true },
	{ "too long ends it", BYTES("\200\1"), BYTES(""), true },
	{ "but what came before is answered", BYTES("\0\6" "1234EC" "\0\0" "\0\6" "5678EC"),
	    BYTES("\0\10" "1234EC00"), true },
};

static void
expect(const struct row *row)
{
	uint8_t got[256];
	size_t n;

	assert_int_equal(receive(host, got, sizeof(got), &n), row->ends ? -1 : 0);
	assert_int_equal(n, row->out.n);
	assert_memory_equal(got, row->out.p, n);
	if (!row->ends)
		assert_int_equal(conns_count(conns), 1);
}

static void
test_whole(void **state)
{
	setup(NULL);
	send_all(host, ((const struct row *)*state)->in);
	expect(*state);
	teardown(NULL);
}

static void
test_bytewise(void **state)
{
	const struct row *row = *state;

	setup(NULL);
	for (size_t i = 0; i < row->in.n; i++) {
		send_all(host, span_sub(row->in, i, 1));
		pump();
	}
	expect(row);
	teardown(NULL);
}

/* --- turns --------------------------------------------------------------- */

/* n messages with rising headers into buf; the bytes they take. */
static size_t
messages(uint8_t *buf, unsigned n, const char *code)
{
	size_t at = 0;

	for (unsigned i = 0; i < n; i++) {
		char text[8];

		snprintf(text, sizeof(text), "%04u%s", i % 10000, code);
		frame_length(buf + at, 6);
		memcpy(buf + at + FRAME_LENGTH, text, 6);
		at += FRAME_LENGTH + 6;
	}
	return at;
}

static void
test_pipeline(void **state)
{
	static uint8_t in[16 * 1024], out[16 * 1024];
	size_t n;

	(void)state;
	setup(NULL);
	send_all(host, span_of(in, messages(in, 1000, "EC")));
	for (int i = 0; i < 10; i++)
		pump();
	receive(host, out, sizeof(out), &n);
	assert_int_equal(n, 1000 * 10);
	for (unsigned i = 0; i < 1000; i++)
		assert_memory_equal(out + i * 10 + 2, in + i * 8 + 2, 4);
	assert_int_equal(stats.requests, 1000);
	assert_int_equal(stats.bytes_in, 8000);
	assert_int_equal(stats.bytes_out, 10000);
	assert_int_equal(stats.latency.count, 1000);
	assert_int_equal(atomic_load(&stats.busy_since), 0);
	teardown(NULL);
}

/* How many requests of connection 1 ran before the first of connection 2? */
static unsigned
before_second(void)
{
	unsigned n = 0;

	while (n < nseen && seen[n] == 1)
		n++;
	return n;
}

static const struct turn {
	const char *name;
	const char *code;
	unsigned    most;
} turns[] = {
	{ "a flood waits after 16 requests", "EC", CONN_TURN_REQUESTS },
	{ "a slow request ends the turn", "SL", 1 },
};

static void
test_turn(void **state)
{
	static uint8_t in[4096], out[8192];
	const struct turn *turn = *state;
	size_t n;
	int second;

	setup(NULL);
	second = connect_host(2, TOKEN + 1);
	send_all(second, span_of(in, 0));
	assert_true(write(host, in, messages(in, 200, turn->code)) > 0);
	assert_true(write(second, in, messages(in, 1, "EC")) > 0);
	for (int i = 0; i < 20; i++)
		pump();
	assert_int_equal(nseen, 201);
	assert_in_range(before_second(), 0, turn->most);
	assert_int_equal(receive(host, out, sizeof(out), &n), 0);
	assert_int_equal(n, 2000);
	close(second);
	teardown(NULL);
}

/* A host that sends and never reads: two blocks, then the kernel holds it up. */
static void
test_never_reads(void **state)
{
	static uint8_t in[8 * 4096], out[2 * BIG];
	size_t bytes = messages(in, 4096, "BG"), n, sum = 0;
	unsigned served;

	(void)state;
	setup(NULL);
	(void)!write(host, in, bytes);
	for (int i = 0; i < 10; i++)
		pump();
	served = nseen;
	assert_in_range(served, 1, 100);
	assert_true(pool_taken(conns->pool) <= 2);
	assert_int_equal(only()->awaits, EV_WRITE);
	pump();
	assert_int_equal(nseen, served);
	while (receive(host, out, sizeof(out), &n) == 0 && n > 0)
		sum += n;
	assert_int_equal(sum, 4096 * (BIG + FRAME_LENGTH));
	assert_int_equal(pool_taken(conns->pool), 0);
	assert_int_equal(only()->awaits, EV_READ);
	teardown(NULL);
}

/* --- what is held -------------------------------------------------------- */

static void
test_idle_holds_nothing(void **state)
{
	(void)state;
	setup(NULL);
	assert_int_equal(pool_taken(conns->pool), 0);
	send_all(host, SPAN("\0\6" "1234EC"));
	pump();
	assert_int_equal(pool_taken(conns->pool), 0);
	send_all(host, SPAN("\0\6" "12"));
	pump();
	assert_int_equal(pool_taken(conns->pool), 1);
	teardown(NULL);
}

/* Bytes of a message that has been answered are gone while the next is awaited. */
static void
test_wiped(void **state)
{
	const struct conn *c;

	(void)state;
	setup(NULL);
	send_all(host, SPAN("\0\32" "1234ECmarker-marker-marker" "\0\10" "5678"));
	pump();
	c = only();
	assert_int_equal(c->in_end, 6);
	for (size_t i = c->in_end; i < 256; i++)
		assert_int_equal(c->in[i], 0);
	teardown(NULL);
}

static const struct due {
	const char *name;
	struct span in;
	uint64_t    idle_ms;
	uint64_t    seconds;	/* until it is closed; 0: never */
} dues[] = {
	{ "idle, without a limit", BYTES(""), 0, 0 },
	{ "idle, with one", BYTES("\0\6" "1234EC"), 300000, 300 },
	{ "half a length", BYTES("\0"), 0, CONN_HEADER_S },
	{ "half a header", BYTES("\0\10" "12"), 0, CONN_HEADER_S },
	{ "half a body", BYTES("\0\10" "1234E"), 300000, CONN_FRAME_S },
	{ "half a second message", BYTES("\0\6" "1234EC" "\0"), 0, CONN_HEADER_S },
	{ "a reply that is not taken", BYTES("\0\6" "1234BG" "\0\6" "1234BG" "\0\6" "1234BG"
	    "\0\6" "1234BG" "\0\6" "1234BG" "\0\6" "1234BG"), 0, CONN_WRITE_S },
};

static void
test_due(void **state)
{
	const struct due *due = *state;
	uint64_t want = due->seconds * 1000000000U, left;

	setup(NULL);
	config.idle_ms = (unsigned)due->idle_ms;
	send_all(host, due->in);
	pump();
	left = only()->timeout.due;
	if (due->seconds == 0)
		assert_int_equal(left, 0);
	else
		assert_in_range(left - stats_now(), want - 1000000000U, want);
	teardown(NULL);
}

/* While its replies are not taken a host is not read: that time is not the message's. */
static void
test_held_up(void **state)
{
	static uint8_t out[2 * BIG];
	const uint64_t second = 1000000000U;
	size_t n;

	(void)state;
	setup(NULL);
	send_all(host, SPAN("\0\6" "1234BG" "\0\6" "1234BG" "\0\6" "1234BG" "\0\6" "1234BG"
	    "\0\10" "5678E"));
	pump();
	assert_non_null(only()->out);
	assert_int_equal(only()->in_end - only()->in_start, 7);
	only()->frame_began -= 20 * second;
	while (receive(host, out, sizeof(out), &n) == 0 && n > 0)
		;
	assert_int_equal(conns_count(conns), 1);
	assert_null(only()->out);
	assert_in_range(only()->timeout.due - stats_now(), (CONN_FRAME_S - 1) * second,
	    CONN_FRAME_S * second);
	teardown(NULL);
}

/* --- how it ends --------------------------------------------------------- */

static void
test_expires(void **state)
{
	const uint64_t end = stats_now() + 2000000000U;
	uint8_t c;

	(void)state;
	setup(NULL);
	config.idle_ms = 10;
	send_all(host, SPAN("\0\6" "1234EC"));
	while (closed == 0 && stats_now() < end)
		event_base_loop(base, EVLOOP_ONCE);
	assert_int_equal(closed, TOKEN);
	assert_int_equal(conns_count(conns), 0);
	assert_int_equal(conns->wheel.entries, 0);
	assert_int_equal(read(host, &c, 1), 1);
	teardown(NULL);
}

static void
test_half_closed(void **state)
{
	static uint8_t in[4096], out[8192];
	size_t n;

	(void)state;
	setup(NULL);
	send_all(host, span_of(in, messages(in, 100, "EC")));
	shutdown(host, SHUT_WR);
	assert_int_equal(receive(host, out, sizeof(out), &n), -1);
	assert_int_equal(n, 1000);
	assert_int_equal(closed, TOKEN);
	assert_int_equal(pool_taken(conns->pool), 0);
	teardown(NULL);
}

/* The host goes at some stage: nothing is left of it, whatever was on its way. */
static const struct gone {
	const char *name;
	struct span in;
} gones[] = {
	{ "gone before a word", BYTES("") },
	{ "gone in a message", BYTES("\0\10" "12") },
	{ "gone before its reply", BYTES("\0\6" "1234EC") },
	{ "gone with replies stuck", BYTES("\0\6" "1234BG" "\0\6" "1234BG" "\0\6" "1234BG"
	    "\0\6" "1234BG" "\0\6" "1234BG" "\0\6" "1234BG") },
};

static void
test_gone(void **state)
{
	const struct gone *gone = *state;

	for (int pumped = 0; pumped < 2; pumped++) {
		setup(NULL);
		if (gone->in.n > 0)
			assert_int_equal(write(host, gone->in.p, gone->in.n), gone->in.n);
		if (pumped)
			pump();
		close(host);
		pump();
		assert_int_equal(closed, TOKEN);
		assert_int_equal(conns_count(conns), 0);
		assert_int_equal(pool_taken(conns->pool), 0);
		assert_int_equal(atomic_load(&stats.connections), 0);
		host = -1;
		teardown(NULL);
	}
}

static void
test_drain(void **state)
{
	uint8_t got[64];
	size_t n;
	int idle;

	(void)state;
	setup(NULL);
	idle = connect_host(2, TOKEN + 1);
	send_all(host, SPAN("\0\6" "1234EC" "\0\6" "56"));
	assert_int_equal(write(idle, "\0\6" "9999EC", 8), 8);	/* not even read yet */
	conns_drain(conns);
	assert_int_equal(receive(idle, got, sizeof(got), &n), -1);
	assert_int_equal(n, 10);
	close(idle);
	assert_int_equal(receive(host, got, sizeof(got), &n), 0);
	assert_int_equal(n, 10);
	send_all(host, SPAN("78EC"));
	assert_int_equal(receive(host, got, sizeof(got), &n), -1);
	assert_int_equal(n, 10);
	assert_memory_equal(got + 2, "5678EC00", 8);
	shutdown(host, SHUT_WR);
	pump();
	assert_int_equal(conns_count(conns), 0);
	teardown(NULL);
}

int
main(void)
{
	struct rows r = { 0 };

	ROWS(&r, rows, test_whole);
	ROWS(&r, rows, test_bytewise);
	rows_add(&r, "a thousand in one write are answered in order", test_pipeline, NULL);
	ROWS(&r, turns, test_turn);
	rows_add(&r, "a host that never reads is not read", test_never_reads, NULL);
	rows_add(&r, "an idle connection holds no block", test_idle_holds_nothing, NULL);
	rows_add(&r, "what has been answered is wiped", test_wiped, NULL);
	ROWS(&r, dues, test_due);
	rows_add(&r, "late replies do not count against the next message", test_held_up, NULL);
	rows_add(&r, "time that is up closes it", test_expires, NULL);
	rows_add(&r, "a host that ends its side gets all its answers", test_half_closed, NULL);
	ROWS(&r, gones, test_gone);
	rows_add(&r, "a drain answers what has been sent", test_drain, NULL);
	return rows_run(&r, "conn", NULL, NULL);
}
