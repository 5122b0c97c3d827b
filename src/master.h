/*
 * master: the key above all keys of a key store, and where it comes from.
 *
 * Either from a file that is made at the first start, or from a passphrase by
 * Argon2id. It wraps the store's data key and does nothing else, so that it
 * can be changed without touching a row. The wrap says which kind it is.
 */
#ifndef LUAHSM_MASTER_H
#define LUAHSM_MASTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "span.h"

enum {
	MASTER_KEY        = 32,
	MASTER_PASSPHRASE = 1024,	/* longest, in bytes */
	/* format, kind, salt, Argon2id's operations and KiB; nonce, data key, tag */
	MASTER_WRAP       = 1 + 1 + 16 + 4 + 4 + 24 + MASTER_KEY + 16
};

enum master_kind { MASTER_FILE = 1, MASTER_FROM_PASSPHRASE = 2 };

struct master;	/* in the slab */

/*
 * The key in the file at path. create: make file and key if there is none.
 * NULL after a line on err.
 */
struct master *master_from_file(const char *path, bool create, FILE *err);

/* What the passphrase stands for. NULL: too long, empty, or no room in the slab. */
struct master *master_from_passphrase(struct span passphrase);

void master_free(struct master *m);

enum master_kind master_kind(const struct master *m);

/* Wrap key for keeping. 0, ERR_NO_MEMORY (Argon2id could not have its memory). */
int master_wrap(const struct master *m, const uint8_t key[MASTER_KEY],
    uint8_t wrap[MASTER_WRAP]);

/*
 * The other way round; key belongs in the slab. 0; ERR_VERIFY: another master
 * key, or the wrap is damaged; ERR_KEY_TYPE: it needs a master key of the
 * other kind; ERR_CORRUPT: no wrap of this format; ERR_NO_MEMORY.
 */
int master_unwrap(const struct master *m, struct span wrap, uint8_t key[MASTER_KEY]);

#endif
