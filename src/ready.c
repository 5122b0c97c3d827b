#include "ready.h"

#include <errno.h>
#include <poll.h>
#include <time.h>

#include "err.h"

int64_t
ready_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int
ready_wait(int fd, short events, int64_t until)
{
	struct pollfd p = { .fd = fd, .events = events };

	for (;;) {
		int64_t left = until - ready_now();
		int n = poll(&p, 1, left > 0 ? (int)left : 0);

		if (n > 0)
			return 0;
		if (n == 0)
			return ERR_DEADLINE;
		if (errno != EINTR)
			return ERR_SYSTEM;
	}
}
