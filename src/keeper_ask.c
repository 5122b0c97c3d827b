/*
 * keeper_ask: the worker's side of the keeper.
 */
#include "keeper.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>

#include "err.h"

static int64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Wait until end is ready. 0, ERR_DEADLINE or ERR_SYSTEM. */
static int
wait_for(int end, short events, int64_t until)
{
	struct pollfd p = { .fd = end, .events = events };

	for (;;) {
		int64_t left = until - now_ms();
		int n = poll(&p, 1, left > 0 ? (int)left : 0);

		if (n > 0)
			return 0;
		if (n == 0)
			return ERR_DEADLINE;
		if (errno != EINTR)
			return ERR_SYSTEM;
	}
}

int
keeper_ask(int end, struct keeper_message *m, int timeout_ms)
{
	static uint64_t last;
	int64_t until = now_ms() + timeout_ms;
	uint64_t number = ++last;
	ssize_t n;
	int r;

	m->number = number;
	do {
		if ((r = wait_for(end, POLLOUT, until)) != 0)
			return r;
		n = send(end, m, sizeof(*m), MSG_NOSIGNAL | MSG_DONTWAIT);
	} while (n < 0 && (errno == EINTR || errno == EAGAIN));
	if (n != sizeof(*m))
		return ERR_SYSTEM;
	do {
		if ((r = wait_for(end, POLLIN, until)) != 0)
			return r;
		n = recv(end, m, sizeof(*m), MSG_DONTWAIT);
		if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN))
			return ERR_SYSTEM;
		/* one with another number answers a question that was given up */
	} while (n != sizeof(*m) || m->number != number);
	return 0;
}
