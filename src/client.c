/*
 * client: sockets with a deadline. Every wait is a poll for what is left of it.
 */
#include "client.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "config.h"
#include "err.h"
#include "ready.h"

static int
send_all(int fd, const uint8_t *p, size_t n, int64_t until)
{
	while (n > 0) {
		int r = ready_wait(fd, POLLOUT, until);
		ssize_t done;

		if (r != 0)
			return r;
		done = send(fd, p, n, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (done < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (done < 0)
			return ERR_SYSTEM;
		p += done;
		n -= (size_t)done;
	}
	return 0;
}

/* Some bytes: their number, 0 when the other end has closed, ERR_DEADLINE, ERR_SYSTEM. */
static ssize_t
receive_some(int fd, void *p, size_t n, int64_t until)
{
	for (;;) {
		int r = ready_wait(fd, POLLIN, until);
		ssize_t got;

		if (r != 0)
			return r;
		got = recv(fd, p, n, MSG_DONTWAIT);
		if (got >= 0)
			return got;
		if (errno != EINTR && errno != EAGAIN)
			return ERR_SYSTEM;
	}
}

static int
receive_all(int fd, uint8_t *p, size_t n, int64_t until)
{
	while (n > 0) {
		ssize_t got = receive_some(fd, p, n, until);

		if (got == 0) {
			errno = 0;
			return ERR_SYSTEM;
		}
		if (got < 0)
			return (int)got;
		p += got;
		n -= (size_t)got;
	}
	return 0;
}

/* Where our own server listens when address names where. */
static const char *
host_of(const struct config *config)
{
	const char *first = config->naddress > 0 ? config->address[0] : "127.0.0.1";

	if (strcmp(first, "0.0.0.0") == 0)
		return "127.0.0.1";
	return strcmp(first, "::") == 0 ? "::1" : first;
}

void
client_target(const struct config *config, const char *host, struct client_target *to)
{
	enum config_source by_socket = config_source(config, "socket");
	enum config_source by_port = config_source(config, "port");

	memset(to, 0, sizeof(*to));
	to->port = config->port;
	snprintf(to->host, sizeof(to->host), "%s", host != NULL ? host : host_of(config));
	if (host == NULL && config->socket[0] != '\0' && (!config->listen_tcp ||
	    (by_socket >= CONFIG_ENVIRONMENT && by_socket >= by_port)))
		memcpy(to->socket, config->socket, sizeof(to->socket));
}

void
client_print(const struct client_target *to, FILE *out)
{
	if (to->socket[0] != '\0')
		fputs(to->socket, out);
	else if (strchr(to->host, ':') != NULL)
		fprintf(out, "[%s]:%u", to->host, to->port);
	else
		fprintf(out, "%s:%u", to->host, to->port);
}

int
client_unix(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t n = strlen(path);
	int fd, saved;

	if (n >= sizeof(address.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(address.sun_path, path, n);
	if ((fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) < 0)
		return -1;
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

/* Connect to one address within the time. The descriptor, or -1 with errno. */
static int
connect_to(const struct addrinfo *a, int64_t until)
{
	int fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int failed = 0, r;
	socklen_t n = sizeof(failed);

	if (fd < 0)
		return -1;
	if (connect(fd, a->ai_addr, a->ai_addrlen) != 0 && errno != EINPROGRESS)
		failed = errno;
	else if ((r = ready_wait(fd, POLLOUT, until)) != 0)
		failed = r == ERR_DEADLINE ? ETIMEDOUT : errno;
	else
		(void)getsockopt(fd, SOL_SOCKET, SO_ERROR, &failed, &n);
	if (failed == 0 && fcntl(fd, F_SETFL, 0) == 0)
		return fd;
	close(fd);
	errno = failed;
	return -1;
}

static int
client_tcp(const struct client_target *to, int timeout_ms, FILE *err)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *all;
	char port[8];
	int fd = -1, r;

	snprintf(port, sizeof(port), "%u", to->port);
	if ((r = getaddrinfo(to->host, port, &hints, &all)) != 0) {
		fprintf(err, "luahsm: %s: %s\n", to->host, gai_strerror(r));
		errno = 0;
		return -1;
	}
	for (const struct addrinfo *a = all; a != NULL && fd < 0; a = a->ai_next)
		fd = connect_to(a, ready_now() + timeout_ms);
	freeaddrinfo(all);
	return fd;
}

int
client_connect(const struct client_target *to, int timeout_ms, FILE *err)
{
	int fd;

	if (to->socket[0] != '\0')
		fd = client_unix(to->socket);
	else
		fd = client_tcp(to, timeout_ms, err);
	if (fd < 0 && errno != 0) {
		fputs("luahsm: cannot connect to ", err);
		client_print(to, err);
		fprintf(err, ": %s; is `luahsm serve` running?\n", strerror(errno));
	}
	return fd;
}

int
client_send(int fd, struct span message, int timeout_ms)
{
	uint8_t frame[FRAME_LENGTH + FRAME_LIMIT];

	if (message.n > FRAME_LIMIT)
		return ERR_TOO_LONG;
	frame_length(frame, message.n);
	memcpy(frame + FRAME_LENGTH, message.p, message.n);
	return send_all(fd, frame, FRAME_LENGTH + message.n, ready_now() + timeout_ms);
}

int
client_receive(int fd, uint8_t reply[FRAME_LIMIT], size_t *n, int timeout_ms)
{
	int64_t until = ready_now() + timeout_ms;
	uint8_t length[FRAME_LENGTH];
	int r;

	*n = 0;
	if ((r = receive_all(fd, length, sizeof(length), until)) != 0)
		return r;
	*n = (size_t)length[0] << 8 | length[1];
	return receive_all(fd, reply, *n, until);
}

/* Everything until the server closes. NULL: errno, or 0 for a deadline. */
static char *
receive_answer(int fd, int64_t until)
{
	size_t room = 4096, n = 0;
	char *answer = malloc(room), *more;
	ssize_t got = 0;

	while (answer != NULL && (got = receive_some(fd, answer + n, room - n - 1, until)) > 0) {
		n += (size_t)got;
		if (n + 1 < room)
			continue;
		room *= 2;
		if (room > CLIENT_ANSWER_MAX || (more = realloc(answer, room)) == NULL)
			break;
		answer = more;
	}
	if (answer != NULL && got == 0) {
		answer[n] = '\0';
		return answer;
	}
	if (got == ERR_DEADLINE)
		errno = 0;
	free(answer);
	return NULL;
}

char *
client_ask(const char *path, const char *request, int timeout_ms, FILE *err)
{
	int64_t until = ready_now() + timeout_ms;
	int fd = client_unix(path);
	char line[64], *answer = NULL;
	int n = snprintf(line, sizeof(line), "%s\n", request);

	if (fd < 0) {
		fprintf(err, "luahsm: cannot connect to %s: %s; is `luahsm serve` running?\n",
		    path, strerror(errno));
		return NULL;
	}
	if (send_all(fd, (const uint8_t *)line, (size_t)n, until) == 0)
		answer = receive_answer(fd, until);
	if (answer == NULL)
		fprintf(err, "luahsm: %s: no answer: %s\n", path,
		    errno != 0 ? strerror(errno) : "timed out");
	close(fd);
	return answer;
}
