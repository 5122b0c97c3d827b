/*
 * load: one epoll loop, prebuilt frames, one read and one write per wakeup.
 */
#include "load.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "err.h"
#include "load_conn.h"
#include "stats.h"

enum {
	EVENTS = 256,
	DRAIN_MS = 2000,	/* how long replies are waited for at the end */
	RETRY_MS = 10		/* between two tries to connect again */
};

#define SECOND UINT64_C(1000000000)
#define MS     UINT64_C(1000000)

struct run {
	const struct load  *load;
	struct load_result *result;
	struct load_shared  shared;
	struct load_conn   *conn;
	int                 epoll;
	uint64_t            start, end, now, next_progress, next_retry;
	uint64_t            issued;		/* fixed rate: requests handed out */
	unsigned            next;		/* connection that gets the next one */
	unsigned            down;		/* connections to be made again */
	bool                full;		/* no connection has room for what is due */
	bool                ending;
};

/* --- the first replies ---------------------------------------------------- */

static int
probe_kind(struct load *load, struct load_kind *kind, int fd, FILE *err)
{
	static uint8_t message[FRAME_LIMIT], reply[FRAME_LIMIT];
	size_t h = load->header_length, n;
	uint8_t *copy;

	if (h + kind->request.n > sizeof(message)) {
		fprintf(err, "luahsm: %s is longer than any message\n", kind->name);
		return -1;
	}
	memset(message, '0', h);
	memcpy(message + h, kind->request.p, kind->request.n);
	if (client_send(fd, span_of(message, h + kind->request.n), CLIENT_MS) != 0 ||
	    client_receive(fd, reply, &n, CLIENT_MS) != 0) {
		fprintf(err, "luahsm: %s: no reply; is the server's message.header_length %zu?\n",
		    kind->name, h);
		return -1;
	}
	if (n < h + 4 || memcmp(reply, message, h) != 0 || reply[h] != message[h] ||
	    reply[h + 1] != message[h + 1] + 1) {
		fprintf(err, "luahsm: %s: the reply has another header or code\n", kind->name);
		return -1;
	}
	if ((copy = malloc(n - h)) == NULL) {
		fputs("luahsm: no memory\n", err);
		return -1;
	}
	memcpy(copy, reply + h, n - h);
	kind->reply = span_of(copy, n - h);
	return 0;
}

int
load_probe(struct load *load, bool *connected, FILE *err)
{
	int fd = client_connect(&load->target, CLIENT_MS, err), r = 0;

	*connected = fd >= 0;
	if (fd < 0)
		return -1;
	for (size_t i = 0; i < load->kinds && r == 0; i++)
		r = probe_kind(load, &load->kind[i], fd, err);
	close(fd);
	return r;
}

void
load_free(struct load *load)
{
	for (size_t i = 0; i < load->kinds; i++) {
		free((void *)(uintptr_t)load->kind[i].reply.p);
		load->kind[i].reply = span_of(NULL, 0);
	}
}

/* --- connections ---------------------------------------------------------- */

static void
want(struct run *run, struct load_conn *c, int op)
{
	struct epoll_event e = { .events = EPOLLIN, .data.ptr = c };

	if (load_conn_blocked(c))
		e.events |= EPOLLOUT;
	(void)epoll_ctl(run->epoll, op, c->fd, &e);
}

/* Connect one that is down. false: not now. */
static bool
bring_up(struct run *run, struct load_conn *c, FILE *err)
{
	int on = 1;

	c->fd = client_connect(&run->load->target, CLIENT_MS, err);
	if (c->fd < 0)
		return false;
	(void)setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	(void)fcntl(c->fd, F_SETFL, O_NONBLOCK);
	want(run, c, EPOLL_CTL_ADD);
	run->down--;
	return true;
}

/* The server has ended a connection: what was under way on it is lost. */
static void
take_down(struct run *run, struct load_conn *c)
{
	close(c->fd);
	run->result->reset++;
	run->result->lost += load_conn_drop(&run->shared, c);
	run->down++;
}

/* Send what is built; note when the socket is full, or emptied again. */
static void
flush(struct run *run, struct load_conn *c)
{
	bool was_blocked = load_conn_blocked(c);

	if (load_conn_flush(c) != 0)
		take_down(run, c);
	else if (load_conn_blocked(c) != was_blocked)
		want(run, c, EPOLL_CTL_MOD);
}

/* Closed loop: fill the connection up. */
static void
fill(struct run *run, struct load_conn *c)
{
	bool any = false;

	while (c->fd >= 0 && !run->ending && load_conn_room(&run->shared, c)) {
		load_conn_build(&run->shared, c, run->now);
		any = true;
	}
	if (any)
		flush(run, c);
}

/* Fixed rate: when the next request falls due. */
static uint64_t
due_at(const struct run *run)
{
	return run->start + (uint64_t)((double)run->issued / run->load->rate * (double)SECOND);
}

/*
 * Hand out the requests that are due: as many as it takes to one connection,
 * which sends them at once, the rest to the next one.
 */
