/*
 * shared: memory that a process and its later children see alike, and a lock for it.
 *
 * For counts and for what hosts load into the HSM, never for a clear key or PIN:
 * it is not locked into memory nor wiped, and every child may write to it.
 */
#ifndef LUAHSM_SHARED_H
#define LUAHSM_SHARED_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

/* In shared memory, beside what it guards. */
struct shared_lock {
	pthread_mutex_t mutex;
};

/* n bytes, all zero, for this process and those that it forks from now on; or NULL. */
void *shared_map(size_t n);

/* For this process; the others keep it. NULL is fine. */
void shared_unmap(void *p, size_t n);

/* Once, before the first fork. */
void shared_lock_init(struct shared_lock *lock);

/*
 * Wait for the lock. A process may be killed while it has it: whoever comes
 * next gets it, and finds what the dead one was writing half written. So
 * what it guards must make sense at any moment.
 */
void shared_lock_take(struct shared_lock *lock);

/* As shared_lock_take, but without waiting; false: somebody else has it. */
bool shared_lock_try(struct shared_lock *lock);

void shared_lock_put(struct shared_lock *lock);

#endif
