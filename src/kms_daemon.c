/*
 * kms_daemon: one connection, one request at a time.
 */
#include "kms_daemon.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "kms_start.h"
#include "paths.h"
#include "ready.h"

enum { TIMEOUT_MAX_S = 86400 };

static const char system_socket[] = "/run/luahsm/luahsm.sock";
static const char header[] = "KMS1";

static_assert(sizeof(header) == KMS_HEADER + 1, "the header is as long as it says");

int
kms_allow(struct kms_daemon *d, int seconds)
{
	const char *text = getenv("LUAHSM_TIMEOUT");
	double wanted = seconds;
	char *end;

	if (text != NULL && text[0] != '\0') {
		wanted = strtod(text, &end);
		if (*end != '\0' || !(wanted > 0 && wanted <= TIMEOUT_MAX_S))
			return kms_fail(d, "LUAHSM_TIMEOUT is not a number of seconds");
	}
	d->until = ready_now() + (int64_t)(wanted * 1000);
	return 0;
}

enum kms_level
kms_level_wanted(void)
{
	static const char *const names[] = { "error", "warn", "info", "debug", "trace" };
	const char *level = getenv("LUAHSM_LOG_LEVEL"), *debug = getenv("DEBUG");

	if (debug != NULL && strcmp(debug, "1") == 0)
		return KMS_DEBUG;
	for (int i = 0; level != NULL && i < 5; i++)
		if (strcmp(level, names[i]) == 0)
			return i > KMS_DEBUG ? KMS_DEBUG : (enum kms_level)i;
	return KMS_WARN;
}

void
kms_say(const struct kms_daemon *d, enum kms_level level, const char *format, ...)
{
	va_list ap;

	if (level > d->level)
		return;
	fprintf(stderr, "%s: ", program_invocation_short_name);
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fputc('\n', stderr);
}

int
kms_fail(struct kms_daemon *d, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(d->error, sizeof(d->error), format, ap);
	va_end(ap);
	return -1;
}

int
kms_wait(struct kms_daemon *d, int fd, short events)
{
	struct pollfd p = { .fd = fd, .events = events };

	for (;;) {
		int64_t left = d->until - ready_now();
		int n = left > 0 ? poll(&p, 1, left < INT32_MAX ? (int)left : INT32_MAX) : 0;

		if (n > 0 || (n < 0 && errno != EINTR && errno != EAGAIN))
			return 0;	/* what is wrong, if anything, the next call on fd says */
		if (n == 0)
			return kms_fail(d, "the deadline has passed");
	}
}

/*
 * Is whoever listens there to be trusted? Anybody may make /tmp/luahsm-UID
 * before we do, and answer with a public key of his own.
 */
static bool
trusted(int fd)
{
	struct ucred peer;
	socklen_t n = sizeof(peer);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &n) == 0 &&
	    (peer.uid == geteuid() || peer.uid == 0);
}

/* A daemon that hangs takes no more connections when its queue is full: an end to that wait. */
static void
limit_connect(const struct kms_daemon *d)
{
	int64_t left = d->until - ready_now();
	struct timeval most = { .tv_usec = 1 };

	if (left > 0)
		most = (struct timeval){ left / 1000, left % 1000 * 1000 };
	(void)setsockopt(d->fd, SOL_SOCKET, SO_SNDTIMEO, &most, sizeof(most));
}

