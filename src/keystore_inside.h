/*
 * keystore_inside: what the two halves of keystore share.
 */
#ifndef LUAHSM_KEYSTORE_INSIDE_H
#define LUAHSM_KEYSTORE_INSIDE_H

#include "keystore.h"

struct keystore {
	struct store    *store;
	struct seal     *seal;
	uint64_t         epoch;	/* of the head that was last read or committed */
	uint64_t         next;	/* that of the change under way */
	struct store_row scratch;
};

/* Is the row as it was sealed? 0, ERR_CORRUPT, ERR_SYSTEM. */
int keystore_verify(struct keystore *ks, const struct store_row *row);

/* The head and what it counts, verified. 0, ERR_CORRUPT, ERR_SYSTEM. */
int keystore_head(struct keystore *ks, struct store_head *head, struct seal_count *count);

#endif
