/*
 * conn_log: what the log hears of a connection.
 */
#include "conn.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

/* The host's address, or who it is. */
static const char *
peer_name(const struct conn *c, char *text, size_t size)
{
	struct sockaddr_storage peer;
	socklen_t n = sizeof(peer);
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)&peer;
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)&peer;
	const char *name = NULL;

	if (c->from.unix_socket)
		return "unix";
	if (getpeername(c->fd, (struct sockaddr *)&peer, &n) != 0)
		return "gone";
	if (peer.ss_family == AF_INET)
		name = inet_ntop(AF_INET, &v4->sin_addr, text, (socklen_t)size);
	else if (peer.ss_family == AF_INET6)
		name = inet_ntop(AF_INET6, &v6->sin6_addr, text, (socklen_t)size);
	return name != NULL ? name : "?";
}

void
conn_complain(const struct conn *c, enum log_level level, const char *event, const char *why)
{
	char text[INET6_ADDRSTRLEN];

	log_event(level, event, "peer", 's', peer_name(c, text, sizeof(text)),
	    "why", 's', why, NULL);
}
