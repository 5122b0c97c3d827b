/*
 * listen: sockets and their options, and what a dead server left behind.
 */
#include "listen.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "config.h"
#include "lmk.h"
#include "paths.h"
#include "policy.h"

enum {
	KIND        = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
	HOLD_NAP_MS = 10,
	HOLD_NAPS   = 100	/* then the folder is used without holding it */
};

/* --- TCP ----------------------------------------------------------------- */

/* port 0: a Unix socket. */
static int
add(struct listeners *l, int fd, int lmk, unsigned port)
{
	struct listener *all = realloc(l->all, (l->n + 1) * sizeof(*all));

	if (all == NULL) {
		close(fd);
		return -1;
	}
	l->all = all;
	l->all[l->n++] = (struct listener){ fd, { lmk, port == 0, -1, -1 },
		(uint16_t)port };
	return 0;
}

/* Accepted sockets inherit these. Replies leave in one write, so waiting for more is waste. */
static int
set_options(int fd, int family)
{
	const int on = 1;

	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)) != 0 ||
	    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) != 0)
		return -1;
	return family != AF_INET6 ? 0 :
	    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
}

/* A listening socket, or -1 with errno. */
static int
open_one(const struct addrinfo *at)
{
	int fd = socket(at->ai_family, KIND, 0), saved;

	if (fd < 0)
		return -1;
	if (set_options(fd, at->ai_family) == 0 &&
	    bind(fd, at->ai_addr, at->ai_addrlen) == 0 && listen(fd, LISTEN_BACKLOG) == 0)
		return fd;
	saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

/* Is it the machine that lacks IPv6, rather than the port that is taken? */
static bool
no_such_family(int e)
{
	return e == EAFNOSUPPORT || e == EADDRNOTAVAIL || e == EPROTONOSUPPORT;
}

/* may_lack: leave out an address that this machine does not have. */
static int
open_port(struct listeners *l, const char *address, unsigned port, int lmk, bool may_lack,
    FILE *err)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
	    .ai_flags = AI_PASSIVE | AI_NUMERICSERV };
	struct addrinfo *found, *at;
	char number[8];
	int r, fd;

	snprintf(number, sizeof(number), "%u", port);
	if ((r = getaddrinfo(address, number, &hints, &found)) != 0) {
		fprintf(err, "luahsm: address %s: %s: give one of this machine's addresses\n",
		    address, gai_strerror(r));
		return -1;
	}
	for (at = found; at != NULL; at = at->ai_next) {
		if ((fd = open_one(at)) < 0) {
			if (may_lack && no_such_family(errno))
				continue;
			fprintf(err, "luahsm: port %u on %s can't be bound: %s: choose "
			    "another (--port) or stop who has it\n", port, address,
			    strerror(errno));
			break;
		}
		if (add(l, fd, lmk, port) != 0) {
			fprintf(err, "luahsm: no memory\n");
			break;
		}
	}
	freeaddrinfo(found);
	return at == NULL ? 0 : -1;
}

static int
open_addresses(struct listeners *l, const struct config *config, unsigned port, int lmk,
    FILE *err)
{
	if (port > UINT16_MAX) {
		fprintf(err, "luahsm: port %u, of LMK %02d, is above 65535: "
		    "choose a lower --port\n", port, lmk);
		return -1;
	}
	if (config->naddress == 0)
		return open_port(l, "127.0.0.1", port, lmk, false, err) != 0 ||
		    open_port(l, "::1", port, lmk, true, err) != 0 ? -1 : 0;
	for (unsigned i = 0; i < config->naddress; i++)
		if (open_port(l, config->address[i], port, lmk, false, err) != 0)
			return -1;
	return 0;
}

static int
open_tcp(struct listeners *l, const struct config *config, FILE *err)
{
	if (open_addresses(l, config, config->port, -1, err) != 0)
		return -1;
	for (unsigned id = 0; id < LMK_IDS; id++)
		if (lmk_get(id) != NULL && open_addresses(l, config,
		    config->port + 1U + id, (int)id, err) != 0)
			return -1;
	return 0;
}

/* --- Unix ---------------------------------------------------------------- */

