/*
 * userstore: user storage: what hosts load into the device (LA) and name by an
 * index in place of a key or table.
 *
 * As on the device it is memory: shared by all processes, empty when the server
 * starts, protected against nothing. What is in it is encrypted under the LMK, or
 * else its host's own affair.
 */
#ifndef LUAHSM_USERSTORE_H
#define LUAHSM_USERSTORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "span.h"

/* What one index holds: a block of 16, 32 or 48 hexadecimal digits, or any text. */
enum userstore_form { USERSTORE_16, USERSTORE_32, USERSTORE_48, USERSTORE_ANY };

enum {
	USERSTORE_INDEXES = 0x1000,
	USERSTORE_COUNT   = 0x20,	/* blocks at a time */
	USERSTORE_BLOCK   = 48,		/* digits at most */
	USERSTORE_LONGS   = 0x80,	/* the first indexes, which take texts */
	USERSTORE_LONG    = 1000,	/* of so many bytes; the others */
	USERSTORE_SHORT   = 100,
	USERSTORE_TABLE   = 256,	/* bytes of a Diebold table */
	USERSTORE_HIGHEST = 0x3E0	/* where it may begin */
};

/* Make the memory, before any fork; again: empty it. 0 or ERR_NO_MEMORY. */
int userstore_init(enum userstore_form form);

/* Digits of a block; 0: it holds texts. */
size_t userstore_digits(void);

/* Forget everything. */
void userstore_clear(void);

/*
 * Keep count blocks from index on, or a text under index, in place of what was there.
 * 0; ERR_INDEX (out of range, or too long for its place); ERR_INPUT (another length, or
 * the other form of storage).
 */
int userstore_put(unsigned index, unsigned count, struct span blocks);
int userstore_put_text(unsigned index, struct span text);

/* The other way; *n bytes. Also ERR_NO_STORAGE: nothing is there. */
int userstore_get(unsigned index, unsigned count, uint8_t *out, size_t *n);
int userstore_get_text(unsigned index, uint8_t out[USERSTORE_LONG], size_t *n);

/* Is the text of a field an index: K and three digits, perhaps behind a scheme tag? */
bool userstore_is_index(struct span field);

/*
 * What an index stands for: so many digits as the tag says (16 without one), behind the
 * tag; or a text, with its own tag. 0, ERR_NO_STORAGE, ERR_INDEX, ERR_INPUT.
 */
int userstore_field(struct span field, uint8_t out[USERSTORE_LONG], size_t *n);

/* Is there a Diebold table from index on? 0, ERR_DIEBOLD (each byte has to be in it
 * once), ERR_NO_STORAGE, ERR_INDEX, ERR_INPUT. */
int userstore_table(unsigned index);

#endif