/* Connect to path. 0; -1 with errno: nobody is there, or not for us. */
static int
connect_to(struct kms_daemon *d, const char *path, bool anybody)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	if (strlen(path) >= sizeof(address.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	strcpy(address.sun_path, path);
	if ((d->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) < 0)
		return -1;
	limit_connect(d);
	if (connect(d->fd, (const struct sockaddr *)&address, sizeof(address)) == 0) {
		if (anybody || trusted(d->fd))
			return 0;
		errno = EPERM;
	}
	int saved = errno;

	close(d->fd);
	d->fd = -1;
	errno = saved;
	return -1;
}

/* Has the system a daemon, in a folder that only root can have made? */
static bool
system_has_one(void)
{
	struct stat st;

	return lstat(system_socket, &st) == 0 && S_ISSOCK(st.st_mode);
}

/* Would another daemon at this place help? */
static bool
nobody_there(int error)
{
	return error == ENOENT || error == ECONNREFUSED;
}

int
kms_connect(struct kms_daemon *d)
{
	const char *given = getenv("LUAHSM_SOCKET"), *may = getenv("LUAHSM_AUTOSTART");
	bool anybody = given != NULL && given[0] != '\0';
	char own[PATH_MAX];
	int error;

	if (anybody)
		snprintf(own, sizeof(own), "%s", given);
	else if (paths_in(PATHS_RUNTIME, "luahsm.sock", own, sizeof(own)) != 0)
		return kms_fail(d, "the path of the socket is too long");
	if (connect_to(d, own, anybody) == 0) {
		kms_say(d, KMS_DEBUG, "connected to %s", own);
		return 0;
	}
	error = errno;
	if (!anybody && nobody_there(error) && system_has_one() &&
	    connect_to(d, system_socket, true) == 0) {
		kms_say(d, KMS_DEBUG, "connected to %s", system_socket);
		return 0;
	}
	if (error == EAGAIN)
		return kms_fail(d, "the daemon takes no more connections: the deadline has passed");
	if (!nobody_there(error) || (may != NULL && strcmp(may, "0") == 0))
		return kms_fail(d, "cannot connect to %s: %s%s", own, strerror(error),
		    nobody_there(error) ? " (LUAHSM_AUTOSTART=0; start it: luahsm serve)" : "");
	return kms_start(d, own, anybody, connect_to);
}

void
kms_begin(struct kms_daemon *d, const char command[2])
{
	d->n = FRAME_LENGTH;
	kms_add_bytes(d, header, KMS_HEADER);
	kms_add_bytes(d, command, 2);
}

void
kms_add(struct kms_daemon *d, const char *format, ...)
{
	char text[64];
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	kms_add_bytes(d, text, n < 0 ? 0 : (size_t)n);
}

void
kms_add_bytes(struct kms_daemon *d, const void *p, size_t n)
{
	assert(n <= sizeof(d->request) - d->n);
	memcpy(d->request + d->n, p, n);
	d->n += n;
}

static int
send_all(struct kms_daemon *d)
{
	for (size_t done = 0; done < d->n;) {
		ssize_t n;

		if (kms_wait(d, d->fd, POLLOUT) != 0)
			return -1;
		n = send(d->fd, d->request + done, d->n - done, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return kms_fail(d, "the daemon is gone: %s", strerror(errno));
		done += n > 0 ? (size_t)n : 0;
	}
	return 0;
}

static int
receive_all(struct kms_daemon *d, uint8_t *p, size_t want)
{
	while (want > 0) {
		ssize_t n;

		if (kms_wait(d, d->fd, POLLIN) != 0)
			return -1;
		n = recv(d->fd, p, want, MSG_DONTWAIT);
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return kms_fail(d, "the daemon is gone: %s", strerror(errno));
		if (n == 0)
			return kms_fail(d, "the daemon closed the connection without an answer");
		p += n > 0 ? n : 0;
		want -= n > 0 ? (size_t)n : 0;
	}
	return 0;
}

/* The whole exchange. */
static int
exchange(struct kms_daemon *d, char code[3], struct span *rest)
{
	enum { LEAST = KMS_HEADER + 4 };
	size_t n;
	uint8_t length[FRAME_LENGTH];

	frame_length(d->request, d->n - FRAME_LENGTH);
	if (send_all(d) != 0 || receive_all(d, length, sizeof(length)) != 0)
		return -1;
	n = (size_t)length[0] << 8 | length[1];
	if (n < LEAST)
		return kms_fail(d, "the answer is no message of a daemon");
	if (receive_all(d, d->reply, LEAST) != 0)
		return -1;
	if (memcmp(d->reply, header, KMS_HEADER) != 0 ||
	    d->reply[KMS_HEADER] != d->request[FRAME_LENGTH + KMS_HEADER] ||
	    d->reply[KMS_HEADER + 1] != d->request[FRAME_LENGTH + KMS_HEADER + 1] + 1)
		return kms_fail(d, "the answer is not one to our question");
	if (receive_all(d, d->reply + LEAST, n - LEAST) != 0)
		return -1;
	memcpy(code, d->reply + KMS_HEADER + 2, 2);
	code[2] = '\0';
	*rest = span_of(d->reply + LEAST, n - LEAST);
	return 0;
}

int
kms_ask(struct kms_daemon *d, char code[3], struct span *rest)
{
	if (exchange(d, code, rest) == 0)
		return 0;
	close(d->fd);
	d->fd = -1;
	return -1;
}
