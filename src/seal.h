/*
 * seal: the rows and the head of a key store, encrypted and authenticated.
 *
 * XChaCha20-Poly1305 under keys that one data key gives. A row's readable
 * columns are associated data of its sealed part: change one, or swap two
 * sealed parts, and neither opens. The head counts the rows and holds a tally
 * over all of them, so that a row which is taken away or put back as it once
 * was shows too (spec: threats A21).
 */
#ifndef LUAHSM_SEAL_H
#define LUAHSM_SEAL_H

#include <stddef.h>
#include <stdint.h>

#include "master.h"
#include "span.h"
#include "store.h"

enum {
	SEAL_TALLY    = 32,
	SEAL_KEY      = 32,
	SEAL_OVERHEAD = 1 + 24 + 16,	/* format, nonce, tag */
	SEAL_PLAIN    = STORE_SEALED - SEAL_OVERHEAD
};

struct seal;	/* in the slab */

/* What only the head's sealed part says. */
struct seal_count {
	uint64_t rows;
	uint8_t  tally[SEAL_TALLY];
};

/* A new data key, wrapped into *wrap. NULL: no memory. */
struct seal *seal_new(const struct master *m, uint8_t wrap[MASTER_WRAP]);

/* The data key of a wrap. NULL, with *r as master_unwrap has it. */
struct seal *seal_open(const struct master *m, struct span wrap, int *r);

void seal_free(struct seal *s);

/* Wrap the same data key under another master key. As master_wrap. */
int seal_rewrap(const struct seal *s, const struct master *m, uint8_t wrap[MASTER_WRAP]);

/* A key for another purpose, such as "audit": always the same for the same data key. */
void seal_subkey(const struct seal *s, const char *purpose, uint8_t key[SEAL_KEY]);

/* Seal plain into the row, whose other members are set. 0, or ERR_TOO_LONG. */
int seal_row(const struct seal *s, struct store_row *row, struct span plain);

/*
 * What is sealed in the row, into out (in the slab, SEAL_PLAIN bytes). 0, or
 * ERR_CORRUPT: not as it was sealed.
 */
int seal_row_open(const struct seal *s, const struct store_row *row, uint8_t *out, size_t *n);

/* Add the row to a tally, or take it away: the same thing. */
void seal_tally(const struct seal *s, const struct store_row *row, uint8_t tally[SEAL_TALLY]);

/* The same for the head; epoch and wrap are bound to the count. */
void seal_head(const struct seal *s, struct store_head *head, const struct seal_count *count);
int  seal_head_open(const struct seal *s, const struct store_head *head,
    struct seal_count *count);

#endif
