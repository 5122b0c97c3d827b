/*
 * pool: blocks of one size for bytes that come from and go to hosts.
 *
 * These bytes carry clear PINs at times, so a block is wiped up to the last
 * byte used when it is put back, is left out of core files, and is never
 * handed to anybody's allocator. Pages of a block that were never written
 * take no memory. A few free blocks are kept; the others go back to the
 * system.
 */
#ifndef LUAHSM_POOL_H
#define LUAHSM_POOL_H

#include <stddef.h>
#include <stdint.h>

struct pool;

/* Blocks of at least size bytes; at most keep free ones stay. NULL: no memory. */
struct pool *pool_new(size_t size, size_t keep);

/* Have those that it keeps now: so many can be taken at a time without fail. 0 or ERR_NO_MEMORY. */
int pool_fill(struct pool *p);

/* Every block must have been put back. */
void pool_free(struct pool *p);

/* A block of pool_size bytes, all zero. NULL: no memory. */
uint8_t *pool_take(struct pool *p);

/* Give a block back, of which no byte from used on was written. */
void pool_put(struct pool *p, uint8_t *block, size_t used);

size_t pool_size(const struct pool *p);

/* Blocks out, and free blocks kept. */
size_t pool_taken(const struct pool *p);
size_t pool_kept(const struct pool *p);

#endif
