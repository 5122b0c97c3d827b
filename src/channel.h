/*
 * channel: messages between the supervisor and a worker, with a descriptor
 * where one belongs to it.
 *
 * A pair of SOCK_SEQPACKET sockets: a message arrives whole or not at all.
 * Both ends are non-blocking.
 */
#ifndef LUAHSM_CHANNEL_H
#define LUAHSM_CHANNEL_H

#include <stdbool.h>
#include <stdint.h>

enum { CHANNEL_TOKENS = 64 };

enum channel_kind {
	/* to a worker */
	CHANNEL_CONNECTION,	/* serve this; token, lmk, unix_socket, uid, pid; descriptor */
	CHANNEL_FOLDER,		/* build and serve this; number; descriptor */
	CHANNEL_LINK,		/* leads to slow worker number, or to a worker; descriptor */
	CHANNEL_KEEPER,		/* leads to the keeper; descriptor */
	CHANNEL_BEAT,		/* put number into your page, to show that you live */
	CHANNEL_DRAIN,		/* finish and exit */
	/* from a worker */
	CHANNEL_SERVES,		/* the set of folder number is the running one */
	CHANNEL_CLOSED,		/* number connections are gone: token */
	CHANNEL_PRINT		/* a document: courier.h; descriptor */
};

struct channel_message {
	uint32_t kind;
	uint32_t number;
	int32_t  lmk;
	uint32_t unix_socket;
	int64_t  uid, pid;
	uint32_t token[CHANNEL_TOKENS];
};

/* 0 or ERR_SYSTEM. */
int channel_pair(int ends[2]);

/*
 * Send m, with a copy of fd unless that is -1.
 * 0; 1: not now, wait until the channel can be written (2: until descriptors
 * in flight have arrived, which no event tells); ERR_SYSTEM: the other end is gone.
 */
int channel_send(int end, const struct channel_message *m, int fd);

/*
 * Take the next message. *fd is its descriptor, now the caller's, or -1: none
 * came (the limit on open files can swallow one).
 * 1: *m is set; 0: none now; ERR_SYSTEM: the other end is gone.
 */
int channel_receive(int end, struct channel_message *m, int *fd);

#endif
