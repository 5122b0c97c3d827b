/*
 * keystore: signing keys by name and version: a store whose rows are sealed.
 *
 * Everything that is read is verified before it is used; everything that is
 * written is on disk when the call returns. Private keys come and go as DER
 * bytes in the slab; what they mean is crypto/sign.h's business.
 */
#ifndef LUAHSM_KEYSTORE_H
#define LUAHSM_KEYSTORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "master.h"
#include "seal.h"
#include "span.h"
#include "store.h"

struct keystore;

/*
 * Open the store at where (store.h), made anew if there is none, and verify all
 * of it. A damaged row is told on err, and refused when it is asked for. NULL
 * after a line on err that names the cause: another master key, a row that is
 * missing or older than it should be, a store that is too new.
 */
struct keystore *keystore_open(const char *where, const struct master *m, FILE *err);
void             keystore_close(struct keystore *ks);	/* NULL is fine */

/* The last failure, in words. */
const char *keystore_error(const struct keystore *ks);

/* Has a write failed half way? Nothing is read or written any more: open it anew. */
bool keystore_broken(const struct keystore *ks);

/* Goes up with every change: of the head that was last read. */
uint64_t keystore_epoch(const struct keystore *ks);

/* May others change it, too? */
bool keystore_shared(const struct keystore *ks);

/* Read the head of a shared store, for its epoch. 0, ERR_SYSTEM: it is away; ERR_CORRUPT. */
int keystore_refresh(struct keystore *ks);

/* A key for another purpose: seal_subkey. */
void keystore_subkey(const struct keystore *ks, const char *purpose, uint8_t key[SEAL_KEY]);

/* A key pair that was just made. */
struct keystore_pair {
	struct span public;	/* PEM */
	struct span private;	/* DER, in the slab */
};

/*
 * Keep the first version of a new key: row has label, algorithm and policy,
 * the rest is filled in. 0; 1: there is a key of this name, *row is its newest
 * version and the pair was not needed; ERR_SYSTEM, ERR_CORRUPT.
 */
int keystore_create(struct keystore *ks, struct store_row *row, const struct keystore_pair *pair);

/*
 * Keep a version as it was elsewhere: all of row but its sequence. 0; 1: there
 * is one already; ERR_SYSTEM, ERR_CORRUPT.
 */
int keystore_put(struct keystore *ks, struct store_row *row, const struct keystore_pair *pair);

/* Add a version to a key. 0 and *row; 1: there is no such key; ERR_SYSTEM, ERR_CORRUPT. */
int keystore_rotate(struct keystore *ks, const char *label, const struct keystore_pair *pair,
    struct store_row *row);

/*
 * Find a version; 0 is the newest that is not destroyed, or else the newest.
 * 1 and *row, verified; 0: there is none; ERR_SYSTEM; ERR_CORRUPT: it is
 * there, but not as it was written.
 */
int keystore_find(struct keystore *ks, const char *label, uint32_t version,
    struct store_row *row);

/* The newest version, even if it is destroyed. As keystore_find. */
int keystore_newest(struct keystore *ks, const char *label, struct store_row *row);

/*
 * The pair of a row that keystore_find gave. Its spans point into buffer, which
 * is SEAL_PLAIN bytes of the slab; the private one is empty when destroyed.
 */
int keystore_pair(struct keystore *ks, const struct store_row *row, uint8_t *buffer,
    struct keystore_pair *pair);

/*
 * Enable, disable or destroy a version (0: the newest); destroying wipes its private key and
 * is final. 0 and *row; 1: there is no such version, or it is destroyed.
 */
int keystore_set_state(struct keystore *ks, const char *label, uint32_t version,
    enum store_state state, struct store_row *row);

/* Visit all rows, by label and version, each verified. As store_walk. */
int keystore_walk(struct keystore *ks, store_visit *visit, void *arg);

/* Change the master key. 0, ERR_SYSTEM, ERR_NO_MEMORY. */
int keystore_rewrap(struct keystore *ks, const struct master *m);

#endif
