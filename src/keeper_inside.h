/*
 * keeper_inside: what the two halves of keeper share.
 */
#ifndef LUAHSM_KEEPER_INSIDE_H
#define LUAHSM_KEEPER_INSIDE_H

#include "keeper.h"
#include "span.h"

/* A signature that waits to be recorded. */
struct keeper_waiting {
	int                   end;	/* where its answer goes */
	struct keeper_message m;	/* nothing of which is private */
};

struct keeper {
	struct keystore       *ks;
	struct audit          *audit;
	uint64_t               epoch;	/* of the store when it was last there */
	int64_t                own;	/* our user */
	struct keeper_message *m;	/* the question, then its answer */
	uint8_t               *plain;	/* an opened row */
	struct store_row       row;
	int                    trouble;	/* of the store when it was last asked for its epoch */
	keeper_changed        *changed;	/* or NULL */
	void                  *arg;
	struct keeper_waiting *waiting;	/* KEEPER_WAITING of them */
	unsigned               nwaiting;
};

/* What went wrong in the key store: the log has the words, the asker a code. */
int keeper_store_failed(struct keeper *k);

/* Record what came of k->m, and have it on disk. 0 or ERR_AUDIT. */
int keeper_record(struct keeper *k, const char *operation, const char *code);

/*
 * Have k->m, a signature to be recorded, wait for keeper_flush, which is called first
 * when there are too many. 1, or as keeper_flush.
 */
int keeper_wait(struct keeper *k, int end);

/* Have the epoch told. */
void keeper_tell_epoch(struct keeper *k);

#endif
