/*
 * listen: TCP and Unix sockets up to accept.
 */
#ifndef LUAHSM_LISTEN_H
#define LUAHSM_LISTEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "command.h"

struct config;

enum { LISTEN_BACKLOG = 1024 };

struct listener {
	int           fd;
	struct origin origin;
	uint16_t      port;		/* 0: a Unix socket */
};

struct listeners {
	struct listener *all;
	size_t           n;
	const char      *path;		/* of the Unix socket; NULL: none is open */
};

/*
 * Open every socket for host commands that config asks for: the port of the
 * default LMK and one per loaded LMK on each address, and the Unix socket.
 * 0, or -1 after a line on err, with nothing left open.
 */
int  listen_open(const struct config *config, struct listeners *l, FILE *err);
void listen_close(struct listeners *l);

/*
 * A Unix stream socket at path that only this user can connect to, or everybody,
 * if each is then asked who he is; its folder is made if it is missing. One that a
 * dead server left behind is replaced. The descriptor, or -1 after a line on err.
 */
int listen_unix(const char *path, bool everybody, FILE *err);

/*
 * May whoever is at the other end of this Unix socket talk to us? Our own user, root
 * and users (as in a policy; empty: nobody else) may. Sets uid and pid.
 */
bool listen_trusts(int fd, const char *users, struct origin *from);

#endif
