#include "rsastore.h"

#include <assert.h>

#include "err.h"
#include "shared.h"

/* Half a key that a dead owner of the lock left fails to open, like any that is damaged. */
struct store {
	struct shared_lock lock;
	struct {
		size_t  n;
		uint8_t bytes[RSASTORE_MAX];
	} place[RSASTORE_INDEXES];
};

static struct store *store;

int
rsastore_init(void)
{
	if (store != NULL)
		return 0;
	if ((store = shared_map(sizeof(*store))) == NULL)
		return ERR_NO_MEMORY;
	shared_lock_init(&store->lock);
	return 0;
}

void
rsastore_put(unsigned index, struct span key)
{
	assert(index < RSASTORE_INDEXES && key.n <= RSASTORE_MAX);
	shared_lock_take(&store->lock);
	store->place[index].n = key.n;
	if (key.n != 0)
		memcpy(store->place[index].bytes, key.p, key.n);
	shared_lock_put(&store->lock);
}

size_t
rsastore_get(unsigned index, uint8_t *out)
{
	size_t n;

	assert(index < RSASTORE_INDEXES);
	shared_lock_take(&store->lock);
	n = store->place[index].n;
	memcpy(out, store->place[index].bytes, n);
	shared_lock_put(&store->lock);
	return n;
}
