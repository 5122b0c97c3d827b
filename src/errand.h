/*
 * errand: one request on its way to a slow worker, and its reply on the way
 * back.
 *
 * A link is a pair of sockets that keep packets whole (channel_pair). A packet
 * is the head below and the message, or the reply, as the host sends or gets
 * it, without a length prefix.
 */
#ifndef LUAHSM_ERRAND_H
#define LUAHSM_ERRAND_H

#include <stddef.h>
#include <stdint.h>

#include "command.h"
#include "span.h"

struct errand {
	uint64_t number;	/* a worker uses it once; the reply brings it back */
	int32_t  lmk;		/* as struct origin's */
	uint32_t unix_socket;
	int64_t  uid, pid;
};

/* 0; 1: not now; ERR_TOO_LONG: the system takes no packet of this size;
 * ERR_SYSTEM: the other end is gone. */
int errand_send(int link, const struct errand *e, struct span bytes);

/*
 * Take the next packet into buf, which has room for FRAME_LIMIT bytes.
 * 1: *e and *n are set; 0: none now; ERR_SYSTEM: the other end is gone.
 */
int errand_receive(int link, struct errand *e, uint8_t *buf, size_t *n);

#endif
