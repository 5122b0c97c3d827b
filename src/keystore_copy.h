/*
 * keystore_copy: keys from one key store into another, for backups.
 *
 * A backup is a key store too: one file, sealed under a master key of its own.
 */
#ifndef LUAHSM_KEYSTORE_COPY_H
#define LUAHSM_KEYSTORE_COPY_H

#include <stdio.h>

#include "keystore.h"

/*
 * Open the key store at where as it is now, for reading, though a daemon may
 * have it: a file is copied into folder, and the copy is gone when it is
 * closed. The rest as keystore_open.
 */
struct keystore *keystore_snapshot(const char *where, const char *folder, const struct master *m,
    FILE *err);

/* Called when a version has been copied. Another value than 0 ends it and is returned. */
typedef int keystore_copied(const struct store_row *row, void *arg);

struct keystore_copy {
	keystore_copied *copied;	/* may be NULL */
	void            *arg;
	unsigned         added, there;	/* versions: copied, and there already */
	const char      *error;		/* of whichever of the two stores it is */
	char             other[STORE_LABEL + 1];	/* the name that another key has */
};

/*
 * Copy all versions of all keys that the other one does not have. 0; 1: it has
 * another key of the name other, and nothing is copied; ERR_SYSTEM, ERR_CORRUPT
 * with error, ERR_NO_MEMORY, or what copied returns.
 */
int keystore_copy(struct keystore *from, struct keystore *to, struct keystore_copy *c);

#endif
