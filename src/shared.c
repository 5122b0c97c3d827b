#include "shared.h"

#include <errno.h>
#include <sys/mman.h>

void *
shared_map(size_t n)
{
	void *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

void
shared_unmap(void *p, size_t n)
{
	if (p != NULL)
		munmap(p, n);
}

void
shared_lock_init(struct shared_lock *lock)
{
	pthread_mutexattr_t attributes;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(&lock->mutex, &attributes);
	pthread_mutexattr_destroy(&attributes);
}

/* Is it ours, seen from what the library says? */
static bool
is_taken(struct shared_lock *lock, int r)
{
	if (r == EOWNERDEAD)
		pthread_mutex_consistent(&lock->mutex);
	return r == 0 || r == EOWNERDEAD;
}

void
shared_lock_take(struct shared_lock *lock)
{
	(void)is_taken(lock, pthread_mutex_lock(&lock->mutex));
}

bool
shared_lock_try(struct shared_lock *lock)
{
	return is_taken(lock, pthread_mutex_trylock(&lock->mutex));
}

void
shared_lock_put(struct shared_lock *lock)
{
	pthread_mutex_unlock(&lock->mutex);
}
