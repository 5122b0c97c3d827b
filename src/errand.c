/*
 * errand: one packet, one system call, no copy of our own.
 */
#include "errand.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "err.h"
#include "frame.h"

int
errand_send(int link, const struct errand *e, struct span bytes)
{
	struct iovec part[] = {
		{ (void *)(uintptr_t)e, sizeof(*e) },
		{ (void *)(uintptr_t)bytes.p, bytes.n }
	};
	const struct msghdr h = { .msg_iov = part, .msg_iovlen = 2 };

	while (sendmsg(link, &h, MSG_NOSIGNAL) < 0) {
		if (errno == EAGAIN || errno == ENOBUFS)
			return 1;
		if (errno == EMSGSIZE)
			return ERR_TOO_LONG;
		if (errno != EINTR)
			return ERR_SYSTEM;
	}
	return 0;
}

int
errand_receive(int link, struct errand *e, uint8_t *buf, size_t *n)
{
	struct iovec part[] = { { e, sizeof(*e) }, { buf, FRAME_LIMIT } };
	struct msghdr h = { .msg_iov = part, .msg_iovlen = 2 };
	ssize_t got;

	do
		got = recvmsg(link, &h, 0);
	while (got < 0 && errno == EINTR);
	if (got < 0 && errno == EAGAIN)
		return 0;
	if (got < (ssize_t)sizeof(*e) || (h.msg_flags & MSG_TRUNC) != 0)
		return ERR_SYSTEM;
	*n = (size_t)got - sizeof(*e);
	return 1;
}
