/*
 * pool: each block is a mapping of its own, so that it can be given back alone.
 */
#include "pool.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <sodium.h>

#include "err.h"

struct pool {
	size_t   size;
	size_t   taken;
	size_t   keep, kept;
	uint8_t *free[];
};

struct pool *
pool_new(size_t size, size_t keep)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	struct pool *p = calloc(1, sizeof(*p) + keep * sizeof(p->free[0]));

	if (p == NULL)
		return NULL;
	p->size = (size + page - 1) / page * page;
	p->keep = keep;
	return p;
}

void
pool_free(struct pool *p)
{
	if (p == NULL)
		return;
	assert(p->taken == 0);
	while (p->kept > 0)
		munmap(p->free[--p->kept], p->size);
	free(p);
}

/* A huge page would make the first byte of a block cost two megabytes. */
static uint8_t *
block_new(size_t size)
{
	uint8_t *block = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (block == MAP_FAILED)
		return NULL;
	(void)madvise(block, size, MADV_NOHUGEPAGE);
	(void)madvise(block, size, MADV_DONTDUMP);
	return block;
}

int
pool_fill(struct pool *p)
{
	while (p->kept < p->keep) {
		if ((p->free[p->kept] = block_new(p->size)) == NULL)
			return ERR_NO_MEMORY;
		p->kept++;
	}
	return 0;
}

uint8_t *
pool_take(struct pool *p)
{
	uint8_t *block = p->kept > 0 ? p->free[--p->kept] : block_new(p->size);

	if (block != NULL)
		p->taken++;
	return block;
}

void
pool_put(struct pool *p, uint8_t *block, size_t used)
{
	if (block == NULL)
		return;
	assert(used <= p->size && p->taken > 0);
	p->taken--;
	sodium_memzero(block, used);
	if (p->kept < p->keep)
		p->free[p->kept++] = block;
	else
		munmap(block, p->size);
}

size_t
pool_size(const struct pool *p)
{
	return p->size;
}

size_t
pool_taken(const struct pool *p)
{
	return p->taken;
}

size_t
pool_kept(const struct pool *p)
{
	return p->kept;
}
