/*
 * client: the other end of our sockets: connect, send one message, read one
 * reply, all within a time limit.
 */
#ifndef LUAHSM_CLIENT_H
#define LUAHSM_CLIENT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "frame.h"
#include "span.h"

struct config;

enum { CLIENT_MS = 10 * 1000, CLIENT_ANSWER_MAX = 16 * 1024 * 1024 };

struct client_target {
	char     socket[108];	/* path; empty: host and port count */
	char     host[256];
	uint16_t port;
};

/*
 * Where the server of this configuration is to be found: the Unix socket when
 * it was asked for with at least the weight of the port (or there is no port),
 * else TCP, on host when that is not NULL.
 */
void client_target(const struct config *config, const char *host, struct client_target *to);

/* Print the target for people. */
void client_print(const struct client_target *to, FILE *out);

/* Connect. The descriptor (blocking), or -1 after one line on err with a hint. */
int client_connect(const struct client_target *to, int timeout_ms, FILE *err);

/* Connect to a Unix socket only, without a word. -1 with errno. */
int client_unix(const char *path);

/*
 * Send message (header and all) with its length in front.
 * 0, ERR_TOO_LONG, ERR_DEADLINE or ERR_SYSTEM.
 */
int client_send(int fd, struct span message, int timeout_ms);

/*
 * Read one message into reply. 0, ERR_DEADLINE, or ERR_SYSTEM with errno, which is 0
 * when the server closed the connection.
 */
int client_receive(int fd, uint8_t reply[FRAME_LIMIT], size_t *n, int timeout_ms);

/*
 * Ask the admin socket at path: send request and a newline, read until the
 * server closes. The answer (heap, NUL-terminated, caller frees), or NULL
 * after one line on err.
 */
char *client_ask(const char *path, const char *request, int timeout_ms, FILE *err);

#endif