static void
hand_out(struct run *run)
{
	unsigned n = run->load->connections, tried = 0;

	while (!run->ending && due_at(run) <= run->now && tried < n) {
		struct load_conn *c = &run->conn[run->next];
		bool any = false;

		run->next = run->next + 1 == n ? 0 : run->next + 1;
		tried++;
		while (c->fd >= 0 && due_at(run) <= run->now &&
		    load_conn_room(&run->shared, c)) {
			load_conn_build(&run->shared, c, due_at(run));
			run->issued++;
			any = true;
		}
		if (any) {
			flush(run, c);
			tried = 0;
		}
	}
	run->full = tried == n;
}

static void
serve(struct run *run, const struct epoll_event *e)
{
	struct load_conn *c = e->data.ptr;

	if (c->fd < 0)
		return;
	run->now = stats_now();
	if ((e->events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0 &&
	    load_conn_read(&run->shared, c, run->result, run->now) != 0) {
		take_down(run, c);
		return;
	}
	if ((e->events & EPOLLOUT) != 0)
		flush(run, c);
	if (run->load->rate <= 0)
		fill(run, c);
}

/* Connect again what the server has closed, but not in a hot loop. */
static void
mend(struct run *run)
{
	FILE *quiet;

	if (run->down == 0 || run->ending || run->now < run->next_retry)
		return;
	run->next_retry = run->now + RETRY_MS * MS;
	if ((quiet = fopen("/dev/null", "w")) == NULL)
		return;
	for (unsigned i = 0; i < run->load->connections; i++) {
		if (run->conn[i].fd >= 0)
			continue;
		if (!bring_up(run, &run->conn[i], quiet))
			break;
		if (run->load->rate <= 0)
			fill(run, &run->conn[i]);
	}
	fclose(quiet);
}

/* --- the loop -------------------------------------------------------------- */

/* How long the loop may sleep. */
static struct timespec
patience(const struct run *run)
{
	uint64_t until = run->ending ? run->end + DRAIN_MS * MS : run->end;
	uint64_t left;

	if (run->next_progress < until)
		until = run->next_progress;
	if (run->down > 0 && !run->ending && run->next_retry < until)
		until = run->next_retry;
	/* while no connection has room, only a reply changes anything */
	if (run->load->rate > 0 && !run->ending && !run->full && due_at(run) < until)
		until = due_at(run);
	left = until > run->now ? until - run->now : 0;
	return (struct timespec){ (time_t)(left / SECOND), (long)(left % SECOND) };
}

static void
tell(struct run *run, void (*progress)(const struct load_result *))
{
	if (run->now < run->next_progress)
		return;
	run->next_progress = run->now + SECOND;
	run->result->seconds = (double)(run->now - run->start) / (double)SECOND;
	if (progress != NULL)
		progress(run->result);
}

static void
loop(struct run *run, void (*progress)(const struct load_result *))
{
	struct epoll_event events[EVENTS];

	for (;;) {
		struct timespec sleep = patience(run);
		int n = epoll_pwait2(run->epoll, events, EVENTS, &sleep, NULL);

		run->now = stats_now();
		run->ending = run->now >= run->end;
		for (int i = 0; i < n; i++)
			serve(run, &events[i]);
		if (run->ending && (run->shared.under_way == 0 ||
		    run->now >= run->end + DRAIN_MS * MS))
			return;
		mend(run);
		if (run->load->rate > 0)
			hand_out(run);
		tell(run, progress);
	}
}

static int
start(struct run *run, FILE *err)
{
	unsigned n = run->load->connections;

	(void)prctl(PR_SET_TIMERSLACK, 1000UL);
	run->conn = calloc(n, sizeof(*run->conn));
	run->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (run->conn == NULL || run->epoll < 0) {
		fprintf(err, "luahsm: %s\n", strerror(errno));
		return -1;
	}
	for (unsigned i = 0; i < n; i++)
		run->conn[i].fd = -1;
	run->down = n;
	for (unsigned i = 0; i < n; i++) {
		if (load_conn_open(&run->shared, &run->conn[i]) != 0) {
			fputs("luahsm: no memory\n", err);
			return -1;
		}
		if (!bring_up(run, &run->conn[i], err))
			return -1;
	}
	return 0;
}

/* Descriptors for the connections, up to what this user may have. */
static void
raise_files(unsigned connections)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= connections + 64)
		return;
	limit.rlim_cur = limit.rlim_max < connections + 64 ? limit.rlim_max : connections + 64;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

int
load_run(const struct load *load, struct load_result *result,
    void (*progress)(const struct load_result *so_far), FILE *err)
{
	struct run run = { .load = load, .result = result, .epoll = -1 };
	int r;

	memset(result, 0, sizeof(*result));
	raise_files(load->connections);
	r = load_shared_init(&run.shared, load);
	if (r != 0)
		fputs("luahsm: no memory\n", err);
	else
		r = start(&run, err);
	if (r == 0) {
		run.start = run.now = stats_now();
		run.end = run.start + (uint64_t)(load->seconds * (double)SECOND);
		run.next_progress = run.start + SECOND;
		for (unsigned i = 0; i < load->connections && load->rate <= 0; i++)
			fill(&run, &run.conn[i]);
		loop(&run, progress);
		result->seconds = (double)(run.now - run.start) / (double)SECOND;
		result->lost += run.shared.under_way;
	}
	for (unsigned i = 0; run.conn != NULL && i < load->connections; i++)
		load_conn_close(&run.conn[i]);
	free(run.conn);
	if (run.epoll >= 0)
		close(run.epoll);
	load_shared_free(&run.shared);
	return r;
}
