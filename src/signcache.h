/*
 * signcache: signing keys that this process has opened, so that neither the
 * store nor the keeper is needed to use them again.
 *
 * An entry is good for the epoch of the key store at which its key was found:
 * whoever knows a newer one has to find the key anew. Private keys lie where
 * crypto/sign.h has them.
 */
#ifndef LUAHSM_SIGNCACHE_H
#define LUAHSM_SIGNCACHE_H

#include <stddef.h>
#include <stdint.h>

#include "crypto/sign.h"
#include "store.h"

struct keeper_message;

enum { SIGNCACHE_ENTRIES = 64 };

struct signcache_entry {
	char             label[STORE_LABEL + 1];
	uint32_t         asked;		/* version that was asked for; 0: the newest */
	uint32_t         version;
	uint8_t          algorithm, state;
	char             policy[STORE_POLICY];
	uint64_t         epoch;
	uint64_t         used;		/* when; 0: never, the entry is free */
	size_t           public_len;
	char             public[SIGN_PEM];
	struct sign_key *private;	/* NULL: asked for to be read only */
	struct sign_key *verifier;	/* of the public key; NULL until it is used */
};

/* The key, as it was at that epoch, or NULL. Borrowed until the next put. */
struct signcache_entry *signcache_find(const char *label, uint32_t asked, uint64_t epoch);

/*
 * Keep what the keeper answered to KEEPER_FIND, in place of the entry that was
 * not used for longest. NULL: the key can't be opened, or there is no memory.
 */
struct signcache_entry *signcache_put(const struct keeper_message *answer);

/* What verifies by the entry's public key. NULL: it can't be opened. */
struct sign_key *signcache_verifier(struct signcache_entry *e);

/* Forget everything. */
void signcache_clear(void);

#endif
