/*
 * signer: what a request does with signing keys.
 *
 * Keys come from the keeper, another process, and a signature counts when the
 * keeper has recorded it. No request waits for that: a function here that
 * needs an answer leaves a question and says SIGNER_ASKS; whoever runs the
 * request ends the run, has the question answered, hands the answer over and
 * runs the request again from its start. Nothing of the first run is kept, so
 * handlers are written as if keys were at hand. Only one thing must not be
 * done twice, and is not: the answer to a change is taken by the call that
 * asked for it, and nothing about keys may come after it in the same request.
 */
#ifndef LUAHSM_SIGNER_H
#define LUAHSM_SIGNER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/sign.h"
#include "span.h"

struct keeper_message;
struct request;

/* Beside 0 and failures; both end the run. */
enum {
	SIGNER_ASKS = 1,	/* signer_question has to be answered */
	SIGNER_SLOW = 2		/* a slow worker has to do this */
};

enum { SIGNER_LABEL = 128 };	/* bytes of a key's name, as requests give it */

/* Once per process: where the key store's epoch is told; NULL: nowhere, and nothing is kept. */
void signer_init(const _Atomic uint64_t *epoch);

/* The question that SIGNER_ASKS is about. */
struct keeper_message *signer_question(void);

/* For the next run only, which is not the request's first: the answer, which is copied;
 * NULL: there is none. */
void signer_hand(const struct keeper_message *answer);
void signer_done(void);
bool signer_runs_again(void);

/* A key as Z1 tells it; borrowed until the run ends. */
struct signer_key {
	uint8_t     algorithm, state;
	uint32_t    version;
	struct span public;	/* PEM */
};

/* Create the key, or find it, unless strict. 0, the two above, ERR_KEY_EXISTS,
 * ERR_NO_ALGORITHM, or what the keeper answers; so do all others. */
int signer_create(struct request *rq, struct span name, unsigned algorithm, int strict,
    struct signer_key *key);

int signer_public(struct request *rq, struct span name, uint32_t version,
    struct signer_key *key);

/* Add a version. */
int signer_rotate(struct request *rq, struct span name, struct signer_key *key);

/* hash and failures as sign_make has them. */
int signer_sign(struct request *rq, struct span name, uint32_t version, unsigned hash,
    struct span data, uint8_t signature[SIGN_SIGNATURE], size_t *n, uint32_t *by);

/* by: the version whose signature it is. ERR_VERIFY: none's. */
int signer_verify(struct request *rq, struct span name, uint32_t version, unsigned hash,
    struct span data, struct span signature, uint32_t *by);

/* state: enum store_state. */
int signer_set_state(struct request *rq, struct span name, uint32_t version, unsigned state);

/* Entries as Z8 has them, borrowed: keys after name, or versions of the key. */
int signer_list(struct request *rq, struct span name, unsigned *count, struct span *entries);
int signer_describe(struct request *rq, struct span name, uint32_t version, unsigned *count,
    struct span *entries);

#endif
