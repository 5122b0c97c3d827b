/*
 * keeper_ask: the worker's side of the keeper, and what goes between the two.
 */
#include "keeper.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

#include <sodium.h>

#include "err.h"
#include "ready.h"

/* Texts end, and lengths fit into the n bytes. */
static bool
sound(const struct keeper_message *m, size_t n)
{
	size_t has = m->private_len > 0 ? offsetof(struct keeper_message, private) +
	    m->private_len : offsetof(struct keeper_message, public) + m->public_len;

	return memchr(m->label, '\0', sizeof(m->label)) != NULL &&
	    memchr(m->policy, '\0', sizeof(m->policy)) != NULL &&
	    memchr(m->operation, '\0', sizeof(m->operation)) != NULL &&
	    memchr(m->code, '\0', sizeof(m->code)) != NULL &&
	    m->public_len <= sizeof(m->public) && m->private_len <= sizeof(m->private) &&
	    m->digest_len <= sizeof(m->digest) && n == has;
}

int
keeper_send(int end, const struct keeper_message *m)
{
	size_t n = m->private_len > 0 ? offsetof(struct keeper_message, private) +
	    m->private_len : offsetof(struct keeper_message, public) + m->public_len;

	while (send(end, m, n, MSG_NOSIGNAL) < 0) {
		if (errno == EAGAIN || errno == ENOBUFS)
			return 1;
		if (errno != EINTR)
			return ERR_SYSTEM;
	}
	return 0;
}

int
keeper_receive(int end, struct keeper_message *m)
{
	ssize_t n;

	do
		n = recv(end, m, sizeof(*m), MSG_DONTWAIT);
	while (n < 0 && errno == EINTR);
	if (n < 0 && errno == EAGAIN)
		return 0;
	if (n < (ssize_t)offsetof(struct keeper_message, public) || !sound(m, (size_t)n))
		return ERR_SYSTEM;
	sodium_memzero((uint8_t *)m + n, sizeof(*m) - (size_t)n);
	return 1;
}

int
keeper_next(int end, uint64_t *number)
{
	ssize_t n;

	do
		n = recv(end, number, sizeof(*number), MSG_PEEK | MSG_DONTWAIT);
	while (n < 0 && errno == EINTR);
	if (n < 0 && errno == EAGAIN)
		return 0;
	return n == sizeof(*number) ? 1 : ERR_SYSTEM;
}

void
keeper_skip(int end)
{
	uint64_t number;

	while (recv(end, &number, sizeof(number), MSG_DONTWAIT) < 0 && errno == EINTR)
		;
}

bool
keeper_records(uint32_t kind)
{
	return kind == KEEPER_CREATE || kind == KEEPER_ROTATE || kind == KEEPER_SET_STATE ||
	    kind == KEEPER_RECORD;
}

bool
keeper_repeats(const struct keeper_message *m)
{
	return m->kind != KEEPER_ROTATE && m->kind != KEEPER_SET_STATE;
}

int
keeper_ask(int end, struct keeper_message *m, int timeout_ms)
{
	static uint64_t last;
	int64_t until = ready_now() + timeout_ms;
	uint64_t number = ++last, other;
	int r;

	m->number = number;
	do {
		if ((r = ready_wait(end, POLLOUT, until)) != 0)
			return r;
	} while ((r = keeper_send(end, m)) == 1);
	while (r == 0) {
		if ((r = ready_wait(end, POLLIN, until)) != 0)
			return r;
		if ((r = keeper_next(end, &other)) == 1 && other == number) {
			r = keeper_receive(end, m);
		} else if (r == 1) {	/* it answers a question that was given up */
			keeper_skip(end);
			r = 0;
		}
	}
	return r < 0 ? r : 0;
}
