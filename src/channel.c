/*
 * channel: sendmsg and recvmsg with at most one descriptor.
 */
#include "channel.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "err.h"

union control {
	char           bytes[CMSG_SPACE(sizeof(int))];
	struct cmsghdr aligned;
};

/* Only messages about many connections carry more than one token. */
static size_t
size_of(const struct channel_message *m)
{
	size_t tokens = m->kind == CHANNEL_CLOSED ? m->number : 1;

	return offsetof(struct channel_message, token) + tokens * sizeof(m->token[0]);
}

int
channel_pair(int ends[2])
{
	return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0,
	    ends) == 0 ? 0 : ERR_SYSTEM;
}

int
channel_send(int end, const struct channel_message *m, int fd)
{
	struct iovec part = { (void *)(uintptr_t)m, size_of(m) };
	struct msghdr h = { .msg_iov = &part, .msg_iovlen = 1 };
	union control control;
	struct cmsghdr *c;

	if (fd >= 0) {
		memset(&control, 0, sizeof(control));
		h.msg_control = control.bytes;
		h.msg_controllen = sizeof(control.bytes);
		c = CMSG_FIRSTHDR(&h);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(c), &fd, sizeof(int));
	}
	while (sendmsg(end, &h, MSG_NOSIGNAL) < 0) {
		if (errno == EAGAIN || errno == ENOBUFS)
			return 1;
		if (errno == ETOOMANYREFS)
			return 2;
		if (errno != EINTR)
			return ERR_SYSTEM;
	}
	return 0;
}

int
channel_receive(int end, struct channel_message *m, int *fd)
{
	struct iovec part = { m, sizeof(*m) };
	union control control;
	struct msghdr h = { .msg_iov = &part, .msg_iovlen = 1,
	    .msg_control = control.bytes, .msg_controllen = sizeof(control.bytes) };
	const struct cmsghdr *c;
	ssize_t n;

	*fd = -1;
	do
		n = recvmsg(end, &h, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	if (n < 0 && errno == EAGAIN)
		return 0;
	if (n < (ssize_t)offsetof(struct channel_message, token))
		return ERR_SYSTEM;
	c = CMSG_FIRSTHDR(&h);
	if (c != NULL && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS)
		memcpy(fd, CMSG_DATA(c), sizeof(int));
	if (m->kind == CHANNEL_CLOSED && (size_t)n < size_of(m))
		return ERR_SYSTEM;
	return 1;
}
