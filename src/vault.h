/*
 * vault: the file in which LMKs of one's own are kept.
 *
 * Sealed by XChaCha20-Poly1305 under a data key, that one wrapped under a
 * passphrase (master.h); a checksum over all of it tells damage from a wrong
 * passphrase. It is replaced in one piece at each change, or not at all. Officers,
 * who may set the authorised state, are kept in it, too: a name and the
 * Argon2id hash of a passphrase.
 */
#ifndef LUAHSM_VAULT_H
#define LUAHSM_VAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "lmk_value.h"
#include "master.h"

enum {
	VAULT_LMKS     = 40,
	VAULT_OFFICERS = 16,
	VAULT_COMMENT  = LMK_COMMENT,
	VAULT_HASH     = 128	/* of an officer's passphrase, as crypto_pwhash_str makes it */
};

/* Live ones serve; old and new ones go to key change storage. */
enum vault_state { VAULT_LIVE, VAULT_OLD, VAULT_NEW };

struct vault_lmk {
	char     name[LMK_NAME + 1];
	char     comment[VAULT_COMMENT + 1];
	unsigned id;			/* that it is served under, or stored for */
	enum vault_state state;
	bool     test;			/* of test status: never in strict */
	int64_t  created;		/* seconds since 1970 */
	struct lmk_value value;
};

struct vault_officer {
	char name[LMK_NAME + 1];
	char hash[VAULT_HASH];
};

struct vault {				/* in the slab */
	size_t               lmks, officers;
	struct vault_lmk     lmk[VAULT_LMKS];
	struct vault_officer officer[VAULT_OFFICERS];
	uint8_t              key[MASTER_KEY];
	uint8_t              wrap[MASTER_WRAP];
};

/* An empty one, to be saved under a new data key. NULL after a line on err. */
struct vault *vault_new(const struct master *m, FILE *err);

/* That of the file at path. NULL after a line on err that says why not. */
struct vault *vault_open(const char *path, const struct master *m, FILE *err);

void vault_free(struct vault *v);

/* Wrap the data key under another passphrase, from the next vault_save on. 0 or ERR_NO_MEMORY. */
int vault_rewrap(struct vault *v, const struct master *m);

/* Write it to path, in the place of what is there. 0, or -1 after a line on err. */
int vault_save(const struct vault *v, const char *path, FILE *err);

/*
 * Nobody else changes the vault at path until the descriptor is closed; made in a
 * folder that is made, too. -1 after a line on err.
 */
int vault_lock(const char *path, FILE *err);

/* The LMK of that name, or NULL. Valid until the vault is changed. */
struct vault_lmk *vault_find(struct vault *v, const char *name);

/*
 * Add a copy of lmk. 0, or -1 after a line on err: its name is taken, reserved for the
 * public test LMKs, or none; its id is taken by another of its state; a
 * published value with live status, or an unfit one; no room.
 */
int vault_add(struct vault *v, const struct vault_lmk *lmk, FILE *err);

/*
 * Put a new LMK to use: it becomes live, the live one of its id old.
 * 0, or -1 after a line on err: there is no such new one, or an old one already.
 */
int vault_change(struct vault *v, const char *name, FILE *err);

/* Take one away, wiped: it is one of v's own. */
void vault_remove(struct vault *v, struct vault_lmk *lmk);

/* The officer of that name, or NULL; one more, or NULL when there is no room. */
struct vault_officer *vault_officer(struct vault *v, const char *name);
struct vault_officer *vault_officer_add(struct vault *v, const char *name);
void                  vault_officer_remove(struct vault *v, struct vault_officer *o);

/* May something be called that? Letters, digits and "-_.", of which the first is none. */
bool vault_name_good(const char *name);

#endif
