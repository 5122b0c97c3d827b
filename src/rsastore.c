#include "rsastore.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <sys/mman.h>

#include "err.h"

/* A worker may be killed while it writes: the mutex is one that survives its owner. */
struct store {
	pthread_mutex_t lock;
	struct {
		size_t  n;
		uint8_t bytes[RSASTORE_MAX];
	} place[RSASTORE_INDEXES];
};

static struct store *store;

int
rsastore_init(void)
{
	pthread_mutexattr_t attributes;
	void *p;

	if (store != NULL)
		return 0;
	p = mmap(NULL, sizeof(*store), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
	    0);
	if (p == MAP_FAILED)
		return ERR_NO_MEMORY;
	store = p;
	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(&store->lock, &attributes);
	pthread_mutexattr_destroy(&attributes);
	return 0;
}

/* Half a key that a dead owner left fails to open, like any that is damaged. */
static void
lock(void)
{
	if (pthread_mutex_lock(&store->lock) == EOWNERDEAD)
		pthread_mutex_consistent(&store->lock);
}

void
rsastore_put(unsigned index, struct span key)
{
	assert(index < RSASTORE_INDEXES && key.n <= RSASTORE_MAX);
	lock();
	store->place[index].n = key.n;
	if (key.n != 0)
		memcpy(store->place[index].bytes, key.p, key.n);
	pthread_mutex_unlock(&store->lock);
}

size_t
rsastore_get(unsigned index, uint8_t *out)
{
	size_t n;

	assert(index < RSASTORE_INDEXES);
	lock();
	n = store->place[index].n;
	memcpy(out, store->place[index].bytes, n);
	pthread_mutex_unlock(&store->lock);
	return n;
}
