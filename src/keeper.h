/*
 * keeper: what workers may ask of the key store and the audit log, and the
 * process that answers: their only owner.
 *
 * Questions and answers are one struct keeper_message each, over a pair of
 * SOCK_SEQPACKET sockets; they carry private keys and so belong in the slab.
 * Each is answered before the next is taken, but for signatures: those that come
 * together are recorded together, by keeper_flush, and answered then. The keeper does
 * no cryptography with the keys: it finds, keeps and records. What a question about a
 * signature has in public comes back as it is: the signature itself, which whoever
 * asks does not have to keep meanwhile.
 *
 * Workers keep keys that they have opened, and sign with them while the store
 * is away. Each signature is recorded with the epoch the key was found at; when
 * anything has changed since, the answer is KEEPER_STALE, nothing is recorded,
 * and the key has to be found anew. So a disabled key signs nothing more, whoever
 * disabled it: of a store that is shared the epoch is read for each record.
 */
#ifndef LUAHSM_KEEPER_H
#define LUAHSM_KEEPER_H

#include <stdbool.h>
#include <stdint.h>

#include "crypto/sign.h"
#include "policy.h"
#include "store.h"

struct audit;
struct keeper;
struct keystore;

enum keeper_kind {
	KEEPER_FIND,		/* label, asked, right -> row, public; private with POLICY_SIGN */
	KEEPER_CREATE,		/* label, algorithm, policy, public, private -> row, public */
	KEEPER_ROTATE,		/* label, algorithm, public, private -> row */
	KEEPER_SET_STATE,	/* label, asked, state -> row */
	KEEPER_LIST,		/* label -> newest rows of the next keys that may be read */
	KEEPER_DESCRIBE,	/* label, asked -> that version, or for 0 all, newest first */
	KEEPER_RECORD,		/* operation, label, version, algorithm, digest, code, epoch */
	KEEPER_NOTE		/* operation, label (or none), code: of the console */
};

enum { KEEPER_WAITING = 64 };	/* signatures that are recorded together, at most */

/* Results beside 0 and failures. */
enum { KEEPER_THERE = 1, KEEPER_STALE = 2 };

enum {
	KEEPER_OPERATION = 16,
	KEEPER_MS        = 10 * 1000,
	KEEPER_ENTRY     = 2 + STORE_LABEL + 2 + 10 + 1 + 20 + 1,	/* longest, and its NUL */
	KEEPER_ENTRIES   = 99		/* of one answer, at most */
};

struct keeper_message {
	uint64_t number;	/* of the question, and of its answer */
	uint32_t kind;
	int32_t  result;	/* of an answer */
	int64_t  uid, pid;	/* who asks the daemon; -1: unknown */
	uint64_t epoch;		/* of the key store, in every answer */
	int64_t  created;
	uint32_t asked;		/* version; 0: the newest that is not destroyed */
	uint32_t version;	/* of the row */
	uint8_t  right;		/* enum policy_right */
	uint8_t  algorithm, state, digest_len;
	uint16_t count;		/* of entries in an answer to KEEPER_LIST or KEEPER_DESCRIBE: */
	uint16_t public_len, private_len;	/* their texts, as Z8 has them, are in private */
	char     label[STORE_LABEL + 1];
	char     policy[STORE_POLICY];
	char     operation[KEEPER_OPERATION];
	char     code[3];
	uint8_t  digest[ALGORITHM_DIGEST_MAX];
	uint8_t  public[SIGN_PEM];
	uint8_t  private[SIGN_DER];
};

/*
 * Both are borrowed; without them it answers ERR_STORE to everything, without the
 * store alone to everything but KEEPER_RECORD and KEEPER_NOTE. NULL: no memory.
 */
struct keeper *keeper_new(struct keystore *ks, struct audit *audit);
void           keeper_give(struct keeper *k, struct keystore *ks, struct audit *audit);
void           keeper_free(struct keeper *k);	/* NULL is fine */

/* Have each epoch told, before the answer that it comes with is sent. */
typedef void keeper_changed(void *arg, uint64_t epoch);
void keeper_on_change(struct keeper *k, keeper_changed *changed, void *arg);

/*
 * Read the epoch of a shared store, and have it told; nothing for another one.
 * 0, also while the store is away; ERR_STORE: what is there is no store of ours.
 */
int keeper_refresh(struct keeper *k);

/*
 * Answer one question from this end, or have it wait for keeper_flush, before which
 * the end must not be closed. 1: done; 0: there is none; ERR_SYSTEM: the other end is
 * gone, or what it sends is no question; ERR_NO_ROOM: an answer is not taken.
 */
int keeper_serve(struct keeper *k, int end);

/* Record and answer what waits. 0 or ERR_NO_ROOM. */
int keeper_flush(struct keeper *k);

/*
 * Send a question or an answer as it is, without what is not filled in. 0; 1: not
 * now (the end does not block); ERR_SYSTEM.
 */
int keeper_send(int end, const struct keeper_message *m);

/* Take one. 1 and *m, which is sound; 0: there is none; ERR_SYSTEM: the other end is gone. */
int keeper_receive(int end, struct keeper_message *m);

/* The number of the one that is next, which stays there. As keeper_receive. */
int keeper_next(int end, uint64_t *number);

/* Throw that one away. */
void keeper_skip(int end);

/* Is it about a change or a signature: nothing that is done without a record? */
bool keeper_records(uint32_t kind);

/* May the question be asked again when nobody knows what became of it? */
bool keeper_repeats(const struct keeper_message *m);

/*
 * The other side: ask and wait. 0: *m is the answer, see m->result:
 *	0, KEEPER_THERE (KEEPER_CREATE: that key with that algorithm is there),
 *	KEEPER_STALE, or ERR_NO_KEY, ERR_NO_VERSION, ERR_KEY_EXISTS, ERR_KEY_STATE,
 *	ERR_CALLER, ERR_STORE, ERR_AUDIT, ERR_INPUT.
 * ERR_DEADLINE; ERR_SYSTEM: the keeper is gone. *m is the question still, which may
 * be asked again.
 */
int keeper_ask(int end, struct keeper_message *m, int timeout_ms);

#endif
