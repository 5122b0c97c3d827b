/*
 * load_conn: one connection of a load: requests built, sent, matched with replies.
 */
#ifndef LUAHSM_LOAD_CONN_H
#define LUAHSM_LOAD_CONN_H

#include "load.h"

/* A request under way. */
struct load_sent {
	uint64_t when;		/* it was sent, or fell due */
	uint64_t number;	/* what its header says */
	uint32_t kind;
};

/* What all connections share. */
struct load_shared {
	const struct load *load;
	uint64_t  number;	/* of the last request */
	uint64_t  under_way;
	uint8_t  *frame[LOAD_KINDS];	/* length, room for the header, request */
	size_t    frame_n[LOAD_KINDS], longest;
	uint8_t  *turn;		/* kinds in the order in which they are sent */
	size_t    turns, at;
	size_t    buffer;	/* bytes of a connection's input buffer */
};

struct load_conn {
	int       fd;		/* -1: down */
	struct load_sent *ring;	/* depth of them */
	unsigned  first, count;
	uint8_t  *out, *in;
	size_t    out_n, out_done;	/* built, and sent of that */
	size_t    in_n;
	bool      blocked;
};

int  load_shared_init(struct load_shared *s, const struct load *load);
void load_shared_free(struct load_shared *s);

int  load_conn_open(const struct load_shared *s, struct load_conn *c);
void load_conn_close(struct load_conn *c);

/* Forget what was under way, and the number of it; the descriptor is closed already. */
uint64_t load_conn_drop(struct load_shared *s, struct load_conn *c);

/* May another request be built? */
bool load_conn_room(const struct load_shared *s, const struct load_conn *c);

/* Build the next request; its latency counts from when. */
void load_conn_build(struct load_shared *s, struct load_conn *c, uint64_t when);

/* Has the socket refused some of what was built? */
bool load_conn_blocked(const struct load_conn *c);

/* Send what is built. 0, or ERR_SYSTEM: the connection is gone. */
int load_conn_flush(struct load_conn *c);

/* Read and check what has come. 0, or ERR_SYSTEM: the connection is gone. */
int load_conn_read(struct load_shared *s, struct load_conn *c, struct load_result *result,
    uint64_t now);

#endif