/* Remove a socket that nobody answers on. -1: somebody does, or it is something else. */
static int
clear_away(const struct sockaddr_un *at, FILE *err)
{
	struct stat st;
	int fd, r;

	if (lstat(at->sun_path, &st) != 0)
		return 0;	/* nothing there; if there is, bind tells */
	if (!S_ISSOCK(st.st_mode)) {
		fprintf(err, "luahsm: %s is there and is not a socket: remove it or choose "
		    "another --socket\n", at->sun_path);
		return -1;
	}
	if ((fd = socket(AF_UNIX, KIND, 0)) < 0)
		return -1;
	r = connect(fd, (const struct sockaddr *)at, sizeof(*at));
	if (r != 0 && errno == ECONNREFUSED)
		r = unlink(at->sun_path);
	else
		r = -1;
	close(fd);
	if (r != 0)
		fprintf(err, "luahsm: another server answers on %s: stop it or choose "
		    "another socket\n", at->sun_path);
	return r;
}

/*
 * Hold the folder that at is in: of two servers that start at once, one could
 * find the other's socket before it listens, and remove it as a dead one's.
 * In a folder of everybody's somebody could hold it for ever, so that the wait
 * has an end. The descriptor to close, or -1: go on without.
 */
static int
hold_folder(const struct sockaddr_un *at)
{
	const struct timespec nap = { 0, HOLD_NAP_MS * 1000000 };
	char dir[sizeof(at->sun_path)];
	int fd;

	memcpy(dir, at->sun_path, sizeof(dir));
	if ((fd = open(dirname(dir), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0)
		return -1;
	for (int i = 0; flock(fd, LOCK_EX | LOCK_NB) != 0 && i < HOLD_NAPS; i++)
		nanosleep(&nap, NULL);
	return fd;
}

/* The socket at a name that is free or a dead server's, or -1 after a line on err. */
static int
bind_unix(const struct sockaddr_un *at, bool everybody, FILE *err)
{
	mode_t old;
	int fd, r;

	if (clear_away(at, err) != 0)
		return -1;
	fd = socket(AF_UNIX, KIND, 0);
	/* Never for a moment open to others: chmod after bind would be too late. */
	old = umask(everybody ? 0111 : 0177);
	r = fd < 0 ? -1 : bind(fd, (const struct sockaddr *)at, sizeof(*at));
	umask(old);
	if (r != 0 || listen(fd, LISTEN_BACKLOG) != 0) {
		fprintf(err, "luahsm: socket %s can't be opened: %s\n", at->sun_path,
		    strerror(errno));
		if (fd >= 0)
			close(fd);
		return -1;
	}
	return fd;
}

int
listen_unix(const char *path, bool everybody, FILE *err)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd, held;

	if (strlen(path) >= sizeof(at.sun_path)) {
		fprintf(err, "luahsm: %s is too long for the name of a socket\n", path);
		return -1;
	}
	strcpy(at.sun_path, path);
	if (paths_make_for(path, everybody ? 0755 : 0750, err) != 0)
		return -1;
	held = hold_folder(&at);
	fd = bind_unix(&at, everybody, err);
	if (held >= 0)
		close(held);
	return fd;
}

bool
listen_trusts(int fd, const char *users, struct origin *from)
{
	struct ucred peer;
	socklen_t n = sizeof(peer);
	char policy[CONFIG_POLICY + 8];

	from->uid = from->pid = -1;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &n) != 0)
		return false;
	from->uid = peer.uid;
	from->pid = peer.pid;
	if (peer.uid == geteuid() || peer.uid == 0)
		return true;
	return users[0] != '\0' && (size_t)snprintf(policy, sizeof(policy), "sign=%s", users) <
	    sizeof(policy) && policy_allows(policy, POLICY_SIGN, from->uid, -1);
}

/* --- all of them --------------------------------------------------------- */

int
listen_open(const struct config *config, struct listeners *l, FILE *err)
{
	int fd;

	*l = (struct listeners){ 0 };
	if (config->listen_tcp && open_tcp(l, config, err) != 0)
		goto fail;
	if (config->socket[0] == '\0')
		return 0;
	if ((fd = listen_unix(config->socket, config->socket_users[0] != '\0', err)) < 0)
		goto fail;
	l->path = config->socket;
	if (add(l, fd, -1, 0) == 0)
		return 0;
	fprintf(err, "luahsm: no memory\n");
 fail:
	listen_close(l);
	return -1;
}

void
listen_close(struct listeners *l)
{
	while (l->n > 0)
		close(l->all[--l->n].fd);
	if (l->path != NULL)
		unlink(l->path);
	free(l->all);
	*l = (struct listeners){ 0 };
}
